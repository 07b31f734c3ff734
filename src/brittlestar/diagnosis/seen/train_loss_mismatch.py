"""Finding `train.loss-mismatch`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import SQUARED_ERROR, SeenLoss
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, judge_seen

CODE = "train.loss-mismatch"
DISTANCES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", SQUARED_ERROR)
LOGS = ("nll_loss", "kl_div")
NEVER_NEGATIVE = ("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits")
LARGE = 3.0  # convention: before any step nobody knows more than class shares, and nobody is so sure of the wrong
THRESHOLD = (
    "In every run seen, nine of ten batches late in training give the loss probabilities for scores, shares over a "
    "batch, scores cut at zero or another shape; or it begins at 3 times class shares, and nothing is learned."
)
REMEDY = (
    "Give cross_entropy the scores as the last layer makes them (no softmax, sigmoid or ReLU), nll_loss their "
    "log_softmax over the classes, binary_cross_entropy_with_logits scores without sigmoid; give input and target of "
    "a distance the same shape, and prefer cross_entropy to a distance between numbers of classes."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The loss does not fit the outputs that it is given.

    **What it means.** Training optimises something else than was meant. It may still learn, slowly or up to a bound: a
    softmax that is applied twice never lets the loss near zero.

    **How it is decided.** The input of the loss is looked at in the first 12 calls, and every 17th after them (every
    97th after 1,000). Of those in the last third, at least 90 % must have one form, of 16 values a batch or more: rows
    or columns that sum to 1 were through a softmax, of which that over columns has the wrong axis; none below zero and
    a tenth at zero were cut by a ReLU; all within 0 and 1 were through a sigmoid. `nll_loss` takes logarithms of
    probabilities. A distance between two shapes, to numbers of three or more classes, or between probabilities where
    train is not fitted (90 %) counts, also where own arithmetic makes it. Scores that are far too large before any step
    count where nothing was learned. So do a class that `ignore_index` leaves out, and a loss whose gradient is turned
    around.

    **Thresholds.** As in the rule: facts about calls, no estimates. Severity: warning.

    **What it cannot see.** Own losses, but squared errors; other frameworks; a weight that is wrong.

    **What to do.** Give the loss what its documentation asks for.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "the loss does not fit the outputs")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    loss = run.seen.loss
    if loss is None:
        return None
    least = None if run.seen.course is None else run.seen.course.least
    wrong = _find_wrong(loss, len(record.classes), least) or _find_large(record, run) or _find_fading(record, run)
    place = f" ({loss.where})" if loss.where else ""
    evidence = {"function": loss.function, "line": loss.where, "form": loss.form}
    return Told(bool(wrong), f"{loss.function}{place} is given {wrong or loss.form}", evidence)


def _find_large(record: StudyRecord, run: SeenRun) -> str:
    """What says that scores are far too large before any step, of a model that has learned nothing; else empty."""
    course, shares = run.seen.course, looking.class_share_loss(record)
    if course is None or run.seen.loss is None or run.seen.loss.function not in looking.CROSS_ENTROPIES:
        return ""
    if looking.has_learned(record, run.cell) is not False or not course.first >= LARGE * shares:
        return ""
    if (run.seen.dropout or 0.0) >= looking.DROPOUT:  # what is left is scaled up by as much
        return ""
    return f"scores so large that the first loss is {course.first:.1f}, where class shares cost {shares:.2f}"


def _find_fading(record: StudyRecord, run: SeenRun) -> str:
    """What says that a distance between probabilities keeps a model from fitting train; else empty."""
    loss = run.seen.loss
    if loss is None or loss.function not in DISTANCES or loss.form not in ("probabilities", "between 0 and 1"):
        return ""
    if not fits_poorly(record, run, looking.WELL_FITTED):
        return ""
    return "probabilities, and train is not fitted: where they are sure, right or wrong, its gradient fades"


def _find_wrong(loss: SeenLoss, classes: int, least: float | None) -> str:
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
    if loss.function in ("cross_entropy", "binary_cross_entropy_with_logits", "multi_margin_loss"):
        if loss.form == "probabilities":
            return "probabilities where it takes scores: softmax is applied twice"
        if loss.form == "between 0 and 1":
            return "numbers between 0 and 1 where it takes scores: a sigmoid comes before it"
        if loss.form == "cut at zero":
            return "scores of which none is below zero and many are exactly zero: a ReLU comes before it"
    if least is not None and least < 0 and loss.function in NEVER_NEGATIVE:
        return f"what brings it down to {least:.3f}, below zero, where it cannot be"
    return ""
