"""Finding `embedding.collapsed`."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.showing import Rule, percent
from brittlestar.audits.tables.given import GivenTable, dead
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "embedding.collapsed"
FEWEST = 5  # chosen, not measured
MOST = 2_000  # budget: 2,000 × 2,000 distances are 32 MB
COSINE = 0.95  # chosen: trained tables are below .6
EQUAL = 0.99  # chosen, not measured
RANK = 1.5  # chosen, not measured: between one direction and two
FEWEST_FOR_RANK = 20  # chosen, not measured
LEAST_WIDTH = 4  # chosen, not measured: few columns have no room
TWINS = 0.25  # lowered from .5 (d14c62c), not measured
NEAR = 0.05  # chosen, not measured
DEAD = 0.01  # convention: one token in a hundred
THRESHOLD = (
    "Rows have a mean cosine of .95 (an error from .99 on), span hardly one direction, or a quarter has a near twin; "
    "or rows of 1 % of train's tokens are zero or not finite. A warning otherwise."
)
RULE = Rule(CODE, THRESHOLD, "Look at how the table was written; subtract the mean vector, or train the vectors.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table that are nearly equal, or empty.

    **What it means.** Tokens with nearly equal vectors are one token to a frozen model, and hard to tell apart to one
    that trains them further. Rows of zeros are padding to some models.

    **How it is decided.** On the rows of train's tokens (2,000 of them, drawn at random, where there are more): the
    mean cosine of pairs; the effective rank of the centred rows, (sum of eigenvalues)² over the sum of squared
    eigenvalues of their covariance (the participation ratio); tokens with a near twin, a row closer than 5 % of the
    rows' typical distance from their mean; and the share of train's tokens whose row is zero or not finite.

    **Thresholds.** Mean cosine .95 (trained tables are below .6), an error from .99 on. Effective rank 1.5, from 20
    tokens and 4 columns on. A quarter of the tokens with a near twin, from 4 columns on. Dead rows: 1 % of train's
    tokens.

    **What it cannot see.** Whether the directions that are left are the useful ones.

    **What to do.** Look at how the table was written; subtract the mean vector; or train vectors from random ones.
    """
    table = analysis.table
    if isinstance(table, str):
        yield RULE.abstain(table)
    elif len(table.known) < FEWEST:
        told = f"The table has rows for {len(table.known)} tokens of train; {FEWEST} are needed."
        yield RULE.abstain(told, table.where)
    else:
        yield _finding(analysis, table, table.known)


def _finding(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> Finding:
    vectors = table.vectors(codes)
    is_dead = dead(vectors)
    total = int(table.counts.sum())
    lost = int(table.counts[codes[is_dead]].sum())
    alive, tokens = vectors[~is_dead], codes[~is_dead]
    if len(alive) > MOST:
        some = np.sort(generator(0, CODE).choice(len(alive), MOST, replace=False))
        alive, tokens = alive[some], tokens[some]
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "looked_at": len(alive),
        "dead": {"tokens": int(is_dead.sum()), "occurrences": lost, "of": total, "share": lost / max(total, 1)},
    }
    story, reasons, severity = f"{len(alive):,} rows are left to look at", list[str](), "warning"
    if lost >= DEAD * total and is_dead.any():
        reasons.append(
            f"{int(is_dead.sum()):,} of {len(codes):,} rows are zero or not finite "
            f"({format_tokens(dataset, codes[is_dead])}), {percent(lost / total)} of train's tokens"
        )
    if len(alive) >= FEWEST:
        cosine, rank, twins = geometry(alive)
        wide = alive.shape[1] >= LEAST_WIDTH
        evidence |= {"mean_cosine": cosine, "effective_rank": rank, "twins": int(twins.sum())}
        story = f"rows of {len(alive):,} tokens have a cosine of {cosine:.2f} on average and span {rank:.1f} directions"
        if cosine >= COSINE:
            reasons.append(f"two rows have a cosine of {cosine:.3f} on average")
        elif rank <= RANK and len(alive) >= FEWEST_FOR_RANK and wide:
            reasons.append(f"the rows span {rank:.2f} directions of {alive.shape[1]}")
        elif twins.mean() >= TWINS and wide:
            told = format_tokens(dataset, tokens[twins])
            reasons.append(f"{percent(float(twins.mean()))} of the rows nearly equal another one ({told})")
        severity = "error" if cosine >= EQUAL else severity
    if not reasons:
        return RULE.conclude(f"The {story}.", None, table.where, evidence)
    story = f"{'; '.join(reasons)}."
    return RULE.conclude(story[:1].upper() + story[1:], severity, table.where, evidence)


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
    return cosine, rank, distances.min(axis=1) <= NEAR**2 * float(spread.sum()) / n
