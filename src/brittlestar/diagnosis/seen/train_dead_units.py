"""Finding `train.dead-units`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen, read_last_shares

CODE = "train.dead-units"
SHARE = 0.8  # convention: of the units of a layer
THRESHOLD = (
    "In every run seen, 80 % of a layer's units end the same on every position of 64 train rows, or its late gradients "
    "are exactly zero and early ones were not; a warning where train is not fitted."
)
REMEDY = "Lower the learning rate, take a leaky activation, and look at biases that start far below zero."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Units that answer the same whatever they read.

    **What it means.** A ReLU whose input is below zero for every row passes nothing on and gets no gradient: it will
    not come back.

    **How it is decided.** Of models that we train, the outputs of layers on up to 64 train rows are read after each
    epoch: a unit is dead where all of them are the same to a millionth. Of every loop in PyTorch, gradients are read
    before steps: a table that steps moved, and whose gradients are exactly zero in the last third of them, lies behind
    dead units.

    **Thresholds.** As in the rule; information where the model has learned.

    **What it cannot see.** Layers without a module of their own; other frameworks.

    **What to do.** Lower the learning rate first.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "units are dead")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    shares = read_last_shares(run.cell, "dead_units.")
    still = {one.name for one in run.seen.still}
    silent = [one.name for one in run.seen.gradients if one.late == 0 and one.name not in still]
    if not shares and not run.seen.gradients:
        return None
    severity = "warning" if fits_poorly(record, run) else "info"
    worst = max(shares, key=lambda layer: shares[layer], default="")
    evidence = {"dead_units": shares, "silent": silent[:10]}
    if shares and shares[worst] >= SHARE:
        return Told(
            True,
            f"{format_share(shares[worst])} of the units of {worst} are the same for every row",
            evidence,
            severity,
        )
    if silent:
        story = f"the gradients of {', '.join(silent[:2])} are exactly zero late in training, and were not always"
        return Told(True, story, evidence, severity)
    most = f": at most {format_share(shares[worst])} of a layer" if shares else ""
    return Told(False, f"units differ from row to row{most}, and gradients reach them", evidence)
