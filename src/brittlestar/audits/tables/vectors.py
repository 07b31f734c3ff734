"""Checks `embedding.frozen`, `.unused`, `.collapsed`, `.exploding`: what vectors look like, whatever their tokens."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import norm, rankdata

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, format_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given_table import GivenTable, dead
from brittlestar.core.checks import Observed
from brittlestar.core.seeds import generator
from brittlestar.study.names import MAIN
from brittlestar.study.variants import variant_settings


@data_check(
    "embedding.frozen",
    "A variant sets model.embedding.mode to frozen-random; a warning for main, info for a variant.",
    remedy="Set model.embedding.mode to trained, or to frozen-pretrained with a table.",
)
def frozen(analysis: Analysis) -> Iterator[Observed]:
    """Token vectors that are drawn at random and never trained.

    **What it means.** The rest of the model has to work with whatever the draw gave. As a variant that is a useful
    ablation: how much do trained vectors add? As main it is mostly a mistake.

    **How it is decided.** From the settings of every variant: `model.embedding.mode`.

    **What it cannot see.** Vectors that your own model freezes.
    """
    variants = {name: study.model for name, study in variant_settings(analysis.study).items()}
    variants = {
        name: variant
        for name, variant in variants.items()
        if variant.own is None and not variant.predictions and variant.family != "bag"
    }
    frozen = [name for name, model in variants.items() if model.embedding.mode == "frozen-random"]
    for name in frozen:
        sentence = f"The token vectors of {name} are random and are not trained."
        severity = "warning" if name == MAIN else "info"
        yield observe(sentence, severity, {"variant": name}, {"mode": "frozen-random"})
    if not frozen and variants:
        modes = ", ".join(f"{name} {model.embedding.mode}" for name, model in variants.items())
        yield observe(f"No variant freezes random vectors ({modes}).")
    elif not frozen:
        sentence = "No variant has vectors of ours; whether a model of your own freezes them is seen when it trains"
        yield Observed("not-applicable", sentence)


LEAST_UNUSED = 0.01  # convention: one row in a hundred


@data_check(
    "embedding.unused",
    "At least 1 % of the table's rows belong to no token of any split; info.",
    remedy="None is needed, unless the examples look like tokens of your data in another spelling.",
)
def unused_rows(analysis: Analysis) -> Iterator[Observed]:
    """Rows of an embedding table that no token of the data reaches.

    **What it means.** Nothing, where the table is a general one: it is larger than the vocabulary of any data. In a
    table that was made for this data, rows that nothing reaches hint at another tokenisation or another version.

    **How it is decided.** The tokens that the table names are compared with the tokens of all splits.

    **What it cannot see.** Whether the table was meant for this data alone.
    """
    table = analysis.table
    if isinstance(table, Observed):
        yield table
        return
    names, known = table.look.names, frozenset(analysis.tokens)
    unused = [name for name in names if name not in known]
    examples = unused[:: max(1, len(unused) // 10)][:10]
    sentence = f"{len(unused):,} of the table's {len(names):,} rows ({percent(len(unused) / max(len(names), 1))})"
    sentence += " belong to no token of any split"
    many = bool(names) and len(unused) >= LEAST_UNUSED * len(names)
    if many:
        sentence += f" ({', '.join(repr(name)[:30] for name in examples[:5])})"
    evidence = {"unused": len(unused), "of": len(names), "examples": examples}
    yield observe(sentence, "info" if many else None, table.where, evidence)


FEWEST_FOR_GEOMETRY = 5  # chosen, not measured
MOST_FOR_GEOMETRY = 2_000  # budget: 2,000 × 2,000 distances are 32 MB
COSINE = 0.95  # chosen: trained tables are below .6
RANK = 1.5  # chosen, not measured: between one direction and two
FEWEST_FOR_RANK = 20  # chosen, not measured
LEAST_WIDTH = 4  # chosen, not measured: few columns have no room
TWINS = 0.25  # lowered from .5 (d14c62c), not measured
NEAR_COPY = 0.05  # chosen, not measured
DEAD = 0.01  # convention: one token in a hundred


@data_check(
    "embedding.collapsed",
    "Rows have a mean cosine of .95, span hardly one direction, or a quarter has a near "
    "twin; or rows of 1 % of train's tokens are zero or not finite. A warning otherwise.",
    remedy="Look at how the table was written; subtract the mean vector, or train the vectors.",
)
def collapsed_vectors(analysis: Analysis) -> Iterator[Observed]:
    """Rows of an embedding table that are nearly equal, or empty.

    **What it means.** Tokens with nearly equal vectors are one token to a frozen model, and hard to tell apart to one
    that trains them further. Rows of zeros are padding to some models.

    **How it is decided.** On the rows of train's tokens (2,000 of them, drawn at random, where there are more): the
    mean cosine of pairs; the effective rank of the centred rows, (sum of eigenvalues)² over the sum of squared
    eigenvalues of their covariance (the participation ratio); tokens with a near twin, a row closer than 5 % of the
    rows' typical distance from their mean; and the share of train's tokens whose row is zero or not finite.

    **What it cannot see.** Whether the directions that are left are the useful ones.
    """
    table = analysis.table
    if isinstance(table, Observed):
        yield table
    elif len(table.known) < FEWEST_FOR_GEOMETRY:
        sentence = f"The table has rows for {len(table.known)} tokens of train; {FEWEST_FOR_GEOMETRY} are needed."
        yield unknown(sentence, table.where)
    else:
        yield _measure_geometry(analysis, table, table.known)


def _measure_geometry(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> Observed:
    vectors = table.vectors(codes)
    is_dead = dead(vectors)
    total = int(table.counts.sum())
    lost = int(table.counts[codes[is_dead]].sum())
    alive, tokens = vectors[~is_dead], codes[~is_dead]
    if len(alive) > MOST_FOR_GEOMETRY:
        some = np.sort(generator(0, "embedding.collapsed").choice(len(alive), MOST_FOR_GEOMETRY, replace=False))
        alive, tokens = alive[some], tokens[some]
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "looked_at": len(alive),
        "dead": {"tokens": int(is_dead.sum()), "occurrences": lost, "of": total, "share": lost / max(total, 1)},
    }
    sentence, reasons = f"{len(alive):,} rows are left to look at", list[str]()
    if lost >= DEAD * total and is_dead.any():
        reasons.append(
            f"{int(is_dead.sum()):,} of {len(codes):,} rows are zero or not finite "
            f"({format_tokens(dataset, codes[is_dead])}), {percent(lost / total)} of train's tokens"
        )
    if len(alive) >= FEWEST_FOR_GEOMETRY:
        cosine, rank, twins = geometry(alive)
        wide = alive.shape[1] >= LEAST_WIDTH
        evidence |= {"mean_cosine": cosine, "effective_rank": rank, "twins": int(twins.sum())}
        sentence = (
            f"rows of {len(alive):,} tokens have a cosine of {cosine:.2f} on average and span {rank:.1f} directions"
        )
        if cosine >= COSINE:
            reasons.append(f"two rows have a cosine of {cosine:.3f} on average")
        elif rank <= RANK and len(alive) >= FEWEST_FOR_RANK and wide:
            reasons.append(f"the rows span {rank:.2f} directions of {alive.shape[1]}")
        elif twins.mean() >= TWINS and wide:
            named = format_tokens(dataset, tokens[twins])
            reasons.append(f"{percent(float(twins.mean()))} of the rows nearly equal another one ({named})")
    if not reasons:
        return observe(f"The {sentence}.", None, table.where, evidence)
    sentence = f"{'; '.join(reasons)}."
    return observe(sentence[:1].upper() + sentence[1:], "warning", table.where, evidence)


def geometry(vectors: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Mean cosine of pairs, effective rank of the centred rows, and bool (n,): another row is nearer than 5 % of the
    root mean square distance from the mean. `vectors` float (n, width), none of them zero."""
    n = len(vectors)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / norms
    mean = unit.mean(axis=0)
    cosine = float((n * (mean @ mean) - 1) / (n - 1))
    spread = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False) ** 2
    rank = float(spread.sum() ** 2 / max((spread**2).sum(), 1e-300)) if spread.sum() > 0 else 0.0
    squares = (vectors**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2 * (vectors @ vectors.T), 0.0)
    np.fill_diagonal(distances, np.inf)
    return cosine, rank, distances.min(axis=1) <= NEAR_COPY**2 * float(spread.sum()) / n


FEWEST_NORMS = 10  # chosen, not measured
PAIRS = ((5.0, 0.5), (2.5, 0.8))  # ratios of norms and correlations with frequency: chosen, not measured
FALLING = 15.0  # measured (bf02c07): rare tokens of healthy co-occurrence tables have up to 6 times longer rows
FALLS = 0.5  # as the first of PAIRS
FAR_LONGER = 100.0  # chosen, not measured


@data_check(
    "embedding.exploding",
    "Norms differ five times and grow with frequency (rank correlation .5), 2.5 times with .8, or 15 times and "
    "fall with it (-.5); or one is 100 times the median. A warning.",
    remedy="Scale every row to the same length before training.",
)
def exploding(analysis: Analysis) -> Iterator[Observed]:
    """Rows of an embedding table whose length is driven by how frequent their tokens are, or is out of all proportion.

    **What it means.** The length of a vector decides how much its token weighs in sums, averages and gates. Where it
    follows frequency, the model weighs tokens by how common they are before it has learnt anything; a few enormous
    rows drown all others.

    **How it is decided.** Norms of the rows of train's tokens: the ratio of their 95th to their 5th percentile,
    Spearman's rank correlation with the tokens' frequency in train (tested by its normal approximation), and the
    longest row over the median.

    **What it cannot see.** The norms that training will give a fine-tuned table.
    """
    table = analysis.table
    if isinstance(table, Observed):
        yield table
        return
    codes = table.alive
    if len(codes) < FEWEST_NORMS:
        note = f"The table has vectors for {len(codes)} tokens of train; {FEWEST_NORMS} are needed."
        yield unknown(note, table.where)
        return
    norms = np.linalg.norm(table.vectors(codes), axis=1)
    low, median, high = np.percentile(norms, [5, 50, 95])
    ranks = [rankdata(values) for values in (norms, table.counts[codes])]
    varied = all(np.ptp(rank) > 0 for rank in ranks)
    correlation = float(np.corrcoef(ranks)[0, 1]) if varied else 0.0
    longest = codes[np.argsort(-norms, kind="stable")[:5]]
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "percentile_5": float(low),
        "median": float(median),
        "percentile_95": float(high),
        "ratio": float(high / low),
        "longest": float(norms.max()),
        "rank_correlation_with_frequency": correlation,
        "longest_tokens": [analysis.tokens[int(code)] for code in longest],
    }
    sentence = (
        f"The norms of {len(codes):,} rows lie between {low:.3g} and {high:.3g} (5th and 95th percentile), the longest "
        f"is {norms.max():.3g}; their rank correlation with frequency is {correlation:.2f}"
    )
    driven = any(high >= ratio * low and correlation >= least for ratio, least in PAIRS)
    driven = driven or (high >= FALLING * low and correlation <= -FALLS)
    if driven:
        z = abs(correlation) * np.sqrt(len(codes) - 1)
        evidence |= {"test": "Spearman's rank correlation, normal approximation", "p": float(2 * norm.sf(z))}
    if driven or norms.max() >= FAR_LONGER * median:
        sentence = f"{sentence} (longest: {format_tokens(analysis, longest)})."
        yield observe(sentence, "warning", table.where, evidence)
    else:
        yield observe(sentence, None, table.where, evidence)
