"""`label.noise`: a split whose labels contradict models more often than those of train do."""

from __future__ import annotations

import numpy as np

from brittlestar.audits.labels.alike import marker_broke, told_apart
from brittlestar.audits.labels.ceiling import ceiling_of_contradictions
from brittlestar.audits.labels.confused import Pairs, pairs_in_excess
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.look import (
    LARGEST_P,
    LEAST_APART,
    LEAST_IN_SLICE,
    LEAST_RATE,
    SERIOUS,
    Look,
    as_json,
    counts,
    place,
)
from brittlestar.audits.labels.patterns import LEAST_NEAR_CHANCE, TIMES_OUTSIDE
from brittlestar.audits.labels.slices import GROUP, LOOKS_LIKE
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding, Severity

FEWEST_IN_GROUP = 20
LEAST_IN_GROUP = 0.25


def against(look: Look, name: str) -> Finding | None:
    """Whether the split contradicts models more often than train does (train: than the other splits do)."""
    mine = look.pool.of(name)
    reference = look.dealt & ~look.train if name == "train" else look.train
    found = look.reading.contrast(mine, reference)
    general = found.rate >= LEAST_RATE and found.p < LARGEST_P
    narrow = _slice(look, mine, reference, general)
    alone = _own_group(look, mine)
    if alone is not None and (narrow is None or narrow[1].rate < alone[1].rate):
        which, found = alone
        where = {"split": name, "slice": look.with_answers.names[which]}
        inside = look.with_answers.rows(which)
        return _present(look, where, mine & inside, mine & ~inside, found, ())
    if narrow is None and not general:
        return None
    where, rows = {"split": name}, mine
    if narrow is not None:
        which, found = narrow
        where["slice"], rows = look.with_answers.names[which], mine & look.with_answers.rows(which)
        if name != "train" and _noisy_in_train(look, look.with_answers.rows(which)):
            summary = (
                f"{place(where)}: {counts(found)} contradict the shallow model, but train's own labels are noise "
                "there: it has learned nothing that these labels could be held against. Correct train, then audit "
                "again."
            )
            return look.finding("inconclusive", where, summary, {"against": as_json(found)})
    if name.startswith("shift"):
        summary = (
            f"{place(where)}: {counts(found)} contradict the shallow model, {found.expected:.0f} are expected from "
            "train; the declared shift explains that as well as wrong labels would. Read labels by hand to settle it."
        )
        return look.finding("inconclusive", where, summary, {"against": as_json(found)})
    if name != "train" and (differs := _differs(look, mine, rows, reference, found)):
        summary = (
            f"{place(where)}: {counts(found)} contradict the shallow model, {found.expected:.0f} are expected from "
            f"train; but {differs}, which explains that as well. Read labels by hand to settle it."
        )
        return look.finding("inconclusive", where, summary, {"against": as_json(found)})
    pairs: Pairs = ()
    if where.get("slice", LOOKS_LIKE).startswith(LOOKS_LIKE):
        pairs = pairs_in_excess(look.reading, rows, reference)
    if pairs:
        where.pop("slice", None)
        where["class"] = look.named(pairs)
    return _present(look, where, rows, reference, found, pairs)


def _differs(look: Look, mine: np.ndarray, rows: np.ndarray, reference: np.ndarray, found: Contrast) -> str:
    """How the inputs differ from train's too, or an empty text."""
    usable = look.pool.usable
    apart = told_apart(look, mine & usable, reference & usable)
    if apart >= LEAST_APART:
        return f"its inputs differ too (told from train's with an area under the curve of {apart:.2f}; see shift.*)"
    token = marker_broke(look, rows, reference, found)
    return f"a model that does not see {token!r} finds less than half of them: this token changed" if token else ""


def _slice(look: Look, mine: np.ndarray, reference: np.ndarray, general: bool) -> tuple[int, Contrast] | None:
    """The slice that the finding is about, if the excess is in it rather than everywhere."""
    worst = look.reading.worst_slice(look.with_answers, mine, reference)
    if worst is None or worst[1].rate < LEAST_IN_SLICE or worst[1].p >= LARGEST_P:
        return None
    inside = look.with_answers.rows(worst[0])
    rest = look.reading.contrast(mine & ~inside, reference & ~inside)
    apart = rest.high < worst[1].low and rest.rate <= worst[1].rate / 3
    return worst if apart or not general else None


def _own_group(look: Look, mine: np.ndarray) -> tuple[int, Contrast] | None:
    """A group whose labels contradict the models, which the other rows of the split do not: one in which labels were
    given apart (a batch, an annotator)."""
    slices = look.with_answers
    groups = [k for k, name in enumerate(slices.names) if name.startswith(f"{GROUP}: ")]
    found: list[tuple[int, Contrast]] = []
    for which in groups:
        inside = slices.rows(which)
        if (mine & inside).sum() >= FEWEST_IN_GROUP:
            found.append((which, look.reading.contrast(mine & inside, mine & ~inside, len(groups))))
    found = [(which, one) for which, one in found if one.low >= LEAST_IN_GROUP and one.p < LARGEST_P]
    return max(found, key=lambda one: one[1].rate, default=None)


def _noisy_in_train(look: Look, inside: np.ndarray) -> bool:
    """Whether train's own labels in the slice teach nothing while those outside are learned."""
    known = look.train & look.pool.usable
    here, there = look.reading.error[known & inside], look.reading.error[known & ~inside]
    least = max(LEAST_NEAR_CHANCE, TIMES_OUTSIDE * float(there.mean()) if len(there) else 1.0)
    return bool(len(here) and here.mean() >= least)


def _present(
    look: Look,
    where: dict[str, str],
    rows: np.ndarray,
    reference: np.ndarray,
    found: Contrast,
    pairs: Pairs,
) -> Finding:
    name = where["split"]
    share = float(rows.sum() / max(look.pool.of(name).sum(), 1))
    ceiling = ceiling_of_contradictions(found.low, found.high, share)
    other = "the evaluation splits" if name == "train" else "train"
    summary = (
        f"{place(where)}: {counts(found)} contradict the shallow model ({look.best.model}, "
        f"{percent(look.models.errors[look.models.best])} wrong out of fold); rows of the same answer, confidence and "
        f"length in {other} lead to expect {found.expected:.1f}. About {percent(found.rate)} of these labels (95 % "
        f"interval {percent(found.low)} to {percent(found.high)}) are turned over"
    )
    if name != "train":
        summary += f"; no model of train's rule can be expected above {ceiling} on {name}"
    if pairs:
        summary += f"; most of them are rows that look like {where['class']}"
    severity: Severity = "error" if name != "train" and found.rate * share >= SERIOUS else "warning"
    evidence = {
        "rate": {"share": found.rate, "low": found.low, "high": found.high, "of_split": share},
        "against": as_json(found),
        "ceiling": ceiling.as_json(),
        "p": found.p,
        **look.suspects(name, rows, found.rate, reference, pairs),
    }
    return look.finding("present", where, f"{summary}.", evidence, severity)
