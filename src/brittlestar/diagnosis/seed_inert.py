"""Finding `seed.inert`."""

from collections.abc import Iterator

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, suggest_rerun

CODE = "seed.inert"
THRESHOLD = (
    "At least two runs of a variant are done, and every score of every one of them is the same to the last digit."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Changing the seed changes nothing.

    **What it means.** Several seeds are one result written down several times: an interval over them has no width and
    says nothing.

    **How it is decided.** All scores of all done runs of a variant are compared: every split, metric and checkpoint. Of
    a single run of main, `brittlestar trace` tells it: another seed changes no weight and no answer.

    **Thresholds.** Two or more done runs, and not one score that differs. Severity: warning.

    **What it cannot see.** Whether the model ignores the seed (a fixed `random_state`) or has nothing to draw (a convex
    fit). That a study holds every stream fixed is said. A factory that seeds itself: a note of the study says it.

    **What to do.** Pass the seed on; vary a stream that matters (`streams: {sampling: varied}` resamples train); or
    read the variant as one result, whose uncertainty lies in the rows alone.
    """
    for arm in arms(record):
        yield _finding(arm, record)


def _finding(arm: Arm, record: StudyRecord) -> Finding:
    where = {"variant": arm.name}
    n = len(arm.done)
    evidence: dict[str, object] = {"done": n, "of": len(arm.cells), "trainings": len({one.hash for one in arm.done})}
    if n < 2 and not (arm.name == record.main and _was_traced(record)):
        summary = f"{arm.name}: {n} of {len(arm.cells)} runs are done; whether seeds differ needs two."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, suggest_rerun(arm.cells))
    if all(cell.outcome == "diverged" for cell in arm.done):
        summary = f"{arm.name}: all {n} runs diverged and are scored at the majority class; seeds cannot differ there."
        remedy = "Mend train.nonfinite first."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    if len({_scores(cell) for cell in arm.done}) > 1:
        summary = f"{arm.name}: the {n} seeds have different scores."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    fixed = bool(record.streams) and all(state in ("fixed", "off") for state in record.streams.values())
    why = (
        "every stream is held fixed, so that they are one training"
        if fixed
        else "the seed has no effect on this variant"
    )
    same = f"all {n} seeds score" if n > 1 else "another seed would score"
    summary = f"{arm.name}: {same} the same to the last digit: {why}; an interval over them says nothing."
    passed = "Pass the seed on to whatever draws random numbers; where nothing does, this is one result, and "
    varied = command("run", settings={"streams.sampling": "varied"})
    remedy = Advice((passed, varied, " shows what other training rows would change."))
    remedy = "Vary a stream that matters (`streams: {init: varied}`)." if fixed else remedy
    return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)


def _was_traced(record: StudyRecord) -> bool:
    """Whether `trace` saw that another seed changes nothing."""
    return record.traced is not None and any(one.name == "seeds" for one in record.traced.found)


def _scores(cell: CellRecord) -> str:
    return repr(
        sorted(
            (split, checkpoint, metric, value)
            for split, checkpoints in cell.scores.items()
            for checkpoint, metrics in checkpoints.items()
            for metric, value in metrics.items()
            if value is not None
        )
    )
