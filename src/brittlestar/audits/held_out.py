"""What naive Bayes answers on train's rows out of fold, from one reading of them, and two answers row by row."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import binom

from brittlestar.audits.baselines.bayes import folds_of, out_of_fold
from brittlestar.audits.baselines.occurrences import Columns, Reading, counts_of
from brittlestar.audits.dataset import AuditSplit

MOST_ROWS = 50_000  # budget: naive Bayes takes a second
MOST_CELLS = 20_000_000  # budget: weights of 160 MB


def count_reading(rows: AuditSplit, reading: Reading, n_classes: int) -> tuple[sparse.csr_matrix, np.ndarray] | None:
    """How often each row has each key that is read, and the keys by column; None where a model would be too large."""
    read = reading(rows)
    columns = Columns.of(read, 1)
    return None if columns.n * n_classes > MOST_CELLS else (counts_of(read, columns), columns.keys)


def answer_held_out(rows: AuditSplit, counts: sparse.csr_matrix, n_classes: int) -> np.ndarray:
    """int64 (n_rows,): the class that naive Bayes on `counts` gives each row out of fold."""
    return out_of_fold(counts, rows.labels, n_classes, folds_of(rows.hashes)).argmax(axis=1)


def sign_test(better: int, worse: int, worth: float = 1.0) -> float:
    """Probability of at least `better` of `better + worse` rows, were either equally likely; `worth` rows count as
    one (McNemar 1947)."""
    better, worse = round(better / worth), round(worse / worth)
    return float(binom.sf(better - 1, better + worse, 0.5)) if better else 1.0


@dataclass(frozen=True)
class Paired:
    """Rows that `after` gets right and `before` does not (`better`), the other way (`worse`), and `p` of as many better
    ones by chance: a sign test, one-sided."""

    better: int
    worse: int
    p: float

    @staticmethod
    def of(before: np.ndarray, after: np.ndarray) -> "Paired":
        """Compare right answers, bool (n_rows,) each."""
        better, worse = int((after & ~before).sum()), int((before & ~after).sum())
        return Paired(better, worse, sign_test(better, worse))
