"""Finding `probe.factor-blind`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_blind

CODE = "probe.factor-blind"
THRESHOLD = (
    "Fewer than 20 % of predictions change on rows whose true label turns (over 5 % of rows, 30 at least), "
    "significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A factor that the task needs is not used.

    **What it means.** A part of every token decides about the label, and the model ignores it.

    **How it is decided.** The values of one factor are shuffled within each row, or drawn anew as often as train has
    them; the others stay. Predictions should change on the rows whose true label turned.

    **Thresholds.** As in `probe.order-blind`.

    **What it cannot see.** Anything where no rule is known, unless the study says `expect: {factors: changes}`.

    **What to do.** Train on tokens whose parts are seen (`model.embedding.composition: factor-sum`).
    """
    remedy = "Let the model see the parts of tokens: model.embedding.composition: factor-sum."
    yield from report_blind(asked, CODE, THRESHOLD, remedy)
