"""`gate`: does a study, do predictions or data meet what is required of them? For CI: pass, fail or cannot say."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.pipeline.gate import GateResult as GateResult
from brittlestar.pipeline.gate import decide_gate, read_inputs
from brittlestar.pipeline.gate_input import examine_input
from brittlestar.pipeline.own_metrics import name_metric
from brittlestar.pipeline.request import is_nothing, make_request
from brittlestar.reports.gate.policy import ASKS, check_policy, make_policy, read_policy
from brittlestar.store.layout import read_place
from brittlestar.study.gate_policy import GateTerms, name_keys


def gate(
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    record: str | Path | None = None,
    policy: str | Path | Mapping[str, Any] | None = None,
    predictions: Any = (),
    columns: Mapping[str, str] | None = None,
    metric: str | Callable[..., Any] | None = None,
    best_of: int | None = None,
    require: str | Sequence[str] | None = None,
    absent: str | Sequence[str] | None = None,
    max_drop: str | Mapping[str, float] | None = None,
    min_expected: str | Mapping[str, float] | None = None,
    claims: str | Path | Sequence[Any] | None = None,
    against: Any = None,
    no_worse_by: float | None = None,
    min_score: float | None = None,
    max_calibration_error: float | None = None,
    cannot_say: str | None = None,
    run: bool = False,
    progress: bool = True,
    watcher: Watcher | None = None,
) -> GateResult:
    """Pass or fail a model in CI.

    Needs a folder of splits (with `predictions` for what a model answers), a study, or a record. Requirements come from
    options or from a policy file. Without any, every answer that the input can give must be yes. A record must verify,
    too; one that differs is asked nothing else.

    Args:
        data ([DATA|STUDY]): A folder of splits, a study file, or a study's folder. In Python also splits in memory.
            Without it the policy names it.
        record (FILE): A record in place of DATA: it must verify first.
        policy (FILE): Requirements as YAML, also of classes and slices; options take the place of its keys. In Python
            also a mapping of the same keys.
        predictions: As in `check`.
        columns: As in `audit`.
        metric: As in `check`.
        best_of: As in `check`.
        require (ANSWER,…): Answers that must be yes: real, holds, sound, fair.
        absent (CODE,…): Findings that must be absent: leak.*,padding.*
        max_drop (SPLIT=LOSS,…): Greatest loss of splits whose name begins so: shift=0.03. In Python also a mapping: the
            loss against the headline split, in the metric's unit.
        min_expected (SHARE=SPLIT,…): Least accuracy at the lower end of the forecast of a split without labels:
            0.65=new_march. In Python also a mapping of splits to accuracies.
        claims (FILE): Claims that must be supported. In Python also a list.
        against (STUDY|FILE…): The last release: a study, or predictions, one file a seed. In Python also frames, arrays
            and dicts, as for `predictions`.
        no_worse_by (LOSS): How far below the last release is allowed. Default: 0.01.
        min_score (SCORE): The least score of main.
        max_calibration_error (ERROR): The greatest expected calibration error of main: 0.05.
        cannot_say (pass|fail): What an open requirement counts as. Default: exit code 4.
        run: Train what a study lacks.
        progress: In Python: tell people on standard error how far it is, or not.
        watcher: In Python: is told what happens while it happens, instead of people.

    Returns:
        Each requirement with its outcome, and the outcome of all. Where nothing is required by name, every answer that
        the input can give must be yes.

    Raises:
        InputError: The policy, the data, the predictions or the last release cannot be used, with every mistake.
        StoreError: A study's folder is busy or damaged.

    Command:
        Prints the outcome and a line for each requirement, what failed first. Where $GITHUB_STEP_SUMMARY names a file,
        the same goes there as Markdown; GitHub Actions also gets annotations.

        Examples:
          brittlestar gate demo/data --absent 'leak.*,padding.*'
          brittlestar gate demo/data --preds new.csv --require real,sound
          brittlestar gate demo/data --preds new.csv --against last.csv
          brittlestar gate demo/data --preds new.csv --metric macro_f1 --min-score 0.7
          brittlestar gate demo/data.study --require real,holds --max-drop shift=0.03
          brittlestar gate --record founding.record.zip --require real
          brittlestar gate --policy gate.yaml --junit gate.xml

        Exit codes: 0 pass; 1 the tool failed; 2 wrong usage, or input that cannot be read; 3 fail; 4 cannot say.

    Example:
        >>> from brittlestar import gate
        >>> rows = [f"a b{k % 7} c{k % 5} d{k % 3}" for k in range(200)]
        >>> labels = ["odd" if k % 2 else "even" for k in range(200)]
        >>> splits = {"train": (rows[:150], labels[:150]), "test": (rows[100:], labels[100:])}
        >>> result = gate(splits, absent="leak.exact")
        >>> result.outcome, result.exit_code
        ('fail', 3)
    """
    given = dict(locals())
    written = {key: given[key] for key in (*ASKS, *GateTerms.model_fields) if key in given}
    written["metric"] = name_metric(metric)
    try:
        return _gate(data, record, policy, predictions, columns, written, run, watcher or make_watcher(progress))
    except BrittlestarError as error:
        error.retell(name_keys)
        raise


def _gate(
    data: Any,
    record: str | Path | None,
    policy: str | Path | Mapping[str, Any] | None,
    predictions: Any,
    columns: Mapping[str, str] | None,
    written: Mapping[str, Any],
    run: bool,
    watcher: Watcher,
) -> GateResult:
    """The gate, with errors that name options of other verbs."""
    in_file = (
        read_policy(Path(policy)) if isinstance(policy, str | Path) else make_policy(policy or {}, place_of=_place)
    )
    asked = make_policy(written, in_file)
    check_policy(asked)
    if record is not None:
        given = data is not None or not is_nothing(predictions) or asked.terms.labelled is not None
        if given or run or columns or asked.source.set:
            what = "a record has its data, settings and predictions, and is not trained"
            raise InputError(what, "--record", "give it alone")
        from brittlestar.records.gate_record import gate_record  # late: few gates are of a record

        return gate_record(Path(record), asked, watcher)
    if asked.source.root is not None:
        raise InputError("a root hash is that of a record", "root", "add --record FILE")
    source = asked.source
    if data is None and source.data is None:
        raise InputError("nothing to gate is given", "data", "give a folder, a study, or `data:` in the policy")
    request = make_request(
        data if source.data is None or data is not None else read_place(source.data),
        None,
        predictions if not is_nothing(predictions) else [str(path) for path in source.predictions],
        dict(source.columns) if columns is None else columns,
        source.set,
        source.predictions_columns,
        abstain=source.abstain,
        slices=asked.terms.slices,
        metric=asked.terms.metric,
        best_of=asked.terms.best_of if asked.terms.best_of > 1 else None,
    )
    inputs = read_inputs(asked, request, run)
    return decide_gate(asked, examine_input(request, run, watcher, asked, inputs.metrics), request, inputs)


def _place(key: str) -> str:
    """Where a key of a mapping stands."""
    return "policy"
