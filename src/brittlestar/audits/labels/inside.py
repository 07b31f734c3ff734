"""`label.noise`: a slice whose labels are noise while models learned the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.audits.labels.alike import kind_of
from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.look import LARGEST_P, SERIOUS, Look, place
from brittlestar.audits.labels.patterns import Bad, bad_slice
from brittlestar.audits.labels.suspects import contradicting, suspected
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding, Severity

MOST_OUTSIDE = 0.03
MOST_CONTRADICTED = 0.75
LEAST_OF_SLICE = 0.4
TIMES_TRAIN = 2.0


def within(look: Look, name: str, bad: Bad | None) -> Finding | None:
    """The slice that is bad over all splits, as far as this split has it."""
    if bad is None or name.startswith("shift") or (not bad.near_chance and bad.outside > MOST_OUTSIDE):
        return None
    inside = look.pool.of(name) & look.slices.rows(bad.which) & (look.pool.rows.labels >= 0)
    wrong = _wrong(look, bad, inside)
    if wrong.sum() < LEAST_OF_SLICE * bad.error * inside.sum():
        return None  # the slice is noise in other splits only
    found = _present(look, name, bad, inside, wrong, f"the shallow model ({look.best.model})", {})
    return _hard(look, found, bad) if found is not None and bad.near_chance else found


def _hard(look: Look, found: Finding, bad: Bad) -> Finding:
    """The finding, or that the slice may as well be too hard for shallow models."""
    kind = kind_of(look, bad)
    further = {"agreement": kind.agreement, "agreement_z": kind.z, "told_apart": kind.apart}
    if kind.identified:
        return replace(found, evidence={**found.evidence, **further})
    summary = (
        f"{place(dict(found.where))}: the shallow model ({look.best.model}) is wrong on {percent(bad.error)} of "
        f"{bad.of:,} such rows, and on {percent(bad.outside)} of the {bad.outside_of:,} others, alike in these splits. "
        "They may be hard for these models, or labelled wrongly: a model that learns the rest of the slice, or labels "
        "checked by hand, would settle it."
    )
    evidence = {"inside": found.evidence["inside"], "outside": found.evidence["outside"], "p": bad.p, **further}
    return look.finding("inconclusive", dict(found.where), summary, evidence)


def predicted(look: Look, name: str) -> Finding | None:
    """A slice near chance for the models that predicted this split, which learned the rest.

    A slice that train shows less than half as often is left out: models may have had no chance to learn it.
    """
    given = {arm: splits[name] for arm, splits in (look.dataset.predictions or {}).items() if name in splits}
    labels, mine = look.dataset.splits[name].labels, look.pool.of(name)
    answers = [p.argmax(axis=1) for p in given.values() if p.ndim == 2 and len(p) == len(labels) and p.shape[1]]
    if not answers or name == "train" or name.startswith("shift"):
        return None
    agreed = np.stack([one != labels for one in answers]).mean(axis=0) > 0.5
    error = np.zeros(look.pool.rows.n_rows, np.bool_)
    error[mine] = agreed[look.pool.position[mine]]
    bad = bad_slice(look.reading, look.slices, mine & (look.pool.rows.labels >= 0), error)
    if bad is None or not bad.near_chance:
        return None
    rows = look.slices.rows(bad.which)
    if rows[mine].mean() > TIMES_TRAIN * rows[look.train].mean():
        return None
    who = f"the {len(answers)} arms that predicted it" if len(answers) > 1 else "the arm that predicted it"
    return _present(look, name, bad, mine & rows, error & rows, who, {"arms": list(given)})


def _present(
    look: Look, name: str, bad: Bad, inside: np.ndarray, wrong: np.ndarray, who: str, further: dict[str, Any]
) -> Finding | None:
    of, many = int(look.pool.of(name).sum()), int(inside.sum())
    if not many or not bad.flat or bad.own_rule or bad.p >= LARGEST_P:
        return None
    where = {"split": name, "slice": look.slices.names[bad.which]}
    amount = "Their labels are close to random" if bad.near_chance else "Part of their labels are noise"
    ceiling = ceiling_of_noise(max(bad.error - bad.outside, 0.0), bad.error, many / of)
    summary = (
        f"{place(where)}: {who} is wrong on {percent(bad.error)} of {bad.of:,} such rows, and on "
        f"{percent(bad.outside)} of the {bad.outside_of:,} others; its errors there depend on nothing else, and no "
        f"model of these rows alone does better. {amount} ({many:,} of {of:,} rows of {name}, {int(wrong.sum()):,} of "
        f"them contradicted)."
    )
    severity: Severity = "error" if name != "train" and wrong.sum() >= SERIOUS * of else "warning"
    found = np.flatnonzero(wrong)
    evidence = {
        "inside": {"error": bad.error, "of": bad.of, "skill": bad.skill},
        "outside": {"error": bad.outside, "of": bad.outside_of},
        "ceiling": ceiling.as_json(),
        "p": bad.p,
        **further,
        **look.listed(name, found[np.argsort(-look.reading.rank[found], kind="stable")]),
    }
    return look.finding("present", where, summary, evidence, severity if bad.near_chance else "info")


def _wrong(look: Look, bad: Bad, inside: np.ndarray) -> np.ndarray:
    """bool (n_rows,): rows of the slice `inside` whose labels are most likely noise. Where labels are close to random
    they taught the model nothing or the opposite, so that a model of the other rows is asked, if it says anything
    about the slice."""
    if bad.near_chance:
        outside = contradicting(look.models, look.slices.rows(bad.which))
        known = look.pool.usable & look.slices.rows(bad.which)
        if outside[known].mean() <= MOST_CONTRADICTED or (outside & inside).sum() <= 0.5 * inside.sum():
            return outside & inside
    wrong = np.zeros(look.pool.rows.n_rows, np.bool_)
    wrong[suspected(look.reading, inside, bad.error)] = True
    return wrong
