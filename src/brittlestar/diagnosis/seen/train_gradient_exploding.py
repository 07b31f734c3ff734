"""Finding `train.gradient-exploding`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, judge_seen

CODE = "train.gradient-exploding"
TIMES = 100.0  # convention: of the usual norm
LARGE = 10.0  # convention: below it a jump moves little at common rates
THRESHOLD = (
    "In every run seen, the largest gradient norm is above 10 and above 100 times the usual one of the first and the "
    "last third: a warning where train is not fitted, else info."
)
REMEDY = "Clip gradients: `training.clip=1.0`, or `clip_grad_norm_` before the step. Look at the rows of that batch."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Single gradients are far larger than the others.

    **What it means.** One step undoes what many brought. What is scored depends on how long ago the last such step
    was.

    **How it is decided.** The norm of all gradients is read right before each step that is looked at (the first 12,
    every 17th after them, every 97th after 1,000), after any clipping. The largest is held against the medians of
    the first and of the last third.

    **Thresholds.** As in the rule: gradients of a solved task fade, so the larger of both medians counts.

    **What it cannot see.** A jump in a step that is not looked at; gradients that are large all the time, which are
    `train.rate-high`; other frameworks.

    **What to do.** Clip gradients.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "gradients explode")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    course = run.seen.course
    if course is None or not np.isfinite([course.largest, *course.gradient]).all():
        return None
    usual = max(course.gradient)
    large = course.largest >= LARGE and course.largest >= TIMES * usual
    severity = "warning" if fits_poorly(record, run) else "info"
    story = f"the largest gradient norm is {course.largest:.2g}, the usual one {usual:.2g}"
    return Told(large, story, {"largest": course.largest, "usual": usual}, severity)
