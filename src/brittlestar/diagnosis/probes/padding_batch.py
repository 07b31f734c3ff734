"""Finding `padding.batch`."""

from brittlestar.diagnosis.probes.presented import Moved, report_moved
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "padding.batch"
THRESHOLD = "A class probability moves by more than 0.001 (0.03 in 16 bits) with the other rows of the batch."


def check(asked: Asked) -> Findings:
    """A prediction depends on the other rows of its batch.

    **What it means.** A score that was measured in batches is not that of rows one by one. Batch normalisation in
    training mode, a softmax over the wrong axis, and padding that is read do this.

    **How it is decided.** Up to 200 rows are scored in batches of equal length, in batches of 32 drawn at random, and
    50 of them one by one.

    **Thresholds.** As in `eval.stochastic`.

    **What it cannot see.** Whether padding is the reason: see `padding.leaks`.

    **What to do.** Call `model.eval()`, check the axis of every mean, softmax and normalisation. `forward` takes rows
    first.
    """
    remedy = "Check every mean, softmax and normalisation for the axis of rows; batch normalisation needs eval mode."
    moved = Moved("a prediction depends on the other rows of its batch", "with other rows in the batch", remedy)
    yield from report_moved(asked, CODE, {"mates": moved, "alone": moved}, THRESHOLD)
