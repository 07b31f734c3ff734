"""A gate: requirements of a policy, each decided on what is known of data, predictions or a study."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from brittlestar.core.documents import answer_document, begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.gating import GATE_EXITS, OUTCOME_WORDS, GateOutcome, Requirement, join_all
from brittlestar.pipeline.gate_input import has_runs, name_request, open_release, read_last_release
from brittlestar.pipeline.judge import parse_claims, read_claims
from brittlestar.pipeline.request import Request, is_store
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.gate.answers import list_questions
from brittlestar.reports.gate.ask import Gated, OpenRelease
from brittlestar.reports.gate.documents import list_codes, write_annotations, write_junit, write_summary
from brittlestar.reports.gate.policy import ASKS, settle_open
from brittlestar.reports.paragraphs import Paragraph, Words, cut_items, name_next
from brittlestar.reports.result_text import explain_blocks
from brittlestar.reports.showing import Shown
from brittlestar.study.asked_metrics import keep_asked
from brittlestar.study.claims import Claim
from brittlestar.study.gate_policy import GatePolicy

STYLES: dict[GateOutcome, str] = {"fail": "bold red", "cannot-say": "bold yellow", "pass": "bold green"}
MOST: dict[GateOutcome, int] = {"fail": 12, "cannot-say": 12, "pass": 5}
"""Requirements of each outcome that are printed, in this order: the others are counted, and `-v` has them."""
LINES_PASSED = 4
"""Lines of a requirement that is met: `-v` has all (convention)."""
COUNTED: dict[GateOutcome, str] = {"fail": "failed", "cannot-say": "open", "pass": "passed"}


@dataclass(frozen=True, repr=False)
class GateResult(Shown):
    """Requirements with their outcomes, what failed first, then what is open, and the outcome of all: `pass`, `fail` or
    `cannot-say`; true where it passes. `findings` are all that were made, None where no requirement reads any, and
    `notes` say how the input was read. Shown as text or in a notebook it is a line for each requirement."""

    subject: str
    outcome: GateOutcome
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...] | None
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.outcome == "pass"

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
        return [*blocks, *explain_blocks(list_codes(self.requirements))]

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
        return next((f"{one.name}: {one.sentence}" for one in self.requirements), "")

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
    last: OpenRelease | None

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those of the claims that are computed only where they are asked for."""
        return keep_asked(claim.metric for claim in self.claims)


def read_inputs(policy: GatePolicy, request: Request, train: bool) -> GateInputs:
    """Read what a policy names, before anything is audited. Raises InputError."""
    if any(ASKS[key].needs_answers for key in policy.asked) and not has_runs(request, train):
        what = "scores, forecasts, claims, drops and a last release need predictions"
        raise InputError(what, name_request(request), "add --preds FILE, or give a study")
    if policy.terms.best_of > 1 and is_store(request.data) and ("require" in policy.asked or not policy.asked):
        hint = "give the study file `report.best_of`, and run it"
        raise InputError("the claims of a study are on record, and do not count candidates", "--best-of", hint)
    written = policy.asked.get("claims", ())
    parsed = parse_claims(read_claims(written) if isinstance(written, Path) else written, "claims")
    claims = [replace(claim, best_of=max(claim.best_of, policy.terms.best_of)) for claim in parsed]
    last = read_last_release(policy, request) if "against" in policy.asked else None
    return GateInputs(tuple(claims), None if last is None else partial(open_release, last))


def decide_gate(
    policy: GatePolicy,
    gated: Gated,
    request: Request,
    inputs: GateInputs,
    before: Sequence[Requirement] = (),
) -> GateResult:
    """Every requirement of a policy, behind those that were decided `before`. Raises InputError."""
    read = replace(gated, terms=policy.terms, last=inputs.last)
    asked = {**policy.asked, **({"claims": inputs.claims} if inputs.claims else {})}
    asked = asked or {"require": list_questions(read)}
    found = [*before, *(decided for key, value in asked.items() for decided in ASKS[key].decide(value, read))]
    settled, subject = settle_open(found, policy.terms.cannot_say), name_request(request)
    requirements = tuple(sorted(settled, key=lambda one: [*MOST].index(one.outcome)))
    outcome = join_all(requirement.outcome for requirement in requirements)
    return GateResult(subject, outcome, requirements, gated.findings, gated.notes)
