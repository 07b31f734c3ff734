"""Finding `eval.stochastic`."""

from brittlestar.diagnosis.probes.presented import report_moved
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "eval.stochastic"
THRESHOLD = "A class probability moves by more than 0.001 (0.03 in 16 bits) when the same batches are scored twice."
CAUSE = "the same rows get different answers"


def check(asked: Asked) -> Findings:
    """The same input gives different outputs.

    **What it means.** Something random is at work while the model is scored, so that its score is one draw of many.
    Dropout that is called as a function without `training=self.training` does this.

    **How it is decided.** Up to 200 rows are scored twice in the same batches, in evaluation mode.

    **Thresholds.** Present: one probability moves by more than 0.001 (0.03 in 16 bits). Absent: none does. Warning;
    error where a predicted class changes.

    **What it cannot see.** Randomness that is drawn once, when the model is built.

    **What to do.** Pass `training=self.training` to functional dropout, or use `nn.Dropout`. A fit function calls
    `model.eval()` before it predicts.
    """
    remedy = (
        "Pass training=self.training to functional dropout, or use nn.Dropout; a fit function calls model.eval() first."
    )
    yield from report_moved(asked, CODE, ("again",), "when scored twice", THRESHOLD, remedy, CAUSE)
