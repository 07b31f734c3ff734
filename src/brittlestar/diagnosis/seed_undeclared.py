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

    **What it means.** Nobody can repeat the run, its author included, and a spread over seeds has a part that no seed
    explains.

    **How it is decided.** `brittlestar trace` trains main's first run twice on a few rows, in processes that are the
    same, and compares every weight and answer.

    **Thresholds.** Something differs in a single bit. Severity: warning.

    **What it cannot see.** What differs rarely, or on more rows alone.

    **What to do.** Draw every random number from the seed; use no clock, no process number, no address of an object.
    """
    yield from tell_traced(record, CODE, THRESHOLD, _advise)


def _advise(_: Traced) -> str:
    return "Draw every random number from the seed, and nothing from clocks, process numbers or `id()`."
