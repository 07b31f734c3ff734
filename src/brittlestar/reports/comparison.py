"""What a comparison found: what differs first, then scores side by side, findings and verdicts that changed."""

from dataclasses import dataclass, field
from typing import Any, Literal

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import basis, size
from brittlestar.core.documents import begin_document
from brittlestar.core.plain import plain
from brittlestar.reports.finding_changes import FindingChanges
from brittlestar.reports.paragraphs import Paragraph, Words, cut_blocks, name_first, name_list
from brittlestar.reports.study_differences import Changed, SplitChange
from brittlestar.study.units import count, unit_of

MOST_SCORES = 4
"""Variants and splits whose scores are printed: the others are counted, and `-v` has them (convention)."""
STYLES = {"better": "bold green", "worse": "bold red", "equivalent": "bold green", "open": "bold yellow"}
ORDER = ("first", "second")
BY_SCORES = "the rows are not known: one of them has scores alone"
SCORE_COLUMNS = (
    "variant", "second_variant", "split", "metric", "first", "second", "difference", "relation", "low", "high",
    "sentence",
)  # fmt: skip
"""Of the table of scores side by side."""
SAME, SAME_PRESENT = "the same", "the same are present"
NOTHING_SHARED = "They have no split in common but train, so no score is compared."


@dataclass(frozen=True)
class ComparedSide:
    """One of the two: what it is called here, how commands name it, what it is, and of a study its variant under
    test."""

    name: str
    place: str
    kind: Literal["study", "table"] = "study"
    main: str | None = None


@dataclass(frozen=True)
class ScorePair:
    """A variant of each side on one split: the means over the rows and seeds that are compared, how many both have
    (`rows` None where scores alone are known), and the judgement on second − first. Where nothing can be compared,
    `reason` says why, and the rest is None. `identical`: every run answers every row as on the other side."""

    variants: tuple[str, str]
    split: str
    metric: str
    means: tuple[float, float] | None = None
    rows: tuple[int, int, int] | None = None
    seeds: tuple[int, int, int] | None = None
    judgement: Judgement | None = None
    reason: str = ""
    identical: bool = False

    @property
    def answer(self) -> Judgement | None:
        """The judgement that answers for the pair: of the models at hand where there are too few seeds for more."""
        one = self.judgement
        return one if one is None or one.this_model is None else one.this_model

    @property
    def label(self) -> str:
        """`main on test`."""
        first, second = self.variants
        return f"{first if first == second else f'{first}, {second}'} on {self.split}"

    @property
    def words(self) -> str:
        """`56.7 → 58.1 points of HWA: +1.4 points [−2.0, +4.8] (95 % interval; …)`, and which is better."""
        if self.means is None or self.answer is None:
            return self.reason
        unit = unit_of(self.metric)
        first, second = (unit.number(mean) for mean in self.means)
        relation = {"open": "open", "equivalent": f"equivalent within {unit.threshold(self.answer.claim.margin)}"}
        said = relation.get(self.answer.relation, self.answer.relation)
        name = f"{unit.unit} of {unit.name}" if unit.unit else unit.name
        if self.identical:
            return f"{first} → {second} {name}: the same answer of every run in every row"
        why = f": {self.gap}" if self.gap and self.answer.interval is not None else ""
        return f"{first} → {second} {name}: {said}, {size(self.answer)} ({basis(self.answer)}){why}"

    @property
    def styled(self) -> Words:
        """Label and words, which is better in its colour."""
        relation = "" if self.answer is None else self.answer.relation
        head, found, rest = self.words.partition(f": {relation}") if relation else (self.words, "", "")
        if not found:
            return f"{self.label}: {head}"
        return (f"{self.label}: {head}: ", (relation, STYLES[relation]), rest)

    @property
    def full_words(self) -> str:
        """The same, and why there is no interval where there is none."""
        without = self.answer is not None and self.answer.interval is None
        return f"{self.words}: {self.gap}" if self.gap and without else self.words

    @property
    def gap(self) -> str:
        """Why there is no interval, or why it settles nothing although 0 lies outside; empty where neither is so. The
        first reason of all is that nobody registered it."""
        one = self.answer
        if one is None or (
            one.interval is not None and (one.relation != "open" or one.interval[0] <= 0 <= one.interval[1])
        ):
            return ""
        return next(iter(one.reasons[1:]), "")

    @property
    def values(self) -> tuple[Any, ...]:
        """The numbers of SCORE_COLUMNS."""
        one = self.answer
        low, high = (None, None) if one is None or one.interval is None else one.interval
        notes = (None, None) if one is None else (one.estimate, one.relation)
        return (*self.variants, self.split, self.metric, *(self.means or (None, None)), *notes, low, high, self.words)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        found = {name: value for name, value in vars(self).items() if name not in ("judgement", "variants")}
        judged = None if self.judgement is None else self.judgement.as_json()
        return {**plain(found), "variants": list(self.variants), "judgement": judged}


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two studies or tables side by side; of a table nothing but scores is known. `settings` and `data` are what
    differs before any score; `answers` the questions of the headline that are answered otherwise; `findings` those
    that are not present in the same places of both; `verdicts` claims that came out otherwise; `own` variants of which
    own code, or what made given predictions, sets what nobody recorded, and may not be the same."""

    sides: tuple[ComparedSide, ComparedSide]
    settings: tuple[Changed, ...]
    data: tuple[SplitChange, ...]
    scores: tuple[ScorePair, ...]
    answers: tuple[Changed, ...] = ()
    findings: FindingChanges = field(default_factory=FindingChanges)
    verdicts: tuple[Changed, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called here."""
        return self.sides[0].name, self.sides[1].name

    @property
    def unknown(self) -> str:
        """What cannot be compared, in a line: nothing of two studies."""
        tables = [word for word, side in zip(ORDER, self.sides, strict=True) if side.kind == "table"]
        which = "" if not tables else f"the {tables[0]} is a table" if len(tables) == 1 else "both are tables"
        return which and f"{which}: no settings, findings or verdicts"

    @property
    def untold(self) -> str:
        """Of which variants nobody can tell everything that differs; empty where all was recorded."""
        return f"cannot tell all: own code of {', '.join(self.own)} sets what nobody recorded" if self.own else ""

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb: `second` − `first` wherever there is a difference."""
        return {
            **begin_document(),
            "first": self.names[0],
            "second": self.names[1],
            "settings": [setting.as_json() for setting in self.settings],
            "data": [dict(vars(one)) for one in self.data],
            "scores": [score.as_json() for score in self.scores],
            "answers": [answer.as_json() for answer in self.answers],
            "findings": self.findings.as_json(),
            "claims": [verdict.as_json() for verdict in self.verdicts],
            "notes": [one for one in (self.unknown, self.untold) if one],
        }

    @property
    def blocks(self) -> list[Paragraph]:
        """Each part as a name and a sentence: the difference, then what differs before any score and after it."""
        scores = name_first("Scores", [score.styled for score in self.scores])
        compared = f"{self.names[0]} (first) with {self.names[1]} (second); differences are second − first"
        notes = [Paragraph("Note", self.unknown)] if self.unknown else name_list("Settings", self._settings, SAME)
        return [
            *cut_blocks(scores, MOST_SCORES, "score"),
            *([] if scores else [Paragraph("Scores", NOTHING_SHARED)]),
            Paragraph("Compared", compared),
            *notes,
            *name_list("Data", [*map(describe_split, self.data)], self.data_words),
            *name_list("Answers", [*map(describe_change, self.answers)]),
            *(() if self.unknown else name_list("Findings", self._findings, SAME_PRESENT)),
            *name_list("Claims", [*map(describe_change, self.verdicts)]),
        ]

    @property
    def settings_words(self) -> str:
        """What differs in settings, or that nothing does."""
        return "; ".join(self._settings) or SAME

    @property
    def _settings(self) -> list[str]:
        return [*filter(None, [self.untold]), *map(describe_change, self.settings)]

    @property
    def data_words(self) -> str:
        """What differs in data, or that nothing does."""
        known = all(score.rows is not None for score in self.scores if score.means is not None)
        return "; ".join(map(describe_split, self.data)) or ("the same rows in every split" if known else BY_SCORES)

    @property
    def findings_words(self) -> str:
        """Counts and codes of findings gained and lost, then those that moved and those of another severity."""
        return "; ".join(self._findings) or SAME_PRESENT

    @property
    def _findings(self) -> list[str]:
        found = self.findings
        sides = [(word, side) for word, side in (("gained", found.gained), ("lost", found.lost)) if side]
        notes = [
            f"{len(side):,} {word} ({', '.join(dict.fromkeys(x.finding.code for x in side))})" for word, side in sides
        ]
        notes += [f"moved: {one.code}: {one.places}" for one in found.moved]
        notes += [f"severity of {one.words}" for one in found.severity]
        return notes


def describe_change(change: Changed) -> str:
    """`training.epochs 3 → 5 (main)`."""
    about = f" ({', '.join(change.variants)})" if change.variants else ""
    what = f"{change.what}:" if " " in change.what else change.what
    return f"{what} {show_value(change.first)} → {show_value(change.second)}{about}"


def show_value(value: Any) -> str:
    """A value of a setting as people read it."""
    return "none" if value is None else "yes" if value is True else "no" if value is False else str(value)


def describe_split(change: SplitChange) -> str:
    """`test: 1,000 and 900 rows, 880 in both`."""
    if change.first is None or change.second is None:
        where, rows = ("second", change.second) if change.first is None else ("first", change.first)
        return f"{change.split} in the {where} alone ({count(rows or 0, 'row')})"
    return f"{change.split}: {change.first:,} and {count(change.second, 'row')}, {change.both:,} in both"
