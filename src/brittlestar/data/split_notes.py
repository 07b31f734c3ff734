"""What to know about splits that were made from one table: counts for the manifest, sentences for people."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from brittlestar.data.encode import shorten_text
from brittlestar.data.splitting import SplitPlan, what_joins
from brittlestar.data.tables import format_count, format_list

GIANT = 0.05  # convention: one unit that fills half of a split of a tenth
OFF = 0.01  # one point: what a person sees of a rounded share


def counts(made: SplitPlan, labels: np.ndarray, classes: Sequence[str], lengths: np.ndarray) -> dict[str, Any]:
    """By split: rows, share, class counts and shares, lengths."""
    found: dict[str, Any] = {}
    for position, name in enumerate(made.names):
        inside = made.split == position
        of_class = np.bincount(labels[inside], minlength=len(classes)).tolist()
        rows = int(inside.sum())
        found[name] = {
            "rows": rows,
            "share": rows / len(labels),
            "asked": float(made.shares[position]),
            "classes": {label: {"rows": n, "share": n / rows} for label, n in zip(classes, of_class, strict=True)},
            "lengths": {
                "least": int(lengths[inside].min()),
                "mean": float(lengths[inside].mean()),
                "most": int(lengths[inside].max()),
            },
        }
    return found


def components(made: SplitPlan) -> dict[str, Any]:
    """How rows hang together."""
    sizes = made.joined.sizes
    return {
        "number": made.joined.n_components,
        "of_more_than_one_row": int((sizes > 1).sum()),
        "largest": int(sizes.max()),
        "distinct_sequences": made.joined.distinct,
        "without_near_copies": int(made.joined.without_near.max()) + 1,
    }


def notes(
    made: SplitPlan, labels: np.ndarray, classes: Sequence[str], by: str, shown: Callable[[Any], str]
) -> tuple[str, ...]:
    """Sentences on what was joined, what that did to sizes, and what was moved. `shown` writes a time or length."""
    n = len(labels)
    joined = made.joined
    found: list[str] = []
    if copies := n - joined.distinct:
        found.append(f"{copies:,} of {n:,} rows repeat another one: all copies of a sequence are in one split")
    if kept := int(joined.without_near.max()) + 1 - joined.n_components:
        found.append(
            f"near copies join {format_count(kept + joined.n_components, 'component')} to {joined.n_components:,}"
        )
    if (largest := int(joined.sizes.max())) > max(GIANT * n, 1):
        where = made.names[int(made.split[np.flatnonzero(made.joined.component == int(made.joined.sizes.argmax()))[0]])]
        found.append(f"the largest component has {largest:,} of {n:,} rows, all in {where} ({what_joins(joined)})")
    for name, rows, share in zip(made.names, made.rows.tolist(), made.shares.tolist(), strict=True):
        if abs(rows / n - share) > max(OFF, 1 / n):
            found.append(f"{name} has {rows / n:.1%} of the rows, {share:.1%} were asked for")
    for name, start in made.starts.items():
        found.append(f"{name} begins at {by} {shown(start)}")
    if made.strays:
        found.append(
            f"{format_count(made.strays, 'row')} moved to an earlier split, where a near copy stands that only a "
            "search of the finished splits showed"
        )
    if moved := int(made.moved.sum()) - made.strays:
        found.append(
            f"{format_count(moved, 'row')} stand in an earlier split than their own {by} says, with the row they are "
            "joined to (manifest.csv says which)"
        )
    for position, name in enumerate(made.names):
        held = np.bincount(labels[made.split == position], minlength=len(classes))
        if absent := [repr(shorten_text(classes[i])) for i in np.flatnonzero(held == 0).tolist()]:
            found.append(f"{name} has no row of {format_count(len(absent), 'class', 'classes')}: {format_list(absent)}")
    return tuple(found)
