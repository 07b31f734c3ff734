"""What was drawn: rows that are copies, near copies, windows of one text or of one group are one unit, not several.

Every test of a difference between splits takes its units from here. What a near copy is, `leak.near` decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import AuditDataset, bag
from brittlestar.audits.leaks.near_search import Near
from brittlestar.audits.leaks.pairing import near_within
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, stack_tokens
from brittlestar.data.joining import find_smallest, join

MOST_SAMPLED = 30_000  # budget: search of near copies
MOST_TOKENS_SEARCHED = 1_500_000  # budget: the same, of long rows
FEWEST_SAMPLED = 300  # chosen, not measured: fewer rows tell no split from another
MOST_CROSSING = 0.5
"""Convention: units were kept whole where less than half as many rows have one of their unit on the other side as
dealing rows at random would give."""
PAIR = 2  # derived: a family of two is alike by definition
CLOSER = 0.5
"""Convention: rows of a family are on average at most half as far apart as any two rows. Families of templates and of
revisions measure .1 to .3 of that; what chains of near copies make of a repeating source, as log keys are, .8."""
SOME_WINDOWS = 0.01
"""Convention: where this share of rows continues another and does nothing else, windows are looked for with less
evidence for each, since chance does not make so many."""
CONTINUED = 0.5
ONLY_CONTINUED = 0.8
"""As `leak.near` (WINDOWS, BY_FRAGMENTS) tells windows of one text from recurring phrases."""


def sample(rows: BaselineRows) -> BaselineRows:
    """At most 30,000 rows at random, fewer where they are long, in their order."""
    fitting = int(MOST_TOKENS_SEARCHED * rows.n_rows / max(len(rows.codes), 1))
    return rows.thin(min(MOST_SAMPLED, max(fitting, FEWEST_SAMPLED)), "shift", rows.name)


@dataclass(frozen=True)
class Families:
    """Sequences that near copies join, by their hashes. `members` uint64, sorted; `names` uint64, the smallest hash of
    the family of each; `windows` bool, whether the family are windows of one text, which each say something of their
    own. `links` uint64 (n_links, 2): the near copies themselves, two of one family each."""

    members: np.ndarray
    names: np.ndarray
    windows: np.ndarray
    links: np.ndarray

    def of(self, hashes: np.ndarray) -> np.ndarray:
        """uint64 (n_rows,), equal for rows of one family: its name, or the row's own hash where it has none."""
        place = self._place(hashes)
        return np.where(self.members[place] == hashes, self.names[place], hashes) if len(self.members) else hashes

    def only(self, windows: bool) -> "Families":
        """Those of windows, or those of near copies."""
        kept = self.windows == windows
        links = self.links[self.windows[self._place(self.links[:, 0])] == windows] if len(self.links) else self.links
        return Families(self.members[kept], self.names[kept], self.windows[kept], links)

    def kept_whole(self, first: np.ndarray, second: np.ndarray) -> bool:
        """Whether two sides, given by the hashes of their rows, part fewer near copies than dealing rows would."""
        here, there = np.isin(self.links, first), np.isin(self.links, second)
        looked_at = (here | there).all(axis=1)
        crossing = (here[:, 0] & there[:, 1]) | (here[:, 1] & there[:, 0])
        share = len(first) / max(len(first) + len(second), 1)
        expected = 2 * share * (1 - share) * float(looked_at.sum())
        return bool(float((crossing & looked_at).sum()) < MOST_CROSSING * expected)

    def _place(self, hashes: np.ndarray) -> np.ndarray:
        return np.minimum(np.searchsorted(self.members, hashes), max(len(self.members) - 1, 0))


def find_families(samples: Mapping[str, BaselineRows], hashes_of_tokens: np.ndarray) -> Families:
    """Families among the rows of all samples; `hashes_of_tokens` uint64 (n_tokens,).

    Two kinds of chains of near copies are families: rows that resemble each other throughout, and windows of one text.
    What else they join is a source that is made of near copies, whose rows were drawn one by one.
    """
    parts = list(samples.values())
    hashes, first = np.unique(np.concatenate([rows.hashes for rows in parts]), return_index=True)
    rows = TokenRows(*stack_tokens(parts)).take_tokens(first)
    found = near_within(rows.codes, rows.offsets, hashes_of_tokens)
    if len(found.continued_only) >= SOME_WINDOWS * max(len(hashes), 1):
        more = near_within(rows.codes, rows.offsets, hashes_of_tokens, each_alone=True)
        found = Near.join_pairs([found, more])
    links = np.stack([found.query, found.row], axis=1)[~found.broken]
    joined = join(hashes, near=(links[:, 0], links[:, 1])).component
    sizes = np.bincount(joined)
    windows = several = sizes >= PAIR
    if several.any():
        continued, only = (
            np.bincount(joined[of], minlength=len(sizes)) for of in (found.continued, found.continued_only)
        )
        windows = several & (continued >= CONTINUED * sizes) & (only >= ONLY_CONTINUED * continued) & (continued > 0)
        several = windows | (several & _compare_partners(rows, joined, len(hashes_of_tokens)))
    members = np.flatnonzero(several[joined])  # in the order of hashes, as all of them are
    return Families(
        hashes[members],
        find_smallest(hashes, joined)[joined[members]],
        windows[joined[members]],
        hashes[links[several[joined[links[:, 0]]]]],
    )


def _compare_partners(rows: TokenRows, joined: np.ndarray, n_tokens: int) -> np.ndarray:
    """bool (n_components,): whether two rows of the component at random are near enough. Pairs are by definition."""
    n, sizes = len(joined), np.bincount(joined)
    random = generator(0, "families", "partners")
    order = np.argsort(joined, kind="stable")
    start = np.concatenate([[0], np.cumsum(sizes)])[joined]
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    step = 1 + (random.random(n) * (sizes[joined] - 1)).astype(np.int64)
    partner = order[start + (place - start + step) % sizes[joined]]
    inside = np.flatnonzero(sizes[joined] > PAIR)
    apart = _measure_distance(rows, inside, partner[inside], n_tokens)
    mean = np.bincount(joined[inside], apart, minlength=len(sizes)) / sizes
    anywhere = random.permutation(n)
    usual = float(_measure_distance(rows, anywhere[:-1], anywhere[1:], n_tokens).mean()) if n > 1 else 1.0
    return (sizes <= PAIR) | (mean <= CLOSER * usual)


def _measure_distance(rows: TokenRows, one: np.ndarray, other: np.ndarray, n_tokens: int) -> np.ndarray:
    """float64 (n_pairs,): the share of tokens of the longer row that the other lacks, whatever their order."""
    if not len(one):
        return np.zeros(0)
    first, second = (bag(rows.take_tokens(chosen), n_tokens) for chosen in (one, other))
    shared = np.asarray(first.minimum(second).sum(axis=1)).reshape(-1)
    return 1 - shared / np.maximum(np.maximum(rows.lengths[one], rows.lengths[other]), 1)


LEAST_RATE = 0.25  # chosen, not measured
EXPLAINED = 0.8  # chosen, not measured


@dataclass(frozen=True)
class KeptWhole:
    """What was kept whole between train and a split, and not dealt row by row: `groups`, `windows` of one text, near
    `copies`."""

    groups: bool
    windows: bool
    copies: bool


@dataclass(frozen=True)
class Clusters:
    """What was drawn together in a dataset. `samples`: the rows of each split that comparisons look at, all of them up
    to 30,000; `families` among them; `kept[split]`: by what units each other split was parted from train."""

    samples: Mapping[str, BaselineRows]
    families: Families
    kept: Mapping[str, KeptWhole]

    @property
    def kept_anywhere(self) -> KeptWhole:
        """What was kept whole between train and any other split: what answers on train itself have to be learnt
        without."""
        found = self.kept.values()
        return KeptWhole(*(any(getattr(kept, kind) for kept in found) for kind in ("groups", "windows", "copies")))


def find_draws(dataset: AuditDataset) -> Clusters:
    """What was drawn together."""
    samples = {name: sample(rows) for name, rows in dataset.splits.items()}
    families = find_families(samples, dataset.token_hashes)
    train, groups = samples["train"].hashes, dataset.train.groups
    kept: dict[str, KeptWhole] = {}
    for rows in dataset.evaluations:
        other = samples[rows.name].hashes
        windows, copies = (families.only(kind).kept_whole(train, other) for kind in (True, False))
        by_group = groups is not None and rows.groups is not None and kept_whole(groups, rows.groups)
        kept[rows.name] = KeptWhole(by_group, windows, copies)
    return Clusters(samples, families, kept)


def units_of(rows: BaselineRows, families: Families, kept: KeptWhole) -> np.ndarray | None:
    """int64 (n_rows,), numbers of the units by which rows were dealt; None where they were dealt one by one."""
    if kept.windows != kept.copies:
        families = families.only(kept.windows)
    names = families.of(rows.hashes) if kept.windows or kept.copies else None
    if kept.groups and rows.groups is not None:
        return join(names, rows.groups).component if names is not None else renumber(rows.groups)
    return None if names is None else renumber(names)


def fold_names(rows: BaselineRows, families: Families, kept: KeptWhole) -> np.ndarray:
    """uint64 (n_rows,), equal for rows that belong into one fold: the smallest hash of the unit of each."""
    units = units_of(rows, families, kept)
    return rows.hashes if units is None else find_smallest(rows.hashes, units)[units]


def renumber(values: np.ndarray) -> np.ndarray:
    """int64 (n,): equal values as equal numbers, from 0 in their order."""
    return np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)


def kept_whole(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether units were dealt to two sides, and not their rows; both int (n_rows,), equal where the unit is.

    Of rows that were dealt at random, one whose unit has s rows in all has another of them on the other side with
    probability 1 - (1 - q)^(s - 1), q being that side's share. Units were kept whole where less than half as many do.
    """
    n, m = len(first), len(second)
    if not n or not m:
        return False
    place = renumber(np.concatenate([first, second]))
    here, there = np.bincount(place[:n], minlength=place.max() + 1), np.bincount(place[n:], minlength=place.max() + 1)
    size = here + there
    shares = np.asarray([n, m]) / max(n + m - 1, 1)
    expected = here @ (1 - (1 - shares[1]) ** (size - 1)) + there @ (1 - (1 - shares[0]) ** (size - 1))
    seen = size[(here > 0) & (there > 0)].sum()
    return bool(seen < MOST_CROSSING * expected)


def copies_of(own: np.ndarray, elsewhere: Sequence[np.ndarray]) -> np.ndarray | None:
    """Numbers of the draws that the rows with hashes `own` go back to, or None where each row is one.

    Copies that were made after drawing are one draw together. Copies that the source itself repeats are draws of their
    own, and are told apart by the other splits, of which one that was drawn alike is enough: there a sequence that
    stands n_c times among n rows is seen among m rows with probability 1 - exp(-n_c m / n). Where every split shows
    repeated sequences less than that by a fifth, those that none shows at a quarter of their rate count as one draw.
    """
    values, place, counts = np.unique(own, return_inverse=True, return_counts=True)
    repeated = counts > 1
    if not repeated.any():
        return None
    rows = (counts * repeated).astype(np.float64)
    ever = np.zeros(len(values), np.bool_)
    for other in elsewhere:
        if not len(other):
            continue
        there, often = np.unique(other, return_counts=True)
        nearest = np.minimum(np.searchsorted(there, values), len(there) - 1)
        rate = counts * (len(other) / len(own))
        seen = np.where(there[nearest] == values, often[nearest], 0) >= np.maximum(LEAST_RATE * rate, 1.0)
        if rows @ seen >= EXPLAINED * float(rows @ -np.expm1(-rate)):
            return None
        ever |= seen
    place = place.reshape(-1)
    one_draw = (repeated & ~ever)[place]
    numbers = np.where(one_draw, place, len(values) + np.arange(len(own)))
    return renumber(numbers)


def estimate_inflation(values: np.ndarray, numbers: np.ndarray | None) -> float:
    """How much units inflate the variance of a mean: squared sums over units by squared values, both centred.
    `values` float (n_rows,) or (n_rows, k); at least 1, where every row is a unit."""
    if numbers is None or not len(values):
        return 1.0
    values = values.reshape(len(values), -1).astype(np.float64)
    centred = values - values.mean(axis=0)
    alone = float((centred**2).sum())
    sums = [np.bincount(numbers, weights=column) for column in centred.T]
    return max(1.0, float(sum((one**2).sum() for one in sums)) / alone) if alone else 1.0
