"""Whether answers are those of other rows: some rows later or earlier, in reversed order, or of another split."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
BY_CHANCE = 2.0  # standard errors


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
    def above(self) -> float:
        """How many standard errors the answers as they are lie above chance."""
        return (self.right - self.chance) / max((self.chance * (1 - self.chance) / self.n) ** 0.5, 1e-9)

    @property
    def fits(self) -> bool:
        """Whether the other order is right far more often (five standard errors) than as it is and than by chance, and
        as it is there is less than half of that above chance."""
        above, here = self.moved - self.chance, self.right - self.chance
        by_chance = (self.chance * (1 - self.chance) / self.n) ** 0.5
        return above > max(LARGEST_Z * by_chance, 2 * here) and self.moved - self.right > LARGEST_Z * self.error


@variant_check(
    "eval.row-order",
    "Up to 5 rows later or earlier, reversed, or as another split's, answers are right more often than as they are and "
    "than by chance (five standard errors); or they agree by chance alone, unlike dev's.",
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
    answers and labels would agree if they had nothing to do with each other. Where no order fits, all runs agree with
    test by chance alone (two standard errors), answer dev well (five), and a trivial baseline answers test well (five),
    the order is said to be another one.

    **Thresholds.** As in the rule, in one run or more, with at least 40 rows; above chance the other order is
    right twice as often. Severity: error for main, warning for other variants.

    **What it cannot see.** Which other order it is; without answers to dev, rows that were shuffled.

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
    others = {one: study.answers[one].labels for one in study.answers if one != split and not is_shifted(one)}
    tried = [list(_try_orders(one, here.labels, others)) for one in here.runs[variant.name].predicted]
    best = [max(orders, key=lambda one: one.moved - one.right) for orders in tried]
    fitting = [
        max(fits, key=lambda one: one.moved) for orders in tried if (fits := [one for one in orders if one.fits])
    ]
    right = float((here.runs[variant.name].predicted == here.labels).mean())
    evidence: dict[str, Any] = {"runs": len(tried), "found": len(fitting), "rows": len(here.labels), "right": right}
    if not fitting and (lost := _find_lost(study, variant.name, split)) is not None:
        return replace(lost, evidence={**evidence, **lost.evidence})
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


def _find_lost(study: AnsweredStudy, name: str, split: str) -> Observed | None:
    """Answers that agree with the labels by chance alone in every run, where a trivial baseline does not and the same
    runs answer dev well above chance: they are in an order that nobody knows."""
    dev, test = study.answers.get("dev"), study.answers[split]
    if split == "dev" or dev is None or name not in dev.runs or len(dev.labels) < FEWEST:
        return None
    both = [[_hold("", one, found.labels, found.labels) for one in found.runs[name].predicted] for found in (dev, test)]
    read = [_hold("", one.predicted[0], test.labels, test.labels) for one in test.trivial.values()]
    known, here = ([one.above for one in runs] for runs in both)
    if (
        min(known) < LARGEST_Z
        or max(map(abs, here)) > BY_CHANCE
        or max((one.above for one in read), default=0) < LARGEST_Z
    ):
        return None
    right, there = (float(np.mean([one.right for one in runs])) for runs in both[::-1])
    gain = there - right
    half = Z * (right * (1 - right) / both[1][0].n + there * (1 - there) / both[0][0].n) ** 0.5
    by_chance = float(np.mean([one.chance for one in both[1]]))
    evidence = {
        "right_on_dev": there,
        "by_chance": by_chance,
        "effect": {"points": gain, "interval": [gain - half, gain + half], "rows": both[1][0].n},
    }
    summary = (
        f"{name}: {100 * right:.1f} % of its answers to {split} are right, as many as by chance "
        f"({100 * by_chance:.1f} %), and {100 * there:.1f} % of those to dev: they are in another order than "
        f"the rows, which is none that was tried."
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
