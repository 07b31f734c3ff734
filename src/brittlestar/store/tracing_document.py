"""trace.json: what has an effect on main's first run, and what has none."""

from brittlestar.core.tracing import Tracing, read_tracing
from brittlestar.store.kept_document import read_kept, write_kept
from brittlestar.store.layout import Store

TRACE = "trace.json"


def write_trace(store: Store, tracing: Tracing) -> None:
    """Keep what tracing found. Raises StoreError."""
    write_kept(store, TRACE, tracing.as_json())


def read_trace(store: Store, cell: str) -> Tracing | None:
    """What tracing found in the run with the hash `cell`; None where nobody traced it. Raises StoreError where the file
    is damaged."""
    found = read_kept(store, TRACE, read_tracing, "trace again")
    return found if found is not None and found.cell == cell else None
