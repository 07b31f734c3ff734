"""Finding `train.rate-low`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.rate-low"
GONE = 1e-3  # convention: a thousandth of it, which no schedule that is meant has for half of the steps
SMALL = 3e-4  # convention: a third of the thousandth that a step of a healthy training changes
FALLS = 0.02  # convention: of class shares, from the third quarter of the steps to the last
KEPT = 0.9  # convention: a loss that lost a tenth has hardly begun to fall
SHORT_WAY = 0.15  # convention: thrice the way of a training that has not begun
FADED = 0.01  # convention: a hundredth of the rate at the start
THRESHOLD = (
    "In every run seen, all steps change 5 % of the weights (15 %, loss falling), and loss keeps 90 % of class shares "
    "or nothing is learned; or half of them have a hundredth of the first rate."
)
REMEDY = (
    "Multiply the learning rate by 10, and by 10 again, and compare the loss of the first epochs. Where the rate "
    "fades, step the schedule once per epoch and not once per batch, or make it as long as the training."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The learning rate is too low: the weights stay near where they were drawn.

    **What it means.** The model has not been trained, whatever the number of epochs.

    **How it is decided.** The norm of an update over the norm of the weights (median), times the number of steps, is
    the longest way that the weights can have gone. A schedule may bring the rate down before train is fitted: up to 90
    % of the way from naming one class to all rows right, or 97 % where half of the steps have a thousandth, that is a
    warning; in between information, unless the model is below a trivial baseline. A step that changes less than .03 %
    of the weights counts where the loss still falls at the end and train is not fitted; so do steps that change 15 % at
    most together.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** A rate that is low for one part of the model alone; other frameworks; plain SGD that is
    clipped (`train.clip-bound`).

    **What to do.** Raise the rate by factors of ten.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "the learning rate is too low, or fades too soon")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    seen, learned = run.seen, looking.has_learned(record, run.cell)
    if seen.course is None or seen.rate is None or learned is None or not np.isfinite(seen.course.update):
        return None
    way = looking.way_of(seen)
    first, last = seen.rate
    faded = seen.usual_rate is not None and first > 0 and seen.usual_rate <= FADED * first
    fades = f", and fades to {last:.1g}" if last <= FADED * first else ""
    shares = looking.class_share_loss(record)
    gone = seen.usual_rate is not None and seen.usual_rate <= GONE * first
    unfit = faded and fits_poorly(record, run, looking.NEARLY_ALL)
    severity = "warning" if gone else looking.severity_unfitted(record, run)
    kept = seen.loss is not None and seen.loss.function in looking.CROSS_ENTROPIES and seen.course.late >= KEPT * shares
    story = (
        f"{seen.steps:,} steps together change at most {format_share(way, 1)} of the weights (rate {first:g}{fades})"
    )
    evidence = {"way": way, "steps": seen.steps, "rate": first, "rate_at_the_end": last}
    bound = seen.course.bound >= looking.BOUND and seen.optimiser == "SGD"  # the bound is the rate then
    slow = (
        looking.is_cross_entropy(seen)
        and not looking.starts_large(seen)  # of such weights every step is small
        and seen.course.update <= SMALL
        and seen.course.fall >= FALLS * shares
        and fits_poorly(record, run, looking.WELL_FITTED)
    )
    begun = way <= SHORT_WAY and kept and looking.still_falls(seen)
    low = (not bound and ((way <= looking.PATH and (not learned or kept)) or slow or begun)) or unfit
    if slow:
        story = (
            f"a step changes {format_share(seen.course.update, 3)} of the weights (rate {first:g}{fades}), and train's "
            f"loss is still falling after {seen.steps:,} of them"
        )
    return Told(low and looking.share_still(seen) < looking.MOSTLY, story, evidence, severity)
