"""Finding `train.rate-high`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, format_share, judge_seen

CODE = "train.rate-high"
ABOVE = 1.3  # convention: what nobody would pay who could name class shares
FITTED = 0.7  # convention: of the way from naming one class to all train rows right; a loss of another scale is none
JUMPS = 3.0  # convention: a worst loss of three times the class shares'
STEP = 0.02  # convention: a step of 2 % of the weights turns them around in some fifty
GROWN = 5.0  # convention: no training that learns makes all weights five times as large
MOVES = 1e-3  # convention: smaller steps do not throw weights about
THRESHOLD = (
    "In every run seen, train's loss ends 1.3 times above class shares or weights 5 times larger, unfitted; or loss "
    "jumped to 3 times class shares, or a step changes 2 % of the weights, and nothing is learned."
)
REMEDY = (
    "Divide the learning rate by 10, and by 10 again, and compare the loss of the first epochs. Warm-up and clipping "
    "(`training.clip=1.0`) help where single steps throw it."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The learning rate is too high: steps throw the weights about.

    **What it means.** The loss stays above what it costs to name every class with its share, or swings around it. What
    is scored is where the last step happened to land.

    **How it is decided.** The loss of the steps (a cross-entropy) is held against the cost of class shares on train;
    the size of steps is the norm of an update over the norm of the weights (medians). Each run is judged alone. What
    comes first: `train.gradient-accumulating`, `train.batching`, `train.unchanged`, `train.over-regularised`.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** A rate that is low enough to learn; losses other than `cross_entropy` and `nll_loss`; other
    frameworks.

    **What to do.** Lower the rate by factors of ten.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "the learning rate is too high")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    seen, shares, learned = run.seen, looking.class_share_loss(record), looking.has_learned(record, run.cell)
    course, loss = seen.course, seen.loss
    if course is None or loss is None or seen.rate is None or not np.isfinite([shares, course.late]).all():
        return None
    evidence = {
        "late_loss": course.late,
        "worst_loss": course.most,
        "class_shares": shares,
        "update": course.update,
        "rate": seen.rate[0],
    }
    story = (
        f"train's loss is {course.late:.2f} late in training, where class shares cost {shares:.2f}; a step changes "
        f"{format_share(course.update, 1)} of the weights (rate {seen.rate[0]:g})"
    )
    other = max(seen.accumulated or 0, seen.one_class or 0, looking.share_still(seen)) >= looking.MOSTLY
    other = other or looking.decay_of_step(seen) >= looking.SHRINKS or loss.turned
    skill = looking.train_skill(record, run.cell)
    unfit = skill is None or skill <= FITTED
    thrown = loss.function in looking.CROSS_ENTROPIES and not course.update < MOVES and (
        (course.late >= ABOVE * shares and unfit) or (course.most >= JUMPS * shares and learned is False)
    )  # fmt: skip
    large = course.update >= STEP and learned is False and course.late >= 0.9 * shares
    grown = course.size >= GROWN and unfit and not looking.starts_large(seen)
    if grown:
        story += f"; the weights end at {course.size:.0f} times their size"
    return Told(not other and (thrown or large or grown), story, evidence | {"size": course.size})
