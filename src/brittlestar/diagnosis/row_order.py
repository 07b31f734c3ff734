"""Whether answers are those of other rows: some rows later or earlier, in reversed order, or of another split."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.results import AnsweredStudy
from brittlestar.core.splits import is_shifted
from brittlestar.diagnosis.answer_checks import NOT_STORED
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.statistics.floors import LARGEST_Z

FEWEST = 40  # convention: as `eval.label-order`
MOST_LATER = 5  # convention: a header, or a few rows that were lost
Z = 1.96  # 95 % intervals


@dataclass(frozen=True)
class OtherOrder:
    """Answers read in another order on `n` rows: `how` it is said, shares of right rows as they are (`right`) and in
    that order (`moved`), the share that chance explains, and the standard error of the difference."""

    how: str
    n: int
    right: float
    moved: float
    chance: float
    error: float

    @property
    def fits(self) -> bool:
        """Whether the other order is right far more often (five standard errors) than as it is and than by chance, and
        as it is there is less than half of that above chance."""
        above, here = self.moved - self.chance, self.right - self.chance
        by_chance = (self.chance * (1 - self.chance) / self.n) ** 0.5
        return above > max(LARGEST_Z * by_chance, 2 * here) and self.moved - self.right > LARGEST_Z * self.error


@variant_check(
    "eval.row-order",
    "Read 1 to 5 rows later or earlier, from the end, or in the order of another split, a run's answers are right more "
    "often than as they are and than by chance, by five standard errors, and twice as far above chance.",
    "error",
    "answers",
    role=Role("broken", 5, explains=("eval.train-mismatch", "eval.checkpoint", "train.")),
)
def eval_row_order(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """Answers belong to other rows.

    **What it means.** The model may be good, and its answers stand beside the wrong rows: a header was read as a row,
    one row was lost, rows were shuffled or sorted before they were answered, the file is that of another split.

    **How it is decided.** The answers of each run on test (else dev) are held against labels 1 to 5 rows away, against
    labels from the last to the first, and against those of every other split, place by place. Chance is how often
    answers and labels would agree if they had nothing to do with each other.

    **Thresholds.** As in the rule, in one run or more, with at least 40 rows. Severity: error for main, warning for
    other variants.

    **What it cannot see.** Any other order: rows that were shuffled, or moved by more than five. Give answers an `id`.

    **What to do.** Write the column `id` beside each answer, as the data have it, and give the answers again.
    """
    split = study.record.held_out
    if split is None:
        return Observed("not-applicable", f"{variant.name}: there is neither test nor dev")
    here = study.answers[split]
    if variant.name not in here.runs:
        return report_missing(variant, "whether answers are those of other rows", NOT_STORED, split=split)
    if len(here.labels) < FEWEST:
        missing = f"{FEWEST - len(here.labels)} more rows"
        return report_missing(variant, "whether answers are those of other rows", missing, "", split)
    others = {one: study.answers[one].labels for one in study.record.splits if one != split and not is_shifted(one)}
    tried = [list(_try_orders(one, here.labels, others)) for one in here.runs[variant.name].predicted]
    best = [max(orders, key=lambda one: one.moved - one.right) for orders in tried]
    fitting = [
        max(fits, key=lambda one: one.moved) for orders in tried if (fits := [one for one in orders if one.fits])
    ]
    right = float((here.runs[variant.name].predicted == here.labels).mean())
    evidence: dict[str, Any] = {"runs": len(tried), "found": len(fitting), "rows": len(here.labels), "right": right}
    if not fitting:
        gain = max(100 * (one.moved - one.right) for one in best)
        told = f"{variant.name}: {100 * right:.1f} % of {len(here.labels):,} rows of {split} are right"
        return Observed(
            "absent", f"{told}, and in no other order much more ({gain:+.1f} points).", evidence, split=split
        )
    worst = fitting[0]
    some = f" in {len(fitting)} of {len(tried)} runs" if len(fitting) < len(tried) else ""
    gain, half = worst.moved - worst.right, Z * worst.error
    evidence |= {"order": worst.how, "right_in_other_order": worst.moved, "by_chance": worst.chance}
    evidence["effect"] = {"points": gain, "interval": [gain - half, gain + half], "rows": worst.n}
    summary = (
        f"{variant.name}: read {worst.how}, {100 * worst.moved:.1f} % of its answers to {split} are right{some}, and "
        f"{100 * worst.right:.1f} % as they are: they belong to other rows."
    )
    return Observed("present", summary, evidence, split=split)


def _try_orders(predicted: np.ndarray, labels: np.ndarray, others: dict[str, np.ndarray]) -> Iterator[OtherOrder]:
    """Every other order of one run's answers, int (n_rows,)."""
    n = len(labels)
    for k in range(1, min(MOST_LATER, n - FEWEST // 2) + 1):
        rows = "row" if k == 1 else "rows"
        yield _hold(f"{k} {rows} earlier", predicted[k:], labels[k:], labels[:-k])
        yield _hold(f"{k} {rows} later", predicted[:-k], labels[:-k], labels[k:])
    yield _hold("from the last row to the first", predicted, labels, labels[::-1])
    for name, theirs in others.items():
        m = min(n, len(theirs))
        if m >= FEWEST:
            yield _hold(f"as those of {name}", predicted[:m], labels[:m], theirs[:m])


def _hold(how: str, predicted: np.ndarray, labels: np.ndarray, moved: np.ndarray) -> OtherOrder:
    """Answers against the labels as they are and as they would be moved; all int (n,)."""
    right, there = predicted == labels, predicted == moved
    gained = there.astype(float) - right
    n, slots = len(labels), int(max(predicted.max(), moved.max())) + 2
    chosen, known = (np.bincount(one + 1, minlength=slots) / n for one in (predicted, moved))
    error = float(gained.std() / n**0.5)
    return OtherOrder(how, n, float(right.mean()), float(there.mean()), float((chosen * known)[1:].sum()), error)
