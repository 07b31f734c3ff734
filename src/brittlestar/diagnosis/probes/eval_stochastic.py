"""Finding `eval.stochastic`."""

from brittlestar.diagnosis.probes.presented import Moved, report_moved
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "eval.stochastic"
THRESHOLD = (
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when the same batches are scored twice, or after "
    "another row."
)
RANDOM = Moved(
    "the same rows get different answers",
    "when scored twice",
    "Pass training=self.training to functional dropout, or use nn.Dropout; a fit function calls model.eval() first.",
)
KEPT = Moved(
    "something of an earlier call is kept",
    "when scored after another row",
    "Keep nothing of a batch for the next: forward begins with a fresh hidden state, and in eval mode changes no mean.",
)


def check(asked: Asked) -> Findings:
    """The same input gives different outputs.

    **What it means.** Something random is at work while the model is scored, as dropout without
    `training=self.training`, or it keeps something of one call for the next, as a hidden state: its score is one of
    many.

    **How it is decided.** Up to 200 rows are scored twice in the same batches, in evaluation mode, and a third time
    after another row.

    **Thresholds.** As in the rule. Severity: warning; error where a predicted class changes.

    **What it cannot see.** Randomness that is drawn once, when the model is built; what is kept of much earlier calls.

    **What to do.** Pass `training=self.training` to functional dropout, or use `nn.Dropout`. Set what is kept to its
    start at the beginning of `forward`. A fit function calls `model.eval()` before it predicts.
    """
    yield from report_moved(asked, CODE, {"again": RANDOM, "later": KEPT}, THRESHOLD)
