"""What goes forward and back through a model: what the loss is given, its gradients, and units on their way."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import choose_status
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import SQUARED_ERROR, SeenLoss
from brittlestar.diagnosis.seen import watched_runs
from brittlestar.diagnosis.seen.watched_runs import SeenRun, fits_poorly, format_share, seen_check

DISTANCES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", SQUARED_ERROR)
LOGS = ("nll_loss", "kl_div")
OF_SCORES = ("cross_entropy", "binary_cross_entropy_with_logits", "multi_margin_loss")
MADE_FOR_SCORES = {
    "probabilities": "probabilities where it takes scores: softmax is applied twice",
    "between 0 and 1": "numbers between 0 and 1 where it takes scores: a sigmoid comes before it",
    "cut at zero": "scores of which none is below zero and many are exactly zero: a ReLU comes before it",
}
"""What is wrong with the form of what a loss of scores is given."""
RATIO = 1e-4  # convention: a ten-thousandth of the largest
PASSED = 10.0  # convention: times RATIO, from which on gradients of an embedding say that they arrive
GONE = 1e-5  # convention: a tenth of that
TIMES = 100.0  # convention: of the usual norm
LARGE_NORM = 10.0  # convention: below it a jump moves little at common rates
WRONG = 10.0  # convention: ten times the cost of class shares, before anything is learned
INITIAL = "Draw the weights of that layer as PyTorch does by default, or with `nn.init.kaiming_uniform_`."
DEAD = 0.8  # convention: of the units of a layer
SATURATED = 0.5  # convention: of the units of a layer
GAIN = 10.0  # convention: ten times what is usual; a unit then reads numbers of ten and more


@seen_check(
    "train.loss-mismatch",
    "In every run seen, nine of ten batches late in training give the loss probabilities for scores, shares over a "
    "batch, scores cut at zero or another shape.",
    "the loss does not fit the outputs",
    role=Role("untaught", 40, explains=("train.rate-low", "padding.batch")),
)
def train_loss_mismatch(record: StudyRecord, run: SeenRun) -> Observed | None:
    """The loss does not fit the outputs that it is given.

    **What it means.** Training optimises something else than was meant. It may still learn, slowly or up to a bound: a
    softmax that is applied twice never lets the loss near zero.

    **How it is decided.** The input of the loss is looked at in the first 12 calls, and every 17th after them (every
    97th after 1,000). Of those in the last third, at least 90 % must have one form, of 16 values a batch or more: rows
    or columns that sum to 1 were through a softmax; none below zero and a tenth at zero were cut by a ReLU; all within
    0 and 1 were through a sigmoid. `nll_loss` takes logarithms of probabilities. A distance between two shapes, to
    numbers of three or more classes, or between probabilities where train is not fitted (90 %) counts, also of own
    arithmetic. So do a class that `ignore_index` leaves out, and a loss whose gradient is turned around.

    **What it cannot see.** Own losses, but squared errors; other frameworks; a weight that is wrong.

    **What to do.** Give cross_entropy the scores as the last layer makes them (no softmax, sigmoid or ReLU),
    nll_loss their log_softmax over the classes, binary_cross_entropy_with_logits scores without sigmoid; give input
    and target of a distance the same shape, and prefer cross_entropy to a distance between numbers of classes.
    """
    loss = run.seen.loss
    if loss is None:
        return None
    wrong = _find_wrong(loss, len(record.classes)) or _find_fading(record, run)
    place = watched_runs.name_place(loss.where)
    evidence = {"function": loss.function, "line": loss.where, "form": loss.form}
    return Observed(choose_status(bool(wrong)), f"{loss.function}{place} is given {wrong or loss.form}", evidence)


def _find_fading(record: StudyRecord, run: SeenRun) -> str:
    """What says that a distance between probabilities keeps a model from fitting train; else empty."""
    loss = run.seen.loss
    if loss is None or loss.function not in DISTANCES or loss.form not in ("probabilities", "between 0 and 1"):
        return ""
    if not fits_poorly(record, run, watched_runs.WELL_FITTED):
        return ""
    return "probabilities, and train is not fitted: where they are sure, right or wrong, its gradient fades"


def _find_wrong(loss: SeenLoss, classes: int) -> str:
    """What is wrong with the input of a loss, in words; empty where nothing is."""
    if loss.turned:
        return "a minus sign: its gradient is turned around, and steps make it larger"
    if loss.ignored >= 0:
        return f"targets of which it counts none of class {loss.ignored} (ignore_index)"
    if loss.form == "shares of a batch":
        return "outputs that sum to 1 over the rows of a batch, and not over the classes: softmax over the wrong axis"
    if loss.function in DISTANCES:
        if loss.target_shape and loss.input_shape != loss.target_shape:
            shapes = f"{loss.input_shape} and {loss.target_shape}"
            return f"input and target of the shapes {shapes}: every row is compared with every other one"
        return "the numbers of classes as if they were amounts" if loss.numbers and classes > 2 else ""
    if loss.function in LOGS and loss.form in ("probabilities", "between 0 and 1"):
        return "probabilities where it takes their logarithms"
    return MADE_FOR_SCORES.get(loss.form, "") if loss.function in OF_SCORES else ""


@seen_check(
    "train.gradient-vanishing",
    "In every run seen, the early gradients of some table of weights are a ten-thousandth of the largest table's, "
    "and train is not fitted.",
    "gradients vanish on the way to the first layers",
    role=Role("untaught", 10),
)
def train_gradient_vanishing(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Gradients fade on their way to the first layers.

    **What it means.** The last layers are trained on what the first ones happen to give: they were never taught.

    **How it is decided.** The root mean square of the gradients of a table of weights is read right before the steps
    that are looked at; the median over the first third is compared between tables, but those of embeddings. What
    reaches an embedding has passed all layers: then a faint table is a branch, such as the queries of attention that
    is even at first. It counts where train is not fitted (70 %; 90 % below a hundred-thousandth): a model that has
    learned got its gradients somehow.

    **Thresholds.** As in the rule. Gradients of exactly zero are `train.unchanged` or `train.dead-units`. Severity:
    warning.

    **What it cannot see.** Gradients that fade over the positions of a row, inside one layer; other frameworks.

    **What to do.** Shorten the way from the loss: fewer layers, residual connections, layer normalisation, LSTM or
    GRU for a plain RNN, ReLU for sigmoid.
    """
    sizes = {
        gradient.name: gradient.early
        for gradient in run.seen.gradients
        if gradient.early > 0 and gradient.kind != "table"
    }
    if len(sizes) < 2:
        return None
    least, most = min(sizes, key=lambda name: sizes[name]), max(sizes, key=lambda name: sizes[name])
    ratio = sizes[least] / sizes[most]
    sentence = f"gradients of {least} are {ratio:.1g} of those of {most}"
    passed = (
        max((gradient.early for gradient in run.seen.gradients if gradient.kind == "table"), default=0.0) / sizes[most]
    )
    faint = (
        ratio <= RATIO
        and passed <= PASSED * RATIO
        and fits_poorly(record, run, watched_runs.WELL_FITTED if ratio <= GONE else watched_runs.FITTED)
    )
    return Observed(choose_status(faint), sentence, {"ratio": ratio, "least": least, "most": most})


@seen_check(
    "train.gradient-exploding",
    "In every run seen, the largest gradient norm is above 10 and 100 times the usual one; or weights start 3 "
    "times larger than usual, and the loss at 10 times class shares: a warning where unfitted, else info.",
    "gradients explode",
    role=Role("untaught", 190, mild=30),
)
def train_gradient_exploding(record: StudyRecord, run: SeenRun) -> Observed | None:
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

    **What to do.** Clip gradients before the step (`clip_grad_norm_`). Look at the rows of that batch.
    """
    course = run.seen.course
    if course is None or not np.isfinite([course.largest, *course.gradient]).all():
        return None
    large = watched_runs.find_largest_start(run.seen)
    shares = watched_runs.class_share_loss(record)
    wrong = watched_runs.is_cross_entropy(run.seen) and course.first >= WRONG * shares
    unfit = fits_poorly(record, run, watched_runs.NEARLY_ALL)
    if large is not None and large.gain >= watched_runs.LARGE_START and wrong and unfit:
        sentence = (
            f"{large.name} starts {large.gain:.1f} times as large as usual: its initial weights are too large, and the "
            f"first loss is {course.first:,.3g}, where class shares cost {shares:.2f}"
        )
        evidence = {"layer": large.name, "gain": large.gain, "first_loss": course.first}
        return Observed(
            "present", sentence, evidence, severity=watched_runs.severity_unfitted(record, run), remedy=INITIAL
        )
    usual = max(course.gradient)
    large = course.largest >= LARGE_NORM and course.largest >= TIMES * usual
    severity = "warning" if fits_poorly(record, run) else "info"
    sentence = f"the largest gradient norm is {course.largest:.2g}, the usual one {usual:.2g}"
    return Observed(choose_status(large), sentence, {"largest": course.largest, "usual": usual}, severity=severity)


@seen_check(
    "train.dead-units",
    "In every run seen, 80 % of a layer's units end the same on every position of 64 train rows, or its late "
    "gradients are exactly zero and early ones were not; a warning where train is not fitted.",
    "units are dead",
    role=Role("untaught", 170, mild=20),
)
def train_dead_units(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Units that answer the same whatever they read.

    **What it means.** A ReLU whose input is below zero for every row passes nothing on and gets no gradient: it will
    not come back.

    **How it is decided.** Of models that we train, the outputs of layers on up to 64 train rows are read after each
    epoch: a unit is dead where all of them are the same to a millionth. Of every loop in PyTorch, gradients are read
    before steps: a table that steps moved, and whose gradients are exactly zero in the last third of them, lies behind
    dead units.

    **Thresholds.** As in the rule; information where the model has learned.

    **What it cannot see.** Layers without a module of their own; other frameworks.

    **What to do.** Lower the learning rate, take a leaky activation, and look at biases that start far below zero.
    """
    shares = watched_runs.read_last_shares(run.cell, "dead_units.")
    still = {parameter.name for parameter in run.seen.still}
    silent = [gradient.name for gradient in run.seen.gradients if gradient.late == 0 and gradient.name not in still]
    if not shares and not run.seen.gradients:
        return None
    severity = "warning" if fits_poorly(record, run) else "info"
    worst = max(shares, key=lambda layer: shares[layer], default="")
    evidence = {"dead_units": shares, "silent": silent[:10]}
    if shares and shares[worst] >= DEAD:
        return Observed(
            "present",
            f"{format_share(shares[worst])} of the units of {worst} are the same for every row",
            evidence,
            severity=severity,
        )
    if silent:
        sentence = f"the gradients of {', '.join(silent[:2])} are exactly zero late in training, and were not always"
        return Observed("present", sentence, evidence, severity=severity)
    most = f": at most {format_share(shares[worst])} of a layer" if shares else ""
    return Observed("absent", f"units differ from row to row{most}, and gradients reach them", evidence)


@seen_check(
    "train.saturated",
    "In every run seen, half of a layer's units end within 2 % of bounds on 95 % of positions, a warning where "
    "unfitted; or weights of a recurrent layer start 10 times larger than usual, unfitted.",
    "units are saturated",
    role=Role("untaught", 180, mild=10),
)
def train_saturated(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Units that stand at the bound of their activation.

    **What it means.** Where a sigmoid or tanh is flat no gradient passes: what lies before it is not trained any more.

    **How it is decided.** The outputs of LSTM, GRU, RNN, tanh and sigmoid layers on up to 64 train rows are read after
    each epoch: a unit is saturated where at least 95 % of its outputs lie beyond .98 of the range. Weights are read
    before any step, of fit functions, too: drawn as usual, their root mean square times the root of how many numbers a
    unit reads is about 1. At ten times that, gates of recurrent layers stand at their bounds from the start.

    **What it cannot see.** Units of models that train themselves; activations without a module of their own.

    **What to do.** Make the weights and inputs of that layer smaller, normalise them, or lower the learning rate.
    """
    large = max(
        (gradient for gradient in run.seen.gradients if gradient.kind == "recurrent"),
        key=lambda one: one.gain,
        default=None,
    )
    if large is not None and large.gain >= GAIN and fits_poorly(record, run, watched_runs.WELL_FITTED):
        sentence = f"{large.name} starts {large.gain:.0f} times as large as usual: its initial weights are too large"
        return Observed(
            "present",
            sentence,
            {
                "layer": large.name,
                "gain": large.gain,
                "train_skill": watched_runs.train_skill(record, run.cell),
            },
        )
    shares = watched_runs.read_last_shares(run.cell, "saturated_units.")
    if not shares:
        return (
            None if large is None else Observed("absent", f"{large.name} starts at {large.gain:.1g} of its usual size")
        )
    worst = max(shares, key=lambda layer: shares[layer])
    severity = "warning" if fits_poorly(record, run) else "info"
    sentence = f"{format_share(shares[worst])} of the units of {worst} stand at the bounds of their activation"
    return Observed(choose_status(shares[worst] >= SATURATED), sentence, {"saturated_units": shares}, severity=severity)
