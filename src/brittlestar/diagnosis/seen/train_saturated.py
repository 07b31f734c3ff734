"""Finding `train.saturated`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen, read_last_shares

CODE = "train.saturated"
SHARE = 0.5  # convention: of the units of a layer
THRESHOLD = (
    "In every run seen, half of the units of a layer with a bounded activation end within 2 % of its bounds on 95 % of "
    "positions of 64 train rows; a warning where train is not fitted, else info."
)
REMEDY = "Make the weights and inputs of that layer smaller, normalise them, or lower the learning rate."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Units that stand at the bound of their activation.

    **What it means.** Where a sigmoid or tanh is flat no gradient passes: what lies before it is not trained any
    more.

    **How it is decided.** The outputs of LSTM, GRU, RNN, tanh and sigmoid layers on up to 64 train rows are read
    after each epoch. A unit is saturated where at least 95 % of its outputs lie beyond .98 of the range.

    **Thresholds.** As in the rule, at the last epoch.

    **What it cannot see.** Models that train themselves; activations without a module of their own.

    **What to do.** Make what goes into the layer smaller.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell)


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    shares = read_last_shares(run.cell, "saturated_units.")
    if not shares:
        return None
    worst = max(shares, key=lambda layer: shares[layer])
    severity = "warning" if fits_poorly(record, run) else "info"
    story = f"{format_share(shares[worst])} of the units of {worst} stand at the bounds of their activation"
    return Told(shares[worst] >= SHARE, story, {"saturated_units": shares}, severity)
