"""Finding `data.small`, of models that read train their own way."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import MOSTLY, SeenRun, Told, judge_seen

CODE = "data.small"
FEWEST_ROWS = 50  # convention: fewer rows may have come twice by chance
THRESHOLD = (
    "In every run seen, the steps that were looked at read 50 rows or more, and fewer than half as many different ones "
    "as so many draws from train would give."
)
REMEDY = (
    "Look at what cuts train before the loop: a slice, a limit from a first try, a `zip` with something shorter, a "
    "sampler that draws the same few."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """An own loop trains on a part of train.

    **What it means.** The model has seen few of the rows that it was given, again and again, and the others not at all.

    **How it is decided.** In the first 12 steps, every 17th after them and every 97th after 1,000, the first table of
    whole numbers that a module is given is read. Rows that differ are counted, and held against how many so many draws
    from train, with replacement, would give.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** Models that are given no ids; an own padding that is not zero; a tokeniser that makes many
    rows one.

    **What to do.** Look for what cuts train.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "only a part of the rows is read in training")


def _tell(_: StudyRecord, run: SeenRun) -> Told | None:
    rows = run.seen.rows
    if rows is None or not rows.expected or rows.looked < FEWEST_ROWS:
        return None
    story = (
        f"{rows.looked:,} rows of batches were looked at, and only {rows.different:,} rows are different ones, where "
        f"draws from train would give {rows.expected:,.0f}"
    )
    evidence = {"looked": rows.looked, "different": rows.different, "expected": rows.expected}
    return Told(rows.different < MOSTLY * rows.expected, story, evidence)
