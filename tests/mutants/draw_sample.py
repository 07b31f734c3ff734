"""Draws which mutants are made: a stated number in each room, most of them of what a threshold is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.mutants.find_sites import THRESHOLDS, find_sites, mutate_source
from tests.mutants.rooms import WEIGHTS

THRESHOLD_SHARE = 0.75
"""Share of numbers and comparisons in a sample; the rest is arithmetic and logic."""


@dataclass(frozen=True)
class Mutant:
    """One change of one file: where it is, which lines it turns into which, and the whole file after it."""

    room: str
    file: Path
    line: int
    kind: str
    in_function: bool
    before: str
    after: str
    source: str


def divide_sample(sample: int, rooms: Sequence[str]) -> dict[str, int]:
    """How many mutants each room gets, by its weight; together they are `sample`."""
    weights = np.array([WEIGHTS.get(room, 1) for room in rooms])
    ends = np.rint(sample * np.cumsum(weights) / weights.sum()).astype(int).tolist()
    return dict(zip(rooms, np.diff([0, *ends]).tolist(), strict=True))


def draw_sample(tree: Path, files: Mapping[str, Sequence[Path]], sample: int, seed: int) -> list[Mutant]:
    """Mutants of each room, drawn without replacement: a place, then one of the ways to mutate it."""
    drawn: list[Mutant] = []
    for number, (room, count) in enumerate(divide_sample(sample, list(files)).items()):
        random = np.random.default_rng([seed, number])
        sites = [(file, site) for file in files[room] for site in find_sites((tree / file).read_text("utf-8"))]
        threshold = [place for place in sites if place[1].kind in THRESHOLDS]
        other = [place for place in sites if place[1].kind not in THRESHOLDS]
        most = round(count * THRESHOLD_SHARE)
        for places, size in ((threshold, most), (other, count - most)):
            for index in random.permutation(len(places))[:size].tolist():
                file, site = places[index]
                drawn.append(_mutant(tree, room, file, site, site.ways[random.integers(len(site.ways))]))
    return drawn


def _mutant(tree: Path, room: str, file: Path, site: Any, way: tuple[Any, int]) -> Mutant:
    source = (tree / file).read_text("utf-8")
    mutated = mutate_source(source, way)
    before, after = (text.splitlines()[site.line - 1].strip() for text in (source, mutated))
    return Mutant(room, file, site.line, site.kind, site.in_function, before, after, mutated)
