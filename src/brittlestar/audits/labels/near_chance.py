"""A slice whose labels a model hardly predicts while it learned the rest: wrong labels, or a part that is hard."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import norm

from brittlestar.audits.labels.contrast import LARGEST_P
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import GROUP, LOOKS_LIKE, Slices

FEWEST_INSIDE = 30
MOST_OUTSIDE, TIMES_OUTSIDE = 0.1, 4.0
LEAST_NEAR_CHANCE, OF_CHANCE, OWN_RULE = 0.25, 0.6, 0.6
WELL_OUTSIDE, LEAST_KAPPA, LEAST_Z = 0.03, 0.15, 4.0
"""When a slice is near chance, and when labels, not difficulty, are to blame: tuned on clean folders and the first
three sets (129d48b, 7d5d67f)."""
NO_CONTENT = ("length: ", "distinct ", GROUP)
"""Beginnings of the names of slices that say nothing of which tokens a row has."""


@dataclass(frozen=True)
class Bad:
    """A slice: `error` of `of` rows inside, `outside` of `outside_of`; `p` of the difference times the slices tried;
    `wrong` bool (n_rows,): rows inside that a model of the other rows contradicts; `kappa`, its agreement with the
    labels, and `z`."""

    name: str
    error: float
    of: int
    outside: float
    outside_of: int
    p: float
    wrong: np.ndarray
    kappa: float
    z: float

    @property
    def blamed(self) -> bool:
        """Whether labels, not difficulty, are at fault."""
        carried = abs(self.kappa) >= LEAST_KAPPA and abs(self.z) >= LEAST_Z
        by_name = self.name.startswith(NO_CONTENT)
        return self.name.startswith(GROUP) or (self.outside <= WELL_OUTSIDE and (by_name or carried))


def find_bad_slice(reading: Reading, slices: Slices, rows: np.ndarray, kind: str = "") -> Bad | None:
    """The slice of `rows` bool (n_rows,), of one kind if its beginning is given, with the clearest difference among
    those whose outside is learned, if it is near chance, differs surely, and its rows follow no rule of their own."""
    models, pool = reading.models, reading.models.pool
    labels, chosen = pool.rows.labels, np.flatnonzero(rows)
    if not len(chosen) or not slices.names:
        return None
    cells = (np.ones(len(chosen)), (chosen, labels[chosen]))
    classes = slices.count(sparse.csr_matrix(cells, shape=(len(rows), pool.n_classes)))
    wrong = slices.count(sparse.csr_matrix((rows & reading.error).astype(np.float64)[:, None]))[:, 0]
    everything = np.bincount(labels[chosen], minlength=pool.n_classes)
    n, out, all_wrong = classes.sum(axis=1), len(chosen) - classes.sum(axis=1), float((rows & reading.error).sum())
    inside, outside = wrong / np.maximum(n, 1), (all_wrong - wrong) / np.maximum(out, 1)
    naive_in = 1 - classes.max(axis=1) / np.maximum(n, 1)
    naive_out = 1 - (everything - classes).max(axis=1) / np.maximum(out, 1)
    learned = (outside <= MOST_OUTSIDE) & (outside <= naive_out / TIMES_OUTSIDE) & (naive_out > MOST_OUTSIDE)
    fits = learned & (inside >= TIMES_OUTSIDE * outside) & (np.minimum(n, out) >= FEWEST_INSIDE)
    fits &= inside >= np.maximum(LEAST_NEAR_CHANCE, OF_CHANCE * naive_in)
    fits &= [one.startswith(kind) and not one.startswith(LOOKS_LIKE) for one in slices.names]
    pooled = np.clip(all_wrong / len(chosen), 1e-9, 1 - 1e-9)
    z = (inside - outside) / np.sqrt(pooled * (1 - pooled) * (1 / np.maximum(n, 1) + 1 / np.maximum(out, 1)))
    worst = int(np.where(fits, z, -np.inf).argmax())
    p = float(min(norm.sf(z[worst]) * len(slices.names), 1.0))
    if not fits[worst] or p >= LARGEST_P:
        return None
    held = slices.rows(worst)
    fitted = pool.fitted & pool.usable & held
    if len(np.unique(pool.fold[fitted])) > 1:
        own = (models.learner.answers(one, fitted).predicted for one in models.errors)
        if any((predicted != labels)[fitted].mean() < OWN_RULE * inside[worst] for predicted in own):
            return None
    # labels that are close to random cannot teach what is right, so the model learns from the other rows
    answers = models.learner.answers(models.best.model, pool.fitted & ~held).predicted
    kappa, of_kappa = _agree(answers, labels, pool.usable & held, pool.n_classes)
    contradicted = held & (labels >= 0) & (answers != labels)
    figures = float(inside[worst]), int(n[worst]), float(outside[worst]), int(out[worst]), p
    return Bad(slices.names[worst], *figures, contradicted, kappa, of_kappa)


def _agree(answers: np.ndarray, labels: np.ndarray, rows: np.ndarray, n_classes: int) -> tuple[float, float]:
    """Cohen's kappa (1960) of answers and labels on the rows, and its z."""
    joint = np.bincount(answers[rows] * n_classes + labels[rows], minlength=n_classes**2).reshape(n_classes, n_classes)
    table = joint / max(joint.sum(), 1)
    chance = min(float(table.sum(axis=0) @ table.sum(axis=1)), 1 - 1e-9)
    kappa = (float(np.trace(table)) - chance) / (1 - chance)
    return kappa, kappa * float(np.sqrt(joint.sum() * (1 - chance) / max(chance, 1e-9)))
