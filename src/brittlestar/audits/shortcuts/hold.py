"""Whether what a shortcut says about a class on train holds on another split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.shortcuts.telling import Told

LEAST_FALL = 0.20
LEAST_KEPT = 0.50


@dataclass(frozen=True)
class Hold:
    """`train` and `here`: how often the class is named in rows of the class, and in other rows. The other rows of
    train are weighted to the classes of the other split, so that class shares alone change nothing; `rows` are those
    of the other split that are compared, `z` is that of the fall."""

    train: tuple[float, float]
    here: tuple[float, float]
    rows: int
    z: float

    @property
    def on_train(self) -> float:
        """Informedness on train: how much more often the class is named where it is true (Youden's J, 1950)."""
        return self.train[0] - self.train[1]

    @property
    def informed(self) -> float:
        """Informedness on the other split."""
        return self.here[0] - self.here[1]

    @property
    def falls(self) -> bool:
        """Whether it tells the class half as well as on train or less."""
        return self.on_train - self.informed >= LEAST_FALL and self.informed <= LEAST_KEPT * self.on_train

    @property
    def p(self) -> float:
        """Of the fall, one-sided."""
        return float(norm.sf(self.z))

    def as_json(self) -> dict[str, Any]:
        """Rates, effect and test as JSON values."""
        return {
            "train": {"own_class": self.train[0], "other_classes": self.train[1], "informedness": self.on_train},
            "here": {"own_class": self.here[0], "other_classes": self.here[1], "informedness": self.informed},
            "rows_compared": self.rows,
            "test": "z of the fall in informedness, rows as the unit",
            "p": self.p,
        }


def hold(
    train: Told, train_labels: np.ndarray, other: Told, labels: np.ndarray, n_classes: int, label: int
) -> Hold | None:
    """What is said about class `label` on train, out of fold, and on the other split, over the rows in which something
    is read that train shows. None where train or the other split lacks rows of the class or of others."""
    there, here = np.flatnonzero(train.known), np.flatnonzero(other.known & (labels >= 0))
    each, hits = _named(train.says[there], train_labels[there], n_classes)
    counts, named = _named(other.says[here], labels[here], n_classes)
    mix = np.where((np.arange(n_classes) != label) & (each > 0), counts, 0)
    if not each[label] or not counts[label] or not mix.sum():
        return None
    share = mix / mix.sum()
    rates, rates_here = hits / np.maximum(each, 1), named / np.maximum(counts, 1)
    on_train = float(rates[label]), float((share * rates).sum())
    on_other = float(rates_here[label]), float((share * rates_here).sum())
    weight = share**2
    weight[label] = 1.0
    used = weight > 0
    variance = (weight * (_variance(hits, each) + _variance(named, counts)))[used].sum()
    fall = (on_train[0] - on_train[1]) - (on_other[0] - on_other[1])
    return Hold(on_train, on_other, len(here), fall / float(variance) ** 0.5)


def _named(says: np.ndarray, labels: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of each class, and in how many of them the class is named."""
    return np.bincount(labels, minlength=n_classes), np.bincount(labels[says], minlength=n_classes)


def _variance(hits: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Of a share among n rows, one row of either kind added so that it is never 0."""
    rate = (hits + 1) / (n + 2)
    return rate * (1 - rate) / np.maximum(n, 1)
