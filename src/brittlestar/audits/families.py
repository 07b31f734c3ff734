"""Families: near copies and windows of one text that were drawn together. What a near copy is, `leak.near` decides."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import bag
from brittlestar.audits.leaks.near_search import Near
from brittlestar.audits.leaks.pairing import near_within
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, stack_tokens
from brittlestar.data.joining import find_smallest, join

MOST_ROWS = 30_000  # budget: search of near copies
MOST_TOKENS = 1_500_000  # budget: the same, of long rows
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


def sample(rows: LabelledRows) -> LabelledRows:
    """At most 30,000 rows at random, fewer where they are long, in their order."""
    fitting = int(MOST_TOKENS * rows.n_rows / max(len(rows.codes), 1))
    return rows.thin(min(MOST_ROWS, max(fitting, FEWEST_SAMPLED)), "shift", rows.name)


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


def find_families(samples: Mapping[str, LabelledRows], hashes_of_tokens: np.ndarray) -> Families:
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
