"""Finding `train.gradient-accumulating`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import MOSTLY, SeenRun, Told, format_share, judge_seen

CODE = "train.gradient-accumulating"
THRESHOLD = "In every run that was seen, the gradient of half of the steps still holds that of the step before."
REMEDY = "Clear gradients before each backward pass: `optimiser.zero_grad()` once per step, and not once per epoch."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Gradients are not cleared between steps.

    **What it means.** Each step follows the sum of all gradients so far, a momentum without friction: the loss swings.

    **How it is decided.** Of one parameter the gradients are followed. Before a step, what is in place must be what was
    computed since the last step, up to a factor (clipping, scaling), which may be over several batches. Where it is the
    sum of that and of what the last step left, the gradient was not cleared.

    **Thresholds.** Half of the steps that can be told (see `train.clip-bound`), three at least. Severity: warning.

    **What it cannot see.** Other frameworks; a parameter with one value alone; steps that compute gradients in a
    closure.

    **What to do.** Clear gradients before each backward pass.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "gradients are not cleared between steps (zero_grad)")


def _tell(_: StudyRecord, run: SeenRun) -> Told | None:
    share = run.seen.accumulated
    if share is None:
        return Told(False, "our loop clears gradients", {"share": 0.0}) if run.cell.outcome == "trained" else None
    place = f" ({run.seen.stepped_at})" if run.seen.stepped_at else ""
    story = f"the gradient of {format_share(share)} of the steps{place} still holds that of the step before"
    return Told(share >= MOSTLY, story, {"share": share, "line": run.seen.stepped_at})
