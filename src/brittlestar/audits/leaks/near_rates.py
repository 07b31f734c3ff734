"""How often rows of each split, rows drawn by chance, and train rows themselves have near copies in train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import p_more_than
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.leaks.near_search import (
    LONGEST,
    ROWS_AT_ONCE,
    Near,
    Queries,
    cut_rows,
    edits_allowed,
    enough_bits,
    find_near_copies,
    queries_of,
)
from brittlestar.audits.surprise import Surprise
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, offsets_of, stack_tokens, take
from brittlestar.statistics.proportions import bound_share_above

STREAM = "leak.near"
SAMPLE = 20_000  # budget: rows of one split
SAMPLE_TOKENS = 2_000_000  # budget: the same, of long rows
ALL_ROWS = 60_000  # budget: rows of all splits
FEWEST_SINGLE = 100  # chosen, not measured: fewer give no rate
MOST_FAMILIES = 200  # derived: a share of 80 % has a standard error of 3 points
LARGEST_FAMILY = 20  # chosen, not measured
LONG = 15  # chosen, not measured: rows so long that chance resemblance is out of the question


@dataclass(frozen=True)
class Rate:
    """`hits` of `of` rows."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Hits over rows, 0 without rows."""
        return self.hits / self.of if self.of else 0.0

    @property
    def upper(self) -> float:
        """Upper 99 % bound of the share (Clopper and Pearson 1934)."""
        return bound_share_above(self.hits, self.of, 0.01)

    def p_above(self, share: float) -> float:
        """Probability of at least as many hits where each row is one with the probability `share`."""
        return float(binom.sf(self.hits - 1, self.of, share)) if self.of else 1.0

    def p_beyond(self, chance: Rate) -> float:
        """Probability of at least as many hits under the upper bound of chance."""
        return self.p_above(chance.upper)

    def p_more_than(self, other: Rate) -> float:
        """One-sided p-value of Fisher's exact test that the share is higher here."""
        return p_more_than(self.hits, self.of, other.hits, other.of)


@dataclass(frozen=True)
class Source:
    """Train's distinct rows, what is needed to search them, the rate at which they have near copies among each other
    (rows that occur once), and how many of those that continue another do nothing else."""

    train: AuditSplit
    searched: TokenRows
    hashes: np.ndarray
    surprise: Surprise
    enough: float
    own: Rate
    continued_only: Rate


@dataclass(frozen=True)
class Verdict:
    """What was found of one split. `new` is the number of rows that are not in train, `near` and `across` are
    those looked at; `continued_only` of the rows that continue a train row do nothing else; `comparable` are long
    enough; `pairs` number the rows of the split and of `Source.train`; `found` int64 are positions of near copies;
    `looked` those looked at."""

    name: str
    new: int
    near: Rate
    chance: Rate
    across: Rate
    across_chance: Rate
    continued_only: Rate
    by_edits: int
    comparable: int
    sampled: bool
    looked: np.ndarray
    found: np.ndarray
    pairs: Near


def search_all(analysis: Analysis) -> tuple[Source, list[Verdict]]:
    """The source and every evaluation split, in one pass over train."""
    train = analysis.distinct_train
    searched = cut_rows(train)
    surprise = analysis.surprise
    known = np.sort(train.hashes)
    looked = [_sample_rows(analysis, rows, known) for rows in analysis.evaluations]
    parts: list[Queries] = []
    for rows, (_, chosen) in zip(analysis.evaluations, looked, strict=True):
        parts.append(_queries(surprise, cut_rows(rows.take_tokens(chosen))))
        parts.append(_queries(surprise, _draw_rows(analysis, rows, chosen, known)))
    own = _single(analysis, analysis.surprise_rows)
    parts.append(_queries(surprise, searched.take_tokens(own), own))
    enough = enough_bits(len(searched.codes), max((len(chosen) for _, chosen in looked), default=0))
    pairs = find_near_copies(searched, analysis.token_hashes, _stack_queries(parts), enough)
    bounds = offsets_of(np.asarray([len(part.itself) for part in parts])).tolist()
    found = [pairs.of(low, high) for low, high in pairwise(bounds)]
    verdicts = [
        _verdict(rows, new, chosen, found[2 * k], parts[2 * k], found[2 * k + 1], parts[2 * k + 1], train.n_rows)
        for k, (rows, (new, chosen)) in enumerate(zip(analysis.evaluations, looked, strict=True))
    ]
    rate = Rate(len(np.unique(found[-1].query)), len(own))
    return Source(train, searched, analysis.token_hashes, surprise, enough, rate, _continued_only(found[-1])), verdicts


def _continued_only(found: Near) -> Rate:
    return Rate(len(found.continued_only), len(found.continued))


def search_rest(dataset: AuditDataset, source: Source, verdict: Verdict) -> np.ndarray:
    """int64: positions of near copies among the rows of the split that were not looked at."""
    rows = dataset.splits[verdict.name]
    new = np.flatnonzero(~np.isin(rows.hashes, source.train.hashes))
    rest = np.setdiff1d(new, verdict.looked, assume_unique=True)
    found: list[np.ndarray] = [np.zeros(0, np.int64)]
    for start in range(0, len(rest), ROWS_AT_ONCE):
        chosen = rest[start : start + ROWS_AT_ONCE]
        queries = _queries(source.surprise, cut_rows(rows.take_tokens(chosen)))
        pairs = find_near_copies(source.searched, source.hashes, queries, source.enough)
        found.append(chosen[np.unique(pairs.query)])
    return np.concatenate(found)


@dataclass(frozen=True)
class Families:
    """Near copies by edits among long rows (15 tokens and more, where a chance resemblance is out of the question) of
    the rows looked at: `long`; of 200 of them, those of a `small` family; how many of their `pairs` have one label."""

    long: Rate
    small: Rate
    alike: Rate


def families(source: Source, rows: AuditSplit, verdict: Verdict) -> Families:
    """How the near copies of a split hang together. A family is small where at most 20 train rows are near copies of
    the row or of these: it can be kept on one side, where a source in which near copies have further near copies
    without end cannot be parted."""
    pairs = verdict.pairs
    long = (rows.lengths[pairs.query] >= LONG) & (pairs.edits >= 0)
    queries = np.unique(pairs.query[long])
    found = Rate(len(queries), verdict.near.of)
    alike = rows.labels[pairs.query[long]] == source.train.labels[pairs.row[long]]
    if not len(queries):
        return Families(found, Rate(0, 0), Rate(0, 0))
    if len(queries) > MOST_FAMILIES:
        queries = np.sort(generator(0, STREAM, verdict.name, "families").choice(queries, MOST_FAMILIES, replace=False))
    mine = np.isin(verdict.pairs.query, queries)
    query, row = np.searchsorted(queries, verdict.pairs.query[mine]), verdict.pairs.row[mine]
    known = np.unique(row)
    ragged = source.searched.take_tokens(known)
    further = find_near_copies(source.searched, source.hashes, _queries(source.surprise, ragged, known), source.enough)
    links = sparse.coo_matrix(
        (np.ones(len(further.query), np.int32), (further.query, further.row)),
        shape=(len(known), len(source.searched.lengths)),
    ).tocsr()
    first = sparse.coo_matrix(
        (np.ones(len(query), np.int32), (query, np.searchsorted(known, row))), shape=(len(queries), len(known))
    ).tocsr()
    direct = sparse.coo_matrix(
        (np.ones(len(query), np.int32), (query, row)), shape=(len(queries), len(source.searched.lengths))
    )
    reached = sparse.csr_matrix(first @ links + direct.tocsr())
    small = Rate(int((np.diff(np.asarray(reached.indptr)) <= LARGEST_FAMILY).sum()), len(queries))
    return Families(found, small, Rate(int(alike.sum()), len(alike)))


def _queries(surprise: Surprise, rows: TokenRows, itself: np.ndarray | None = None) -> Queries:
    """Rows with their bits; those that the model was fitted on are predicted without themselves."""
    n = len(rows.offsets) - 1
    if itself is None:
        return queries_of(surprise, rows, np.full(n, -1, np.int64), np.zeros(n, np.bool_))
    return queries_of(surprise, rows, itself, np.ones(n, np.bool_))


def _stack_queries(parts: Sequence[Queries]) -> Queries:
    return Queries(
        TokenRows(*stack_tokens([part.rows for part in parts])),
        np.concatenate([part.bits for part in parts]),
        np.concatenate([part.spared for part in parts]),
        np.concatenate([part.itself for part in parts]),
    )


def _single(dataset: AuditDataset, fitted: np.ndarray) -> np.ndarray:
    """int64, among the distinct rows: a sample of those fitted on that occur once in train, or of all where few do."""
    _, counts = np.unique(dataset.train.hashes, return_counts=True)
    _, order = np.unique(dataset.distinct_train.hashes, return_inverse=True)
    single = fitted[counts[order.reshape(-1)][fitted] == 1]
    pool = single if len(single) >= FEWEST_SINGLE else fitted
    most = min(SAMPLE, _affordable(np.minimum(dataset.distinct_train.lengths[pool], LONGEST), SAMPLE_TOKENS))
    return pool if len(pool) <= most else np.sort(generator(0, STREAM, "own").choice(pool, most, replace=False))


def _affordable(lengths: np.ndarray, tokens: int) -> int:
    """Rows of these lengths that hold about so many tokens, 200 at least."""
    return max(200, int(tokens / max(float(lengths.mean()) if len(lengths) else 1.0, 1.0)))


def _sample_rows(dataset: AuditDataset, rows: AuditSplit, known: np.ndarray) -> tuple[int, np.ndarray]:
    """(number of rows that are not in train, positions of those looked at)."""
    new = np.flatnonzero(~np.isin(rows.hashes, known))
    lengths = np.minimum(rows.lengths[new], LONGEST)
    splits = len(dataset.evaluations)
    most = min(SAMPLE, max(2_000, ALL_ROWS // splits), _affordable(lengths, max(SAMPLE_TOKENS * 2 // splits, 200_000)))
    if len(new) <= most:
        return len(new), new
    return len(new), np.sort(generator(0, STREAM, rows.name, "rows").choice(new, most, replace=False))


def _draw_rows(analysis: Analysis, rows: AuditSplit, chosen: np.ndarray, known: np.ndarray) -> TokenRows:
    """Rows by chance that are not in train, of the lengths of the rows looked at."""
    lengths = np.minimum(rows.lengths[chosen], LONGEST)
    if not len(lengths):
        return TokenRows(np.zeros(0, np.int32), np.zeros(1, np.int64))
    splits = len(analysis.evaluations)
    many = min(SAMPLE, max(2_000, ALL_ROWS // splits), _affordable(lengths, max(SAMPLE_TOKENS // splits, 100_000)))
    random = generator(0, STREAM, rows.name, "chance")
    codes, offsets = analysis.token_model.draw(random.choice(lengths, many), random)
    new = np.flatnonzero(~np.isin(analysis.hash_rows(codes, offsets), known))
    return TokenRows(*take(codes, offsets, new))


def _verdict(
    rows: AuditSplit,
    new: int,
    chosen: np.ndarray,
    found: Near,
    queries: Queries,
    by_chance: Near,
    drawn: Queries,
    n_train: int,
) -> Verdict:
    hits = np.unique(found.query)
    allowed = edits_allowed(queries, n_train)
    return Verdict(
        name=rows.name,
        new=new,
        near=Rate(len(hits), len(chosen)),
        chance=Rate(len(np.unique(by_chance.query)), len(drawn.itself)),
        across=Rate(len(found.continued), len(chosen)),
        across_chance=Rate(len(by_chance.continued), len(drawn.itself)),
        continued_only=_continued_only(found),
        by_edits=len(np.unique(found.query[found.edits >= 0])),
        comparable=int((allowed > 0).sum()),
        sampled=len(chosen) < new,
        looked=chosen,
        found=chosen[hits],
        pairs=replace(found, query=chosen[found.query]),
    )
