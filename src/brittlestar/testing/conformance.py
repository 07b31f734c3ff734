"""The exam that a check of an audit sits before it is let loose on other people's data."""

from __future__ import annotations

import inspect
import json
import random as python_random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.check import Check
from brittlestar.core.findings import Finding
from brittlestar.verbs.audit import audit

Pair = tuple[Sequence[Any], Sequence[Any]]

LARGEST_EXAMPLES = 10


def check_conformance(check: Check, datasets: Mapping[str, Analysis] | None = None) -> None:
    """Run a check on odd datasets (those of `odd_datasets`, unless others are given).

    Raises AssertionError, which names the dataset, unless the check yields at least one finding each time; all are of
    its code, valid and plain JSON, with a sentence and a rule, present ones with a remedy or as information; twice the
    same; and dataset and global random states stay as they were. Its docstring must not be empty.
    """
    assert (inspect.getdoc(check.function) or "").strip(), f"{check.code}: no docstring, which would be its page"
    for name, dataset in (odd_datasets() if datasets is None else datasets).items():
        where = f"{check.code} on {name}"
        before = _fingerprint(dataset)
        state = _random_state()
        try:
            first = list(check.function(dataset))
        except Exception as error:
            raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
        assert _random_state() == state, f"{where}: it changed a global random state"
        assert _fingerprint(dataset) == before, f"{where}: it changed the dataset"
        assert first, f"{where}: no finding; say what was looked at (absent) or what is missing (inconclusive)"
        for finding in first:
            _valid(check, finding, where)
        again = list(check.function(replace(dataset)))
        assert _as_text(first) == _as_text(again), f"{where}: a second run says something else"


def _valid(check: Check, finding: Finding, where: str) -> None:
    assert isinstance(finding, Finding), f"{where}: {finding!r} is no finding"
    assert finding.code == check.code, f"{where}: a finding of {finding.code}"
    assert finding.status in ("present", "absent", "inconclusive"), f"{where}: status {finding.status!r}"
    assert finding.severity in (None, "error", "warning", "info"), f"{where}: severity {finding.severity!r}"
    assert finding.summary.strip() and finding.threshold.strip(), f"{where}: no summary or no threshold"
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in finding.where.items()), (
        f"{where}: `where` holds other things than texts: {dict(finding.where)!r}"
    )
    if finding.severity in ("error", "warning"):
        assert finding.remedy.strip(), f"{where}: a {finding.severity} without a remedy"
    evidence = _as_text([finding])  # fails on NaN, arrays and other things that are no JSON
    assert "NaN" not in evidence, f"{where}: not a number in the evidence"
    p = finding.evidence.get("p")
    assert p is None or 0 <= p <= 1, f"{where}: p is {p!r}"
    rows = finding.evidence.get("rows")
    examples = isinstance(rows, (list, tuple)) and len(rows) > LARGEST_EXAMPLES  # pyright: ignore[reportUnknownArgumentType]
    assert not examples, f"{where}: more than {LARGEST_EXAMPLES} example rows; all of them belong under row_ids"


def _as_text(findings: Sequence[Finding]) -> str:
    try:
        return json.dumps([one.as_json() for one in findings], allow_nan=False, sort_keys=True)
    except (TypeError, ValueError) as error:
        codes = [one.code for one in findings]
        raise AssertionError(f"{codes}: the finding is not plain JSON: {error}") from error


def _random_state() -> tuple[Any, ...]:
    kind, keys, *rest = np.random.get_state(legacy=True)
    return python_random.getstate(), kind, np.asarray(keys).tobytes(), *rest


def _fingerprint(dataset: Analysis) -> tuple[Any, ...]:
    return (
        dataset.tokens,
        dataset.labels,
        {name: values.tobytes() for name, values in dataset.factors.items()},
        {
            name: (
                rows.codes.tobytes(),
                rows.offsets.tobytes(),
                rows.labels.tobytes(),
                None if rows.groups is None else rows.groups.tobytes(),
                rows.hashes.tobytes(),
                rows.ids.to_list(),
                rows.texts.to_list(),
            )
            for name, rows in dataset.splits.items()
        },
    )


def make_analysis(splits: Mapping[str, Pair | list[dict[str, Any]]], **settings: str) -> Analysis:
    """The analysis of splits in memory, as `audit` makes it."""
    return audit(splits, settings=settings, only=["leak.exact"]).analysis


def odd_datasets() -> dict[str, Analysis]:
    """Datasets that break checks which expect ordinary ones, by what is odd about them."""
    return {name: make() for name, make in ODD.items()}


def _rows(n: int, seed: int = 0, tokens: str = "abcdef", low: int = 3, high: int = 9) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(list(tokens), int(random.integers(low, high)))) for _ in range(n)]


def _labels(n: int, names: Sequence[str] = ("x", "y")) -> list[str]:
    return [names[k % len(names)] for k in range(n)]


def _ordinary(n: int = 80) -> dict[str, Pair]:
    return {
        name: (_rows(size, seed), _labels(size))
        for seed, (name, size) in enumerate({"train": n, "dev": n // 2, "test": n // 2}.items())
    }


def _only_train() -> Analysis:
    return make_analysis({"train": (_rows(60), _labels(60))})


def _empty_split() -> Analysis:
    made = make_analysis(dict(_ordinary()))
    nothing = made.splits["test"].taken(np.zeros(0, np.int64))
    return made.with_splits({**made.splits, "test": nothing})


def _empty_train() -> Analysis:
    made = make_analysis(dict(_ordinary()))
    return made.with_splits({**made.splits, "train": made.train.taken(np.zeros(0, np.int64))})


def _one_class() -> Analysis:
    made = make_analysis(dict(_ordinary()))
    return made.with_splits({name: rows.taken(np.flatnonzero(rows.labels == 0)) for name, rows in made.splits.items()})


def _all_empty() -> Analysis:
    made = make_analysis({"train": (["a", *[""] * 39], _labels(40)), "test": ([""] * 30, _labels(30))})
    empty = {name: rows.taken(np.flatnonzero(rows.lengths == 0)) for name, rows in made.splits.items()}
    return made.with_splits(empty)


def _grouped() -> Analysis:
    rows = {
        name: [
            {"sequence": sequence, "label": label, "group": f"g{k % 7}" if k % 5 else None}
            for k, (sequence, label) in enumerate(zip(*pair, strict=True))
        ]
        for name, pair in _ordinary().items()
    }
    return make_analysis(dict(rows))


def _factored() -> Analysis:
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
    "no evaluation split": _only_train,
    "an empty split": _empty_split,
    "an empty train split": _empty_train,
    "one class": _one_class,
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
    "groups, some missing": _grouped,
    "factors": _factored,
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
