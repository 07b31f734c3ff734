"""How often rows of each split, rows drawn by chance, and train rows themselves have near copies in train."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import Rate
from brittlestar.audits.draws import renumber
from brittlestar.audits.leaks.near_search import (
    LONGEST,
    Near,
    Queries,
    cut_rows,
    edits_allowed,
    enough_bits,
    find_near_copies,
    queries_of,
)
from brittlestar.audits.token_model import Surprise
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, offsets_of, stack_tokens

STREAM = "leak.near"
SAMPLE = 20_000  # budget: rows of one split
SAMPLE_TOKENS = 2_000_000  # budget: the same, of long rows
ALL_ROWS = 60_000  # budget: rows of all splits
FEWEST_SINGLE = 100  # chosen, not measured: fewer give no rate
MOST_FAMILIES = 200  # derived: a share of 80 % has a standard error of 3 points
LARGEST_FAMILY = 20  # chosen, not measured
LONG = 15  # chosen, not measured: rows so long that chance resemblance is out of the question


@dataclass(frozen=True)
class CopySource:
    """Train's distinct rows, what is needed to search them, the rate at which they have near copies among each other
    (rows that occur once), and how many of those that continue another do nothing else."""

    train: BaselineRows
    searched: TokenRows
    hashes: np.ndarray
    surprise: Surprise
    enough: float
    own: Rate
    continued_only: Rate


@dataclass(frozen=True)
class NearRates:
    """What was found of one split. `new` is the number of rows that are not in train, `near` and `across` are
    those looked at; `continued_only` of the rows that continue a train row do nothing else; `comparable` are long
    enough; `pairs` number the rows of the split and of `Source.train`; `found` int64 are positions of near copies;
    `looked` those looked at."""

    rows: BaselineRows
    new: int
    near: Rate
    chance: Rate
    across: Rate
    across_chance: Rate
    continued_only: Rate
    by_edits: int
    comparable: int
    looked: np.ndarray
    found: np.ndarray
    pairs: Near

    @property
    def looked_share(self) -> float:
        """Of the rows that are not in train, the share that was looked at."""
        return len(self.looked) / self.new if self.new else 1.0


def search_all(analysis: Analysis) -> tuple[CopySource, list[NearRates]]:
    """The source and every evaluation split, in one pass over train."""
    train, surprise = analysis.distinct_train, analysis.surprise
    searched = cut_rows(train)
    new = [np.flatnonzero(~are_in(rows.hashes, train.hashes)) for rows in analysis.evaluations]
    looked: list[np.ndarray] = []
    for rows, mine in zip(analysis.evaluations, new, strict=True):
        most = _find_most(rows.lengths[mine], len(new), max(SAMPLE_TOKENS * 2 // len(new), 200_000))
        looked.append(_choose(mine, most, rows.name, "rows"))
    parts: list[Queries] = []
    for rows, chosen in zip(analysis.evaluations, looked, strict=True):
        parts.append(queries_of(surprise, cut_rows(rows.take_tokens(chosen))))
        parts.append(queries_of(surprise, _draw_rows(analysis, rows, chosen)))
    # of the rows fitted on, those that occur once in train, or all where few do
    counts = np.unique(analysis.train.hashes, return_counts=True)[1][renumber(train.hashes)]
    single = analysis.surprise_rows[counts[analysis.surprise_rows] == 1]
    pool = single if len(single) >= FEWEST_SINGLE else analysis.surprise_rows
    own = _choose(pool, _find_most(train.lengths[pool], 1, SAMPLE_TOKENS), "own")
    parts.append(queries_of(surprise, searched.take_tokens(own), own))
    enough = enough_bits(len(searched.codes), max((len(chosen) for chosen in looked), default=0))
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in ("bits", "spared", "itself"))
    queries = Queries(TokenRows(*stack_tokens([part.rows for part in parts])), *arrays)
    pairs = find_near_copies(searched, analysis.token_hashes, queries, enough)
    bounds = offsets_of(np.asarray([part.rows.n_rows for part in parts])).tolist()
    found = [pairs.of(low, high) for low, high in pairwise(bounds)]
    verdicts = [
        _judge_split(rows, len(new[k]), looked[k], parts[2 * k : 2 * k + 2], found[2 * k : 2 * k + 2], train.n_rows)
        for k, rows in enumerate(analysis.evaluations)
    ]
    rate = Rate(len(np.unique(found[-1].query)), len(own))
    return CopySource(
        train, searched, analysis.token_hashes, surprise, enough, rate, _continued_only(found[-1])
    ), verdicts


def _continued_only(found: Near) -> Rate:
    return Rate(len(found.continued_only), len(found.continued))


def count_families(source: CopySource, verdict: NearRates) -> dict[str, Rate]:
    """How the near copies of a split hang together: `long`, near copies by edits of 15 tokens and more, where a chance
    resemblance is out of the question, among the rows looked at; of 200 of them, those of a `small` family; the pairs
    of one label (`alike`). A family is small where at most 20 train rows are near copies of the row or of these: it can
    be kept on one side, where a source in which near copies have further near copies without end cannot be parted."""
    pairs, rows = verdict.pairs, verdict.rows
    long = (rows.lengths[pairs.query] >= LONG) & (pairs.edits >= 0)
    queries = np.unique(pairs.query[long])
    found = Rate(len(queries), verdict.near.of)
    alike = rows.labels[pairs.query[long]] == source.train.labels[pairs.row[long]]
    if not len(queries):
        return {"long": found, "small": Rate(0, 0), "alike": Rate(0, 0)}
    queries = _choose(queries, MOST_FAMILIES, rows.name, "families")
    mine = np.isin(pairs.query, queries)
    query, row = np.searchsorted(queries, pairs.query[mine]), pairs.row[mine]
    known = np.unique(row)
    copies = queries_of(source.surprise, source.searched.take_tokens(known), known)
    further = find_near_copies(source.searched, source.hashes, copies, source.enough)
    shape = len(queries), len(known), source.searched.n_rows
    links = _link(further.query, further.row, shape[1:])
    reached = _link(query, np.searchsorted(known, row), shape[:2]) @ links + _link(query, row, (shape[0], shape[2]))
    small = np.diff(np.asarray(sparse.csr_matrix(reached).indptr)) <= LARGEST_FAMILY
    return {"long": found, "small": Rate(int(small.sum()), len(queries)), "alike": Rate(int(alike.sum()), len(alike))}


def _link(one: np.ndarray, other: np.ndarray, shape: tuple[int, ...]) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.coo_matrix((np.ones(len(one), np.int32), (one, other)), shape=shape))


def _find_most(lengths: np.ndarray, splits: int, tokens: int) -> int:
    """How many rows are looked at, at most: of one of so many splits, and those that hold about so many tokens."""
    mean = float(np.minimum(lengths, LONGEST).mean()) if len(lengths) else 1.0
    return min(SAMPLE, max(2_000, ALL_ROWS // splits), max(200, int(tokens / max(mean, 1.0))))


def _choose(pool: np.ndarray, most: int, *stream: str) -> np.ndarray:
    return pool if len(pool) <= most else np.sort(generator(0, STREAM, *stream).choice(pool, most, replace=False))


def _draw_rows(analysis: Analysis, rows: BaselineRows, chosen: np.ndarray) -> TokenRows:
    """Rows by chance that are not in train, of the lengths of the rows looked at."""
    lengths = np.minimum(rows.lengths[chosen], LONGEST)
    if not len(lengths):
        return TokenRows(np.zeros(0, np.int32), np.zeros(1, np.int64))
    splits = len(analysis.evaluations)
    random = generator(0, STREAM, rows.name, "chance")
    many = _find_most(lengths, splits, max(SAMPLE_TOKENS // splits, 100_000))
    codes, offsets = analysis.token_model.draw(random.choice(lengths, many), random)
    known = are_in(analysis.hash_rows(codes, offsets), analysis.distinct_train.hashes)
    return TokenRows(codes, offsets).take_tokens(np.flatnonzero(~known))


def _judge_split(
    rows: BaselineRows, new: int, looked: np.ndarray, queries: Sequence[Queries], pairs: Sequence[Near], n_train: int
) -> NearRates:
    """Of the rows looked at and of those drawn by chance, in this order: the queries, and what was found of them."""
    found, by_chance = pairs
    hits, drawn = np.unique(found.query), queries[1].rows.n_rows
    return NearRates(
        rows,
        new,
        near=Rate(len(hits), len(looked)),
        chance=Rate(len(np.unique(by_chance.query)), drawn),
        across=Rate(len(found.continued), len(looked)),
        across_chance=Rate(len(by_chance.continued), drawn),
        continued_only=_continued_only(found),
        by_edits=len(np.unique(found.query[found.edits >= 0])),
        comparable=int((edits_allowed(queries[0], n_train) > 0).sum()),
        looked=looked,
        found=looked[hits],
        pairs=replace(found, query=looked[found.query]),
    )
