"""What a report states, held against what was run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from brittlestar.core.documents import answer_document, begin_document
from brittlestar.core.headline import Answer
from brittlestar.records.reported.reading import READERS, UNTOLD, WORST, Field, Kind
from brittlestar.records.reported.scores import ReportedScore, ScoreKind
from brittlestar.records.reported.values import LONGEST_VALUE
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, cut_blocks, name_text
from brittlestar.reports.showing import Shown
from brittlestar.study.units import count

KIND_WORDS: Mapping[Kind, str] = {kind: kind.replace("-", " ").replace("omitted default", "default") for kind in WORST}
FIELD_STYLES: Mapping[Kind, str] = {
    "misstated": "bold red", "without-effect": "bold yellow", "omitted": "bold yellow", "ambiguous": "yellow",
    "cannot-tell": "yellow", "omitted-default": "dim", "match": "bold green",
}  # fmt: skip
SCORE_WORDS: Mapping[ScoreKind, str] = {
    "outside": "outside the interval", "inside": "inside the interval", "differs": "with another spread",
    "not-compared": "not compared", "match": "as stored",
}  # fmt: skip
AS_RUN: Mapping[Answer, str] = {"yes": "Yes", "no": "No", "cannot-say": "Cannot tell"}
MOST_FIELDS = 12
"""Fields that are named: -v has all (convention)."""
MOST_NOT_COMPARED = 12
"""Names that the answer lists (convention): a table of settings has about as many."""
REFUSED = (
    *(".md", ".markdown", ".tex", ".txt", ".html", ".htm", ".rst", ".log"),
    *(".sh", ".py", ".ini", ".cfg", ".conf", ".env", ".ipynb", ".pdf"),
)
"""Reports that people have, and that are not read: one clear error says so."""
HEADINGS = re.compile(r"\W*(?:(?:hyper-?)?parameters?|settings?|name|option|key)\W")
"""What stands above the names in a table of settings, and above no column of outcomes."""


@dataclass(frozen=True, repr=False)
class ReportedResult(Shown):
    """A report against a study: the study, the report, every `field` of settings, the worst first, rows that state
    results, costs or machines and no settings (`passed`), and every stated score (`scores`). Shown as text or in a
    notebook it says whether the report states what was run."""

    study: str
    reported: str
    fields: tuple[Field, ...]
    passed: tuple[str, ...] = ()
    scores: tuple[ReportedScore, ...] = ()

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many fields there are of each kind, the worst first."""
        counted = Counter(field.kind for field in self.fields)
        return {kind: counted[kind] for kind in WORST}

    @property
    def as_run(self) -> Answer:
        """Whether the report states what was run: no where something is misstated, without effect, or left out though
        it was chosen, or a score is not the stored one; yes where all that it states was compared."""
        wrong = any(self.counts[kind] for kind in ("misstated", "without-effect", "omitted"))
        if wrong or any(score.kind in ("inside", "outside", "differs") for score in self.scores):
            return "no"
        return "cannot-say" if self.not_compared else "yes"

    @property
    def answer(self) -> str:
        """The same in words: `No: 1 misstated, 2 match`, with what was not compared."""
        scored = Counter(score.kind for score in self.scores)
        notes = [f"{many} {KIND_WORDS[kind]}" for kind, many in self.counts.items() if many]
        notes += [f"{count(scored[kind], 'score')} {words}" for kind, words in SCORE_WORDS.items() if scored[kind]]
        left = [*self.not_compared[:MOST_NOT_COMPARED], *(["…"] if len(self.not_compared) > MOST_NOT_COMPARED else [])]
        parts = [", ".join(notes), *([f"not compared: {', '.join(left)}"] if left else [])]
        return f"{AS_RUN[self.as_run]}: {'; '.join(part for part in parts if part)}"

    @property
    def blocks(self) -> list[Paragraph]:
        """The answer, then each field that is not as stated."""
        scores = [score_block(score) for score in self.told_scores]
        right = ", ".join(dict.fromkeys(score.name for score in self.scores if score.kind == "match" and not score.why))
        default = self.counts["omitted-default"]
        sentence = default and f"{count(default, 'field')} as by default, and not stated"
        return [
            Paragraph("As run?", f"{self.answer}."),
            *cut_blocks([*_group_fields(self.wrong)], MOST_FIELDS, "field"),
            *name_text("Default", sentence, rank=2, see=" (-v)"),
            *scores[:MOST_FIELDS],
            *name_text("Scores", right and f"{right}: as stored", rank=2),
        ]

    @property
    def _tables(self) -> Tables:
        fields = ((field.name, field.kind, field.stated, field.actual, field.why, field.line) for field in self.fields)
        scores = ((score.name, score.kind, score.stated, score.actual, score.why, score.line) for score in self.scores)
        columns = ("name", "kind", "stated", "actual", "why", "line")
        return {"fields": list_rows(columns, fields), "scores": list_rows(columns, scores)}

    @property
    def wrong(self) -> tuple[Field, ...]:
        """Settings that are not as stated, that nobody can place, or of which more is to be said."""
        return tuple(field for field in self.fields if field.kind not in ("match", "omitted-default") or
                     (field.kind == "match" and field.why))  # fmt: skip

    @property
    def told_scores(self) -> tuple[ReportedScore, ...]:
        """The same of scores."""
        return tuple(score for score in self.scores if score.kind != "match" or score.why)

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What the report states and nobody can say what it is of, or what it was: unknown names, settings that own
        code sets, and scores of something else."""
        unknown = [field.said or field.name for field in self.fields if field.kind in UNTOLD]
        others = [score.name for score in self.scores if score.kind == "not-compared"]
        return tuple(dict.fromkeys([*unknown, *others, *self.passed]))

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
            "passed": list(self.passed),
            "scores": [asdict(score) for score in self.scores],
            "not_compared": list(self.not_compared),
        }


def is_reported(path: str | Path) -> bool:
    """Whether a file is a report, by its name, or of a CSV by what stands above its first column."""
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in (".csv", ".tsv") or not place.is_file():
        return suffix in (*READERS, *REFUSED) and place.is_file()
    with place.open(encoding="utf-8-sig", errors="replace") as handle:
        return HEADINGS.match(handle.readline(LONGEST_VALUE).lower()) is not None


def _group_fields(fields: Iterable[Field]) -> Iterator[Paragraph]:
    """A block a field, and one for all that nobody can tell for one reason."""
    for (kind, why), same in groupby(fields, lambda one: (one.kind, one.why)):
        listed = [*same]
        if kind == "cannot-tell" and len(listed) > 1:
            names = ", ".join(dict.fromkeys(one.said for one in listed))
            name = ((KIND_WORDS[kind], FIELD_STYLES[kind]),)
            yield Paragraph(name, ((names, "bold"), f": {why}"), rank=1, most=2)
        else:
            yield from map(field_block, listed)


def field_block(field: Field) -> Paragraph:
    """A setting and what is wrong with it."""
    return _state_block(field, KIND_WORDS[field.kind], FIELD_STYLES[field.kind])


def score_block(score: ReportedScore) -> Paragraph:
    """A score and what is wrong with it."""
    style = {"outside": "bold red", "differs": "bold red", "inside": "yellow"}.get(score.kind, "dim")
    return _state_block(score, f"score {score.kind.replace('-', ' ')}", style)


def _state_block(field: Field | ReportedScore, name: str, style: str) -> Paragraph:
    return Paragraph(((name, style),), ((field.name, "bold"), field.words.removeprefix(field.name)), rank=1, most=2)
