"""Finding `train.clip-bound`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.clip-bound"
FEWEST_STEPS = 20  # derived: fewer norms may be equal to three digits where hardly anything moves
THRESHOLD = "In every run that was seen, 95 % of the steps have a gradient norm within 1 % of the largest."
REMEDY = (
    "Raise the bound to where one step in ten or fewer is clipped: the steps file of a run has the norms before "
    "clipping. With plain SGD a bound on every step is another learning rate."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Every step is clipped.

    **What it means.** The bound and not the gradient decides how far a step goes. Under plain SGD that is a rate that
    nobody chose; Adam divides by the norm of past gradients, and hardly feels it.

    **How it is decided.** The norm of all gradients is read right before each step that is looked at (the first 12,
    every 17th after them, every 97th after 1,000), after any clipping: clipped ones all have the norm of the bound. 20
    steps are needed.

    **Thresholds.** As in the rule. Severity: warning where train is not fitted (30 %; 70 % where all steps together
    change 5 % of the weights at most), else information.

    **What it cannot see.** Clipping of each value, or of each parameter alone; other frameworks.

    **What to do.** Raise the bound.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "gradients are clipped to too small a norm")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    course = run.seen.course
    if course is None or not np.isfinite(course.bound) or run.seen.steps < FEWEST_STEPS:
        return None
    norm = course.gradient[1]
    story = f"{format_share(course.bound)} of the steps have the largest gradient norm, {norm:.2g} late in training"
    held = looking.way_of(run.seen) <= looking.PATH and fits_poorly(record, run, looking.FITTED)
    severity = "warning" if held or fits_poorly(record, run) else "info"
    return Told(course.bound >= looking.BOUND, story, {"share": course.bound, "norm": norm}, severity)
