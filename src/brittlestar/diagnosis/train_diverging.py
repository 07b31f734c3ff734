"""Finding `train.diverging`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import TRAIN_LOSS, Arm, arms, lower_rate, unseen
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_level
from brittlestar.statistics.proportions import bound_share

CODE = "train.diverging"
LEAST_ABOVE = 0.1  # nats, convention: a model that learns nothing stays within hundredths of a uniform guess
SHARE_ABOVE = 0.1  # convention: a tenth
FEWEST_CLASSES = 2
THRESHOLD = (
    "In one run train loss stays above its start and a uniform guess over the last third of the epochs, by max(0.1 "
    "nats, 10 %) in the median, and is finite."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The loss climbs away and stays above its start.

    **What it means.** Training has made the model worse than it was before the first step, on the very rows it trains
    on.

    **How it is decided.** Each run is judged alone, on `train.log_loss` (of a model that trains itself, on its
    `train.loss`). Its bound is the larger of the loss before any step (else the first reported) and that of a uniform
    guess (of two classes where they are not known). A run diverges when every epoch of the last third lies above the
    bound, and their median by a margin, max(0.1 nats, 10 % of the bound). The share over seeds has a Clopper–Pearson
    interval.

    **Thresholds.** One run is enough: no healthy run ends worse than a uniform guess on its own training rows. Absent:
    0 of n. Severity: warning, since an earlier checkpoint may be sound.

    **What it cannot see.** Losses that are no longer finite (`train.nonfinite`) or no cross-entropy; fewer than 6
    epochs. A loss that flew off within the first epoch, where nothing is reported from before it, is inconclusive.

    **What to do.** Lower the learning rate, add warm-up, clip gradients. What else was seen in training that throws
    weights about comes first.
    """
    classes = len(record.classes)
    for arm in arms(record):
        yield _finding(arm, classes)


@dataclass(frozen=True)
class _Course:
    """The train loss of one run: at its start (`known`: from before any step), what it must not exceed, the median and
    the lowest of the last third."""

    start: float
    known: bool
    bound: float
    late: float
    lowest: float

    @property
    def margin(self) -> float:
        return max(LEAST_ABOVE, SHARE_ABOVE * self.bound)

    @property
    def diverges(self) -> bool:
        return self.lowest > self.bound and self.late > self.bound + self.margin

    def is_high(self, guess: float) -> bool:
        """Whether it stays above a uniform guess without falling, from a start that nobody reported."""
        high = self.lowest > guess and self.late > guess + max(LEAST_ABOVE, SHARE_ABOVE * guess)
        return not self.known and high and self.late > self.start - self.margin

    @property
    def as_json(self) -> dict[str, Any]:
        return {"start": self.start, "before_any_step": self.known, "bound": self.bound, "late": self.late}


def _finding(arm: Arm, classes: int) -> Finding:
    guess = float(np.log(max(classes, FEWEST_CLASSES)))
    curves = {seed: pair[0] for seed, pair in arm.curves(TRAIN_LOSS).items() if pair[0].size > FEWEST_EPOCHS}
    if not curves:
        return unseen(CODE, arm, f"train.log_loss over {FEWEST_EPOCHS} or more epochs", THRESHOLD)
    courses = {seed: _read_course(curve, guess) for seed, curve in curves.items()}
    found = sorted(seed for seed, course in courses.items() if course.diverges)
    low, high = bound_share(len(found), len(courses))
    evidence = {
        "diverging": len(found),
        "of": len(courses),
        "share_interval": [low, high],
        "seeds": {str(seed): courses[seed].as_json for seed in sorted(courses)},
        "uniform_guess": guess if classes else None,
        "unit": "nats",
    }
    where = {"variant": arm.name, "split": "train"}
    if found:
        worst = courses[max(found, key=lambda seed: courses[seed].late - courses[seed].bound)]
        start = "before the first step" if worst.known else "in the first epoch"
        guessing = f" and a uniform guess costs {guess:.2f}" if classes else ""
        summary = (
            f"{arm.name}: train loss climbs and stays up in {len(found)} of {len(courses)} runs (seeds "
            f"{', '.join(map(str, found))}; rate [{low:.2f}, {high:.2f}]): {worst.late:.2f} over the last third, where "
            f"it is {worst.start:.2f} {start}{guessing}."
        )
        remedy = lower_rate(arm)
        if arm.fits_itself:
            remedy = f"Lower the learning rate by factors of ten in {arm.own_code}, warm up, and clip gradients there."
        return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)
    high_ones = [seed for seed, course in courses.items() if classes and course.is_high(guess)]
    if high_ones:
        course = courses[high_ones[0]]
        summary = (
            f"{arm.name}: train loss is {course.late:.2f} over the last third and {course.start:.2f} in the first "
            f"epoch, where a uniform guess costs {guess:.2f}. Missing: the loss before the first step."
        )
        remedy = "Report the loss before the first step, too, as epoch 0; a mean over rows, in nats."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    summary = f"{arm.name}: in {len(courses)} of {len(courses)} runs train loss does not end above its start."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)


def _read_course(curve: np.ndarray, guess: float) -> _Course:
    known = bool(np.isfinite(curve[0]))
    start = float(curve[0] if known else curve[1])
    lowest = float(curve[-max(1, (curve.size - 1) // 3) :].min())
    return _Course(start, known, max(start, guess), late_level(curve), lowest)
