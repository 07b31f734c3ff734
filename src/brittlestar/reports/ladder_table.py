"""The trivial baselines in numbers: every metric of every trivial baseline, on all rows and on those not seen in
train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brittlestar.core.ladder import Ladder, Population, Rung
from brittlestar.reports.figures.ladder import labels_of
from brittlestar.study.units import Unit, unit_of


@dataclass(frozen=True)
class LadderTable:
    """The trivial baselines on one split. `heads` name the metrics with their units; `rows` are (trivial baseline,
    which rows, cells), the cells as in `heads`, each a score with its interval."""

    split: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


def ladder_tables(ladder: Ladder | None, splits: Sequence[str]) -> tuple[LadderTable, ...]:
    """A table for each of the splits that the trivial baselines was scored on."""
    if ladder is None:
        return ()
    units = [(metric, unit_of(metric)) for metric in ladder.metrics]
    rungs = [*ladder.rungs, *ladder.given.values()]
    named = list(zip(labels_of(rungs), rungs, strict=True))
    return tuple(
        LadderTable(
            split,
            tuple(unit.axis for _, unit in units),
            tuple(
                (label, rows, tuple(_cell(rung, split, metric, unit, population) for metric, unit in units))
                for label, rung in named
                for population, rows in _populations(ladder, split)
            ),
        )
        for split in splits
        if split in ladder.rows
    )


def _populations(ladder: Ladder, split: str) -> list[tuple[Population, str]]:
    found: list[tuple[Population, str]] = [("all", f"all {ladder.rows[split]:,}")]
    unseen = ladder.unseen.get(split, 0)
    if split != "train" and 0 < unseen < ladder.rows[split]:
        found.append(("unseen", f"{unseen:,} not in train"))
    return found


def _cell(rung: Rung, split: str, metric: str, unit: Unit, population: Population) -> str:
    score = rung.score(split, metric, population)
    return f"{unit.number(score.value)} {unit.interval(score.interval)}".strip()
