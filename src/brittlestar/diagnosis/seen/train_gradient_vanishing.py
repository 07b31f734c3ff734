"""Finding `train.gradient-vanishing`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import FITTED, WELL_FITTED, SeenRun, Told, fits_poorly, judge_seen

CODE = "train.gradient-vanishing"
RATIO = 1e-4  # convention: a ten-thousandth of the largest
GONE = 1e-5  # convention: a tenth of that
THRESHOLD = (
    "In every run seen, the early gradients of some table of weights are a ten-thousandth of the largest table's, and "
    "train is not fitted."
)
REMEDY = (
    "Shorten the way from the loss: fewer layers, residual connections, layer normalisation, LSTM or GRU for a plain "
    "RNN, ReLU for sigmoid."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Gradients fade on their way to the first layers.

    **What it means.** The last layers are trained on what the first ones happen to give: they were never taught.

    **How it is decided.** The root mean square of the gradients of a table of weights is read right before the steps
    that are looked at; the median over the first third is compared between tables, but those of embeddings. It counts
    where train is not fitted (70 %; 90 % below a hundred-thousandth): a model that has learned got its gradients
    somehow.

    **Thresholds.** As in the rule. Gradients of exactly zero are `train.unchanged` or `train.dead-units`. Severity:
    warning.

    **What it cannot see.** Gradients that fade over the positions of a row, inside one layer; other frameworks.

    **What to do.** Shorten the way from the loss to the first layers.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "gradients vanish on the way to the first layers")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    sizes = {one.name: one.early for one in run.seen.gradients if one.early > 0 and one.kind != "table"}
    if len(sizes) < 2:
        return None
    least, most = min(sizes, key=lambda name: sizes[name]), max(sizes, key=lambda name: sizes[name])
    ratio = sizes[least] / sizes[most]
    story = f"gradients of {least} are {ratio:.1g} of those of {most}"
    faint = ratio <= RATIO and fits_poorly(record, run, WELL_FITTED if ratio <= GONE else FITTED)
    return Told(faint, story, {"ratio": ratio, "least": least, "most": most})
