"""Whether rows differ from others in what they hold, rather than in their labels."""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.stats import mannwhitneyu

from brittlestar.audits.baselines.bayes import out_of_fold
from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.facts import Alphabet, at_least, counts_by_reading, telling_columns, width
from brittlestar.audits.labels.pool import N_FOLDS, Pool
from brittlestar.audits.labels.reading import Reading


def told_apart(pool: Pool, alphabet: Alphabet, rows: np.ndarray, reference: np.ndarray) -> float:
    """The largest area under the curve (0.5 to 1; Mann and Whitney 1947) with which length, or naive Bayes on tokens,
    neighbours or places out of fold, tells `rows` from `reference`, bool (n_rows,) each. Columns are those of both
    sides, as those of train alone would make any other split look poorer."""
    chosen = np.flatnonzero(rows | reference)
    side, fold = rows[chosen], pool.fold[chosen]
    if side.all() or not side.any():
        return 0.5
    scores = [pool.rows.lengths[chosen].astype(np.float64)]
    for counts in counts_by_reading(alphabet, pool.rows, chosen).values():
        mine = counts[chosen]
        kept = np.flatnonzero(np.bincount(mine.indices, minlength=width(mine)) >= 2)
        logits = out_of_fold(sparse.csr_matrix(mine[:, kept]), side.astype(np.int64), 2, fold, N_FOLDS)
        scores.append(np.nan_to_num(logits[:, 1]) - np.nan_to_num(logits[:, 0]))
    pairs = float(side.sum() * (~side).sum())
    areas = [float(mannwhitneyu(score[side], score[~side], method="asymptotic").statistic) / pairs for score in scores]
    return max(max(area, 1 - area) for area in areas)


def marker_broke(models: CheapModels, rows: np.ndarray, reference: np.ndarray, found: Contrast) -> bool:
    """Whether naive Bayes that does not see the token that tells most of the label in train learns the task as well,
    and finds less than half of the contradictions: then this token, not the labels, changed."""
    pool, bag = models.pool, models.learner.counts["bag"]
    labels, seen = pool.rows.labels, at_least(bag[pool.fitted], 1)
    kept = np.setdiff1d(np.arange(width(seen)), telling_columns(seen, labels[pool.fitted], 1))
    if not len(kept):
        return False
    blind = replace(models.learner, counts={"bag": sparse.csr_matrix(bag[:, kept])}).answers("bag", pool.fitted)
    error = float((blind.predicted != labels)[pool.fitted].mean())
    without = Reading.of(replace(models, best=blind, errors={blind.model: error})).contrast(rows, reference)
    enough = error <= models.chance_error / 2 and without.of >= found.of / 2
    return enough and without.high < found.low and without.rate < found.rate / 2
