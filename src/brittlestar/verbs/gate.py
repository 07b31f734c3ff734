"""`gate`: does a study, do predictions or data meet what is required of them? For CI: pass, fail or cannot say."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.errors import InputError
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.pipeline.gate import GateResult as GateResult
from brittlestar.pipeline.gate import decide_gate
from brittlestar.pipeline.gated import examine_input
from brittlestar.pipeline.request import Request
from brittlestar.records.gate_record import gate_record
from brittlestar.reports.gate.deciding import check_patterns
from brittlestar.store.address import read_place
from brittlestar.study.gate_policy import make_policy, read_policy


def gate(
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    record: str | Path | None = None,
    root: str | None = None,
    policy: str | Path | Mapping[str, Any] | None = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    require: str | Sequence[str] | None = None,
    absent: str | Sequence[str] | None = None,
    max_drop: str | Mapping[str, float] | None = None,
    claims: str | Path | Sequence[Any] | None = None,
    against: str | Path | Sequence[str | Path] | None = None,
    no_worse_by: float | None = None,
    cannot_say: str | None = None,
    run: bool = False,
    progress: bool = True,
    watcher: Watcher | None = None,
) -> GateResult:
    """Decide whether data, predictions or a study meet what is required of them.

    Args:
        data: A folder of splits, a study file, a study's folder, or splits in memory. Without it the policy names it.
        record: A record of a study, in place of data: it must verify, before anything else is asked of its study.
        root: The root hash that the record must have: the one that somebody printed.
        policy: A YAML file of requirements, or a mapping; what is given beside it takes the place of its keys.
        predictions: Given predictions, as `check` takes them.
        predictions_columns: Names of their columns by what they mean.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        settings: Overrides of any setting by its path, values as YAML text.
        require: Answers of the headline that must be yes: any of `real`, `holds`, `sound`, `fair`.
        absent: Findings that must be absent: codes, `*` for any part: `leak.*`.
        max_drop: The greatest loss of a split against the headline split, in the metric's unit, by the start of the
            split's name: `{"shift": 0.03}`.
        claims: A file of claims, or a list; each must be supported.
        against: The last release, a study's folder or files of predictions, one a seed: the score must not be worse.
        no_worse_by: By how much it may be worse, in the metric's unit; .01 without it.
        cannot_say: `pass` or `fail`: what an open requirement counts as.
        run: Train what is missing of a study; without it nothing is trained.
        progress: Say on standard error how far the work is; False is silent.
        watcher: Is told what happens while it happens, in place of that.

    Returns:
        Each requirement with its outcome, and the outcome of all. Where nothing is required by name, every answer that
        the input can give must be yes.

    Raises:
        InputError: The policy, the data, the predictions or the last release cannot be used, with every mistake.
        StoreError: A study's folder is busy or damaged.

    Example:
        >>> from brittlestar import gate
        >>> rows = [f"a b{k % 7} c{k % 5} d{k % 3}" for k in range(200)]
        >>> labels = ["odd" if k % 2 else "even" for k in range(200)]
        >>> splits = {"train": (rows[:150], labels[:150]), "test": (rows[100:], labels[100:])}
        >>> result = gate(splits, absent="leak.exact")
        >>> result.outcome, result.exit_code
        ('fail', 3)
    """
    written = {
        "require": require,
        "absent": absent,
        "max_drop": max_drop,
        "claims": claims,
        "against": against,
        "no_worse_by": no_worse_by,
        "cannot_say": cannot_say,
    }
    in_file = read_policy(Path(policy)) if isinstance(policy, str | Path) else make_policy(policy or {})
    asked = make_policy(written, in_file)
    if asked.absent:
        check_patterns(asked.absent, [code for needs in MODULES for code in find_checks(needs)])
    watcher = watcher or make_watcher(progress)
    if record is not None:
        if data is not None or not _is_nothing(predictions) or run or settings or columns:
            what = "a record has its data, settings and predictions, and is not trained"
            raise InputError(what, "--record", "give it alone")
        return gate_record(Path(record), root, asked, watcher)
    if root is not None:
        raise InputError("a root hash is that of a record", "--root", "add --record FILE")
    if data is None and asked.data is None:
        raise InputError("nothing to gate is given", "data", "give a folder, a study, or `data:` in the policy")
    source = data if asked.data is None or data is not None else read_place(asked.data)
    given = predictions if not _is_nothing(predictions) else [str(path) for path in asked.predictions]
    named = dict(asked.columns) if columns is None else columns
    renamed = dict(asked.predictions_columns) if predictions_columns is None else predictions_columns
    request = Request(source, None, given, named, settings or {}, None, renamed)
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        gated = examine_input(request, run, Path(scratch), watcher)
        return decide_gate(asked, gated, request)


def _is_nothing(predictions: Any) -> bool:
    return predictions is None or (isinstance(predictions, Sequence) and not len(predictions))
