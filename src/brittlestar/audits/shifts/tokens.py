"""Checks `shift.vocabulary` and `shift.composition`: which tokens a split has, and how often, against train."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check
from brittlestar.audits.dataset import bag, places_of, row_at
from brittlestar.audits.draws import renumber, units_of
from brittlestar.audits.shifts.chance import Drift, Shares, add_up, all_in_second, drift, p_of_dealing, shape
from brittlestar.audits.shifts.judge import ALL_AS_WRITTEN, MOST_EXAMPLES, Shift, each_split
from brittlestar.audits.shifts.rows import SplitPair
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.large_arrays import count
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import row_blocks

LEAST_TOKENS = 0.01  # chosen, not measured
LEAST_ROWS_BEYOND = 0.02  # chosen, not measured


@data_check(
    "shift.vocabulary",
    "Unseen tokens exceed what new rows of train's source show by 1 % of tokens or 2 % of rows (p at most "
    "0.0001): a warning, info on shifted splits.",
    remedy="Check spelling and tokenisation of these tokens, use smaller units, or report rows without them apart.",
    softens=True,
    reads_labels=False,
    explained_by=("token.unknown",),
)
def vocabulary(analysis: Analysis) -> Iterator[Observed]:
    """An evaluation split holds more tokens unseen in train than new rows of train's source would.

    **What it means.** A model has no trained vector for these tokens: it reads the unknown token, or a random vector.

    **How it is decided.** Tokens of the split that train never shows are counted. Natural vocabularies have long tails,
    so new rows of the same source show unseen tokens too; their rate is estimated from train itself by leaving out one
    row at a time (tokens that stand in no other row, copies taken once; Good 1953, by rows) or one group at a time
    where the split is by group. The test deals the distinct rows of both splits at random and asks for how many tokens
    all rows that hold them fall to the split; tokens in exactly the same rows are dealt together.

    **What it cannot see.** Tokens that train shows, but rarely (`shift.composition`), or with another meaning.
    """
    yield from each_split(analysis, _compare_vocabulary, by_class=False)


def _compare_vocabulary(comparison: SplitPair) -> Shift:
    dataset, whole = comparison.dataset, comparison.whole
    known = count(dataset.train.codes, len(dataset.tokens)) > 0
    unseen = places_of(whole, ~known)
    rows = np.unique(row_at(whole, unseen))
    total = max(len(whole.codes), 1)
    distinct, draws = dataset.distinct_train, comparison.draws
    rate = left_out_rate(distinct, units_of(distinct, draws.families, draws.kept[comparison.name]))
    expected_rows = float((-np.expm1(whole.lengths * np.log1p(-min(rate, 0.999)))).mean())
    share, row_share = len(unseen) / total, len(rows) / whole.n_rows
    beyond, beyond_rows = share - rate, row_share - expected_rows
    codes, counts = np.unique(whole.codes[unseen], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_EXAMPLES]
    names = {dataset.tokens[int(codes[k])]: int(counts[k]) for k in order}
    evidence: dict[str, Any] = {
        "unseen": len(unseen),
        "of": len(whole.codes),
        "share": share,
        "expected_share": rate,
        "excess": beyond,
        "distinct_unseen": len(codes),
        "rows_with_unseen": len(rows),
        "of_rows": whole.n_rows,
        "row_share": row_share,
        "expected_row_share": expected_rows,
        "excess_of_rows": beyond_rows,
        "tokens": names,
        **show_rows(whole, rows),
        "sampled": comparison.sampled,
        "test": "rows of both splits dealt at random: tokens whose rows all fall to the split",
        "p": dealt(comparison),
    }
    named = f", most often {', '.join(repr(name) for name in list(names)[:3])}" if names else ""
    sentence = (
        f"{comparison.name}: {len(unseen):,} of {len(whole.codes):,} tokens ({percent(share)}) never occur in "
        f"train{named}, in {percent(row_share)} of {whole.n_rows:,} rows; new rows of train's source would show "
        f"{percent(rate)} of tokens, in {percent(expected_rows)} of rows"
    )
    there = beyond >= LEAST_TOKENS or beyond_rows >= LEAST_ROWS_BEYOND
    return Shift(sentence, evidence, "warning" if there else None)


def left_out_rate(rows: BaselineRows, units: np.ndarray | None) -> float:
    """Share of tokens of these (distinct) rows that stand in no other row, or in no other unit where `units` int
    (n_rows,) is given: what a new row shows that the others do not."""
    if not len(rows.codes):
        return 0.0
    alone = np.arange(rows.n_rows) if units is None else units
    last = np.zeros(int(rows.codes.max()) + 1, np.int32)
    for codes, unit in _codes_and_units(rows, alone):
        last[codes] = unit
    shared = np.zeros(len(last), np.bool_)
    for codes, unit in _codes_and_units(rows, alone):
        shared[codes[last[codes] != unit]] = True
    return float(count(rows.codes, len(last))[~shared].sum() / len(rows.codes))


def _codes_and_units(rows: BaselineRows, units: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The tokens and int32 the units of their rows, block by block."""
    for block in row_blocks(rows.offsets):
        bounds = rows.offsets[block.start : block.stop + 1]
        yield rows.codes[bounds[0] : bounds[-1]], np.repeat(units[block].astype(np.int32), np.diff(bounds))


def dealt(comparison: SplitPair) -> float:
    """p of the number of unseen tokens where the distinct rows (or groups) of both samples are dealt at random."""
    n_tokens = len(comparison.dataset.tokens)
    each: list[sparse.csr_matrix] = []
    for side in (comparison.train, comparison.other):
        once = np.sort(np.unique(side.rows.hashes, return_index=True)[1])
        units = renumber(side.units[once]) if side.clustered and side.units is not None else None
        each.append(add_up(bag(side.rows.take(once), n_tokens), units))
    first, second = each
    n, m = shape(first)[0], shape(second)[0]
    counts = sparse.csc_matrix(sparse.vstack([first, second]))
    rows = np.diff(counts.indptr)
    used = np.flatnonzero(rows)
    if not len(used):
        return 1.0
    starts = counts.indptr[:-1][used]
    unseen = np.minimum.reduceat(counts.indices, starts) >= n
    if not unseen.any():
        return 1.0
    key = generator(0, "shift.vocabulary", "rows").integers(0, 1 << 63, n + m, dtype=np.uint64)
    _, one, of = np.unique(np.add.reduceat(key[counts.indices], starts), return_index=True, return_inverse=True)
    weights = np.bincount(of.reshape(-1), weights=np.add.reduceat(counts.data.astype(np.float64), starts))
    chance = all_in_second(rows[used][one], n, m)
    return p_of_dealing(float(weights @ (unseen[one] - chance)), weights, chance, unseen[one])


LEAST_TOKENS_MOVED = 0.03  # chosen, not measured
LEAST_PER_ROW = 0.05  # chosen, not measured: one occurrence in 20 rows
LEAST_RATIO = 2.0  # chosen, not measured
FEWEST_ROWS_HOLDING = 20  # chosen, not measured: fewer give no variance
MOST_TOKENS_IN_TABLE = 2000  # budget: columns of one table


@data_check(
    "shift.composition",
    "Token shares differ from train's by 3 points of total variation more than sampling gives, or one token "
    "doubles or halves by 0.05 occurrences a row (p at most 0.0001): a warning, info on shifted splits.",
    remedy="Look at the tokens that moved; draw the splits again, or say that the split tests another composition.",
    softens=True,
    reads_labels=False,
    explained_by=("token.unknown",),
)
def composition(analysis: Analysis) -> Iterator[Observed]:
    """Tokens are more or less frequent in an evaluation split than in train.

    **What it means.** What is rare in train is poorly learnt, and a model that leans on how often a token occurs
    answers from a source that is no longer the one.

    **How it is decided.** Frequent tokens are compared, which train shows and at least 20 rows hold (2,000 at most), by
    their shares among each other. The total variation distance is the share of them that would have to be replaced; its
    mean under sampling of rows is taken off. Shares of single tokens in the sentence are of all tokens in all rows. A
    single token can move without moving that sum, so each is also looked at alone. Each token is tested against the
    variance of its share over rows: tokens of one row belong together, and so do copies and groups. Where factors are
    declared, shares of their values are tested too. Where class shares differ as well (`shift.label`), the comparison
    is repeated with classes of train drawn in the split's shares; what that explains is a note.

    **What it cannot see.** Tokens unseen in train (`shift.vocabulary`), and tokens in another order (`shift.order`).
    """
    yield from each_split(analysis, _compare_composition)


def _compare_composition(comparison: SplitPair) -> Shift:
    dataset, name = comparison.dataset, comparison.name
    bags = [bag(side.rows, len(dataset.tokens)) for side in (comparison.train, comparison.other)]
    # Rare tokens are told by rows of both splits, so that neither is favoured.
    train, other = (np.bincount(one.indices, minlength=len(dataset.tokens)) for one in bags)
    both = train + other
    able = np.flatnonzero((train > 0) & (both >= FEWEST_ROWS_HOLDING))
    frequent = np.sort(able[np.argsort(-both[able], kind="stable")[:MOST_TOKENS_IN_TABLE]])
    if not len(frequent):
        return Shift(f"{name}: no token of train stands in {FEWEST_ROWS_HOLDING} rows", {"tokens_compared": 0})
    found, factors = _measure_drift(comparison, [sparse.csr_matrix(one[:, frequent]) for one in bags], frequent)
    tokens = [dataset.tokens[k] for k in frequent.tolist()]
    p = min(1.0, min(one.least_p for one in (found, *factors.values())) * (1 + len(factors)))
    size = np.abs(found.other.rates - found.train.rates) * float(comparison.other.rows.lengths.mean())
    alone: list[int] = np.flatnonzero((size >= LEAST_PER_ROW) & found.have_moved(LEAST_RATIO, 0.001)).tolist()
    every = [count(rows.codes, len(dataset.tokens)) for rows in (dataset.train, comparison.whole)]
    top = _list_moved(found, tokens, name, [one[frequent] / max(one.sum(), 1) for one in every])
    share = float(every[1][frequent].sum() / max(every[1].sum(), 1))
    evidence: dict[str, Any] = {
        "variation": found.variation,
        "chance": found.by_chance,
        "excess": found.excess,
        "tokens_compared": len(frequent),
        "share_compared": share,
        "tokens": top,
        "tokens_doubled_or_halved": [tokens[k] for k in alone[:MOST_EXAMPLES]],
        "factors": {
            factor: {
                "variation": one.variation,
                "excess": one.excess,
                "values": _list_moved(
                    one,
                    dataset.factor_values[factor][1:],
                    name,
                    [_share_values(dataset.factors[factor], counts, len(one.p)) for counts in every],
                ),
            }
            for factor, one in factors.items()
        },
        "sampled": comparison.sampled,
        "test": "share of each token against its variance over rows; Bonferroni over tokens and factors",
        "p": p,
    }
    of = "tokens" if share >= ALL_AS_WRITTEN else f"its frequent tokens ({percent(share)} of all)"
    sentence = (
        f"{name}: {100 * found.variation:.1f} % of {of} would have to be replaced to match train's composition "
        f"(chance gives {100 * found.by_chance:.1f} %), most for {top[0]['token']!r}: {percent(top[0][name])} of "
        f"all tokens, {percent(top[0]['train'])} in train{comparison.describe_rows()}"
    )
    shifted = found.excess >= LEAST_TOKENS_MOVED or len(alone) > 0
    return Shift(sentence, evidence, "warning" if shifted else None, found.excess, found.by_chance)


def _measure_drift(
    comparison: SplitPair, counts: Sequence[sparse.csr_matrix], frequent: np.ndarray
) -> tuple[Drift, dict[str, Drift]]:
    """How far the shares of the `frequent` tokens moved, and those of the values of each factor; `counts` (n_rows, k)
    of both sides."""
    dataset, sides = comparison.dataset, (comparison.train, comparison.other)

    def compare(things: sparse.csr_matrix | None = None) -> Drift:
        each = (one if things is None else one @ things for one in counts)
        first, second = (Shares.of(one, None, side.units) for one, side in zip(each, sides, strict=True))
        return drift(first, second)

    factors: dict[str, Drift] = {}
    for factor in (factor for factor, names in dataset.factor_values.items() if len(names) > 1):
        value, size = dataset.factors[factor][frequent], max(int(dataset.factors[factor].max()), 1)
        has = np.flatnonzero(value > 0)  # a token without a value has 0
        ones = (np.ones(len(has)), (has, value[has] - 1))
        factors[factor] = compare(sparse.csr_matrix(ones, shape=(len(frequent), size)))
    return compare(), factors


def _list_moved(found: Drift, names: Sequence[str], split: str, shares: Sequence[np.ndarray]) -> list[dict[str, Any]]:
    """What moved most, with the share of each in all rows of train and of the split, float64 (k,) each."""
    train, other = shares
    return [
        {"token": names[k], "train": float(train[k]), split: float(other[k]), "p": float(found.p[k])}
        for k in found.list_moved(MOST_EXAMPLES)
    ]


def _share_values(of_token: np.ndarray, counts: np.ndarray, many: int) -> np.ndarray:
    """float64 (many,): the share of each value of a factor among all tokens that have one."""
    found = np.bincount(of_token, counts, many + 1)[1:]
    return found / max(found.sum(), 1)
