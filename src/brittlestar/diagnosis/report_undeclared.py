"""Finding `report.undeclared`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import UNDECLARED, Traced
from brittlestar.diagnosis.tracing import tell_traced

CODE = UNDECLARED
THRESHOLD = (
    "Main's first run gives other weights or answers when one thing around it changes: bit by bit; for the order of "
    "rows, beyond what seeds do (p ≤ .01)."
)
REMEDIES = {
    "hash seed": "Sort what comes out of sets, and use no `hash()` of texts.",
    "threads": "State the number of threads, or make sums independent of it.",
    "time zone": "Compute with UTC, or leave clocks out of training.",
    "locale": "Name the encoding of each file that is opened, and sort without the locale.",
    "working folder": "Name files relative to the module (`Path(__file__).parent`).",
    "global random state": "Draw from a generator of your own that is made from the seed.",
    "a run beside it": "Give each run files and names of its own.",
    "a process of its own": "Find what the module does when it is imported, or with processes.",
    "order of rows in train": "Shuffle train by the seed, or sort its rows by something that is in the data.",
    "order of held-out rows": "Answer each row for itself: no statistics of the batch, no state from row to row.",
}


def check(record: StudyRecord) -> Iterator[Finding]:
    """Something that nobody states has an effect on the run.

    **What it means.** Whoever repeats the run as it is reported may get something else, and nobody knows why.

    **How it is decided.** `brittlestar trace` repeats main's first run on a few rows of train, with one thing around it
    changed at a time, and compares every weight and answer. Of rows in train, five seeds with each of two orders are
    compared.

    **Thresholds.** Something differs in a single bit, or the run fails; for the order of train's rows, answers are
    further apart than those of seeds (permutation test of the energy distance, level .01), by more than .001; of
    held-out rows, a probability moves by more than .001. Severity: warning.

    **What it cannot see.** What shows on more rows alone, and machines, versions and hardware other than this one.

    **What to do.** Its remedy names it. Where it cannot be mended, state it in the report.
    """
    yield from tell_traced(record, CODE, THRESHOLD, _advise)


def _advise(one: Traced) -> str:
    return REMEDIES.get(one.name, "State it in the report, or make the run independent of it.")
