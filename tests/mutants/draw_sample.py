"""Draws which mutants are made: a stated number in each room, half of them of what thresholds are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.mutants.find_sites import SHARES, find_sites, mutate_source
from tests.mutants.rooms import WEIGHTS


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


def divide_sample(sample: int, weights: Mapping[str, float]) -> dict[str, int]:
    """How much of a sample each name gets by its weight; together they are `sample`."""
    given = np.array(list(weights.values()))
    ends = np.floor(sample * np.cumsum(given) / given.sum() + 0.5).astype(int).tolist()
    return dict(zip(weights, np.diff([0, *ends]).tolist(), strict=True))


def draw_sample(tree: Path, files: Mapping[str, Sequence[Path]], sample: int, seed: int) -> list[Mutant]:
    """Mutants of each room, drawn without replacement: a place of each kind, then one of the ways to mutate it."""
    drawn: list[Mutant] = []
    by_room = divide_sample(sample, {room: WEIGHTS.get(room, 1) for room in files})
    for number, (room, count) in enumerate(by_room.items()):
        random = np.random.default_rng([seed, number])
        sites = [(file, site) for file in files[room] for site in find_sites((tree / file).read_text("utf-8"))]
        for kind, size in divide_sample(count, SHARES).items():
            places = [place for place in sites if place[1].kind == kind]
            for index in random.permutation(len(places))[:size].tolist():
                file, site = places[index]
                drawn.append(_mutant(tree, room, file, site, site.ways[random.integers(len(site.ways))]))
    return drawn


def _mutant(tree: Path, room: str, file: Path, site: Any, way: tuple[Any, int]) -> Mutant:
    source = (tree / file).read_text("utf-8")
    mutated = mutate_source(source, way)
    before, after = (text.splitlines()[site.line - 1].strip() for text in (source, mutated))
    return Mutant(room, file, site.line, site.kind, site.in_function, before, after, mutated)
