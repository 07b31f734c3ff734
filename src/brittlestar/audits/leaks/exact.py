"""Finding `leak.exact`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.chance import overlap
from brittlestar.audits.material import Material, Rows
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding

CODE = "leak.exact"
LEAST_EXCESS = 0.002
SERIOUS = 0.01
FEWEST_ROWS = 50
THRESHOLD = (
    "Rows of the split that stand in train exceed what chance gives by at least 0.2 % of its rows and by 2 rows "
    "(binomial test against the upper bound of chance; corrected over the audit). An error from 1 % on."
)


def check(material: Material) -> Iterator[Finding]:
    """Evaluation rows whose token sequence stands in train more often than chance allows.

    **What it means.** A model that remembers train answers these rows without any ability on new ones. The score is
    that of a mixture: remembered rows and new rows.

    **How it is decided.** Rows of a split whose whole token sequence is also a row of train are counted. Short
    sequences over a small alphabet collide by accident, so chance is computed: rows of the split's own lengths are
    drawn from a first-order Markov model of train's *distinct* rows, and it is counted how many of those stand in
    train. Beside it stands what a repeating source explains: the share of new draws that train has seen already, by
    Good and Turing's estimate (1 less the share of train rows that occur once; Good 1953). Where the overlap is what
    the source explains, the split was drawn fairly, and the score still says little about new sequences.

    **Thresholds.** Present: the excess over chance is at least 0.2 % of the split's rows and 2 rows, and more than
    chance gives (binomial test against the upper 99 % bound of the simulated chance). Error from 1 % on, else warning.

    **What it cannot see.** Rows that were changed a little (`leak.near`) and other rows of one source (`leak.group`).

    **What to do.** Remove these rows from the split, or read the score on the rows not seen in train beside it.
    """
    if not material.evaluations:
        yield Finding(CODE, "inconclusive", "There is no split besides train to compare with it.", THRESHOLD)
    for rows in material.evaluations:
        yield _finding(material, rows)


def _finding(material: Material, rows: Rows) -> Finding:
    where = {"split": rows.name}
    found = overlap(material, material.train, rows, CODE)
    explained = source_explains(material.train)
    evidence = {
        **found.as_json(),
        "rows": listed_ids(rows, found.shared),
        "row_ids": all_ids(rows, found.shared),
        "source_explains": explained,
    }
    story = (
        f"{rows.name}: {len(found.shared):,} of {rows.n_rows:,} rows ({percent(found.share)}) stand in train; chance "
        f"gives {found.expected:.1f} rows, a source that repeats itself as train does would give "
        f"{percent(explained)}"
    )
    if found.excess >= LEAST_EXCESS and found.excess * rows.n_rows >= 2:
        severity = "error" if found.excess >= SERIOUS else "warning"
        return Finding(
            CODE,
            "present",
            f"{story}.",
            THRESHOLD,
            severity,
            where,
            evidence,
            "Take them out, `brittlestar audit DATA --write-clean DIR`, or report the score on rows not seen in train.",
        )
    if rows.n_rows < FEWEST_ROWS:
        return Finding(
            CODE,
            "inconclusive",
            f"{story}; {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do.",
            THRESHOLD,
            where=where,
            evidence=evidence,
        )
    return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)


def source_explains(rows: Rows) -> float:
    """The chance that one more draw from the source of these rows is a row they hold already (Good 1953)."""
    _, counts = np.unique(rows.hashes, return_counts=True)
    return 1.0 - float((counts == 1).sum()) / max(rows.n_rows, 1)
