"""A gate: requirements of a policy, each decided on what is known of data, predictions or a study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.claims.releases import compare_releases, find_release, judge_required, make_drop_claim
from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.gating import GATE_EXITS, OUTCOME_WORDS, Outcome, Requirement, join_outcomes
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.pipeline.gated import Gated, name_request, open_release
from brittlestar.pipeline.judging import parse_claims, read_claims
from brittlestar.pipeline.request import Request
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.gate import deciding
from brittlestar.reports.gate.documents import write_annotations, write_junit, write_summary
from brittlestar.reports.gate.shifts import decide_no_shift
from brittlestar.reports.showing import Shown
from brittlestar.study.claims import format_claim
from brittlestar.study.gate_policy import GatePolicy


@dataclass(frozen=True, repr=False)
class GateResult(Shown):
    """Requirements with their outcomes, in the order of the policy, and the outcome of all: `pass`, `fail` or
    `cannot-say`. `findings` and `notes` are all that are known of what is gated. Shown as text or in a notebook it is a
    line for each requirement."""

    subject: str
    outcome: Outcome
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

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
            "notes": list(self.notes),
        }

    @cached_property
    def junit(self) -> bytes:
        """JUnit XML: one test case a requirement."""
        return write_junit(self.requirements, self.subject)

    @property
    def summary(self) -> str:
        """Markdown, such as the summary of a CI job."""
        return write_summary(self.requirements, self.outcome, self.subject)

    @property
    def annotations(self) -> list[str]:
        """Workflow commands of GitHub Actions, a line each."""
        return write_annotations(self.requirements)


def decide_gate(policy: GatePolicy, gated: Gated, request: Request, before: Sequence[Requirement] = ()) -> GateResult:
    """Every requirement of a policy, behind those that were decided `before`. Raises InputError."""
    found = [*before, *_decide_all(policy, gated, request)]
    requirements, subject = tuple(deciding.settle_open(found, policy.cannot_say)), name_request(request)
    return GateResult(subject, join_outcomes(requirements), requirements, gated.findings, gated.notes)


def _decide_all(policy: GatePolicy, gated: Gated, request: Request) -> Iterator[Requirement]:
    for question in _find_questions(policy, gated):
        yield deciding.decide_answer(gated.headline, question)
    unseen = _explain_unseen(gated.record) if policy.absent else {}
    for pattern in policy.absent:
        main = None if gated.record is None else gated.record.main
        yield deciding.decide_absent(gated.findings, pattern, main, unseen)
    for split, least in policy.min_expected.items():
        yield deciding.decide_expected(gated.forecasts, split, least)
    for split, most in policy.no_shift.items():
        yield decide_no_shift(gated.findings, split, most)
    if not (policy.max_drop or policy.claims or policy.against):
        return
    record, answers = gated.record, gated.answers
    if record is None or answers is None:
        hint = "add --preds FILE, or give a study"
        raise InputError("claims, drops and a last release need predictions", name_request(request), hint)
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


def _explain_unseen(record: StudyRecord | None) -> dict[str, str]:
    """{code: why it has no finding, where it has none}."""
    found: dict[str, str] = {}
    for needs in MODULES:
        why = "nothing here for it to look at"
        if record is None and needs != "data":
            why = "it needs predictions or runs"
        elif record is not None and record.probes is None and needs == "probes":
            why = "it asks models again, and given predictions cannot be asked"
        found |= {code: why for code in find_checks(needs) if code not in found}
    return found


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
    if record.held_out is None:
        raise InputError("there is neither test nor dev to compare on", "data", "add test.csv")
    return record.held_out


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
