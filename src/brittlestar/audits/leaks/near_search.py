"""Near copies among many rows without comparing all pairs: rows that share a segment are candidates, and candidates
are compared token by token."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import gammaln

from brittlestar.audits.leaks.comparing import edit_distances, shared_runs
from brittlestar.audits.leaks.grams import Index, pieces
from brittlestar.audits.token_model import Surprise, row_sums
from brittlestar.core.token_rows import TokenRows, offsets_of

FEWEST_TOKENS = 5  # chosen, not measured: one edit of four tokens is another row
MOST_EDITS = 16  # budget: bands of 33 cells a pair
CHANCE_COPIES = 0.3
"""Near copies that a row may have by chance, at most. Chosen, not measured: with more, an edit distance says little."""
KEY_SLACK = 4.0
"""A segment may have 2^4 = 16 hits by chance, a shared run 4. Budget: candidates to compare."""
ROWS_AT_ONCE = 100_000  # budget: memory of one search
LONGEST = 2_048  # budget: tokens of a row that are compared
HITS_PER_KEY = 32  # budget: candidates of one key
MOST_PAIRS = 2_000_000  # budget: candidates of one search
SEGMENTS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112)
"""Budget: few lengths, each at most half longer than the one before."""
RUN_SLACK = 7.0
"""Runs that two rows share by chance, in the whole search, at most: 2^-7. Convention: below 1 %."""
SEED_SHARE = 0.75  # chosen, not measured: a run is looked up by three quarters of its bits


@dataclass(frozen=True)
class Queries:
    """Rows whose near copies are looked for. `bits` float64 (n_tokens,) say how surprising each token is, `spared`
    float64 (n_tokens,) by how many bits the row is less surprising where that token may be any; `itself` int64
    (n_rows,) is the row's own number among those searched, -1 where it is not one of them."""

    rows: TokenRows
    bits: np.ndarray
    spared: np.ndarray
    itself: np.ndarray

    @property
    def row_bits(self) -> np.ndarray:
        """float64 (n_rows,): bits of the whole row."""
        return row_sums(self.bits, self.rows.offsets)


def queries_of(
    surprise: Surprise,
    rows: TokenRows,
    itself: np.ndarray | None = None,
    own: np.ndarray | None = None,
    margin: float = 1.0,
) -> Queries:
    """Rows with their bits under a model, times `margin`. `itself` as in `Queries`, None where none is searched; `own`
    bool (n_rows,) says which of them the model was fitted on, None where those that are searched."""
    number = np.full(rows.n_rows, -1, np.int64) if itself is None else itself
    bits = surprise.bits(rows.codes, rows.offsets, number >= 0 if own is None else own)
    # A changed token also frees the next one from following it.
    freed = np.zeros(len(bits))
    freed[:-1] = np.maximum(bits[1:] - surprise.anywhere_bits(rows.codes[1:]), 0)
    freed[rows.offsets[1:][rows.lengths > 0] - 1] = 0
    return Queries(rows, margin * bits, bits + freed, number)


@dataclass(frozen=True)
class Near:
    """One pair an entry, ordered by query: `query` and `row` int64; `edits` int64, or -1 for a pair that shares a run
    instead; `run` int64 tokens of the longest shared run, 0 for edits; `across` bool: the end of one row is the
    beginning of the other, as in windows cut from one text; `broken` bool: both share a run that ends within both of
    them, as phrases do that stand in many rows and windows of one text do not."""

    query: np.ndarray
    row: np.ndarray
    edits: np.ndarray
    run: np.ndarray
    across: np.ndarray
    broken: np.ndarray

    def of(self, low: int, high: int) -> "Near":
        """The pairs of the queries low … high - 1, which are counted from 0 again."""
        a, b = np.searchsorted(self.query, [low, high])
        part = Near(*(getattr(self, field.name)[a:b] for field in fields(Near)))
        return replace(part, query=part.query - low)

    @staticmethod
    def join_pairs(parts: "Sequence[Near]") -> "Near":
        """The pairs of several searches, one search after the other."""
        return Near(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Near)))

    @property
    def continued(self) -> np.ndarray:
        """int64: the queries that continue a row or are continued by one."""
        return np.unique(self.query[self.across])

    @property
    def continued_only(self) -> np.ndarray:
        """int64: those of them that share no run with any row that ends within both."""
        return np.setdiff1d(self.continued, self.query[self.broken])


NOTHING = Near(*(np.zeros(0, kind) for kind in (np.int64, np.int64, np.int64, np.int64, np.bool_, np.bool_)))


def cut_rows(rows: TokenRows, longest: int = LONGEST) -> TokenRows:
    """The first tokens of every row."""
    if rows.lengths.max(initial=0) <= longest:
        return rows
    return TokenRows(rows.codes[rows.places < longest], offsets_of(np.minimum(rows.lengths, longest)))


def edits_allowed(queries: Queries, n_rows: int) -> np.ndarray:
    """int64 (n,): the edits up to which a row is a near copy: a sixth of its tokens (one for 5 to 9, two for 10 to 15,
    …), less where so many of `n_rows` rows would be near copies by chance, 0 where even one edit is too many.

    Chance: n_rows × (2 S)^d / d! × 2^-bits, where S is the sum over the row's tokens of 2^spared: about the
    probability of all rows that d edits lead to, where inserting and leaving out do as much as replacing.
    """
    lengths, bits = queries.rows.lengths, queries.row_bits
    # how much likelier rows with one token changed anywhere are, together, than the row itself: log2 of the sum
    spared = np.log2(np.maximum(row_sums(np.exp2(queries.spared), queries.rows.offsets), 1.0))
    allowed = np.zeros(len(lengths), np.int64)
    wanted = np.where(lengths >= FEWEST_TOKENS, np.clip((lengths + 2) // 6, 1, MOST_EDITS), 0)
    searched = np.log2(max(n_rows, 1))
    for edits in range(1, int(wanted.max(initial=0)) + 1):
        left = bits - edits * (spared + 1) + gammaln(edits + 1) / np.log(2)
        segment = (bits - edits * (spared - np.log2(np.maximum(lengths, 1)))) / (edits + 1)
        fits = (searched - left <= np.log2(CHANCE_COPIES)) & (segment >= searched - KEY_SLACK)
        allowed[fits & (wanted >= edits) & (allowed == edits - 1)] = edits
    return allowed


def distinct(values: np.ndarray) -> np.ndarray:
    """The distinct values, sorted: several times as fast as `np.unique` on millions of integers."""
    ordered = np.sort(values)
    new = np.ones(len(ordered), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def enough_bits(n_tokens: int, n_queries: int) -> float:
    """Bits of a run that is not shared by chance anywhere in a search of `n_queries` rows among `n_tokens` places."""
    return float(np.log2(max(n_tokens, 1)) + np.log2(max(n_queries, 1)) + RUN_SLACK)


def find_near_copies(searched: TokenRows, hashes: np.ndarray, queries: Queries, enough: float) -> Near:
    """Near copies of the queries among the rows searched, but for rows that are equal to them.

    `hashes` uint64 (n_lexicon,) of each token; `enough` bits make a shared run more than chance. A key that stands in
    many rows is looked up in 32 of them at most.
    """
    allowed = edits_allowed(queries, searched.n_rows)
    plan = _plan(queries, hashes, allowed, enough, np.log2(max(len(searched.codes), 1)) - KEY_SLACK / 2)
    if not searched.n_rows or plan is None:
        return NOTHING
    number, row, start = plan.hits(searched, hashes)
    window = plan.is_window[number]
    entry, hit = plan.index.join_pairs(number[~window], HITS_PER_KEY, MOST_PAIRS)
    edited = _find_edited(searched, queries, allowed, plan.query[entry], row[~window][hit])
    entry, hit = plan.index.join_pairs(number[window], HITS_PER_KEY, MOST_PAIRS)
    shift = start[window][hit] - plan.start[entry]
    sharing = _find_sharing(searched, queries, enough, plan.query[entry], row[window][hit], shift)
    return _merge_pairs(edited, sharing, searched.n_rows)


@dataclass(frozen=True)
class _Plan:
    """Keys of all queries: `query` and `start` say where each entry is from; `segments` are (length, fewest and most
    tokens of the rows that are asked); `window` is the length of runs, 0 for none."""

    index: Index
    query: np.ndarray
    start: np.ndarray
    is_window: np.ndarray
    segments: tuple[tuple[int, int, int], ...]
    window: int

    def hits(self, searched: TokenRows, hashes: np.ndarray) -> tuple[np.ndarray, ...]:
        """Where the keys stand in the rows searched: (number of the key, row, start)."""
        lengths = searched.lengths
        cuts = {size: (lengths >= fewest) & (lengths <= most) for size, fewest, most in self.segments}
        found: list[tuple[np.ndarray, ...]] = []
        for keys, row, start, _ in _list_keys(searched, hashes, cuts, self.window):
            place, number = self.index.find(keys)
            found.append((number, row[place], start[place]))
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))


def _list_keys(
    rows: TokenRows, hashes: np.ndarray, cuts: Mapping[int, np.ndarray], window: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, bool]]:
    """Keys of rows with their rows and starts, piece by piece: `cuts[size]` bool (n_rows,) says which rows are cut into
    segments of that size; then runs of `window` tokens, which is said last."""
    for piece in pieces(hashes, rows.codes, rows.offsets):
        mine = slice(piece.first, piece.first + len(piece.offsets) - 1)
        for size, cut in cuts.items():
            keys, row, start = piece.segments(size, size, np.flatnonzero(cut[mine]))
            yield keys, row + piece.first, start, False
        if window:
            keys, row, start = piece.list_runs(window, 0)
            yield keys, row + piece.first, start, True


def _plan(queries: Queries, hashes: np.ndarray, allowed: np.ndarray, enough: float, least: float) -> _Plan | None:
    """Which keys of the queries to look for; a run is looked for when it has at least `least` bits."""
    lengths = queries.rows.lengths
    sizes = np.asarray(SEGMENTS)
    each = lengths // (allowed + 1)
    chosen = np.where(allowed > 0, sizes[np.maximum(np.searchsorted(sizes, each, side="right") - 1, 0)], 0)
    cuts = {size: chosen == size for size in np.unique(chosen[chosen > 0]).tolist()}
    segments = tuple(
        (size, int((lengths - allowed)[cut].min()), int((lengths + allowed)[cut].max())) for size, cut in cuts.items()
    )
    total = queries.row_bits.sum()
    window = max(3, int(SEED_SHARE * enough / (total / max(len(queries.bits), 1)))) if total > 0 else 0
    sums = np.concatenate([[0.0], np.cumsum(queries.bits)])
    parts: list[tuple[np.ndarray, ...]] = []
    for keys, row, start, is_window in _list_keys(queries.rows, hashes, cuts, window):
        at = queries.rows.offsets[row] + start
        kept = sums[at + window] - sums[at] >= least if is_window else np.ones(len(keys), np.bool_)
        parts.append((keys[kept], row[kept], start[kept], np.full(int(kept.sum()), is_window)))
    if not any(len(part[0]) for part in parts):
        return None
    keys, query, start, windows = (np.concatenate(part) for part in zip(*parts, strict=True))
    index = Index.of(keys)
    return _Plan(index, query, start, windows[index.order[index.begin[:-1]]], segments, window)


def _find_edited(
    searched: TokenRows, queries: Queries, allowed: np.ndarray, query: np.ndarray, row: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidates that are a few edits apart: (query, row, edits)."""
    query, row = np.divmod(distinct(query * searched.n_rows + row), searched.n_rows)
    other = row != queries.itself[query]
    query, row = query[other], row[other]
    distance = edit_distances(queries.rows, searched, query, row, allowed[query])
    close = distance <= allowed[query]
    return query[close], row[close], distance[close]


def _find_sharing(
    searched: TokenRows, queries: Queries, enough: float, query: np.ndarray, row: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Candidates with a run of half the shorter row: (query, row, tokens of the run, across or not, broken or not)."""
    place = distinct((query * searched.n_rows + row) * (2 * LONGEST) + shift + LONGEST)
    pairs, shift = place // (2 * LONGEST), place % (2 * LONGEST) - LONGEST
    query, row = np.divmod(pairs, searched.n_rows)
    other = row != queries.itself[query]
    query, row, shift = query[other], row[other], shift[other]
    run, whole = shared_runs(queries.rows, searched, query, row, shift, queries.bits, enough)
    mine, its = queries.rows.lengths[query], searched.lengths[row]
    half = (run > 0) & (2 * run >= np.minimum(mine, its))
    across = whole & (shift * (shift + mine - its) > 0)
    return query[half], row[half], run[half], across[half], ~whole[half]


def _merge_pairs(edited: tuple[np.ndarray, ...], sharing: tuple[np.ndarray, ...], n_rows: int) -> Near:
    """Both kinds, one entry a pair: fewest edits first, then the longest run."""
    query = np.concatenate([edited[0], sharing[0]])
    row = np.concatenate([edited[1], sharing[1]])
    edits = np.concatenate([edited[2], np.full(len(sharing[0]), -1)])
    run = np.concatenate([np.zeros(len(edited[0]), np.int64), sharing[2]])
    order = np.lexsort((-run, np.where(edits >= 0, edits, 1 << 20), row, query))
    pairs, first = np.unique((query * n_rows + row)[order], return_index=True)
    kept, shared = order[first], sharing[0] * n_rows + sharing[1]
    across, broken = np.zeros(len(kept), np.bool_), np.zeros(len(kept), np.bool_)
    across[np.searchsorted(pairs, shared[sharing[3]])] = True
    # Rows that a few edits part share runs that end at the edits: they are revisions, no phrases.
    broken[np.searchsorted(pairs, shared[sharing[4]])] = True
    return Near(query[kept], row[kept], edits[kept], run[kept], across, broken & (edits[kept] < 0))
