"""What one key per row says about a class, and whether what it says on train holds on another split."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t

from brittlestar.audits.draws import renumber
from brittlestar.baselines.bayes import FOLDS
from brittlestar.baselines.choosing import speaking
from brittlestar.baselines.counting import KeyColumns
from brittlestar.baselines.readings import Reading
from brittlestar.baselines.table import ScoredBaselines

LEAST_FALL = 0.20  # chosen, not measured
LEAST_KEPT = 0.50  # chosen, not measured
MOST_PLAIN = 2  # derived: two keys learn nothing by heart


@dataclass(frozen=True)
class FeatureRows:
    """One key per row as a teller of one class, in the rows of one split. `says` bool (n_rows,): whether the class is
    named; `known` bool: whether train shows what is read there; `labels` int (n_rows,); `units` int64 (n_rows,) number
    what was drawn together, None where every row was drawn alone."""

    says: np.ndarray
    known: np.ndarray
    labels: np.ndarray
    units: np.ndarray | None = None

    def select_known(self) -> "FeatureRows":
        """The rows of known classes in which something is read that train shows."""
        rows = self.known & (self.labels >= 0)
        units = None if self.units is None else self.units[rows]
        return FeatureRows(self.says[rows], self.known[rows], self.labels[rows], units)

    def count_named(self, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of each class, and in how many of them the class is named."""
        hits = np.bincount(self.labels[self.says], minlength=n_classes)
        return np.bincount(self.labels, minlength=n_classes), hits

    def variance(self, weight: np.ndarray) -> tuple[float, float]:
        """Of the sum over classes of weight float64 (C,) times the share of their rows in which the class is named, and
        how many units of equal size would weigh as much (Simpson 1949). One row of either kind, or one unit of the size
        that a random row's has, is added to every share, so that none is 0 or 1 for sure."""
        each, hits = self.count_named(len(weight))
        if self.units is None:
            rate = (hits + 1) / (each + 2)
            alone = (weight**2 * rate * (1 - rate) / np.maximum(each, 1))[weight != 0]
            return float(alone.sum()), float(len(self.labels))
        number = renumber(self.units)
        held = np.bincount(number * len(weight) + self.labels, minlength=(number.max(initial=0) + 1) * len(weight))
        size = np.square(held.reshape(-1, len(weight))).sum(axis=0) / np.maximum(each, 1)
        rate = (hits + size) / np.maximum(each + 2 * size, 1)
        pull = (weight / np.maximum(each, 1))[self.labels] * (self.says - rate[self.labels])
        worth = len(number) ** 2 / max(float(np.square(np.bincount(number)).sum()), 1.0)
        return float(np.square(np.bincount(number, pull)).sum()), worth


def predict_class(scored: ScoredBaselines, reading: Reading, label: int) -> dict[str, FeatureRows]:
    """What a reading with one key per row says about class `label` in each split, out of fold (but for two keys).

    A key names the class where it is more frequent in the class than in the others. A row of another split is answered
    by the model that would answer it on train, the one that has not seen its sequence: a key that is as frequent in the
    class as in the others may go either way, and must go the same way on both sides of a comparison.
    """
    base = scored.splits["train"]
    folds = base.folds
    read = reading(base.tokens)
    columns = KeyColumns.of(read, 2)
    found = columns.columns(read.keys).astype(np.int64)
    own = (base.labels == label).astype(np.int64)
    cells = (folds * (columns.n + 1) + found) * 2 + own
    sums = np.bincount(cells, minlength=FOLDS * (columns.n + 1) * 2).reshape(FOLDS, columns.n + 1, 2)
    rows = np.bincount(folds * 2 + own, minlength=2 * FOLDS).reshape(FOLDS, 1, 2)
    sums[:, columns.n] = 0
    everything = speaking(sums.sum(axis=0), rows.sum(axis=0))[:, 1]
    apart = speaking(sums.sum(axis=0) - sums, rows.sum(axis=0) - rows)[:, :, 1]
    if columns.n <= MOST_PLAIN:  # so few keys learn nothing by heart, and one key may stand in one fold alone
        apart[:] = everything
    answers: dict[str, FeatureRows] = {}
    for name, split in scored.splits.items():
        place = found if name == "train" else columns.columns(reading(split.tokens).keys)
        answers[name] = FeatureRows(apart[split.folds, place], place < columns.n, split.labels, split.units)
    return answers


@dataclass(frozen=True)
class Hold:
    """`train` and `here`: how often the class is named in rows of the class, and in other rows. The other rows of
    train are weighted to the classes of the other split, so that class shares alone change nothing; `rows` are those
    of the other split that are compared, `z` is that of the fall, with `freedom` degrees of freedom (units less one,
    on the side that has fewer; infinite where every row is a unit)."""

    train: tuple[float, float]
    here: tuple[float, float]
    rows: int
    z: float
    freedom: float = np.inf

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
        return float(t.sf(self.z, self.freedom))

    def as_json(self) -> dict[str, Any]:
        """Rates, effect and test as JSON values."""
        return {
            "train": {"own_class": self.train[0], "other_classes": self.train[1], "informedness": self.on_train},
            "here": {"own_class": self.here[0], "other_classes": self.here[1], "informedness": self.informed},
            "rows_compared": self.rows,
            "test": "z of the fall in informedness, rows as the unit, or what was drawn together",
            "p": self.p,
        }


def hold(train: FeatureRows, other: FeatureRows, n_classes: int, label: int) -> Hold | None:
    """What is said about class `label` on train, out of fold, and on the other split, over the rows in which something
    is read that train shows. None where train or the other split lacks rows of the class or of others."""
    there, here = train.select_known(), other.select_known()
    each, hits = there.count_named(n_classes)
    counts, named = here.count_named(n_classes)
    mix = np.where((np.arange(n_classes) != label) & (each > 0), counts, 0)
    if not each[label] or not counts[label] or not mix.sum():
        return None
    share = mix / mix.sum()
    rates, rates_here = hits / np.maximum(each, 1), named / np.maximum(counts, 1)
    on_train = float(rates[label]), float((share * rates).sum())
    on_other = float(rates_here[label]), float((share * rates_here).sum())
    weight = -share
    weight[label] = 1.0
    (first, units), (second, others) = there.variance(weight), here.variance(weight)
    z = ((on_train[0] - on_train[1]) - (on_other[0] - on_other[1])) / (first + second) ** 0.5
    alone = train.units is None and other.units is None
    return Hold(on_train, on_other, len(here.labels), z, np.inf if alone else float(max(min(units, others) - 1, 1)))
