"""`gate`: does a study, do predictions or data meet what is required of them? For CI: pass, fail or cannot say."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from brittlestar.claims.releases import compare_releases, find_release, judge_required, make_drop_claim
from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.gating import GATE_EXITS, OUTCOME_WORDS, Outcome, Requirement, join_outcomes
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.gate import deciding
from brittlestar.reports.gate.documents import write_annotations, write_junit, write_sarif, write_summary
from brittlestar.reports.showing import Shown
from brittlestar.store.address import read_place
from brittlestar.study.claims import format_claim
from brittlestar.study.default_claims import headline_split
from brittlestar.study.gate_policy import GatePolicy, make_policy, read_policy
from brittlestar.verbs.gated import (
    Gated,
    Request,
    decide_record,
    examine_input,
    examine_record,
    find_lines,
    open_release,
)
from brittlestar.verbs.judging import parse_claims, read_claims
from brittlestar.verbs.unpacked import is_record


@dataclass(frozen=True, repr=False)
class GateResult(Shown):
    """Requirements with their outcomes, in the order of the policy, and the outcome of all: `pass`, `fail` or
    `cannot-say`. `findings` are all that are known of what the `request` names. Shown as text or in a notebook it is a
    line for each requirement."""

    subject: str
    outcome: Outcome
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]
    request: Request

    @property
    def _lines(self) -> list[tuple[str, str]]:
        told = [(OUTCOME_WORDS[one.outcome], f"{one.name}: {one.sentence}") for one in self.requirements]
        return [("Gate", OUTCOME_WORDS[self.outcome]), *told]

    @property
    def _tables(self) -> Tables:
        rows = ((one.name, one.outcome, one.sentence, one.next) for one in self.requirements)
        return {"requirements": list_rows(("requirement", "outcome", "sentence", "next"), rows)}

    @property
    def exit_code(self) -> int:
        """0 pass, 3 fail, 4 cannot say."""
        return GATE_EXITS[self.outcome]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "subject": self.subject,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "requirements": [one.as_json() for one in self.requirements],
        }

    @cached_property
    def junit(self) -> bytes:
        """JUnit XML: one test case a requirement."""
        return write_junit(self.requirements, self.subject)

    @cached_property
    def sarif(self) -> bytes:
        """SARIF 2.1.0: findings about data, with file and line where the data are files, which are read again."""
        of_data = {*find_checks("data")}
        named = tuple(one for one in self.findings if one.code in of_data and "variant" not in one.where)
        nowhere = isinstance(self.request.data, Mapping) or is_record(self.request.data)
        files, lines = ({}, {}) if nowhere else find_lines(self.request, named)
        return write_sarif(named, files, lines, version("brittlestar"))

    @property
    def summary(self) -> str:
        """Markdown, such as the summary of a CI job."""
        return write_summary(self.requirements, self.outcome, self.subject)

    @property
    def annotations(self) -> list[str]:
        """Workflow commands of GitHub Actions, a line each."""
        return write_annotations(self.requirements)


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
        deciding.check_patterns(asked.absent, [code for needs in MODULES for code in find_checks(needs)])
    watcher = watcher or make_watcher(progress)
    if record is not None:
        if data is not None or not _is_nothing(predictions) or run or settings or columns:
            raise InputError(
                "a record has its data, settings and predictions, and is not trained", "--record", "give it alone"
            )
        return _gate_record(Path(record), root, asked, watcher)
    if root is not None:
        raise InputError("a root hash is that of a record", "--root", "add --record FILE")
    if data is None and asked.data is None:
        raise InputError("nothing to gate is given", "data", "give a folder, a study, or `data:` in the policy")
    source = data if asked.data is None or data is not None else read_place(asked.data)
    given = predictions if not _is_nothing(predictions) else [str(path) for path in asked.predictions]
    named = columns if columns is not None else dict(asked.columns) or None
    renamed = predictions_columns if predictions_columns is not None else dict(asked.predictions_columns) or None
    request = Request(source, given, renamed, named, settings, run)
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        gated = examine_input(request, Path(scratch), watcher)
        found = list(_decide_all(asked, gated, request))
    requirements = tuple(deciding.settle_open(found, asked.cannot_say))
    return GateResult(request.name, join_outcomes(requirements), requirements, gated.findings, request)


def _gate_record(place: Path, root: str | None, asked: GatePolicy, watcher: Watcher) -> GateResult:
    """A record that differs is asked nothing else."""
    request, findings = Request(place), ()
    found = [decide_record(place, root, watcher)]
    if found[0].outcome != "fail":
        with examine_record(place) as gated:
            findings = gated.findings
            # What a study would be told to do next, nobody can do with a record.
            found += [replace(one, next="") for one in _decide_all(asked, gated, request)]
    requirements = tuple(deciding.settle_open(found, asked.cannot_say))
    return GateResult(str(place), join_outcomes(requirements), requirements, findings, request)


def _is_nothing(predictions: Any) -> bool:
    return predictions is None or (isinstance(predictions, Sequence) and not len(predictions))


def _decide_all(policy: GatePolicy, gated: Gated, request: Request) -> Iterator[Requirement]:
    for question in _find_questions(policy, gated):
        yield deciding.decide_answer(gated.headline, question)
    for pattern in policy.absent:
        main = None if gated.record is None else gated.record.main
        yield deciding.decide_absent(gated.findings, pattern, main)
    if not (policy.max_drop or policy.claims or policy.against):
        return
    record, answers = gated.record, gated.answers
    if record is None or answers is None:
        hint = "add --preds FILE, or give a study"
        raise InputError("claims, drops and a last release need predictions", request.name, hint)
    if policy.max_drop:
        yield from _decide_drops(policy, record, answers)
    written = read_claims(policy.claims) if isinstance(policy.claims, Path) else policy.claims
    claims = parse_claims(written, "claims")
    for claim, judged in zip(claims, judge_required(record, answers, claims), strict=True):
        yield deciding.decide_claim(format_claim(claim), judged)
    if policy.against:
        split = _find_headline_split(record)
        now = find_release(record, answers, split, record.metric)
        last = open_release(policy.against, request, now, split, record)
        yield deciding.decide_release(
            compare_releases(now, last, split, record.metric, policy.no_worse_by), policy.no_worse_by, record.metric
        )


def _find_questions(policy: GatePolicy, gated: Gated) -> Sequence[str]:
    """What is required, or where nothing is, every answer that the input can give."""
    if policy.require is not None:
        return policy.require
    if not policy.is_empty:
        return ()
    if gated.record is None:
        return ("sound",)
    shifted = any(name.startswith("shift") for name in gated.record.splits)
    return ("real", *(("holds",) if shifted else ()), "sound", *(("fair",) if gated.headline.fair else ()))


def _find_headline_split(record: StudyRecord) -> str:
    split = headline_split({name: one.rows for name, one in record.splits.items()})
    if split is None:
        raise InputError("there is neither test nor dev to compare on", "data", "add test.csv")
    return split


def _decide_drops(policy: GatePolicy, record: StudyRecord, answers: StudyAnswers) -> Iterator[Requirement]:
    held_out = _find_headline_split(record)
    for start, loss in policy.max_drop.items():
        splits = [name for name in record.splits if name.startswith(start) and name not in ("train", held_out)]
        if not splits:
            sentence = f"There is no split whose name begins with {start}."
            yield Requirement(f"max drop {start}", "cannot-say", sentence, f"Add {start}_NAME.csv beside the data.")
        claims = [make_drop_claim(record.main, split, held_out, loss, record.metric) for split in splits]
        for split, judged in zip(splits, judge_required(record, answers, claims), strict=True):
            yield deciding.decide_claim(f"max drop {split}={loss:g}", judged)
