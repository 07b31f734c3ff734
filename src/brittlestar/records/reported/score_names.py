"""What the names of a score speak of, in every format: variant, split and metric, by the words in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from brittlestar.core.foreign_names import list_words, load_names
from brittlestar.core.results import StudyRecord
from brittlestar.records.reported.naming import LONGEST
from brittlestar.study.names import BEST_TRIVIAL

OURS = ("ours", "our", "our model", "our method", "proposed", "this work", "main")
"""What reports call the variant under test; a `baseline` may be it, or what it is compared with."""
TRIVIAL = (BEST_TRIVIAL, "best trivial baseline", "trivial baseline", "shortcut-ladder")
SPREAD = ("sd", "std", "stdev", "stddev", "deviation")
IDLE = (*SPREAD, "standard", "best", "final", "mean", "average", "avg", "held", "out", "score", "split", "model")
"""Words of a name that do not say what a score is of."""
Phrases = Sequence[tuple[list[str], str]]


@dataclass(frozen=True)
class ScoreParts:
    """What the names of a score say: None where they say nothing, and the first name with words that say none of it.
    `is_spread`: it is the SD of that."""

    variant: str | None
    split: str | None
    metric: str | None
    is_spread: bool
    unknown: str


class ScoreNames:
    """The names of a study's variants, trivial baselines, splits and metrics, with those that others give them."""

    def __init__(self, record: StudyRecord) -> None:
        baselines = None if record.audit is None else record.audit.trivial_baselines
        variants = {one.name: one.name for one in (() if baselines is None else baselines.members)}
        variants |= dict.fromkeys(TRIVIAL, BEST_TRIVIAL) | dict.fromkeys(OURS, record.main)
        variants |= {called: name for name, one in record.variants.items() for called in (one.title, name)}
        splits = {called: split for split, listed in load_names()["splits"].items() for called in listed}
        splits |= {one.removeprefix("shift_"): one for one in record.splits} | {one: one for one in record.splits}
        metrics = {called: metric for metric, listed in load_names()["metrics"].items() for called in (metric, *listed)}
        metrics |= {one: one for one in record.metrics}
        self._listed = tuple(map(_sort_phrases, (variants.items(), splits.items(), metrics.items())))
        self._idle = {*IDLE, *load_names()["fillers"]}

    def read(self, names: Sequence[str]) -> ScoreParts:
        """What names speak of, in any order."""
        left = [word for name in names for word in list_words(name[:LONGEST])]
        parts: list[str | None] = []
        for phrases in self._listed:
            part, left = _take_phrase(left, phrases)
            parts.append(part)
        odd = {*left} - self._idle
        unknown = next((name for name in names if odd & {*list_words(name)}), "")
        return ScoreParts(parts[0], parts[1], parts[2], not {*left}.isdisjoint(SPREAD), unknown)


def _sort_phrases(meanings: Iterable[tuple[str, str]]) -> Phrases:
    listed = ((list_words(called), meant) for called, meant in meanings)
    return sorted((one for one in listed if one[0]), key=lambda one: -len(one[0]))


def _take_phrase(words: list[str], phrases: Phrases) -> tuple[str | None, list[str]]:
    """What the longest phrase among words stands for, and the words without it, wherever it stands."""
    for phrase, meant in phrases:
        size = len(phrase)
        if places := [k for k in range(len(words)) if words[k : k + size] == phrase]:
            taken = {k + step for k in places for step in range(size)}
            return meant, [word for k, word in enumerate(words) if k not in taken]
    return None, words
