"""Analyses for tests, from token strings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.pipeline.open import open_input

Given = Mapping[str, tuple[Sequence[str], Sequence[Any]]]
Made = dict[str, tuple[list[str], list[str]]]


def make_analysis(splits: Given, settings: Mapping[str, str] | None = None) -> Analysis:
    """The analysis of {split: (rows of tokens joined by blanks, labels)}; train needs two labels."""
    overrides = {"data.tokens": "whitespace", **(settings or {})}
    opened = open_input(
        {name: (list(rows), list(labels)) for name, (rows, labels) in splits.items()}, overrides=overrides
    )
    return Analysis.of(opened.frames, opened.data, opened.study, opened.base)


def make_grouped(splits: Mapping[str, Sequence[tuple[str, str, str | None]]]) -> Analysis:
    """The analysis of {split: rows (tokens joined by blanks, label, group)}."""
    names = ("sequence", "label", "group")
    rows = {name: [dict(zip(names, row, strict=True)) for row in its] for name, its in splits.items()}
    opened = open_input(rows, overrides={"data.tokens": "whitespace"})
    return Analysis.of(opened.frames, opened.data, opened.study, opened.base)


def random_rows(n: int, random: np.random.Generator, tokens: int = 12, low: int = 6, high: int = 16) -> list[str]:
    """Rows of tokens t0 … drawn evenly, of lengths drawn evenly."""
    return [" ".join(f"t{k}" for k in random.integers(0, tokens, random.integers(low, high + 1))) for _ in range(n)]


def three_splits(sizes: Sequence[int] = (400, 100, 200), seed: int = 0, **options: int) -> Made:
    """Train, dev and test from one source, labels by whether t0 occurs."""
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name, size in zip(("train", "dev", "test"), sizes, strict=True):
        rows = random_rows(size, random, **options)
        splits[name] = rows, ["yes" if "t0" in row.split() else "no" for row in rows]
    return splits
