"""The configuration that a report describes, run and judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.claims.measuring import decide
from brittlestar.claims.sentences import choose_judgement
from brittlestar.core.documents import answer_document, begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.headline import Answer
from brittlestar.records.opened_study import OpenedRecord, OpenedStudy
from brittlestar.records.reported.comparing import STOPPING
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.reading import UNTOLD, Field
from brittlestar.records.reported.scores import ReportedScore
from brittlestar.records.reported_result import ReportedResult
from brittlestar.records.rerunning import RERUN
from brittlestar.records.verify.replicating import VerdictAgain
from brittlestar.reports.comparison import ScorePair
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, name_place, name_text
from brittlestar.reports.showing import Shown
from brittlestar.reports.study_view import StudyView
from brittlestar.study.claims import format_claim
from brittlestar.study.default_values import UNKNOWN, find_default
from brittlestar.study.schema import list_choices, node_at
from brittlestar.study.sides import terms
from brittlestar.study.units import unit_of

AGAIN = "as reported"
MATTER_STYLES: Mapping[Answer, str] = {"yes": "bold red", "no": "bold green", "cannot-say": "bold yellow"}
MATTERS: Mapping[Answer, str] = {
    "yes": "a verdict is another one with the settings as reported.",
    "no": "every verdict is the same with the settings as reported.",
    "cannot-say": "a verdict is open in one of the two, with the settings as they were or as reported.",
}
NOTHING_RAN: Mapping[Answer, str] = {
    "yes": "with the scores as stated a verdict is another one; nothing was run.",
    "no": "nothing that can be run is stated otherwise or left out, so nothing was run.",
    "cannot-say": "nothing that differs can be run, so nothing was run.",
}


@dataclass(frozen=True)
class AsReported:
    """Settings by path that differ from those in effect, and the paths that stay as they ran, because nobody can say
    what the report means by them."""

    settings: Mapping[str, Any]
    kept: tuple[str, ...]


def apply_reported(effect: InEffect, fields: Sequence[Field]) -> AsReported:
    """What a reader would run who has the report alone: each misstated setting as stated, and each that was chosen and
    left out as it is by default."""
    told = [field for field in fields if field.kind in (*UNTOLD, "misstated", "omitted")]
    values = {field.name: _find_value(effect, field) for field in told}
    settings = {name: value for name, value in values.items() if value is not UNKNOWN}
    inner = [path for path in settings if path.startswith(f"{STOPPING}.")]
    if inner and effect.values.get(STOPPING, UNKNOWN) is None:
        settings[STOPPING] = {path.rpartition(".")[2]: settings.pop(path) for path in inner}
    return AsReported(settings, tuple(name for name, value in values.items() if value is UNKNOWN))


def judge_stated(before: StudyView, scores: Sequence[ReportedScore]) -> Iterator[VerdictAgain]:
    """Each claim of a study of which a mean is stated otherwise than it is stored, and its verdict if the means were as
    stated: its interval is moved by as much as the difference."""
    moved = {
        (one.variant, one.split, one.metric): one.as_stated - one.actual
        for one in scores
        if one.of == "mean" and one.kind != "match" and one.actual is not None and one.as_stated is not None
    }
    for found in map(choose_judgement, before.judgements):
        claim, interval = found.claim, found.interval
        sides = [(side * term.sign, term) for side, name in ((1, claim.arm), (-1, claim.other)) for term in terms(name)]
        by = sum(sign * moved.get((one.variant, one.split or claim.split, claim.metric), 0.0) for sign, one in sides)
        if not by or claim.where is not None or found.estimate is None or interval is None:
            continue
        value, there = found.estimate + by, (interval[0] + by, interval[1] + by)
        after = decide(claim, value, there, there)[0]
        unit, what = unit_of(claim.metric), format_claim(claim)
        words = f"{what}: {found.verdict} ({unit.amount(found.estimate, sign=True)}); with the scores as stated: "
        yield VerdictAgain(what, found.verdict, after, f"{words}{after} ({unit.amount(value, sign=True)})")


def _find_value(effect: InEffect, field: Field) -> Any:
    """What to run: UNKNOWN where nobody can (another choice than there is, what is no setting of the study file), and
    for seeds some of which failed."""
    if field.kind == "omitted":
        return find_default(field.name)
    path, value = field.name.split("."), field.value
    strange = isinstance(value, str) and value not in (list_choices(path) or (value,))
    if field.kind in UNTOLD or effect.is_elsewhere(field.name) or node_at(path) is None or strange:
        return UNKNOWN
    failed = path == ["seeds"] and value in (len(effect.asked), [*effect.asked])
    return UNKNOWN if failed else value


@dataclass(frozen=True, repr=False)
class ReportedRun(Shown):
    """A study that was run as a report describes it: what the report states (`reported`), what was run for it
    (`configuration`), each verdict of the study beside the one as reported (`verdicts`), the score of main beside the
    one as reported (None where they cannot be compared), and the `study` that was made (None where the report states
    what was run)."""

    reported: ReportedResult
    configuration: AsReported
    verdicts: tuple[VerdictAgain, ...] = ()
    score: ScorePair | None = None
    study: str | None = None

    @property
    def matters(self) -> Answer:
        """Whether a verdict comes out otherwise as reported: `cannot-say` where one is open on one side alone, or what
        differs cannot be run."""
        if any(verdict.outcome == "differs" for verdict in self.verdicts):
            return "yes"
        if self.study is None:
            untold = any(field.kind in (*UNTOLD, "misstated") for field in self.reported.fields)
            untold |= any(verdict.outcome == "cannot-tell" for verdict in self.verdicts)
            return "cannot-say" if untold else "no"
        return "no" if all(verdict.before == verdict.after for verdict in self.verdicts) else "cannot-say"

    @property
    def answer(self) -> str:
        """The same in words."""
        words = MATTERS[self.matters] if self.study is not None else NOTHING_RAN[self.matters]
        return f"{self.matters.replace('-', ' ').capitalize()}: {words}"

    @property
    def blocks(self) -> list[Paragraph]:
        """What is not as stated in a line, whether it matters, and the fields."""
        first, *fields = self.reported.blocks
        answer, _, words = self.answer.partition(":")
        kept = ", ".join(self.configuration.kept)
        score = self.score and f"{self.score.label}, as run → as reported: {self.score.words}"
        return [
            first,
            Paragraph("Matters?", ((answer, MATTER_STYLES[self.matters]), f":{words}")),
            *(Paragraph("", verdict.words) for verdict in self.verdicts),
            *name_text("Score", score),
            *name_text("Kept", kept and f"{kept}: run as in the study; nobody can say what else to run"),
            *name_place("Study", self.study),
            *fields,
        ]

    @property
    def _tables(self) -> Tables:
        rows = ((verdict.what, verdict.before, verdict.after, verdict.outcome) for verdict in self.verdicts)
        return {"verdicts": list_rows(("what", "before", "after", "outcome"), rows)}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb: that of the comparison, with what was run."""
        return {
            **self.reported.document,
            **begin_document(answer_document(self.matters, self.answer)),
            "matters": self.matters,
            "ran": {
                "study": self.study,
                "settings": dict(self.configuration.settings),
                "kept": list(self.configuration.kept),
                "verdicts": [verdict.as_json() for verdict in self.verdicts],
                "score": None if self.score is None else self.score.as_json(),
            },
        }


def find_source(opened: OpenedStudy, trusted: bool) -> Path:
    """What `run` reads. Raises InputError where a record has no study file, or code that nobody trusts."""
    if not isinstance(opened, OpenedRecord):
        return Path(str(opened.path))
    _ = opened.unpacked.opened  # refuses what names files elsewhere
    if not trusted and any(variant.own for variant in opened.record.variants.values()):
        raise InputError("own code of a record is run only with --trust-code", str(opened.path), "read code/ first")
    return opened.unpacked.folder / RERUN
