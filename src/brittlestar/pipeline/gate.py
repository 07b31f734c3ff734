"""A gate: requirements of a policy, each decided on what is known of data, predictions or a study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.claims.releases import (
    LAST,
    compare_releases,
    compare_slices,
    find_release,
    judge_beside,
    judge_required,
    make_drop_claim,
    match_releases,
)
from brittlestar.claims.score_estimates import LEVEL, estimate_score
from brittlestar.claims.slices import list_slices, measure_slices
from brittlestar.claims.study_outcomes import StudyOutcomes, make_outcomes
from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.documents import answer_document, begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.gating import GATE_EXITS, OUTCOME_WORDS, GateOutcome, Requirement, join_all
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.core.splits import is_shifted
from brittlestar.pipeline.gate_input import Gated, LastRelease, has_runs, name_request, open_release, read_last_release
from brittlestar.pipeline.judge import parse_claims, read_claims
from brittlestar.pipeline.request import Request
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.gate import deciding, slices
from brittlestar.reports.gate.documents import list_codes, write_annotations, write_junit, write_summary
from brittlestar.reports.gate.shifts import decide_no_shift
from brittlestar.reports.paragraphs import Paragraph, Words, cut_items, name_next
from brittlestar.reports.result_text import explain_blocks
from brittlestar.reports.showing import Shown
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.gate_policy import CLASS_LOSS, GatePolicy
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.row_filters import LABEL
from brittlestar.study.sides import arms_of

STYLES: dict[GateOutcome, str] = {"fail": "bold red", "cannot-say": "bold yellow", "pass": "bold green"}
MOST: dict[GateOutcome, int] = {"fail": 12, "cannot-say": 12, "pass": 5}
"""Requirements of each outcome that are printed, in this order: the others are counted, and `-v` has them."""
LINES_PASSED = 4
"""Lines of a requirement that is met: `-v` has all (convention)."""
COUNTED: dict[GateOutcome, str] = {"fail": "failed", "cannot-say": "open", "pass": "passed"}


@dataclass(frozen=True, repr=False)
class GateResult(Shown):
    """Requirements with their outcomes, in the order of the policy, and the outcome of all: `pass`, `fail` or
    `cannot-say`; true where it passes. `findings` and `notes` are all that are known of what is gated. Shown as text or
    in a notebook it is a line for each requirement."""

    subject: str
    outcome: GateOutcome
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.outcome == "pass"

    @property
    def ranked(self) -> list[Requirement]:
        """What failed, what is open, and what passed."""
        return sorted(self.requirements, key=lambda one: [*MOST].index(one.outcome))

    @property
    def blocks(self) -> list[Paragraph]:
        """The outcome of all, then what failed, what is open, and what passed."""
        counts = {
            word: sum(requirement.outcome == name for requirement in self.requirements)
            for name, word in COUNTED.items()
        }
        sentence = ", ".join(f"{number} {word}" for word, number in counts.items() if number) or "nothing is required"
        blocks = [Paragraph(_name_outcome(self.outcome), f"{self.subject}: {sentence}")]
        for outcome, most in MOST.items():
            found = [_requirement_blocks(one) for one in self.requirements if one.outcome == outcome]
            blocks += cut_items(found, most)
        return [*blocks, *explain_blocks(list_codes(self.ranked))]

    @property
    def _tables(self) -> Tables:
        rows = (
            (requirement.name, requirement.outcome, requirement.sentence, requirement.next)
            for requirement in self.requirements
        )
        return {"requirements": list_rows(("requirement", "outcome", "sentence", "next"), rows)}

    @property
    def exit_code(self) -> int:
        """0 pass, 3 fail, 4 cannot say."""
        return GATE_EXITS[self.outcome]

    @property
    def _first(self) -> str:
        """What decides: the first requirement that failed, is open, or passed."""
        return next((f"{one.name}: {one.sentence}" for one in self.ranked), "")

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            **begin_document(answer_document(self.outcome, self._first)),
            "subject": self.subject,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "requirements": [requirement.as_json() for requirement in self.requirements],
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


def _requirement_blocks(requirement: Requirement) -> list[Paragraph]:
    most = LINES_PASSED if requirement.outcome == "pass" else None
    name, text = _name_outcome(requirement.outcome), f"{requirement.name}: {requirement.sentence}"
    runs = requirement.next.startswith("brittlestar ") and requirement.outcome != "pass"
    return [Paragraph(name, text, most=most), *name_next("", runs and requirement.next)]


def _name_outcome(outcome: GateOutcome) -> Words:
    return ((OUTCOME_WORDS[outcome], STYLES[outcome]),)


@dataclass(frozen=True)
class GateInputs:
    """What is read beside what is gated: claims, and the last release, None where there is none."""

    claims: tuple[Claim, ...]
    last: LastRelease | None


def read_inputs(policy: GatePolicy, request: Request, train: bool) -> GateInputs:
    """Read what a policy names, before anything is audited. Raises InputError."""
    asked = (policy.max_drop, policy.claims, policy.against, policy.min_recall, policy.min_expected)
    if (any(asked) or policy.min_score is not None) and not has_runs(request, train):
        what = "scores, forecasts, claims, drops and a last release need predictions"
        raise InputError(what, name_request(request), "add --preds FILE, or give a study")
    written = read_claims(policy.claims) if isinstance(policy.claims, Path) else policy.claims
    claims = tuple(parse_claims(written, "claims"))
    return GateInputs(claims, read_last_release(policy, request) if policy.against else None)


def decide_gate(
    policy: GatePolicy,
    gated: Gated,
    request: Request,
    inputs: GateInputs,
    before: Sequence[Requirement] = (),
) -> GateResult:
    """Every requirement of a policy, behind those that were decided `before`. Raises InputError."""
    found = [*before, *_decide_all(policy, gated, inputs)]
    requirements, subject = tuple(deciding.settle_open(found, policy.cannot_say)), name_request(request)
    outcome = join_all(requirement.outcome for requirement in requirements)
    return GateResult(subject, outcome, requirements, gated.findings, gated.notes)


def _decide_all(policy: GatePolicy, gated: Gated, inputs: GateInputs) -> Iterator[Requirement]:
    for question in _find_questions(policy, gated):
        decided = deciding.decide_answer(gated.headline, question)
        yield deciding.hold_open(decided) if question == "real" and _lacks_linear(gated.record) else decided
    unseen = _explain_unseen(gated.record) if policy.absent else {}
    for pattern in policy.absent:
        main = None if gated.record is None else gated.record.main
        yield deciding.decide_absent(gated.findings, pattern, main, unseen)
    for split, least in policy.min_expected.items():
        yield deciding.decide_expected(gated.forecasts, split, least)
    for split, most in policy.no_shift.items():
        yield decide_no_shift(gated.findings, split, most)
    scored = policy.min_score is not None or policy.min_recall
    if not (policy.max_drop or policy.claims or policy.against or scored):
        return
    record, answers = gated.record, gated.answers
    assert record is not None and answers is not None  # else what is read was refused
    if scored:
        yield from _decide_scores(policy, record, answers)
    if policy.max_drop:
        yield from _decide_drops(policy, record, answers)
    beside = [claim for claim in inputs.claims if LAST in arms_of(claim.arm, claim.other)]
    plain = [claim for claim in inputs.claims if claim not in beside]
    yield from _decide_beside(beside, inputs.last, record, answers)
    for claim, judged in zip(plain, judge_required(record, answers, plain), strict=True):
        decided = deciding.decide_claim(format_claim(claim), judged)
        trivial = BEST_TRIVIAL in arms_of(claim.arm, claim.other)
        yield deciding.hold_open(decided) if trivial and _lacks_linear(record) else decided
    if inputs.last is not None:
        yield from _decide_release(policy, inputs.last, record, answers)


def _decide_beside(
    claims: Sequence[Claim], last: LastRelease | None, record: StudyRecord, answers: StudyAnswers
) -> Iterator[Requirement]:
    """Claims that name the last release."""
    split = _find_headline_split(record)
    for claim in claims:
        if last is None or claim.split != split:
            what = f"a claim on {LAST} needs the last release, on {split}"
            raise InputError(what, "claims", "add --against STUDY|FILE")
        now = find_release(record, answers, split, claim.metric)
        matched = match_releases(now, open_release(last, now, split, record, claim.metric), split, claim.metric)
        yield deciding.decide_claim(format_claim(claim), judge_beside(matched, now, claim, record.main))


def _decide_scores(policy: GatePolicy, record: StudyRecord, answers: StudyAnswers) -> Iterator[Requirement]:
    split = _find_headline_split(record)
    if policy.min_score is not None:
        here = make_outcomes(record, answers, split, record.metric)
        score = estimate_score(here, record.main, record.metric, record.splits[split].rows)
        yield slices.decide_score(score.mean, score.interval, record.metric, policy.min_score)
    if policy.min_recall:
        many = len(list_slices(answers[split], LABEL, record.classes))
        level = 1 - (1 - LEVEL) / max(many, 1)  # all intervals hold together (Bonferroni)
        found = measure_slices(StudyOutcomes(record, answers), split, (LABEL,), level)
        yield slices.decide_recall(found.get(LABEL, ()), policy.min_recall)


def _decide_release(
    policy: GatePolicy, before: LastRelease, record: StudyRecord, answers: StudyAnswers
) -> Iterator[Requirement]:
    """The last release: the score, then classes, then slices."""
    split, metric = _find_headline_split(record), record.metric
    now = find_release(record, answers, split, metric)
    last = open_release(before, now, split, record, metric)
    matched = match_releases(now, last, split, metric)
    found = compare_releases(matched, split, metric, policy.no_worse_by)
    yield deciding.decide_release(found, policy.no_worse_by, metric)
    if found.identical:
        return
    if metric_of(metric).needs != "predictions":
        now = find_release(record, answers, split, "accuracy")
        last = open_release(before, now, split, record, "accuracy")
        matched = match_releases(now, last, split, "accuracy")
    for column in (LABEL, *policy.slices):
        asked = policy.no_worse_by_class if column == LABEL else policy.no_worse_by_slice
        by = CLASS_LOSS if asked is None else asked
        there = list_slices(now.rows, column, record.classes)
        if by < 1:  # a class that may lose all of its rows is not asked about
            changes = compare_slices(matched, now, there, split, by)
            yield slices.decide_changes(changes, by, column, asked is not None)


def _lacks_linear(record: StudyRecord | None) -> bool:
    """Whether somebody left out the trivial baseline that is hardest to beat."""
    settings = () if record is None else record.variants[record.main].settings
    return any(setting.path == "trivial.linear" and setting.value == "off" for setting in settings)


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
    shifted = any(is_shifted(name) for name in gated.record.splits)
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
