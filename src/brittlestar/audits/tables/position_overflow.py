"""Finding `position.overflow`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding

CODE = "position.overflow"
LEAST = 0.01  # convention: one point of a score
FEWEST = 5  # chosen, not measured
THRESHOLD = (
    "At least 1 % of a split's rows, and 5, are longer than train's longest (tested as a draw of the longest rows). "
    "Info: built-in models compute positions, so no table overflows."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Evaluation rows that are longer than any row of train.

    **What it means.** A learnt table of positions has nothing beyond the longest row of train, or beyond its size: the
    model fails, cuts the row, or reads vectors that were never trained. The built-in Transformer computes its
    positions (sines and cosines) and the built-in recurrent models have none, so nothing overflows there; that a
    model has never seen such lengths is true of all.

    **How it is decided.** Rows of each split that are longer than train's longest are counted.

    **Thresholds.** 1 % of the split's rows and five rows; always info.

    **What it cannot see.** The position table of a model of your own: compare its size with the longest row.

    **What to do.** For a model of your own, make the table as large as the longest row that it will meet, and train on
    rows that long; or use positions that are computed.
    """
    if not analysis.evaluations:
        yield Finding(CODE, "inconclusive", "There is no split besides train to compare with it.", THRESHOLD)
    for rows in analysis.evaluations:
        yield _finding(analysis, rows)


def _finding(dataset: AuditDataset, rows: AuditSplit) -> Finding:
    longest = int(dataset.train.lengths.max(initial=0))
    longer = np.flatnonzero(rows.lengths > longest)
    own = dataset.study.model.own is not None
    where = {"split": rows.name}
    evidence = {
        "longest_in_train": longest,
        "longest": int(rows.lengths.max(initial=0)),
        "rows_touched": len(longer),
        "of": rows.n_rows,
    }
    share = len(longer) / max(rows.n_rows, 1)
    story = (
        f"{rows.name}: {len(longer):,} of {rows.n_rows:,} rows ({percent(share)}) are longer than train's longest of "
        f"{longest:,} tokens (up to {evidence['longest']:,})"
    )
    if len(longer) >= FEWEST and share >= LEAST:
        evidence |= {
            "test": "all rows longer than train's longest fall into this split by chance",
            "p": float((rows.n_rows / (rows.n_rows + dataset.train.n_rows)) ** len(longer)),
            "rows": listed_ids(rows, longer),
            "row_ids": all_ids(rows, longer),
        }
        built_in = "the built-in models compute positions, and no table overflows"
        told = "whether your model has positions for them is not known here" if own else built_in
        return Finding(
            CODE,
            "present",
            f"{story}; {told}.",
            THRESHOLD,
            "info",
            where,
            evidence,
            "A model of your own needs positions for the longest row: enlarge its table, or compute positions.",
        )
    return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)
