"""What errors of shallow models look like when labels, not models, are at fault: flat, where the rest is learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import binom, norm

from brittlestar.audits.labels.confused import Pairs, pairs_of_errors
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import Slices
from brittlestar.statistics.proportions import bound_share_above, bound_share_below

LEARNED = 0.5
WELL_LEARNED = 0.8
PAIR_LEARNED = 0.7
FLAT = 0.5
FLATTER = 0.7
CONFIDENT = 0.75
FEWEST_CONFIDENT = 50
LEARNED_OUTSIDE = 0.75
MOST_OUTSIDE = 0.10
LEAST_INSIDE = 0.10
TIMES_OUTSIDE = 4.0
NEAR_CHANCE = 0.4
LEAST_NEAR_CHANCE = 0.25
OWN_RULE = 0.6
NOT_FLAT = 0.5
FEWEST_INSIDE = 30


@dataclass(frozen=True)
class Floor:
    """Errors among the rows that the model is surest of (the surest quarter of each answer), beside all.

    `low`, `high`: bounds (99 % each) of the noise rate where it is the same everywhere: what the surest rows show at
    least, and what errors of all rows allow at most; `upper` bounds the errors of the surest rows from above. `pairs`
    are the (answer, label) that make up most of the errors, if any; `pair_rate`: their share of the rows with these
    answers."""

    error: float
    of: int
    surest_error: float
    surest_of: int
    skill: float
    low: float
    high: float
    upper: float
    flat: bool
    balanced: bool
    pairs: Pairs
    pair_rate: float


def floor(reading: Reading, rows: np.ndarray) -> Floor:
    """The floor of errors on the rows, bool (n_rows,)."""
    surest = rows & (reading.rank >= CONFIDENT)
    if not rows.any():
        return Floor(0.0, 0, 0.0, 0, 0.0, 0.0, 1.0, 1.0, False, False, (), 0.0)
    wrong, of = int((reading.error & rows).sum()), int(rows.sum())
    sure_wrong, sure_of = int((reading.error & surest).sum()), int(surest.sum())
    low = bound_share_below(sure_wrong, sure_of, 0.01)
    upper = bound_share_above(sure_wrong, sure_of, 0.01)
    high = bound_share_above(wrong, of, 0.01)
    overall, at_top = wrong / max(of, 1), sure_wrong / max(sure_of, 1)
    pairs, rate = pairs_of_errors(reading, rows & (reading.rank >= 0.5))
    return Floor(
        overall,
        of,
        at_top,
        sure_of,
        reading.skill(rows),
        low,
        high,
        upper,
        at_top >= (FLAT if reading.skill(rows) >= WELL_LEARNED else FLATTER) * overall,
        _balanced(reading, surest, at_top),
        pairs,
        rate,
    )


def _balanced(reading: Reading, surest: np.ndarray, error: float) -> bool:
    """Every frequent answer errs at least a third as often as all together."""
    predicted = reading.models.answers[reading.models.best].predicted
    n = reading.models.pool.n_classes
    rows = np.bincount(predicted[surest], minlength=n)
    wrong = np.bincount(predicted[surest & reading.error], minlength=n)
    # a class whose errors may be a third of the average and more by chance counts as balanced
    allowed = binom.sf(wrong, rows, error / 3) > 0.01
    frequent = rows >= max(FEWEST_CONFIDENT, 0.02 * rows.sum())
    even = (allowed | (wrong >= error / 3 * rows))[frequent]
    return bool(even.all() and 2 * (wrong[frequent] > 0).sum() > frequent.sum())


@dataclass(frozen=True)
class Bad:
    """A slice whose errors are many and flat while the rest is learned: `error` of `of` rows inside, `outside` of
    `outside_of`; `skill` inside; `p` of the difference times the slices tried; `flat` says whether errors inside
    depend on nothing else; `own_rule` whether a model that learns from these rows alone does well there; `near_chance`
    whether the model is hardly better there than naming one class."""

    which: int
    error: float
    of: int
    outside: float
    outside_of: int
    skill: float
    p: float
    flat: bool
    own_rule: bool
    near_chance: bool


def bad_slice(reading: Reading, slices: Slices, rows: np.ndarray, error: np.ndarray | None = None) -> Bad | None:
    """The slice with the clearest difference among those whose outside is learned; `rows` bool (n_rows,); `error` bool
    (n_rows,) replaces the errors of the reading."""
    error = reading.error if error is None else error
    labels = np.maximum(reading.models.pool.rows.labels, 0)
    n_classes = reading.models.pool.n_classes
    chosen = np.flatnonzero(rows)
    if not len(chosen) or not len(slices.names):
        return None
    cells = (np.ones(len(chosen)), (chosen, labels[chosen]))
    classes = slices.count(sparse.csr_matrix(sparse.coo_matrix(cells, shape=(len(rows), n_classes))))
    wrong = slices.count(sparse.csr_matrix((rows & error).astype(np.float64)[:, None]))[:, 0]
    n = classes.sum(axis=1)
    everything = np.bincount(labels[chosen], minlength=n_classes)
    out, out_wrong = len(chosen) - n, (rows & error).sum() - wrong
    inside, outside = wrong / np.maximum(n, 1), out_wrong / np.maximum(out, 1)
    naive_in = 1 - classes.max(axis=1) / np.maximum(n, 1)
    naive_out = 1 - (everything - classes).max(axis=1) / np.maximum(out, 1)
    learned = (outside <= MOST_OUTSIDE) & (outside <= (1 - LEARNED_OUTSIDE) * naive_out) & (naive_out > 0.1)
    worse = (inside >= LEAST_INSIDE) & (inside >= TIMES_OUTSIDE * outside)
    fits = learned & worse & (n >= FEWEST_INSIDE) & (out >= FEWEST_INSIDE)
    if not fits.any():
        return None
    pooled = np.clip((wrong + out_wrong) / len(chosen), 1e-9, 1 - 1e-9)
    z = (inside - outside) / np.sqrt(pooled * (1 - pooled) * (1 / np.maximum(n, 1) + 1 / np.maximum(out, 1)))
    worst = int(np.where(fits, z, -np.inf).argmax())
    skill = 1 - inside[worst] / naive_in[worst] if naive_in[worst] else 0.0
    return Bad(
        worst,
        float(inside[worst]),
        int(n[worst]),
        float(outside[worst]),
        int(out[worst]),
        float(skill),
        float(min(norm.sf(z[worst]) * len(slices.names), 1.0)),
        _flat(reading, slices, rows & slices.rows(worst), error),
        _learned_alone(reading, rows & slices.rows(worst), float(inside[worst])),
        bool(inside[worst] >= max(LEAST_NEAR_CHANCE, (1 - NEAR_CHANCE) * naive_in[worst])),
    )


def _learned_alone(reading: Reading, rows: np.ndarray, error: float) -> bool:
    """Whether any model that learns from nothing but these rows errs on less than 60 % of what the others make it
    err: then they follow a rule of their own."""
    models, pool = reading.models, reading.models.pool
    labels, fitted = pool.rows.labels, rows & pool.fitted
    if np.bincount(pool.fold[fitted], minlength=1).max(initial=0) == fitted.sum():
        return False  # one fold or none: nothing can be held out
    for name in (*(one.model for one in models.answers), "tree with parity"):
        found = models.learner.answers(name, fitted)
        if (found.predicted != labels)[fitted].mean() < OWN_RULE * error:
            return True
    return False


def _flat(reading: Reading, slices: Slices, rows: np.ndarray, error: np.ndarray) -> bool:
    """Whether errors among the rows are about as many where the model is sure, and in every part of them."""
    sure = rows & (reading.rank >= np.median(reading.rank[rows]))
    overall = float(error[rows].mean())
    if error[sure].mean() < NOT_FLAT * overall:
        return False
    chosen = sparse.csr_matrix(np.stack([rows, rows & error], axis=1).astype(np.float64))
    n, wrong = slices.count(chosen).T
    total, errors = rows.sum(), (rows & error).sum()
    parts = np.concatenate([np.stack([n, wrong]), np.stack([total - n, errors - wrong])], axis=1)
    large = parts[0] >= max(FEWEST_INSIDE, 0.15 * total)
    low = parts[1] < NOT_FLAT * overall * parts[0]
    surprising = binom.cdf(parts[1], np.maximum(parts[0], 1), overall) < 1e-3 / max(len(n), 1)
    return not bool((large & low & surprising).any())
