"""Finding `position.overflow`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.findings import Finding

CODE = "position.overflow"
LEAST = 0.01  # convention: one point of a score
FEWEST = 5  # chosen, not measured
THRESHOLD = (
    "At least 1 % of a split's rows, and 5, are longer than train's longest (tested as a draw of the longest rows). "
    "Info: built-in models compute positions, so no table overflows."
)
REMEDY = "A model of your own needs positions for the longest row: enlarge its table, or compute positions."
RULE = Rule(CODE, THRESHOLD, REMEDY)


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
    yield from RULE.compare_with_train(analysis, lambda rows: _finding(analysis, rows))


def _finding(dataset: AuditDataset, rows: LabelledRows) -> Finding:
    longest = int(dataset.train.lengths.max(initial=0))
    longer = np.flatnonzero(rows.lengths > longest)
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
    if len(longer) < FEWEST or share < LEAST:
        return RULE.conclude(f"{story}.", None, where, evidence)
    evidence |= {
        "test": "all rows longer than train's longest fall into this split by chance",
        "p": float((rows.n_rows / (rows.n_rows + dataset.train.n_rows)) ** len(longer)),
        **show_rows(rows, longer),
    }
    told = "the built-in models compute positions, and no table overflows"
    if dataset.study.model.own is not None:
        told = "whether your model has positions for them is not known here"
    return RULE.conclude(f"{story}; {told}.", "info", where, evidence)
