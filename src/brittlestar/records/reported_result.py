"""What a report states, held against what was run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from brittlestar.core.documents import answer_document, begin_document
from brittlestar.core.headline import Answer
from brittlestar.records.reported.reading import UNTOLD, WORST, Field, Kind
from brittlestar.records.reported.scores import ReportedScore, ScoreKind
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, cut_blocks, name_text
from brittlestar.reports.showing import Shown
from brittlestar.study.units import count

KIND_WORDS: Mapping[Kind, str] = {kind: kind.replace("-", " ").replace("omitted default", "default") for kind in WORST}
SCORE_WORDS: Mapping[ScoreKind, str] = {
    "outside": "outside the interval", "inside": "inside the interval", "differs": "with another spread",
    "not-compared": "not compared", "match": "as stored",
}  # fmt: skip
STYLES: Mapping[Kind | ScoreKind, str] = {
    "misstated": "bold red", "without-effect": "bold yellow", "omitted": "bold yellow", "not-compared": "yellow",
    "cannot-tell": "yellow", "omitted-default": "dim", "match": "bold green", "outside": "bold red",
    "differs": "bold red", "inside": "yellow",
}  # fmt: skip
AS_RUN: Mapping[Answer, str] = {"yes": "Yes", "no": "No", "cannot-say": "Cannot tell"}
MOST_SHOWN = 12
"""Fields, scores, and names in the answer that are shown: -v has all (convention)."""


@dataclass(frozen=True, repr=False)
class ReportedResult(Shown):
    """A report against a study: the study, the report, every `field` of settings, the worst first, and every stated
    score (`scores`). Shown as text or in a notebook it says whether the report states what was run."""

    study: str
    reported: str
    fields: tuple[Field, ...]
    scores: tuple[ReportedScore, ...] = ()

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many fields there are of each kind, the worst first."""
        counted = Counter(field.kind for field in self.fields)
        return {kind: counted[kind] for kind in WORST}

    @property
    def as_run(self) -> Answer:
        """Whether the report states what was run: no where something that it states is misstated or without effect, or
        a score is not the stored one; yes where all that it states was compared. What it leaves out is listed."""
        wrong = any(self.counts[kind] for kind in ("misstated", "without-effect"))
        if wrong or any(score.kind in ("inside", "outside", "differs") for score in self.scores):
            return "no"
        return "cannot-say" if self.not_compared else "yes"

    @property
    def answer(self) -> str:
        """The same in words: `No: 1 misstated, 2 match`, with what was not compared."""
        scored = Counter(score.kind for score in self.scores)
        notes = [f"{many} {KIND_WORDS[kind]}" for kind, many in self.counts.items() if many]
        notes += [f"{count(scored[kind], 'score')} {words}" for kind, words in SCORE_WORDS.items() if scored[kind]]
        left = [*self.not_compared[:MOST_SHOWN], *(["…"] if len(self.not_compared) > MOST_SHOWN else [])]
        parts = [", ".join(notes), *([f"not compared: {', '.join(left)}"] if left else [])]
        return f"{AS_RUN[self.as_run]}: {'; '.join(part for part in parts if part)}"

    @property
    def blocks(self) -> list[Paragraph]:
        """The answer, then each field and score that is not as stated."""
        told = (one for one in self.fields if one.kind != "omitted-default" and (one.kind != "match" or one.why))
        scores = [score_block(score) for score in self.scores if score.kind != "match"]
        right = ", ".join(score.name for score in self.scores if score.kind == "match")
        default = self.counts["omitted-default"]
        sentence = default and f"{count(default, 'field')} as by default, and not stated"
        return [
            Paragraph("As run?", f"{self.answer}."),
            *cut_blocks([*map(field_block, told)], MOST_SHOWN, "field"),
            *name_text("Default", sentence, see=" (-v)"),
            *cut_blocks(scores, MOST_SHOWN, "score"),
            *name_text("Scores", right and f"{right}: as stored"),
        ]

    @property
    def _tables(self) -> Tables:
        columns = ("name", "kind", "stated", "actual", "why", "line")
        rows = {"fields": self.fields, "scores": self.scores}
        return {
            name: list_rows(columns, (tuple(getattr(one, column) for column in columns) for one in listed))
            for name, listed in rows.items()
        }

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What the report states and nobody can say what it is of, or what it was."""
        names = [field.name for field in self.fields if field.kind in UNTOLD]
        return (*names, *(score.name for score in self.scores if score.kind == "not-compared"))

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            **begin_document(answer_document(self.as_run, self.answer)),
            "study": self.study,
            "reported": self.reported,
            "as_run": self.as_run,
            "counts": dict(self.counts),
            "fields": [field.as_json() for field in self.fields],
            "scores": [asdict(score) for score in self.scores],
            "not_compared": list(self.not_compared),
        }


def field_block(field: Field) -> Paragraph:
    """A setting and what is wrong with it."""
    return _state_block(field, KIND_WORDS[field.kind])


def score_block(score: ReportedScore) -> Paragraph:
    """A score and what is wrong with it."""
    return _state_block(score, f"score {score.kind.replace('-', ' ')}")


def _state_block(one: Field | ReportedScore, name: str) -> Paragraph:
    return Paragraph(((name, STYLES[one.kind]),), ((one.name, "bold"), one.words.removeprefix(one.name)))
