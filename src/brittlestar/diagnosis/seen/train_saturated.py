"""Finding `train.saturated`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.saturated"
SHARE = 0.5  # convention: of the units of a layer
START = 5.0  # convention: five times what is usual, of any layer
GAIN = 10.0  # convention: ten times what is usual; a unit then reads numbers of ten and more
THRESHOLD = (
    "In every run seen, half of a layer's units end within 2 % of bounds on 95 % of positions, a warning where "
    "unfitted; or weights start 5 times larger than usual (recurrent: 10), unfitted."
)
REMEDY = "Make the weights and inputs of that layer smaller, normalise them, or lower the learning rate."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Units that stand at the bound of their activation.

    **What it means.** Where a sigmoid or tanh is flat no gradient passes: what lies before it is not trained any more.

    **How it is decided.** The outputs of LSTM, GRU, RNN, tanh and sigmoid layers on up to 64 train rows are read after
    each epoch: a unit is saturated where at least 95 % of its outputs lie beyond .98 of the range. Weights are read
    before any step, of fit functions, too: drawn as usual, their root mean square times the root of how many numbers a
    unit reads is about 1. At ten times that, gates of recurrent layers stand at their bounds from the start; of another
    layer it is five times.

    **Thresholds.** As in the rule, units at the last epoch.

    **What it cannot see.** Units of models that train themselves; activations without a module of their own.

    **What to do.** Make what goes into the layer smaller.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "units are saturated")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    large = max((one for one in run.seen.gradients if one.kind == "recurrent"), key=lambda one: one.gain, default=None)
    if large is not None and large.gain >= GAIN and fits_poorly(record, run, looking.WELL_FITTED):
        story = f"{large.name} starts {large.gain:.0f} times as large as usual: its initial weights are too large"
        return Told(
            True, story, {"layer": large.name, "gain": large.gain, "train_skill": looking.train_skill(record, run.cell)}
        )
    other = looking.find_largest_start(run.seen)
    if other is not None and other.gain >= START and fits_poorly(record, run, looking.FITTED):
        story = f"{other.name} starts {other.gain:.0f} times as large as usual: its initial weights are too large"
        return Told(True, story, {"layer": other.name, "gain": other.gain})
    shares = looking.read_last_shares(run.cell, "saturated_units.")
    if not shares:
        return None if large is None else Told(False, f"{large.name} starts at {large.gain:.1g} of its usual size", {})
    worst = max(shares, key=lambda layer: shares[layer])
    severity = "warning" if fits_poorly(record, run) else "info"
    story = f"{format_share(shares[worst])} of the units of {worst} stand at the bounds of their activation"
    return Told(shares[worst] >= SHARE, story, {"saturated_units": shares}, severity)
