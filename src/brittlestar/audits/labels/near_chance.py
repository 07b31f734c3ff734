"""Whether labels are at fault: a slice that a model hardly predicts while it learned the rest, rows that differ in what
they hold rather than in their labels, a token that changed."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.stats import mannwhitneyu, norm

from brittlestar.audits.labels.label_model import LARGEST_P, LabelModel, TurnedLabels
from brittlestar.audits.labels.slices import GROUP, LOOKS_LIKE, Slices
from brittlestar.baselines.bayes import out_of_fold
from brittlestar.baselines.facts import Alphabet, at_least, counts_by_reading, telling_columns, width
from brittlestar.baselines.pool import N_FOLDS, Pool
from brittlestar.baselines.shallow import ShallowModels

FEWEST_INSIDE = 30
MOST_OUTSIDE, TIMES_OUTSIDE = 0.1, 4.0
LEAST_NEAR_CHANCE, OF_CHANCE, OWN_RULE = 0.25, 0.6, 0.6
WELL_OUTSIDE, LEAST_KAPPA, LEAST_Z = 0.03, 0.15, 4.0
"""When a slice is near chance, and when labels, not difficulty, are to blame: tuned on clean folders and the first
three sets (129d48b, 7d5d67f)."""
NO_CONTENT = ("length: ", "distinct ", GROUP)
"""Beginnings of the names of slices that say nothing of which tokens a row has."""


@dataclass(frozen=True)
class NoisySlice:
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


def find_bad_slice(reading: LabelModel, slices: Slices, rows: np.ndarray, kind: str = "") -> NoisySlice | None:
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
    fits &= [name.startswith(kind) and not name.startswith(LOOKS_LIKE) for name in slices.names]
    pooled = np.clip(all_wrong / len(chosen), 1e-9, 1 - 1e-9)
    z = (inside - outside) / np.sqrt(pooled * (1 - pooled) * (1 / np.maximum(n, 1) + 1 / np.maximum(out, 1)))
    worst = int(np.where(fits, z, -np.inf).argmax())
    p = float(min(norm.sf(z[worst]) * len(slices.names), 1.0))
    if not fits[worst] or p >= LARGEST_P:
        return None
    held = slices.rows(worst)
    fitted = pool.fitted & pool.usable & held
    if len(np.unique(pool.fold[fitted])) > 1:
        own = (models.learner.answers(error, fitted).predicted for error in models.errors)
        if any((predicted != labels)[fitted].mean() < OWN_RULE * inside[worst] for predicted in own):
            return None
    # labels that are close to random cannot teach what is right, so the model learns from the other rows
    answers = models.learner.answers(models.best.model, pool.fitted & ~held).predicted
    agreed, n_classes = pool.usable & held, pool.n_classes
    joint = np.bincount(answers[agreed] * n_classes + labels[agreed], minlength=n_classes**2)
    table = joint.reshape(n_classes, n_classes) / max(joint.sum(), 1)
    chance = min(float(table.sum(axis=0) @ table.sum(axis=1)), 1 - 1e-9)
    kappa = (float(np.trace(table)) - chance) / (1 - chance)  # Cohen (1960)
    of_kappa = kappa * float(np.sqrt(joint.sum() * (1 - chance) / max(chance, 1e-9)))
    contradicted = held & (labels >= 0) & (answers != labels)
    figures = float(inside[worst]), int(n[worst]), float(outside[worst]), int(out[worst]), p
    return NoisySlice(slices.names[worst], *figures, contradicted, kappa, of_kappa)


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


def marker_broke(models: ShallowModels, rows: np.ndarray, reference: np.ndarray, found: TurnedLabels) -> bool:
    """Whether naive Bayes that does not see the token that tells most of the label in train learns the task as well,
    and finds less than half of the contradictions: then this token, not the labels, changed."""
    pool, bag = models.pool, models.learner.counts["bag"]
    labels, seen = pool.rows.labels, at_least(bag[pool.fitted], 1)
    kept = np.setdiff1d(np.arange(width(seen)), telling_columns(seen, labels[pool.fitted], 1))
    if not len(kept):
        return False
    blind = replace(models.learner, counts={"bag": sparse.csr_matrix(bag[:, kept])}).answers("bag", pool.fitted)
    error = float((blind.predicted != labels)[pool.fitted].mean())
    without = LabelModel.of(replace(models, best=blind, errors={blind.model: error})).contrast(rows, reference)
    enough = error <= models.chance_error / 2 and without.of >= found.of / 2
    return enough and without.high < found.low and without.rate < found.rate / 2
