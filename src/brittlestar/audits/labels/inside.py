"""`label.noise`: a slice whose labels are noise while models learned the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.look import LARGEST_P, Look, place
from brittlestar.audits.labels.near_chance import Bad, bad_slice, follows_own_rule, from_outside, labels_to_blame
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding

TIMES_TRAIN = 2.0
"""Convention: a slice that train shows less than half as often may have been impossible to learn."""


def find_near_chance(look: Look, name: str, kind: str = "") -> Finding | None:
    """A slice of the split, of one kind if named, near chance for the shallow model, which learned the rest."""
    if name.startswith("shift"):
        return None
    bad = bad_slice(look.reading, look.slices, look.pool.of(name) & look.pool.usable, look.reading.error, kind)
    if bad is None or bad.p >= LARGEST_P:
        return None
    inside = look.slices.rows(bad.which)
    if follows_own_rule(look.reading, look.pool.usable & inside, bad.error):
        return None
    answers = from_outside(look.reading, inside)
    blamed, figures = labels_to_blame(look.reading, look.slices, bad, answers)
    wrong = look.pool.of(name) & inside & (look.pool.rows.labels >= 0) & (answers != look.pool.rows.labels)
    return _write_finding(look, name, bad, wrong, f"the shallow model ({look.best.model})", blamed, figures)


def find_near_chance_by_predictions(look: Look, name: str) -> Finding | None:
    """A slice near chance for the trained models that predicted this split, which learned the rest."""
    given = {arm: splits[name] for arm, splits in (look.dataset.predictions or {}).items() if name in splits}
    labels, mine = look.dataset.splits[name].labels, look.pool.of(name)
    answers = [p.argmax(axis=1) for p in given.values() if p.ndim == 2 and len(p) == len(labels) and p.shape[1]]
    if not answers or name == "train" or name.startswith("shift"):
        return None
    error = np.zeros(look.pool.rows.n_rows, np.bool_)
    error[mine] = (np.mean([one != labels for one in answers], axis=0) > 0.5)[look.pool.position[mine]]
    bad = bad_slice(look.reading, look.slices, mine & (look.pool.rows.labels >= 0), error)
    if bad is None or bad.p >= LARGEST_P:
        return None
    rows = look.slices.rows(bad.which)
    if rows[mine].mean() > TIMES_TRAIN * rows[look.train].mean():
        return None
    who = f"the {len(answers)} arms that predicted it" if len(answers) > 1 else "the arm that predicted it"
    return _write_finding(look, name, bad, error & rows, who, True, {"arms": list(given)})


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
        return look.finding("inconclusive", where, summary, evidence)
    summary = (
        f"{story}; no model of such rows alone does better. Their labels are close to random ({many:,} of {of:,} rows "
        f"of {name}, {int(wrong.sum()):,} of them contradicted)."
    )
    ceiling = ceiling_of_noise(max(bad.error - bad.outside, 0.0), bad.error, many / of)
    evidence |= {"ceiling": ceiling.as_json(), **look.list_suspects(name, wrong)}
    return look.finding("present", where, summary, evidence, look.severity(name, float(wrong.sum() / of)))
