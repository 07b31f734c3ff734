"""Whether rows that contradict models are rows of the kind that models learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.stats import rankdata

from brittlestar.audits.bayes import class_sums, from_sums
from brittlestar.audits.features import Columns, bigrams, placed_tokens, tokens
from brittlestar.audits.labels.cheap import Answers, telling_columns
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.indicators import placed_from_end, width
from brittlestar.audits.labels.look import (
    ALL_OUTSIDE,
    FEWEST_OUTSIDE,
    LEAST_AGREEMENT,
    LEAST_Z,
    MOST_APART,
    MOST_CARRIED,
    WELL_OUTSIDE,
    Look,
)
from brittlestar.audits.labels.patterns import Bad
from brittlestar.audits.labels.pool import N_FOLDS
from brittlestar.audits.labels.reading import Reading

TOKEN = "token: "
NO_CONTENT = ("length: ", "distinct ", "group: ")
"""Beginnings of the names of slices that say nothing of which tokens a row has."""
FEWEST_IN_COLUMN = 2


@dataclass(frozen=True)
class Kind:
    """What speaks for wrong labels in a slice rather than for a hard one. `agreement`: Cohen's kappa (1960) of its
    labels with a model that learned from the other rows only (0: none, -1 to 1); `z`: kappa in standard deviations;
    `apart`: area under the curve with which its rows are told from others by anything but the token that names the
    slice (0.5 to 1; 1 where it is no slice of one token); `identified`: whether labels are to blame."""

    agreement: float
    z: float
    apart: float
    identified: bool


def kind_of(look: Look, bad: Bad) -> Kind:
    """Read a slice near chance: `bad.which` indexes `look.slices`."""
    inside, usable = look.slices.rows(bad.which), look.pool.usable
    agreement, z = _agreement(look, inside)
    learned = bad.outside <= MOST_CARRIED
    carried = learned and abs(agreement) >= LEAST_AGREEMENT and abs(z) >= LEAST_Z
    apart = 1.0
    if look.slices.names[bad.which].startswith(TOKEN):
        held = sparse.csr_matrix(look.models.learner.counts["bag"] > 0, dtype=np.float64)
        size, both = (np.asarray(held[rows].sum(axis=0)).reshape(-1) for rows in (usable, usable & inside))
        named = (size > 0) & (size == both) & (both == (usable & inside).sum())
        apart = _area(look, sparse.csr_matrix(held[:, np.flatnonzero(~named)]), inside & usable, ~inside & usable)
        apart = max(apart, area(look.pool.rows.lengths, inside & usable, ~inside & usable))
    alike = apart < MOST_APART and bad.outside <= WELL_OUTSIDE
    sharp = (
        look.slices.names[bad.which].startswith(NO_CONTENT)
        and bad.outside <= ALL_OUTSIDE
        and bad.outside_of >= FEWEST_OUTSIDE
    )
    return Kind(agreement, z, apart, carried or alike or sharp)


def told_apart(look: Look, rows: np.ndarray, reference: np.ndarray) -> float:
    """The largest area under the curve (0.5 to 1) with which naive Bayes on tokens, neighbours or places, out of fold,
    tells `rows` from `reference`, bool (n_rows,) each."""
    lengths = area(look.pool.rows.lengths, rows, reference)
    chosen = look.pool.rows.taken(np.flatnonzero(rows | reference))
    found = [lengths]
    for view in (tokens, bigrams, placed_tokens, placed_from_end):
        # columns of both sides, as those of train alone would make any other split look poorer
        counts = Columns.of(view, chosen).matrix(look.pool.rows)
        shared = np.flatnonzero(np.asarray((counts[rows | reference] > 0).sum(axis=0)).reshape(-1) >= FEWEST_IN_COLUMN)
        found.append(_area(look, sparse.csr_matrix(counts[:, shared]), rows, reference))
    return max(found)


def marker_broke(look: Look, rows: np.ndarray, reference: np.ndarray, found: Contrast) -> str | None:
    """The token that tells most of the label in train, if a model that does not see it learned the task as well and
    does not find half of the contradictions: then this token, not the labels, changed."""
    models = look.models
    pool, bag = models.pool, models.learner.counts["bag"]
    held = sparse.csr_matrix(bag > 0, dtype=np.float64)
    top = telling_columns(held[pool.fitted], pool.rows.labels[pool.fitted], pool.n_classes, most=1)
    kept = np.setdiff1d(np.arange(width(held)), top)
    if len(top) != 1 or not len(kept):
        return None
    learner = replace(models.learner, counts={**models.learner.counts, "bag": sparse.csr_matrix(bag[:, kept])})
    blind: tuple[Answers, ...] = (learner.answers("bag", pool.fitted), learner.answers("linear", pool.fitted))
    errors = tuple(float((one.predicted != pool.rows.labels)[pool.fitted].mean()) for one in blind)
    if min(errors) > models.chance_error / 2:
        return None
    without = Reading.of(replace(models, answers=blind, errors=errors)).contrast(rows, reference)
    if without.of < found.of / 2 or without.high >= found.low or without.rate >= found.rate / 2:
        return None
    codes = pool.rows.codes[np.repeat(held[:, top].toarray()[:, 0] > 0, pool.rows.lengths)]
    rest = pool.rows.codes[np.repeat(held[:, top].toarray()[:, 0] == 0, pool.rows.lengths)]
    likely = np.setdiff1d(codes, rest)
    return look.dataset.tokens[int(likely[0])] if len(likely) else None


def area(score: np.ndarray, rows: np.ndarray, reference: np.ndarray) -> float:
    """Area under the curve of a score, whichever side is higher (Mann and Whitney 1947); 0.5 where a side is empty."""
    chosen = rows | reference
    n, m = int(rows.sum()), int(reference.sum())
    if not n or not m:
        return 0.5
    found = float(rankdata(score[chosen])[rows[chosen]].sum() - n * (n + 1) / 2) / (n * m)
    return max(found, 1 - found)


def _area(look: Look, counts: sparse.csr_matrix, rows: np.ndarray, reference: np.ndarray) -> float:
    """Area of naive Bayes on counts (n_rows, k), out of fold."""
    score, fold = np.zeros(look.pool.rows.n_rows), look.pool.fold
    for k in range(N_FOLDS):
        learned, asked = (rows | reference) & (fold != k), fold == k
        sides = rows[learned].astype(np.int64)
        if counts.nnz and len(np.unique(sides)) == 2:
            sums = class_sums(counts[learned], sides, 2)
            logits = from_sums(sums, np.bincount(sides, minlength=2)).logits(counts[asked])
            score[asked] = logits[:, 1] - logits[:, 0]
    return area(score, rows, reference)


def _agreement(look: Look, inside: np.ndarray) -> tuple[float, float]:
    """Kappa of the slice's labels with a model of the other rows, and kappa over its deviation if there is none."""
    pool, models = look.pool, look.models
    known, outside = pool.usable & inside, pool.fitted & ~inside
    if not known.any() or not outside.any():
        return 0.0, 0.0
    answers = models.learner.answers(models.answers[models.best].model, outside).predicted[known]
    n = pool.n_classes
    table = np.bincount(answers * n + pool.rows.labels[known], minlength=n * n).reshape(n, n) / known.sum()
    chance = float((table.sum(axis=0) * table.sum(axis=1)).sum())
    if chance >= 1:
        return 0.0, 0.0
    kappa = (float(np.trace(table)) - chance) / (1 - chance)
    return kappa, kappa * float(np.sqrt(known.sum() * (1 - chance) / chance)) if chance else 0.0
