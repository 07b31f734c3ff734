"""Check `data.difficulty`: whether a split is as hard as train is for the same plain model."""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import NO_OTHER_SPLIT, data_check, observe, unknown
from brittlestar.baselines.shallow import ShallowModels
from brittlestar.core.checks import Observed
from brittlestar.core.findings import Severity
from brittlestar.core.splits import is_shifted, is_unlabelled
from brittlestar.statistics.estimates import Estimate, estimate_over_units

LEAST_APART = 0.05  # convention: five points, as `leak.selection`
LEVEL = 0.05  # convention: 95 % intervals


@data_check(
    "data.difficulty",
    "The best shallow model is right on the split 5 points more often than on train out of fold, or less often. Named "
    "shifts explain it.",
    remedy="Read ten rows of the split beside ten of train: were its rows chosen, or its labels made, in another way? "
    "Draw it as train was drawn, or call it shift_NAME.",
    explained_by=(
        *(f"shift.{what}" for what in ("label", "length", "vocabulary", "composition", "order", "combination")),
        "token.mismatch",
        "label.missing",
    ),
)
def difficulty(analysis: Analysis) -> Iterator[Observed]:
    """A split is easier, or harder, than train is.

    **What it means.** Rows of one source are as hard in train, dev and test for a model that has not seen them. Where
    they are not, rows of one split were chosen (the easy ones, one author), or labels of another are wrong: a score on
    such rows says nothing of others.

    **How it is decided.** The shallow models of `label.noise` answer rows of every split out of fold, after the same
    number of rows of train, and never after a row of the same sequence. The one with the fewest errors on train is
    taken; shares of right rows are compared, one row of each sequence, groups counted as one (normal approximation).

    **What it cannot see.** A difference that this model does not feel: where it learns nothing, nothing differs. Splits
    that were parted by near copies or windows. Which of two splits is the odd one, unless another agrees with one.
    """
    mine = [one.name for one in analysis.evaluations if not is_shifted(one.name) and not is_unlabelled(one.name)]
    if not mine:
        yield Observed("not-applicable", NO_OTHER_SPLIT)
    shallow, kept = analysis.shallow, analysis.draws.kept_anywhere
    train = None if shallow is None else _share_right(shallow, "train")
    for split in mine:
        here = None if shallow is None else _share_right(shallow, split)
        if shallow is None or train is None or here is None:
            yield unknown(f"{split}: no shallow model answers two of its rows and two of train", {"split": split})
        elif kept.windows or kept.copies:
            yield unknown(
                f"{split}: train has near copies of its own rows, and so is easier out of fold", {"split": split}
            )
        else:
            yield _compare(split, shallow.best.model, train, here)


def _share_right(shallow: ShallowModels, split: str) -> tuple[Estimate, int] | None:
    """The share of right rows of a split, one of each sequence, and how many they are; None below two."""
    pool = shallow.pool
    kept = np.flatnonzero(pool.of(split) & pool.alone & (pool.rows.labels >= 0))
    if len(kept) < 2:
        return None
    right = (shallow.best.predicted[kept] == pool.rows.labels[kept]).astype(np.float64)
    return estimate_over_units(right, None if pool.rows.groups is None else pool.rows.groups[kept]), len(kept)


def _compare(split: str, model: str, train: tuple[Estimate, int], here: tuple[Estimate, int]) -> Observed:
    (known, of_train), (found, n) = train, here
    apart = found.minus(known)
    gain, se, (low, high) = apart.value, apart.se, apart.interval(LEVEL)
    severity: Severity | None = "warning" if abs(gain) >= LEAST_APART else None
    evidence = {
        "model": model,
        "right": found.value,
        "right_in_train": known.value,
        "difference": gain,
        "interval": [low, high],
        "rows_scored": n,
        "rows_of_train": of_train,
        "test": "two shares of right rows, normal approximation",
        "p": float(2 * ndtr(-abs(gain) / se)) if se > 0 else float(gain == 0),
    }
    ends = f"[{100 * low:+.1f}, {100 * high:+.1f}]".replace("-", "−")
    sentence = (
        f"{split}: a shallow model ({model}) answers {100 * found.value:.1f} % of {n:,} rows right, and "
        f"{100 * known.value:.1f} % of {of_train:,} rows of train out of fold: {100 * abs(gain):.1f} points "
        f"{'easier' if gain > 0 else 'harder'} {ends}"
    )
    return observe(sentence, severity, {"split": split}, evidence, rows=n)
