"""Finding `train.symmetric`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, judge_seen

CODE = "train.symmetric"
THRESHOLD = "In every run that was seen, all units of a layer have the same weights at the end, and steps moved them."
REMEDY = "Draw the weights of the layer at random: constants leave all its units equal, and they stay so."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Units start equal and stay equal.

    **What it means.** Units with the same weights get the same gradients: a layer of any width computes one number.

    **How it is decided.** After training, the rows of each table of weights (four rows and two columns or more, no
    embeddings) are compared: all must be the same, to a millionth of the largest weight.

    **Thresholds.** One such layer. Severity: warning.

    **What it cannot see.** Groups of equal units beside others; other frameworks.

    **What to do.** Draw the weights at random.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "units of a layer start and stay equal")


def _tell(_: StudyRecord, run: SeenRun) -> Told | None:
    if not run.seen.parameters:
        return None
    equal = run.seen.equal
    more = f" and {len(equal) - 2} more" if len(equal) > 2 else ""
    story = f"all units of {', '.join(equal[:2])}{more} are the same" if equal else "units of every layer differ"
    return Told(bool(equal), story, {"layers": list(equal[:10])})
