"""What a report states, held against what was run."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brittlestar.claims.headline_numbers import ScoreEstimate, estimate_score
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.errors import InputError
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.records.reported.reading import PAGES, TABLES, TREES
from brittlestar.records.reported.scores import ReportedScore, ScoreKind, states_scores
from brittlestar.records.reported.stated import WORST, Field, Kind
from brittlestar.records.reported.tables import HEADINGS, find_delimiter, states_settings
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.showing import Shown
from brittlestar.study.units import count

KIND_WORDS: Mapping[Kind, str] = {
    "misstated": "misstated", "without-effect": "without effect", "omitted": "omitted", "ambiguous": "ambiguous",
    "omitted-default": "default", "match": "match",
}  # fmt: skip
SCORE_WORDS: Mapping[ScoreKind, str] = {
    "outside": "outside the interval", "inside": "inside the interval", "not-compared": "not compared",
    "match": "as stored",
}  # fmt: skip
REFUSED = (".txt", ".html", ".htm", ".rst", ".log", ".sh", ".py", ".ini", ".cfg", ".conf", ".env", ".ipynb", ".pdf")
"""Reports that people have, and that are not read: one clear error says so."""


@dataclass(frozen=True, repr=False)
class ReportedResult(Shown):
    """A report against a study: the study, the report, every `field` of settings, the worst first, rows that state
    results, costs or machines and no settings (`passed`), and every stated score (`scores`). `paged`: it is a page, of
    which tables alone were read. Shown as text or in a notebook it says whether the report states what was run."""

    study: str
    reported: str
    fields: tuple[Field, ...]
    passed: tuple[str, ...] = ()
    scores: tuple[ReportedScore, ...] = ()
    paged: bool = False

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many fields there are of each kind, the worst first."""
        counted = Counter(one.kind for one in self.fields)
        return {kind: counted[kind] for kind in WORST}

    @property
    def is_right(self) -> bool:
        """Whether nothing is misstated, without effect, or left out though it was chosen, and every score that can be
        compared is the stored one."""
        wrong = any(self.counts[kind] for kind in ("misstated", "without-effect", "omitted"))
        return not wrong and not any(one.kind in ("inside", "outside") for one in self.scores)

    @property
    def answer(self) -> str:
        """Whether the report states what was run: `No: 1 misstated, 2 match`."""
        scored = Counter(one.kind for one in self.scores)
        told = [f"{many} {KIND_WORDS[kind]}" for kind, many in self.counts.items() if many]
        told += [f"{count(scored[kind], 'score')} {words}" for kind, words in SCORE_WORDS.items() if scored[kind]]
        return f"{'Yes' if self.is_right else 'No'}: {', '.join(told)}"

    @property
    def _lines(self) -> list[tuple[str, str]]:
        told = [(KIND_WORDS[one.kind], one.words) for one in self.wrong]
        told += [(f"score {one.kind.replace('-', ' ')}", one.words) for one in self.scores if one.kind != "match"]
        return [("As run?", f"{self.answer}."), *told]

    @property
    def _tables(self) -> Tables:
        fields = ((one.name, one.kind, one.stated, one.actual, one.why, one.line) for one in self.fields)
        scores = ((one.name, one.kind, one.stated, one.actual, one.why, one.line) for one in self.scores)
        columns = ("name", "kind", "stated", "actual", "why", "line")
        return {"fields": list_rows(columns, fields), "scores": list_rows(columns, scores)}

    @property
    def wrong(self) -> tuple[Field, ...]:
        """Settings that are not as stated, or that nobody can place."""
        return tuple(one for one in self.fields if one.kind not in ("match", "omitted-default"))

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What the report states and nobody can say what it is of: unknown names, and scores of something else."""
        known = {one.said for one in self.scores if one.kind != "not-compared"}
        unknown = [one.name for one in self.fields if one.kind == "ambiguous" and one.actual is None]
        others = [one.said for one in self.scores if one.kind == "not-compared"]
        return tuple(dict.fromkeys([*unknown, *others, *(one for one in self.passed if one not in known)]))

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study,
            "reported": self.reported,
            "counts": dict(self.counts),
            "fields": [one.as_json() for one in self.fields],
            "passed": list(self.passed),
            "scores": [asdict(one) for one in self.scores],
            "not_compared": list(self.not_compared),
        }


def estimate(opened: OpenedStudy, variant: str, split: str, metric: str) -> ScoreEstimate:
    """The mean of a variant's runs and its interval. Raises InputError where there is none."""
    record = opened.record
    if split not in record.splits:
        raise InputError(f"the study has no split {split!r}", split)
    return estimate_score(
        StudyOutcomes(record, opened.answers).on(split, metric), variant, metric, record.splits[split].rows
    )


def is_reported(path: str | Path) -> bool:
    """Whether a file is a report, by its name, or of a CSV by what stands above its columns."""
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in (*TREES, *PAGES, *TABLES, *REFUSED) or not place.is_file():
        return False
    if suffix not in TABLES:
        return True
    try:
        with place.open(encoding="utf-8-sig", newline="") as handle:
            head = handle.readline()
        row = next(csv.reader([head], delimiter=find_delimiter(head, suffix)), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return bool(row) and (row[0].strip().lower() in HEADINGS or states_settings(row) or states_scores(row))
