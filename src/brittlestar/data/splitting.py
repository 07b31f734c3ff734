"""One table made into splits: which row goes where."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.seeds import generator
from brittlestar.data.dealing import deal
from brittlestar.data.joining import Joined, Pairs, find_smallest
from brittlestar.data.names import FIRST
from brittlestar.data.tables import format_count

By = Literal["random", "group", "time", "length"]
BY: tuple[By, ...] = get_args(By)
LONG = "shift_long"
"""The shifted split that `length` makes."""
LEAST_OF_TARGET = 0.5  # by its meaning: most of what was asked


@dataclass(frozen=True)
class Cut:
    """`part` int64 (n_components,), from 0 in the order of values; `starts` (n_parts - 1,): the value at which each
    part but the first begins; `moved` bool (n_rows,): rows that stand in an earlier part than their own value says,
    because a row that they are joined to does."""

    part: np.ndarray
    starts: np.ndarray
    moved: np.ndarray


@dataclass(frozen=True)
class SplitPlan:
    """`split` int64 (n_rows,) indexes `names`; `moved` bool (n_rows,) marks rows that stand in an earlier split than
    their own time or length says, and those that `gather_components` moved (`strays`, their number); `starts[name]` is
    the time or length at which a split begins."""

    names: tuple[str, ...]
    shares: np.ndarray
    split: np.ndarray
    moved: np.ndarray
    starts: Mapping[str, Any]
    joined: Joined
    strays: int = 0

    @property
    def rows(self) -> np.ndarray:
        """int64 (n_splits,): rows of each split."""
        return np.bincount(self.split, minlength=len(self.names))

    @property
    def wanted(self) -> np.ndarray:
        """float64 (n_splits,): rows that each split should have."""
        return self.shares * len(self.split)


def default_sizes(by: By) -> str:
    """What `--sizes` is where nobody says."""
    return "70/10/10/10" if by == "length" else "80/10/10"


def sizes_of(text: str, by: By) -> tuple[tuple[str, ...], np.ndarray]:
    """Names and shares of the splits that `80/10/10` asks for; a split of size 0 is left out. Raises InputError."""
    shifted = (LONG,) if by == "length" else ()
    every = (*FIRST, *shifted)
    example = default_sizes(by)
    parts = text.strip().split("/")
    if len(parts) != len(every) or not all(re.fullmatch(r"\s*\d+(\.\d*)?\s*", part) for part in parts):
        hint = f"write {'/'.join(every)}, such as {example}"
        raise InputError(f"{text!r} does not name {len(every)} sizes", "--sizes", hint)
    sizes = [float(part) for part in parts]
    total = math.fsum(sizes)
    if not any(math.isclose(total, whole, abs_tol=1e-6) for whole in (100.0, 1.0)):
        raise InputError(f"{text!r} adds up to {total:g}, not to 100", "--sizes", f"write per cent, such as {example}")
    kept = [(name, size / total) for name, size in zip(every, sizes, strict=True) if size]
    names = tuple(name for name, _ in kept)
    lacking = [name for name in ("train", *shifted) if name not in names]
    if lacking or len(names) < 2:
        what = f"{text!r} leaves {lacking[0]} empty" if lacking else f"{text!r} leaves one split alone"
        raise InputError(what, "--sizes", f"give it rows, such as {example}")
    return names, np.asarray([share for _, share in kept])


def plan(
    joined: Joined,
    labels: np.ndarray,
    names: tuple[str, ...],
    shares: np.ndarray,
    by: By = "random",
    *,
    values: np.ndarray | None = None,
    stratify: bool = True,
    seed: int = 0,
) -> SplitPlan:
    """Which row goes to which split; components are never parted.

    `labels` int (n_rows,), `names` and `shares` as `sizes_of` gives them. By `random` and `group` components are dealt
    with class shares near those of the whole (`stratify`) or by size alone. By `time` splits are stretches of `values`
    (n_rows,), components standing where their first row does. By `length` the longest rows are `shift_long` and the
    rest is dealt. The same seed gives the same splits, whatever the order of the rows. Raises InputError where the
    components cannot make these splits.
    """
    if joined.n_components < len(names):
        what = f"{len(names)} splits, but the rows fall into {format_count(joined.n_components, 'component')} only"
        more = ": there are fewer groups than splits, or near copies join them" if by == "group" else ""
        raise InputError(what + more, f"--by={by}", _remedy(joined))
    random = generator(seed, "split-one-table", by)
    classes = labels if stratify else np.zeros_like(labels)
    ordered = values if values is not None else np.zeros(len(labels))
    nothing = np.zeros(len(labels), np.bool_)
    if by == "time":
        made = cut_components(ordered, joined.component, shares, "time")
        starts = dict(zip(names[1:], made.starts.tolist(), strict=True))
        found = SplitPlan(names, shares, made.part[joined.component], made.moved, starts, joined)
    elif by == "length":
        made, split = _by_length(joined, classes, shares, ordered, random)
        found = SplitPlan(names, shares, split, made.moved, {LONG: made.starts.tolist()[0]}, joined)
    else:
        dealt = deal(joined.component, classes, shares, random)
        found = SplitPlan(names, shares, dealt[joined.component], nothing, {}, joined)
    if problem := _check_sizes(found):
        raise InputError([problem])
    return found


def gather_components(made: SplitPlan, pairs: Pairs) -> SplitPlan:
    """The plan with rows together that `pairs` of row positions join across splits: the component of the row in the
    later split goes to the earlier one. Raises InputError where that starves a split."""
    of = made.split[np.stack(pairs)]
    later = np.where(of[0] > of[1], pairs[0], pairs[1])
    first_row = np.unique(made.joined.component, return_index=True)[1]
    home = made.split[first_row]
    np.minimum.at(home, made.joined.component[later], of.min(axis=0))
    split = home[made.joined.component]
    strays = split != made.split
    found = replace(made, split=split, moved=made.moved | strays, strays=made.strays + int(strays.sum()))
    if problem := _check_sizes(found):
        raise InputError([problem])
    return found


def _by_length(
    joined: Joined, classes: np.ndarray, shares: np.ndarray, lengths: np.ndarray, random: np.random.Generator
) -> tuple[Cut, np.ndarray]:
    made = cut_components(lengths, joined.component, np.asarray([1 - shares[-1], shares[-1]]), "length")
    split = np.where(made.part[joined.component] == 1, len(shares) - 1, 0)
    short = split == 0
    own, component = np.unique(joined.component[short], return_inverse=True)
    if len(own) < len(shares) - 1:
        sentence = f"the shorter rows are {format_count(len(own), 'component')}, too few for {len(shares) - 1} splits"
        raise InputError(sentence, "--by=length", "split by random")
    component = component.reshape(-1)
    split[short] = deal(component, classes[short], shares[:-1] / shares[:-1].sum(), random)[component]
    return made, split


def _check_sizes(made: SplitPlan) -> Problem | None:
    """An evaluation split with less than half of its rows, because one component holds too many."""
    wanted = made.wanted
    for position, name in enumerate(made.names):
        rows = int(made.rows[position])
        if name != "train" and rows < LEAST_OF_TARGET * wanted[position] - 1:
            largest = int(made.joined.sizes.max())
            what = (
                f"{name} would have {rows:,} of the {wanted[position]:,.0f} rows asked for: {largest:,} of "
                f"{len(made.split):,} rows are one component, whose rows must not be parted"
            )
            return Problem(f"{what} ({what_joins(made.joined)})", "", _remedy(made.joined))
    return None


def _giant(joined: Joined) -> tuple[np.ndarray, bool]:
    """The rows of the largest component, and whether near copies hold it together."""
    rows = np.flatnonzero(joined.component == int(joined.sizes.argmax()))
    return rows, len(np.unique(joined.without_near[rows])) > 1


def what_joins(joined: Joined, names: Sequence[str] = ()) -> str:
    """What makes the largest component one, in words; `names` are the groups of the rows."""
    rows, near = _giant(joined)
    chain = f"a chain of near copies joins {len(np.unique(joined.without_near[rows])):,} smaller ones" if near else ""
    found = np.unique(rows if joined.groups is None else joined.groups[rows], return_index=True, return_counts=True)
    _, first, counts = found
    if counts.max() == 1:
        return chain or "copies of one sequence"
    row = int(rows[first[counts.argmax()]])
    largest = f"group{f' {names[row]!r}' if names else ''} with {int(counts.max()):,} rows"
    if near:
        return f"{chain}; its largest {largest}"
    return largest if len(counts) == 1 else f"copies join {len(counts):,} groups, the largest {largest}"


def count_moved(made: SplitPlan, values: np.ndarray) -> dict[str, np.ndarray]:
    """The rows that stand in an earlier split than their `values` (n_rows,) say, int64, by what joins them to a row
    that belongs there: a copy, their group, or a near copy."""
    starts, places = np.asarray([*made.starts.values()]), [made.names.index(name) for name in made.starts]
    own, found = np.searchsorted(starts, values, side="right"), dict[str, np.ndarray]()
    left = np.searchsorted(places, made.split, side="right") < own
    for name, component in (("copy", made.joined.copies), ("group", made.joined.without_near)):
        first = np.searchsorted(starts, find_smallest(values, component), side="right")
        early = left & (first[component] < own)
        found[name], left = np.flatnonzero(early), left & ~early
    return {**found, "near copy": np.flatnonzero(left)}


def _remedy(joined: Joined) -> str:
    if _giant(joined)[1]:
        return "--keep-near-copies lets near copies lie on both sides; exact copies still never do"
    said = "--ignore-groups lets a group lie on both sides, and --drop-copies leaves out the copies that join groups"
    return f"{said}; copies are never parted, so ask for fewer or smaller splits"


def cut_components(values: np.ndarray, component: np.ndarray, shares: np.ndarray, what: str) -> Cut:
    """Cut components, ordered by their smallest value, into parts with these shares of the rows.

    `values` (n_rows,) of any type that sorts; `shares` float64 (n_parts,) summing to 1. Rows of one value are never
    parted by a cut, so a part is as near to its share as ties and components allow, and never empty. Raises InputError
    where there are fewer values than parts; `what` names the order (`time`).
    """
    first = find_smallest(values, component)
    sizes = np.bincount(component)
    distinct, place = np.unique(first, return_inverse=True)
    below = np.concatenate([[0], np.cumsum(np.bincount(place.reshape(-1), weights=sizes))])
    targets = np.cumsum(shares)[:-1] * len(values)
    if len(distinct) < len(shares):
        sentence = (
            f"only {format_count(len(distinct), 'stretch', 'stretches')} of {what} can be parted from one another"
        )
        hint = f"rows of one {what} and rows that belong together are never parted; split by random"
        raise InputError(f"{sentence}, and {len(shares)} parts are asked for", f"--by={what}", hint)
    cuts = np.abs(below[:, None] - targets[None, :]).argmin(axis=0)
    for place_of, nearest in enumerate(cuts.tolist()):  # every part gets one value at least
        least = int(cuts[place_of - 1]) + 1 if place_of else 1
        cuts[place_of] = min(max(nearest, least), len(distinct) - (len(cuts) - place_of))
    starts = distinct[cuts]
    part = np.searchsorted(starts, first, side="right")
    own = np.searchsorted(starts, values, side="right")
    return Cut(part.astype(np.int64), starts, part[component] < own)
