"""A slice whose labels models hardly predict while they learned the rest: wrong labels, or a part that is hard."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.stats import norm

from brittlestar.audits.labels.apart import area_of
from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.look import LARGEST_P, Look, place
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import GROUP, LOOKS_LIKE, Slices
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding

FEWEST_INSIDE = 30
MOST_OUTSIDE, TIMES_OUTSIDE = 0.1, 4.0
LEAST_NEAR_CHANCE, OF_CHANCE = 0.25, 0.6
"""Chosen, not measured: a slice is bad from this error on, and this share of the error of naming its largest class."""
WELL_OUTSIDE = 0.03
LEAST_KAPPA, LEAST_Z = 0.15, 4.0
MOST_APART = 0.7
OWN_RULE = 0.6
"""When labels, not difficulty, are to blame: tuned on clean folders and the first three sets (129d48b, 7d5d67f)."""
TIMES_TRAIN = 2.0  # convention: a slice that train shows less than half as often may have been impossible to learn
NO_CONTENT = ("length: ", "distinct ", GROUP)
"""Beginnings of the names of slices that say nothing of which tokens a row has."""


@dataclass(frozen=True)
class Bad:
    """A slice: `error` of `of` rows inside, `outside` of `outside_of`; `p` of the difference times the slices tried."""

    which: int
    error: float
    of: int
    outside: float
    outside_of: int
    p: float


def bad_slice(reading: Reading, slices: Slices, rows: np.ndarray, error: np.ndarray, kind: str = "") -> Bad | None:
    """The slice of `rows` with the clearest difference among those whose outside is learned, if it is near chance and
    differs surely; `rows` and `error` bool (n_rows,); `kind` is how names of the slices asked begin."""
    chosen, n_classes = np.flatnonzero(rows), reading.models.pool.n_classes
    if not len(chosen) or not slices.names:
        return None
    cells = (np.ones(len(chosen)), (chosen, reading.models.pool.rows.labels[chosen]))
    classes = slices.count(sparse.csr_matrix(cells, shape=(len(rows), n_classes)))
    wrong = slices.count(sparse.csr_matrix((rows & error).astype(np.float64)[:, None]))[:, 0]
    everything = np.bincount(reading.models.pool.rows.labels[chosen], minlength=n_classes)
    n, out = classes.sum(axis=1), len(chosen) - classes.sum(axis=1)
    inside, outside = wrong / np.maximum(n, 1), ((rows & error).sum() - wrong) / np.maximum(out, 1)
    naive_in = 1 - classes.max(axis=1) / np.maximum(n, 1)
    naive_out = 1 - (everything - classes).max(axis=1) / np.maximum(out, 1)
    learned = (outside <= MOST_OUTSIDE) & (outside <= naive_out / TIMES_OUTSIDE) & (naive_out > MOST_OUTSIDE)
    fits = learned & (inside >= TIMES_OUTSIDE * outside) & (np.minimum(n, out) >= FEWEST_INSIDE)
    fits &= [name.startswith(kind) and not name.startswith(LOOKS_LIKE) for name in slices.names]
    pooled = np.clip((rows & error).sum() / len(chosen), 1e-9, 1 - 1e-9)
    z = (inside - outside) / np.sqrt(pooled * (1 - pooled) * (1 / np.maximum(n, 1) + 1 / np.maximum(out, 1)))
    worst = int(np.where(fits, z, -np.inf).argmax())
    if not fits[worst] or inside[worst] < max(LEAST_NEAR_CHANCE, OF_CHANCE * naive_in[worst]):
        return None
    p = float(min(norm.sf(z[worst]) * len(slices.names), 1.0))
    found = Bad(worst, float(inside[worst]), int(n[worst]), float(outside[worst]), int(out[worst]), p)
    return found if p < LARGEST_P else None


def follows_own_rule(reading: Reading, rows: np.ndarray, error: float) -> bool:
    """Whether any model that learns from nothing but these rows errs on less than 60 % of what the others make it
    err."""
    models, labels = reading.models, reading.models.pool.rows.labels
    fitted = rows & models.pool.fitted
    if len(np.unique(models.pool.fold[fitted])) < 2:
        return False
    each = (models.learner.answers(one.model, fitted).predicted for one in models.answers)
    return any((predicted != labels)[fitted].mean() < OWN_RULE * error for predicted in each)


def labels_to_blame(reading: Reading, slices: Slices, bad: Bad, answers: np.ndarray) -> tuple[bool, dict[str, float]]:
    """Whether labels rather than difficulty make a slice bad, and the figures that say so: Cohen's kappa (1960) of its
    labels with the `answers` of a model of the other rows, its z, and the area under the curve with which its rows are
    told from others by anything but the token that names the slice (1 where it is no slice of one token)."""
    pool, name = reading.models.pool, slices.names[bad.which]
    known, others = pool.usable & slices.rows(bad.which), pool.usable & ~slices.rows(bad.which)
    n = pool.n_classes
    cells = np.bincount(answers[known] * n + pool.rows.labels[known], minlength=n * n)
    table = cells.reshape(n, n) / max(known.sum(), 1)
    chance = min(float(table.sum(axis=0) @ table.sum(axis=1)), 1 - 1e-9)
    kappa = (float(np.trace(table)) - chance) / (1 - chance)
    z = kappa * float(np.sqrt(known.sum() * (1 - chance) / max(chance, 1e-9)))
    apart = 1.0
    if name.startswith("token: "):
        bag = reading.models.learner.counts["bag"]
        held = [np.asarray((bag[rows] > 0).sum(axis=0)).reshape(-1) for rows in (known, others)]
        rest = np.flatnonzero((held[0] < known.sum()) | (held[1] > 0))
        apart = area_of(pool, [sparse.csr_matrix(bag[:, rest] > 0, dtype=np.float64)], known, others)
    alone = apart < MOST_APART or name.startswith(NO_CONTENT)
    carried = abs(kappa) >= LEAST_KAPPA and abs(z) >= LEAST_Z
    blamed = name.startswith(GROUP) or (bad.outside <= WELL_OUTSIDE and (alone or carried))
    return blamed, {"agreement": kappa, "agreement_z": z, "told_apart": apart}


def find_near_chance(look: Look, name: str, kind: str = "") -> Finding | None:
    """A slice of the split, of one kind if named, near chance for the shallow model, which learned the rest."""
    if name.startswith("shift"):
        return None
    bad = bad_slice(look.reading, look.slices, look.pool.of(name) & look.pool.usable, look.reading.error, kind)
    if bad is None or follows_own_rule(look.reading, look.pool.usable & look.slices.rows(bad.which), bad.error):
        return None
    inside = look.slices.rows(bad.which)
    # labels that are close to random cannot teach what is right, so the model learns from the other rows
    answers = look.models.learner.answers(look.best.model, look.pool.fitted & ~inside).predicted
    blamed, figures = labels_to_blame(look.reading, look.slices, bad, answers)
    wrong = look.pool.of(name) & inside & (look.pool.rows.labels >= 0) & (answers != look.pool.rows.labels)
    return _write_finding(look, name, bad, wrong, f"the shallow model ({look.best.model})", blamed, figures)


def find_near_chance_by_predictions(look: Look, name: str) -> Finding | None:
    """A slice near chance for the trained models that predicted this split, which learned the rest, and for every
    model of its rows alone: what a model of such rows learns is no noise, however many trained ones miss it."""
    given = {arm: splits[name] for arm, splits in (look.dataset.predictions or {}).items() if name in splits}
    labels, mine = look.dataset.splits[name].labels, look.pool.of(name)
    answers = [p.argmax(axis=1) for p in given.values() if p.ndim == 2 and len(p) == len(labels) and p.shape[1]]
    if not answers or name == "train" or name.startswith("shift"):
        return None
    error = np.zeros(look.pool.rows.n_rows, np.bool_)
    error[mine] = (np.mean([one != labels for one in answers], axis=0) > 0.5)[look.pool.position[mine]]
    bad = bad_slice(look.reading, look.slices, mine & (look.pool.rows.labels >= 0), error)
    if bad is None:
        return None
    rows = look.slices.rows(bad.which)
    if rows[mine].mean() > TIMES_TRAIN * rows[look.train].mean():
        return None
    if follows_own_rule(look.reading, look.pool.usable & rows, bad.error):
        return None
    who = f"the {len(answers)} variants that predicted it" if len(answers) > 1 else "the variant that predicted it"
    return _write_finding(look, name, bad, error & rows, who, True, {"variants": list(given)})


def _write_finding(
    look: Look, name: str, bad: Bad, wrong: np.ndarray, who: str, blamed: bool, further: dict[str, Any]
) -> Finding:
    where = {"split": name, "slice": look.slices.names[bad.which]}
    of, many = int(look.pool.of(name).sum()), int((look.pool.of(name) & look.slices.rows(bad.which)).sum())
    evidence = {
        "inside": {"error": bad.error, "of": bad.of},
        "outside": {"error": bad.outside, "of": bad.outside_of},
        "p": bad.p,
        **further,
    }
    story = (
        f"{place(where)}: {who} is wrong on {percent(bad.error)} of {bad.of:,} such rows, and on "
        f"{percent(bad.outside)} of the {bad.outside_of:,} others"
    )
    if not blamed:
        summary = (
            f"{story}. They may be hard for these models, or labelled wrongly: a model that learns the rest of the "
            "slice, or labels checked by hand, would settle it."
        )
        return look.abstain(where, summary, evidence)
    summary = (
        f"{story}; no model of such rows alone does better. Their labels are close to random ({many:,} of {of:,} rows "
        f"of {name}, {int(wrong.sum()):,} of them contradicted)."
    )
    ceiling = ceiling_of_noise(max(bad.error - bad.outside, 0.0), bad.error, many / of)
    evidence |= {"ceiling": ceiling.as_json(), **look.list_suspects(name, wrong)}
    return look.conclude(where, summary, evidence, look.grade(name, float(wrong.sum() / of)))
