"""Finding `padding.leaks`."""

from brittlestar.diagnosis.probes.presented import Moved, report_moved
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "padding.leaks"
THRESHOLD = (
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when rows get eight more columns of padding."
)


def check(asked: Asked) -> Findings:
    """A prediction changes with the amount of padding.

    **What it means.** Padding is read as tokens: by a mean, the state behind the last token, attention without a mask.
    A row's answer then depends on the longest row beside it.

    **How it is decided.** Up to 200 rows are scored as they are, and with eight more columns of padding.

    **Thresholds.** As in `eval.stochastic`.

    **What it cannot see.** Models that are given as functions on token lists pad by themselves.

    **What to do.** Use `lengths`: mask the mean, take the state at the last token, mask attention. The padding id is
    `info.pad_id`.
    """
    remedy = "Mask padding by `lengths` in forward: mean over real tokens, state of the last one, attention mask."
    yield from report_moved(
        asked,
        CODE,
        {"padding": Moved("a prediction depends on its padding", "with eight more columns of padding", remedy)},
        THRESHOLD,
    )
