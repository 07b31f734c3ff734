# A check of your own: brittlestar audit DATA --check check_stutter:STUTTER
import numpy as np

from brittlestar import Check, Finding

RULE = "1 % of a split's rows, and 2 of them, hold one token five times in a row."


def check(analysis):
    """Rows that hold one token five times in a row: a sensor or a writer that got stuck."""
    for rows in analysis.splits.values():
        row = np.repeat(np.arange(rows.n_rows), rows.lengths)
        same = [(a[k : k - 4 or None] == a[:-4]) for k in (1, 2, 3, 4) for a in (rows.codes, row)]
        found = np.unique(row[:-4][np.all(same, axis=0)])
        present = len(found) >= max(2, 0.01 * rows.n_rows)
        text = f"{rows.name}: {len(found):,} of {rows.n_rows:,} rows hold one token five times in a row."
        evidence = {"stuck": len(found), "of": rows.n_rows, "rows": [rows.ids[int(place)] for place in found[:10]]}
        status, severity = ("present", "warning") if present else ("absent", None)
        yield Finding("house.stutter", status, text, RULE, severity, {"split": rows.name}, evidence)


STUTTER = Check("house.stutter", check)
