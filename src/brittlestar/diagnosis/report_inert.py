"""Finding `report.inert`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import INERT, Traced
from brittlestar.diagnosis.tracing import tell_traced

CODE = INERT
THRESHOLD = (
    "Main's first run with another value of a setting ends with the same weights and answers, bit by bit: on a few "
    "rows, and in the whole training."
)
SEEDS = "seeds"
"""That a seed has no effect is `seed.inert`."""


def check(record: StudyRecord) -> Iterator[Finding]:
    """A stated setting has no effect on the run.

    **What it means.** A report that states it states something that is not so: dropout on a single recurrent layer, a
    schedule that is never stepped, a parameter that nothing reads.

    **How it is decided.** `brittlestar trace` trains main's first run again with another value of each setting that
    somebody chose, and of each parameter that own code declares, and compares every weight and answer.

    **Thresholds.** Nothing differs in a single bit, neither on a few rows of train nor in the whole training.
    Inconclusive: no other valid value is known, or the run fails with it. Severity: warning.

    **What it cannot see.** A limit that is never reached here, and may be on other data; a setting that changes a clock
    or a file, but no answer.

    **What to do.** Mend what should read the setting, or leave it out of the report.
    """
    yield from tell_traced(record, CODE, THRESHOLD, _advise, without=(SEEDS,))


def _advise(one: Traced) -> str:
    return f"Mend what should read {one.name.removeprefix('model.params.')}, or do not report it."
