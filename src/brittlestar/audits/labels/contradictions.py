"""`label.noise`: a split whose labels contradict models more often than those of train do."""

import numpy as np

from brittlestar.audits.labels.apart import marker_broke, told_apart
from brittlestar.audits.labels.ceiling import Ceiling
from brittlestar.audits.labels.confused import find_suspects, pairs_in_excess
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.look import LARGEST_P, Look, place
from brittlestar.audits.labels.near_chance import LEAST_NEAR_CHANCE
from brittlestar.audits.labels.slices import LOOKS_LIKE
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding

LEAST_RATE = 0.01
LEAST_IN_SLICE = 0.05
TIMES_REST = 3.0
LEAST_APART = 0.75
"""Conventions: rates that matter, how far a slice exceeds the rest, and the area from which inputs differ."""


def contradict_train(look: Look, name: str) -> Finding | None:
    """Whether the split contradicts models more often than train does (train: than the other splits do)."""
    mine = look.pool.of(name)
    reference = look.dealt & ~look.train if name == "train" else look.train
    found = look.reading.contrast(mine, reference)
    general = found.rate >= LEAST_RATE and found.p < LARGEST_P
    narrow = _slice(look, mine, reference, general)
    if narrow is None and not general:
        return None
    where, inside = {"split": name}, np.ones_like(mine)
    if narrow is not None:
        where["slice"], inside, found = look.slices.names[narrow[0]], look.slices.rows(narrow[0]), narrow[1]
    rows = mine & inside
    story = f"{place(where)}: {found.errors:,} of {found.of:,} rows contradict the shallow model ({look.best.model}"
    test = "hypergeometric within answers and confidence, and within labels; the larger p"
    counted = {"contradicted": found.errors, "of": found.of, "expected": found.expected, "test": test}
    other = _other_cause(look, name, inside, found)
    if other:
        summary = f"{story}), {found.expected:.0f} are expected from train; but {other}. Labels read by hand settle it."
        return look.abstain(where, summary, {"against": counted})
    one_kind = where.get("slice", LOOKS_LIKE).startswith(LOOKS_LIKE)
    pairs = pairs_in_excess(look.reading, rows, reference) if one_kind else ()
    if pairs:
        named = " and ".join(f"{look.classes[a]} labelled {look.classes[b]}" for a, b in pairs)
        where = {"split": name, "class": named}
    share = float(rows.sum() / mine.sum())
    ceiling = Ceiling(1 - share * found.high, 1 - share * found.low, "label noise")  # of models that follow train
    summary = (
        f"{story}, {percent(look.models.error)} wrong out of fold); rows of the same answer, "
        f"confidence and length in {'the evaluation splits' if name == 'train' else 'train'} lead to expect "
        f"{found.expected:.1f}. About {percent(found.rate)} of these labels (95 % interval {percent(found.low)} to "
        f"{percent(found.high)}) are turned over"
    )
    if name != "train":
        summary += f"; no model of train's rule can be expected above {ceiling} on {name}"
    if pairs:
        summary += f"; most of them are rows that look like {where['class']}"
    evidence = {
        "rate": {"share": found.rate, "low": found.low, "high": found.high, "of_split": share},
        "against": counted,
        "ceiling": ceiling.as_json(),
        "p": found.p,
        **look.list_suspects(name, find_suspects(look.reading, rows, found.rate, reference, pairs)),
    }
    return look.conclude(where, f"{summary}.", evidence, look.grade(name, found.rate * share))


def _slice(look: Look, mine: np.ndarray, reference: np.ndarray, general: bool) -> tuple[int, Contrast] | None:
    """The slice that the finding is about, if the excess is in it rather than everywhere."""
    worst = look.reading.worst_slice(look.slices, mine, reference)
    if worst is None or worst[1].rate < LEAST_IN_SLICE or worst[1].p >= LARGEST_P:
        return None
    outside = ~look.slices.rows(worst[0])
    rest = look.reading.contrast(mine & outside, reference & outside)
    apart = rest.high < worst[1].low and rest.rate <= worst[1].rate / TIMES_REST
    return worst if apart or not general else None


def _other_cause(look: Look, name: str, inside: np.ndarray, found: Contrast) -> str:
    """What explains contradictions of an evaluation split as well as wrong labels would, or an empty text."""
    mine, train = look.pool.of(name) & look.pool.usable, look.pool.usable & look.train
    if name == "train":
        return ""
    if name.startswith("shift"):
        return "the declared shift explains that as well"
    if not inside.all() and look.reading.error[train & inside].mean() >= LEAST_NEAR_CHANCE:
        return "train's own labels are noise there, so that nothing was learned to hold these labels against"
    apart = told_apart(look.pool, look.models.alphabets[0], mine, train)
    if apart >= LEAST_APART:
        return f"its inputs differ too (told from train's with an area under the curve of {apart:.2f}; see shift.*)"
    if marker_broke(look.models, mine & inside, train, found):
        return "a model that does not see the most telling token finds less than half of them: this token changed"
    return ""
