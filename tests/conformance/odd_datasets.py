"""Datasets that break checks which expect ordinary ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.baselines.rows import BaselineRows
from brittlestar.verbs.audit import audit

Pair = tuple[Sequence[Any], Sequence[Any]]


def make_analysis(splits: Mapping[str, Pair | list[dict[str, Any]]], **settings: str) -> Analysis:
    """The analysis of splits in memory, as `audit` makes it."""
    return audit(splits, settings=settings, only=["leak.exact"]).analysis


def odd_datasets() -> dict[str, Any]:
    """Datasets that break checks which expect ordinary ones, by what is odd about them."""
    return {name: make() for name, make in ODD.items()}


def _rows(n: int, seed: int = 0, tokens: str = "abcdef", low: int = 3, high: int = 9) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(list(tokens), int(random.integers(low, high)))) for _ in range(n)]


def _labels(n: int, names: Sequence[str] = ("x", "y")) -> list[str]:
    return [names[k % len(names)] for k in range(n)]


def _ordinary() -> dict[str, Pair]:
    return {
        name: (_rows(size, seed), _labels(size))
        for seed, (name, size) in enumerate({"train": 80, "dev": 40, "test": 40}.items())
    }


def _keep_rows(choose: Callable[[str, BaselineRows], np.ndarray]) -> Analysis:
    """The ordinary dataset with these rows of each split."""
    made = make_analysis(dict(_ordinary()))
    return made.with_splits({name: rows.take(choose(name, rows)) for name, rows in made.splits.items()})


def _all_but(split: str) -> Callable[[str, BaselineRows], np.ndarray]:
    return lambda name, rows: np.arange(0 if name == split else rows.n_rows)


def _all_empty() -> Analysis:
    made = make_analysis({"train": (["a", *[""] * 39], _labels(40)), "test": ([""] * 30, _labels(30))})
    empty = {name: rows.take(np.flatnonzero(rows.lengths == 0)) for name, rows in made.splits.items()}
    return made.with_splits(empty)


def _make_grouped() -> Analysis:
    rows = {
        name: [
            {"sequence": sequence, "label": label, "group": f"g{k % 7}" if k % 5 else None}
            for k, (sequence, label) in enumerate(zip(*pair, strict=True))
        ]
        for name, pair in _ordinary().items()
    }
    return make_analysis(dict(rows))


def _make_factored() -> Analysis:
    splits: dict[str, Pair] = {}
    for seed, name in enumerate(("train", "test")):
        plain = [row.split() for row in _rows(60, seed, "■▲●")]
        rows = [
            " ".join(shape + "rgb"[(k + place) % 3] for place, shape in enumerate(row)) for k, row in enumerate(plain)
        ]
        splits[name] = (rows, _labels(60))
    return make_analysis(dict(splits))


def _many_classes() -> Analysis:
    names = [f"c{k}" for k in range(700)]
    return make_analysis({"train": (_rows(1_400), _labels(1_400, names)), "test": (_rows(700, 1), _labels(700, names))})


ODD: dict[str, Callable[[], Analysis]] = {
    "an ordinary one": lambda: make_analysis(dict(_ordinary())),
    "no evaluation split": lambda: make_analysis({"train": (_rows(60), _labels(60))}),
    "an empty split": lambda: _keep_rows(_all_but("test")),
    "an empty train split": lambda: _keep_rows(_all_but("train")),
    "one class": lambda: _keep_rows(lambda _, rows: np.flatnonzero(rows.labels == 0)),
    "one class in test": lambda: make_analysis({**_ordinary(), "test": (_rows(40, 3), ["x"] * 40)}),
    "labels that train lacks": lambda: make_analysis({**_ordinary(), "test": (_rows(40, 3), _labels(40, "xzw"))}),
    "some rows without tokens": lambda: make_analysis({**_ordinary(), "test": (["", *_rows(38, 3), " "], _labels(40))}),
    "no tokens at all": _all_empty,
    "one token": lambda: make_analysis({"train": (["a a"] * 50, _labels(50)), "test": (["a a"] * 50, _labels(50))}),
    "rows of one token": lambda: make_analysis(
        {"train": (_rows(60, low=1, high=2), _labels(60)), "test": (_rows(60, 1, low=1, high=2), _labels(60))},
        **{"data.tokens": "whitespace"},
    ),
    "a very long row": lambda: make_analysis(
        {**_ordinary(), "test": ([*_rows(30, 4), " ".join("abc" * 7_000)], _labels(31))}
    ),
    "two rows": lambda: make_analysis({"train": (["a b", "b a"], ["x", "y"]), "test": (["a b"], ["y"])}),
    "all rows the same in all splits": lambda: make_analysis(
        {name: (["a b c"] * 60, _labels(60)) for name in ("train", "dev", "test")}
    ),
    "no token in common": lambda: make_analysis({**_ordinary(), "test": (_rows(50, 5, "uvwxyz"), _labels(50))}),
    "groups, some missing": _make_grouped,
    "factors": _make_factored,
    "lists of odd tokens": lambda: make_analysis(
        {
            "train": ([["a b", "", "\t"], ["é", "e\u0301", "\u200b"]] * 30, _labels(60)),
            "test": ([["a b"], ["<unk>", "<pad>"]] * 25, _labels(50)),
        }
    ),
    "hundreds of classes": _many_classes,
    "a declared shift and a strange split name": lambda: make_analysis(
        {
            **_ordinary(),
            "shift_longer": (_rows(60, 6, low=20, high=40), _labels(60)),
            "extra.1": (_rows(5, 7), _labels(5)),
        }
    ),
}
"""{what is odd: how it is made}."""
