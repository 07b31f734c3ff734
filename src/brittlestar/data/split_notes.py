"""What to know about splits that were made from one table: counts for the manifest, sentences for people."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from brittlestar.data.encode import shorten_text
from brittlestar.data.splitting import SplitPlan, count_moved, what_joins
from brittlestar.data.tables import format_count, format_list

OFF = 0.01  # one point: what a person sees of a rounded share


WITH = {
    "copy": ("an earlier copy", "--drop-copies leaves copies out"),
    "group": ("an earlier row of their group", "--ignore-groups parts groups"),
    "near copy": ("an earlier near copy", "--keep-near-copies parts near copies"),
}
"""What a row is joined to that stands in an earlier split than it should, and what would keep the two apart."""


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


def components(made: SplitPlan, groups: Sequence[str]) -> dict[str, Any]:
    """How rows hang together; `groups` are the groups of the rows, where there are any."""
    sizes = made.joined.sizes
    return {
        "number": made.joined.n_components,
        "of_more_than_one_row": int((sizes > 1).sum()),
        "largest": int(sizes.max()),
        "largest_is": what_joins(made.joined, groups) if int(sizes.max()) > 1 else "",
        "largest_in": made.names[int(made.split[np.flatnonzero(made.joined.component == int(sizes.argmax()))[0]])],
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
    for position, name in enumerate(made.names):
        held = np.bincount(labels[made.split == position], minlength=len(classes))
        if absent := [repr(shorten_text(classes[i])) for i in np.flatnonzero(held == 0).tolist()]:
            found.append(f"{name} has no row of {format_count(len(absent), 'class', 'classes')}: {format_list(absent)}")
    return tuple(found)


def warnings(made: SplitPlan, values: np.ndarray, by: str, groups: Sequence[str]) -> list[str]:
    """What a split in an order, by time or length, does not keep: rows that stand in an earlier split than their
    `values` (n_rows,) say, and what would keep them apart; `groups` are the groups of the rows."""
    moved = {name: rows for name, rows in count_moved(made, values).items() if len(rows)}
    if not moved:
        return []
    told = [f"{len(rows):,} with {WITH[name][0]}" for name, rows in moved.items()]
    if groups and "group" in moved:
        name, many = Counter(groups[row] for row in moved["group"].tolist()).most_common(1)[0]
        told.append(f"of group {name!r} alone {many:,}")
    ways = ", ".join(WITH[name][1] for name in moved)
    rows, listed = sum(map(len, moved.values())), ", ".join(told)
    share = f"{rows:,} of {len(values):,} rows stand in an earlier split than their own {by} says"
    return [f"{share} (manifest.csv lists them): {listed}. {ways}."]
