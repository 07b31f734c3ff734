"""Finding `seed.undeclared`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import UNREPEATABLE, Traced
from brittlestar.diagnosis.tracing import tell_traced

CODE = UNREPEATABLE
THRESHOLD = "Main's first run, repeated in the same process with the same seed, ends with other weights or answers."


def check(record: StudyRecord) -> Iterator[Finding]:
    """The same seed gives different results.

    **What it means.** Nobody can repeat the run, its author included. A spread over seeds then has a part that no seed
    explains, and nothing else can be changed alone.

    **How it is decided.** `brittlestar trace` trains main's first run twice on a few rows, in processes that are the
    same, and compares every weight and answer. Studies that nobody traced have no such finding.

    **Thresholds.** Present, as a warning: something differs in a single bit.

    **What it cannot see.** What differs rarely, or on more rows alone.

    **What to do.** Draw every random number from the seed; use no clock, no process number, no address of an object.
    """
    yield from tell_traced(record, CODE, THRESHOLD, _advise)


def _advise(_: Traced) -> str:
    return "Draw every random number from the seed, and nothing from clocks, process numbers or `id()`."
