"""Finding `train.gradient-exploding`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, judge_seen

CODE = "train.gradient-exploding"
TIMES = 100.0  # convention: of the usual norm
LARGE = 10.0  # convention: below it a jump moves little at common rates
THRESHOLD = (
    "In every run seen, the largest gradient norm is above 10 and 100 times the usual one; or weights start 3 times "
    "larger than usual, and the loss at 10 times class shares: a warning where unfitted, else info."
)
WRONG = 10.0  # convention: ten times the cost of class shares, before anything is learned
INITIAL = "Draw the weights of that layer as PyTorch does by default, or with `nn.init.kaiming_uniform_`."
REMEDY = "Clip gradients: `training.clip=1.0`, or `clip_grad_norm_` before the step. Look at the rows of that batch."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Single gradients are far larger than the others, or all are from the start, with the weights.

    **What it means.** One step undoes what many brought. What is scored depends on how long ago the last such step was.

    **How it is decided.** Norms of all gradients are read as in `train.clip-bound`; the largest is held against the
    medians of the first and of the last third, the larger of which counts, since gradients of a solved task fade.
    Weights are read before any step, as in `train.saturated`: at three times their usual size, each layer makes
    numbers, and gradients, larger still, where the first loss (a cross-entropy) is ten times what class shares cost.

    **Thresholds.** As in the rule. Train is not fitted below 30 %; with such weights below 90 %, and up to 97 % it is
    information, unless the model is below a trivial baseline.

    **What it cannot see.** A jump in a step that is not looked at; gradients that are large all the time
    (`train.rate-high`); other frameworks.

    **What to do.** Clip gradients.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "gradients explode")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    course = run.seen.course
    if course is None or not np.isfinite([course.largest, *course.gradient]).all():
        return None
    large = looking.find_largest_start(run.seen)
    shares = looking.class_share_loss(record)
    wrong = looking.is_cross_entropy(run.seen) and course.first >= WRONG * shares
    unfit = fits_poorly(record, run, looking.NEARLY_ALL)
    if large is not None and large.gain >= looking.LARGE_START and wrong and unfit:
        story = (
            f"{large.name} starts {large.gain:.1f} times as large as usual: its initial weights are too large, and the "
            f"first loss is {course.first:,.3g}, where class shares cost {shares:.2f}"
        )
        evidence = {"layer": large.name, "gain": large.gain, "first_loss": course.first}
        return Told(True, story, evidence, looking.severity_unfitted(record, run), INITIAL)
    usual = max(course.gradient)
    large = course.largest >= LARGE and course.largest >= TIMES * usual
    severity = "warning" if fits_poorly(record, run) else "info"
    story = f"the largest gradient norm is {course.largest:.2g}, the usual one {usual:.2g}"
    return Told(large, story, {"largest": course.largest, "usual": usual}, severity)
