"""Where the spread of a score comes from: its variance by source, from a study whose streams are crossed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from brittlestar.core.results import StudyRecord
from brittlestar.core.seeds import STREAMS
from brittlestar.statistics.crossed import AxisVariance, estimate_axis_variances

FEWEST_FOR_SHARES = 10
"""Below this many levels a variance is too uncertain to be read as a share: its relative error is sqrt(2 / df)."""


@dataclass(frozen=True)
class VarianceSource(AxisVariance):
    """The variance that one stream brings, in squared units of the metric."""

    stream: str


@dataclass(frozen=True)
class Sources:
    """One variant's sources, the largest first, and what is left over: the streams' interaction, and streams that vary
    in every cell. `missing` counts cells that are not done, without which nothing is estimated."""

    variant: str
    metric: str
    split: str
    levels: int
    sources: tuple[VarianceSource, ...]
    left_over: float
    missing: int = 0

    @property
    def shares(self) -> Mapping[str, float] | None:
        """Each source's share of the whole; None where there are too few levels to read one."""
        total = sum(source.variance for source in self.sources) + self.left_over
        if self.levels < FEWEST_FOR_SHARES or total <= 0:
            return None
        return {source.stream: source.variance / total for source in self.sources} | {
            "left over": self.left_over / total
        }

    @property
    def sentence(self) -> str:
        """What to average over first, and how sure that is."""
        if self.missing:
            return f"{self.variant}: {self.missing} runs of the crossed design are not done; nothing is estimated."
        first = self.sources[0]
        each = ", ".join(
            f"{source.stream} {_deviation(source.variance)} ({' to '.join(map(_deviation, source.interval))})"
            for source in self.sources
        )
        left_over = _deviation(self.left_over)
        told = f"{self.variant}: standard deviations in points by source: {each}; left over {left_over}"
        if first.variance <= 0:
            return f"{told}: no stream by itself brings a spread that can be told from their interaction."
        sure = len(self.sources) < 2 or first.interval[0] > self.sources[1].interval[1]
        which = "brings most" if sure else "is the largest estimate, but the intervals overlap"
        return f"{told}. {first.stream} {which}: average over it first."

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        shares = None if self.shares is None else dict(self.shares)
        return {**asdict(self), "shares": shares, "sentence": self.sentence}


def list_crossed_streams(record: StudyRecord) -> tuple[str, ...]:
    """The streams that a study crosses."""
    return tuple(stream for stream in STREAMS if record.streams.get(stream) == "crossed")


def sources_of(record: StudyRecord) -> tuple[Sources, ...]:
    """Variance by source of each variant's headline metric (best checkpoint) on test, or dev where there is no test;
    empty where no stream is crossed."""
    streams, split = list_crossed_streams(record), record.held_out
    if not streams or split is None:
        return ()
    return tuple(_find_sources(record, variant, split, streams) for variant in record.variants)


def _find_sources(record: StudyRecord, variant: str, split: str, streams: tuple[str, ...]) -> Sources:
    cells = sorted(record.cells_of(variant), key=lambda cell: cell.seed)
    levels = round(len(cells) ** (1 / len(streams)))
    scores = [cell.score(split, record.metric) for cell in cells if cell.state == "done"]
    known = [score for score in scores if score is not None]
    if len(known) < len(cells) or levels < 2 or levels ** len(streams) != len(cells):
        return Sources(variant, record.metric, split, levels, (), 0.0, len(cells) - len(known))
    table = np.asarray(known, np.float64).reshape((levels,) * len(streams))
    return estimate_sources(table, streams, variant, record.metric, split)


def estimate_sources(table: np.ndarray, streams: tuple[str, ...], variant: str, metric: str, split: str) -> Sources:
    """Variance by source from a balanced table, float64 with one axis of at least 2 levels for each stream."""
    axes, left_over = estimate_axis_variances(table)
    found = [VarianceSource(**vars(one), stream=stream) for stream, one in zip(streams, axes, strict=True)]
    return Sources(variant, metric, split, table.shape[0], tuple(sorted(found, key=lambda one: -one.raw)), left_over)


def _deviation(variance: float) -> str:
    return f"{100 * np.sqrt(variance):.2f}"
