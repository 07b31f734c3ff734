"""One key per row as a teller of one class: it names the class or it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.audits.bayes import FOLDS
from brittlestar.audits.shortcuts.ladder import Climb
from brittlestar.audits.shortcuts.occurrences import Columns, Reading
from brittlestar.audits.shortcuts.singles import speaking

MOST_PLAIN = 2  # derived: two keys learn nothing by heart


@dataclass(frozen=True)
class Told:
    """`says` bool (n_rows,): whether the class is named in each row; `known` bool: whether train shows what is read
    there."""

    says: np.ndarray
    known: np.ndarray


def predict_class(climb: Climb, reading: Reading, label: int) -> dict[str, Told]:
    """What a reading with one key per row says about class `label` in each split, out of fold (but for two keys).

    A key names the class where it is more frequent in the class than in the others. A row of another split is answered
    by the model that would answer it on train, the one that has not seen its sequence: a key that is as frequent in the
    class as in the others may go either way, and must go the same way on both sides of a comparison.
    """
    base = climb.splits["train"]
    folds = base.folds
    read = reading(base.rows)
    columns = Columns.of(read, 2)
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
    answers = {"train": Told(apart[folds, found], found < columns.n)}
    for name, split in climb.splits.items():
        if name != "train":
            place = columns.columns(reading(split.rows).keys)
            answers[name] = Told(apart[split.folds, place], place < columns.n)
    return answers
