"""Finding `shift.vocabulary`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import bag
from brittlestar.audits.draws import renumber, units_of
from brittlestar.audits.holding import chosen, format_tokens, holding, places_of, row_at
from brittlestar.audits.shifts.chance import add_up, all_in_second, p_of_dealing, shape
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.audits.tokens.surplus import find_surplus
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.findings import Finding
from brittlestar.core.large_arrays import count
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import row_blocks

CODE = "shift.vocabulary"
LEAST_TOKENS = 0.01  # chosen, not measured
LEAST_ROWS = 0.02  # chosen, not measured
SERIOUS_ROWS = 0.5  # chosen, not measured
SERIOUS_TOKENS = 0.1  # chosen, not measured
THRESHOLD = (
    "Unseen tokens exceed what new rows of train's source show by 1 % of tokens or 2 % of rows (p at most 0.0001): a "
    "warning, an error from 10 % or 50 % on, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """An evaluation split holds more tokens unseen in train than new rows of train's source would.

    **What it means.** A model has no trained vector for these tokens: it reads the unknown token, or a random vector.

    **How it is decided.** Tokens of the split that train never shows are counted. Natural vocabularies have long tails,
    so new rows of the same source show unseen tokens too; their rate is estimated from train itself by leaving out one
    row at a time (tokens that stand in no other row, copies taken once; Good 1953, by rows) or one group at a time
    where the split is by group. The test deals the distinct rows of both splits at random and asks for how many tokens
    all rows that hold them fall to the split; tokens in exactly the same rows are dealt together.

    **Thresholds.** Present: unseen tokens exceed the expected rate by 1 % of the split's tokens, or rows with an unseen
    token exceed the expected share by 2 % of its rows, with p at most 0.0001. Error from 10 % of tokens or 50 % of rows
    on, else warning; info on splits whose name starts with `shift`.

    **What it cannot see.** Tokens that train shows, but rarely (`shift.composition`), or with another meaning.

    **What to do.** See whether the tokens are a different spelling or tokenisation (`token.mismatch`, `data.encoding`);
    use smaller units; or report rows with and without unseen tokens apart.
    """
    yield from each_split(analysis, Rule(CODE, THRESHOLD), _examine, by_class=False)


def _examine(comparison: Comparison) -> Verdict:
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
    order = np.argsort(-counts, kind="stable")[:MOST_NAMED]
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
    story = (
        f"{comparison.name}: {len(unseen):,} of {len(whole.codes):,} tokens ({percent(share)}) never occur in "
        f"train{named}, in {percent(row_share)} of {whole.n_rows:,} rows; new rows of train's source would show "
        f"{percent(rate)} of tokens, in {percent(expected_rows)} of rows"
    )
    degree = None
    if beyond >= LEAST_TOKENS or beyond_rows >= LEAST_ROWS:
        degree = "error" if beyond >= SERIOUS_TOKENS or beyond_rows >= SERIOUS_ROWS else "warning"
        if symbol := _only_unknown(comparison, codes, rate, expected_rows):
            return Verdict(f"{story}; without {symbol} it is gone, so see token.unknown", evidence, "info")
    remedy = "Check spelling and tokenisation of these tokens, use smaller units, or report rows without them apart."
    return Verdict(story, evidence, degree, remedy)


def _only_unknown(comparison: Comparison, unseen: np.ndarray, rate: float, expected_rows: float) -> str:
    """The written unknown tokens, where without them the split has hardly more unseen tokens than expected; or ""."""
    surplus = find_surplus(comparison)
    if surplus is None or not surplus.far_more:
        return ""
    whole, n_tokens = comparison.whole, len(comparison.dataset.tokens)
    rest = chosen(np.setdiff1d(unseen, surplus.codes), n_tokens)
    share = float(rest[whole.codes].mean())
    row_share = len(holding(whole, rest)) / whole.n_rows
    if share - rate >= LEAST_TOKENS or row_share - expected_rows >= LEAST_ROWS:
        return ""
    return format_tokens(comparison.dataset, np.intersect1d(unseen, surplus.codes))


def left_out_rate(rows: LabelledRows, units: np.ndarray | None) -> float:
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


def _codes_and_units(rows: LabelledRows, units: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The tokens and int32 the units of their rows, block by block."""
    for block in row_blocks(rows.offsets):
        bounds = rows.offsets[block.start : block.stop + 1]
        yield rows.codes[bounds[0] : bounds[-1]], np.repeat(units[block].astype(np.int32), np.diff(bounds))


def dealt(comparison: Comparison) -> float:
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
    key = generator(0, CODE, "rows").integers(0, 1 << 63, n + m, dtype=np.uint64)
    _, one, of = np.unique(np.add.reduceat(key[counts.indices], starts), return_index=True, return_inverse=True)
    weights = np.bincount(of.reshape(-1), weights=np.add.reduceat(counts.data.astype(np.float64), starts))
    chance = all_in_second(rows[used][one], n, m)
    return p_of_dealing(float(weights @ (unseen[one] - chance)), weights, chance, unseen[one])
