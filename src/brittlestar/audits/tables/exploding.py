"""Finding `embedding.exploding`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import norm, rankdata

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.showing import Rule
from brittlestar.core.findings import Finding

CODE = "embedding.exploding"
FEWEST = 10  # chosen, not measured
PAIRS = ((5.0, 0.5), (2.5, 0.8))  # ratios of norms and correlations with frequency: chosen, not measured
FALLING = 15.0  # measured (bf02c07): rare tokens of healthy co-occurrence tables have up to 6 times longer rows
FALLS = 0.5  # as the first of PAIRS
FAR = 100.0  # chosen, not measured
THRESHOLD = (
    "Norms differ five times and grow with frequency (rank correlation .5), 2.5 times with .8, or 15 times and fall "
    "with it (-.5); or one is 100 times the median. A warning."
)
RULE = Rule(CODE, THRESHOLD, "Scale every row to the same length before training.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table whose length is driven by how frequent their tokens are, or is out of all proportion.

    **What it means.** The length of a vector decides how much its token weighs in sums, averages and gates. Where it
    follows frequency, the model weighs tokens by how common they are before it has learnt anything; a few enormous
    rows drown all others.

    **How it is decided.** Norms of the rows of train's tokens: the ratio of their 95th to their 5th percentile,
    Spearman's rank correlation with the tokens' frequency in train (tested by its normal approximation), and the
    longest row over the median.

    **Thresholds.** A ratio of five with a correlation of .5, or of 2.5 with one of .8; a ratio of 15 where norms fall
    with frequency (-.5), since healthy tables made from co-occurrence give rare tokens up to six times longer rows;
    or a row of 100 times the median. At least ten tokens with a row.

    **What it cannot see.** The norms that training will give a fine-tuned table.

    **What to do.** Scale every row to the same length, or train with a small weight decay on the embedding.
    """
    table = analysis.table
    if isinstance(table, str):
        yield RULE.abstain(table)
        return
    codes = table.alive
    if len(codes) < FEWEST:
        told = f"The table has vectors for {len(codes)} tokens of train; {FEWEST} are needed."
        yield RULE.abstain(told, table.where)
        return
    norms = np.linalg.norm(table.vectors(codes), axis=1)
    low, median, high = np.percentile(norms, [5, 50, 95])
    correlation = spearman(norms, table.counts[codes])
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
    story = (
        f"The norms of {len(codes):,} rows lie between {low:.3g} and {high:.3g} (5th and 95th percentile), the longest "
        f"is {norms.max():.3g}; their rank correlation with frequency is {correlation:.2f}"
    )
    driven = any(high >= ratio * low and correlation >= least for ratio, least in PAIRS)
    driven = driven or (high >= FALLING * low and correlation <= -FALLS)
    if driven:
        z = abs(correlation) * np.sqrt(len(codes) - 1)
        evidence |= {"test": "Spearman's rank correlation, normal approximation", "p": float(2 * norm.sf(z))}
    if driven or norms.max() >= FAR * median:
        story = f"{story} (longest: {format_tokens(analysis, longest)})."
        yield RULE.conclude(story, "warning", table.where, evidence)
    else:
        yield RULE.conclude(f"{story}.", None, table.where, evidence)


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Rank correlation with ties at their mean rank; 0 where one of the two does not vary."""
    ranks = [rankdata(values) - (len(values) + 1) / 2 for values in (first, second)]
    spread = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float(ranks[0] @ ranks[1]) / spread if spread > 0 else 0.0
