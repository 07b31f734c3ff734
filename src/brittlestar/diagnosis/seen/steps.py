"""Steps: how far they go, what an optimiser makes of gradients, and what is left of steps before."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import choose_status
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import SeenTraining
from brittlestar.diagnosis.seen import watched_runs
from brittlestar.diagnosis.seen.watched_runs import MOSTLY, SeenRun, fits_poorly, format_share, seen_check

ABOVE = 1.3  # convention: what nobody would pay who could name class shares
JUMPS = 3.0  # convention: a worst loss of three times the class shares'
LARGE_STEP = 0.02  # convention: a step of 2 % of the weights turns them around in some fifty
MOVES = 1e-3  # convention: smaller steps do not throw weights about
GONE = 1e-3  # convention: a thousandth of it, which no schedule that is meant has for half of the steps
KEPT = 0.9  # convention: a loss that lost a tenth has hardly begun to fall
FADED = 0.01  # convention: a hundredth of the rate at the start
FEWEST_STEPS = 20  # derived: fewer norms may be equal to three digits where hardly anything moves
FADING = (
    "Step the schedule once per epoch and not once per batch, or make it as long as the training; then print the rate "
    "of the last step. Leave the first rate as it is."
)
EPSILON = 1e-3  # convention: gradients of a mean loss are mostly smaller, and such a constant then sets the step
MOMENTUM = 0.98  # convention: a step then is the mean of 50
NO_MEMORY = 0.1  # convention: below it the second moment is that of the last gradient alone


@seen_check(
    "train.rate-high",
    "In every run seen, train's loss ends 1.3 times above class shares, unfitted; or it jumped to 3 times class "
    "shares, or a step changes 2 % of the weights, and nothing is learned.",
    "the learning rate is too high",
    role=Role("untaught", 110),
)
def train_rate_high(record: StudyRecord, run: SeenRun) -> Observed | None:
    """The learning rate is too high: steps throw the weights about.

    **What it means.** The loss stays above what it costs to name every class with its share, or swings around it. What
    is scored is where the last step happened to land.

    **How it is decided.** The loss of the steps (a cross-entropy) is held against the cost of class shares on train;
    the size of steps is the norm of an update over the norm of the weights (medians). Each run is judged alone. What
    comes first: `train.gradient-accumulating`, `train.batching`, `train.unchanged`, `train.over-regularised`.

    **What it cannot see.** A rate that is low enough to learn; losses other than `cross_entropy` and `nll_loss`; other
    frameworks.

    **What to do.** Divide the learning rate by 10, and by 10 again, and compare the loss of the first epochs.
    Warm-up and clipping help where single steps throw it.
    """
    seen, shares, learned = run.seen, watched_runs.class_share_loss(record), watched_runs.has_learned(record, run.cell)
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
    sentence = (
        f"train's loss is {course.late:.2f} late in training, where class shares cost {shares:.2f}; a step changes "
        f"{format_share(course.update, 1)} of the weights (rate {seen.rate[0]:g})"
    )
    other = max(seen.accumulated or 0, seen.one_class or 0, watched_runs.share_still(seen)) >= MOSTLY
    other = other or watched_runs.decay_of_step(seen) >= watched_runs.SHRINKS or loss.turned
    skill = watched_runs.train_skill(record, run.cell)
    unfit = skill is None or skill <= watched_runs.FITTED
    thrown = loss.function in watched_runs.CROSS_ENTROPIES and not course.update < MOVES and (
        (course.late >= ABOVE * shares and unfit) or (course.most >= JUMPS * shares and learned is False)
    )  # fmt: skip
    large = course.update >= LARGE_STEP and learned is False and course.late >= 0.9 * shares
    return Observed(choose_status(not other and (thrown or large)), sentence, evidence)


@seen_check(
    "train.rate-low",
    "In every run seen, all steps change 5 % of the weights, and loss keeps 90 % of class shares or nothing is "
    "learned; or half of them have a hundredth of the first rate.",
    role=Role("untaught", 100, mild=50),
)
def train_rate_low(record: StudyRecord, run: SeenRun) -> Observed | None:
    """The learning rate is too low: the weights stay near where they were drawn.

    **What it means.** The model has not been trained, whatever the number of epochs.

    **How it is decided.** The norm of an update over the norm of the weights (median), times the number of steps, is
    the longest way that the weights can have gone. A schedule may bring the rate down before train is fitted: up to 90
    % of the way from naming one class to all rows right, or 97 % where half of the steps have a thousandth, that is a
    warning; in between information, unless the model is below a trivial baseline. Another cause is that most batches
    take no step (`train.short`), and that training recorded far better answers (`eval.train-mismatch`).

    **What it cannot see.** A rate that is low for one part of the model alone; other frameworks; plain SGD that is
    clipped (`train.clip-bound`); a loss that still falls (`train.short`).

    **What to do.** Multiply the learning rate by 10, and by 10 again, and compare the loss of the first epochs.
    """
    seen, learned = run.seen, watched_runs.has_learned(record, run.cell)
    if seen.course is None or seen.rate is None or learned is None or not np.isfinite(seen.course.update):
        return None
    way = watched_runs.way_of(seen)
    first, last = seen.rate
    faded = seen.usual_rate is not None and first > 0 and seen.usual_rate <= FADED * first
    fades = f", and fades to {last:.1g}" if last <= FADED * first else ""
    shares = watched_runs.class_share_loss(record)
    gone = seen.usual_rate is not None and seen.usual_rate <= GONE * first
    unfit = faded and fits_poorly(record, run, watched_runs.NEARLY_ALL)
    severity = "warning" if gone else watched_runs.severity_unfitted(record, run)
    kept = (
        seen.loss is not None
        and seen.loss.function in watched_runs.CROSS_ENTROPIES
        and seen.course.late >= KEPT * shares
    )
    sentence = (
        f"{seen.steps:,} steps together change at most {format_share(way, 1)} of the weights (rate {first:g}{fades})"
    )
    if watched_runs.skips_batches(run) or watched_runs.is_worse_than_recorded(run.cell):
        return Observed("absent", f"{sentence}, for another reason than their rate", {"way": way, "steps": seen.steps})
    evidence = {"way": way, "steps": seen.steps, "rate": first, "rate_at_the_end": last}
    bound = seen.course.bound >= watched_runs.BOUND and seen.optimiser == "SGD"  # the bound is the rate then
    low = (not bound and way <= watched_runs.PATH and (not learned or kept)) or unfit
    if not low or watched_runs.share_still(seen) >= MOSTLY:
        return Observed("absent", sentence, evidence)
    cause = "the learning rate fades too soon" if faded else "the learning rate is too low"
    remedy = FADING if faded else None
    return Observed("present", f"{cause}: {sentence}", evidence, severity=severity, remedy=remedy)


@seen_check(
    "train.clip-bound",
    "In every run that was seen, 95 % of the steps have a gradient norm within 1 % of the largest.",
    "gradients are clipped to too small a norm",
    role=Role("untaught", 200),
)
def train_clip_bound(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Every step is clipped.

    **What it means.** The bound and not the gradient decides how far a step goes. Under plain SGD that is a rate that
    nobody chose; Adam divides by the norm of past gradients, and hardly feels it.

    **How it is decided.** The norm of all gradients is read right before each step that is looked at (the first 12,
    every 17th after them, every 97th after 1,000), after any clipping: clipped ones all have the norm of the bound. 20
    steps are needed.

    **Thresholds.** As in the rule. Severity: warning where train is not fitted (30 %; 70 % where all steps together
    change 5 % of the weights at most), else information.

    **What it cannot see.** Clipping of each value, or of each parameter alone; other frameworks.

    **What to do.** Raise the bound to where one step in ten or fewer is clipped: the steps file of a run has the
    norms before clipping. With plain SGD a bound on every step is another learning rate.
    """
    course = run.seen.course
    if course is None or not np.isfinite(course.bound) or run.seen.steps < FEWEST_STEPS:
        return None
    norm = course.gradient[1]
    sentence = f"{format_share(course.bound)} of the steps have the largest gradient norm, {norm:.2g} late in training"
    held = watched_runs.way_of(run.seen) <= watched_runs.PATH and fits_poorly(record, run, watched_runs.FITTED)
    severity = "warning" if held or fits_poorly(record, run) else "info"
    return Observed(
        choose_status(course.bound >= watched_runs.BOUND),
        sentence,
        {"share": course.bound, "norm": norm},
        severity=severity,
    )


@seen_check(
    "train.optimiser",
    "In every run seen, train is not fitted (70 %), and the optimiser climbs (maximize), divides by 0.001 or more "
    "(eps), has a momentum of .98 or more, or forgets all gradients but the last (betas).",
    role=Role("untaught", 80),
)
def train_optimiser(record: StudyRecord, run: SeenRun) -> Observed | None:
    """The optimiser is the reason why the model does not learn.

    **What it means.** An option of the optimiser turns steps around, or makes them far smaller or longer than the rate
    says.

    **How it is decided.** Options that its class does not have by default are read from it while it takes steps. Train
    rows are scored, too.

    **What it cannot see.** An optimiser that is a poor choice with its defaults (`brittlestar diagnose STUDY --budget
    10m` tries Adam where main has SGD); other frameworks.

    **What to do.** Leave the options of the optimiser at its defaults, and compare the loss of the first epochs.
    """
    skill = watched_runs.train_skill(record, run.cell)
    if run.seen.optimiser is None or skill is None:
        return None
    options = ", ".join(f"{name}={value:g}" for name, value in run.seen.options.items())
    wrong = _find_wrong(run.seen)
    sentence = f"{run.seen.optimiser} with {options or 'the options that it has by default'}"
    place = watched_runs.name_place(run.seen.stepped_at)
    evidence = {"optimiser": run.seen.optimiser, "options": dict(run.seen.options), "train_skill": skill}
    return Observed(choose_status(bool(wrong) and skill <= watched_runs.FITTED), f"{sentence}{place}{wrong}", evidence)


def _find_wrong(seen: SeenTraining) -> str:
    """What an option does, in words; empty where none does harm."""
    options = seen.options
    if options.get("maximize"):
        return " climbs: it makes the loss larger"
    if options.get("eps", 0.0) >= EPSILON:
        return (
            f" divides by {options['eps']:g} and more, where gradients are small: steps are far shorter than the rate"
        )
    momentum = max(options.get("momentum", 0.0), options.get("betas.0", 0.0))
    if momentum >= MOMENTUM:
        return f" makes each step the mean of some {1 / max(1 - momentum, 1e-4):,.0f}: it overshoots"
    if options.get("betas.1", 1.0) <= NO_MEMORY:
        return " divides each gradient by itself: every weight moves by the whole rate in every step"
    return ""


@seen_check(
    "train.gradient-accumulating",
    "In every run that was seen, the gradient of half of the steps still holds that of the step before.",
    "gradients are not cleared between steps (zero_grad)",
    role=Role("untaught", 50),
)
def train_gradient_accumulating(_: StudyRecord, run: SeenRun) -> Observed | None:
    """Gradients are not cleared between steps.

    **What it means.** Each step follows the sum of all gradients so far, a momentum without friction: the loss swings.

    **How it is decided.** Of one parameter the gradients are followed. Before a step, what is in place must be what was
    computed since the last step, up to a factor (clipping, scaling), which may be over several batches. Where it is the
    sum of that and of what the last step left, the gradient was not cleared.

    **Thresholds.** Half of the steps that can be told (see `train.clip-bound`), three at least. Severity: warning.

    **What it cannot see.** Other frameworks; a parameter with one value alone; steps that compute gradients in a
    closure.

    **What to do.** Clear gradients before each backward pass: `optimiser.zero_grad()` once per step, and not once
    per epoch.
    """
    share = run.seen.accumulated
    if share is None:
        return (
            Observed("absent", "our loop clears gradients", {"share": 0.0}) if run.cell.outcome == "trained" else None
        )
    place = watched_runs.name_place(run.seen.stepped_at)
    sentence = f"the gradient of {format_share(share)} of the steps{place} still holds that of the step before"
    return Observed(choose_status(share >= MOSTLY), sentence, {"share": share, "line": run.seen.stepped_at})
