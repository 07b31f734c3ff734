"""Finding `embedding.unused`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given import missing, place
from brittlestar.core.findings import Finding

CODE = "embedding.unused"
LEAST = 0.01  # convention: one row in a hundred
THRESHOLD = "At least 1 % of the table's rows belong to no token of any split; info."


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table that no token of the data reaches.

    **What it means.** Nothing, where the table is a general one: it is larger than the vocabulary of any data. In a
    table that was made for this data, rows that nothing reaches hint at another tokenisation or another version.

    **How it is decided.** The tokens that the table names are compared with the tokens of all splits.

    **Thresholds.** 1 % of the rows; always info.

    **What it cannot see.** Whether the table was meant for this data alone.

    **What to do.** Nothing, or look at the examples: do they look like tokens of your data in another spelling?
    """
    table = analysis.table
    if isinstance(table, str):
        yield missing(CODE, table, THRESHOLD)
        return
    known = frozenset(analysis.tokens)
    unused = [name for name in table.look.names if name not in known]
    rows = len(table.look.names)
    examples = unused[:: max(1, len(unused) // 10)][:10]
    evidence = {"unused": len(unused), "of": rows, "examples": examples}
    told = f"{len(unused):,} of the table's {rows:,} rows ({percent(len(unused) / max(rows, 1))})"
    told += " belong to no token of any split"
    if rows and len(unused) >= LEAST * rows:
        told = f"{told} ({', '.join(repr(name)[:30] for name in examples[:5])})"
        yield Finding(CODE, "present", f"{told}.", THRESHOLD, "info", place(table), evidence, "None is needed.")
    else:
        yield Finding(CODE, "absent", f"{told}.", THRESHOLD, where=place(table), evidence=evidence)


def dead(vectors: np.ndarray) -> np.ndarray:
    """bool (n,): vectors of zeros, or with something that is no finite number."""
    return ~np.isfinite(vectors).all(axis=1) | (vectors == 0).all(axis=1)
