"""Finding `embedding.misaligned`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.concluding import Rule
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given import GivenTable, dead
from brittlestar.audits.tables.likeness import (
    Fit,
    by_company,
    by_factors,
    by_spelling,
    cosines,
    find_best_order,
    find_strangers,
    fit,
)
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "embedding.misaligned"
SEES = "sample"
FEWEST = 10
MOST = 300
FITS, FITS_Z = 0.2, 4.0
OWN_ABOVE = 0.9
SHIFTS = (1, -1, 2, -2)
SHIFT_Z, GAIN = 6.0, 0.15
MISSING = 0.1
"""Chosen with the check (f775447), not measured; OWN_ABOVE: healthy tables of others (129d48b). See Thresholds."""
THRESHOLD = (
    "Vectors fit the tokens' company, factors or spelling one or two rows away, or in another order, and not at their "
    "own row: an error. Part of them fits nothing, or 10 % of train's tokens lack a row: warnings."
)
REMEDY = "Write the table again together with its tokens, from one list; the finding must then be absent."
RULE = Rule(CODE, THRESHOLD, REMEDY)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table that do not belong to their tokens, or tokens without a row.

    **What it means.** The model starts from the vectors of other tokens. Trained further it may recover; frozen, it
    works with noise that looks like knowledge. A token without a row gets a random vector.

    **How it is decided.** Tokens that keep the same company in train mostly have similar vectors; so do tokens with
    the same factor values, or of similar spelling. For the 300 most frequent tokens of train with a row, each of these
    likenesses is correlated with the cosines of the vectors (less their mean) over all pairs of tokens, and compared
    with permuted tokens (Mantel 1967): at the own row, and one and two rows away. Tokens that fit their own
    vectors are told from those that do not, in turns; where the company of the latter is the same in both halves of
    train, their vectors are from elsewhere. Where vectors fit nowhere, the order that fits best (approximate quadratic
    assignment; Vogelstein et al. 2015) is compared with that of random structures. Tokens that the table lacks are
    counted.

    **Thresholds.** Own row: correlation .2 with a z of 4 is a fit, unless one or two rows away the same likeness
    reaches 90 % of it. Off by some rows: .2 with a z of 6, and .15 above the own row's: an error. Elsewhere: .3 and
    five of at least 15 tokens whose company in the halves correlates by .4; a warning. Shuffled: .6, and .15 above
    random structures: an error. Missing: 10 % of train's tokens; a warning.

    **What it cannot see.** A few rows that were exchanged in a table that fits. Tables whose geometry has nothing to do
    with company, factors or spelling in this data: then it is `inconclusive`, as where vectors follow frequency alone
    in a table that is sorted by it: they fit as well one row off.

    **What to do.** Write the table again together with its tokens, from one list.
    """
    table = analysis.table
    if isinstance(table, str):
        yield RULE.abstain(table)
        return
    lacking = _report_lacking(analysis, table)
    if lacking is not None:
        yield lacking
    codes = table.alive[np.argsort(-table.counts[table.alive], kind="stable")][:MOST]
    if len(codes) < FEWEST:
        told = f"The table has vectors for {len(codes)} tokens of train; {FEWEST} are needed to compare them."
        yield RULE.abstain(told, table.where)
        return
    yield _compare(analysis, table, codes)


def _report_lacking(dataset: AuditDataset, table: GivenTable) -> Finding | None:
    without = np.flatnonzero((table.row < 0) & (table.counts > 0))
    n, total = int(table.counts[without].sum()), max(int(table.counts.sum()), 1)
    if n < MISSING * total:
        return None
    ordered = without[np.argsort(-table.counts[without], kind="stable")]
    of = int((table.counts > 0).sum())
    told = (
        f"{len(without):,} of {of:,} tokens of train, {percent(n / total)} of its occurrences, have no row in the "
        f"table ({format_tokens(dataset, ordered)}); they get random vectors."
    )
    evidence = {
        "tokens": len(without),
        "of": of,
        "occurrences": n,
        "occurrences_of": total,
        "share": n / total,
        "examples": [dataset.tokens[int(code)] for code in ordered[:10]],
    }
    remedy = "Look at how the table spells these tokens; tokenise and normalise as it was made."
    return RULE.conclude(told, "warning", {**table.where, "rows": "missing"}, evidence, remedy)


def _compare(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> Finding:
    """Whether vectors fit the tokens `codes` int64 (m,) at their own row, at one nearby, or in another order."""
    found = {
        "company in train": by_company(dataset.train, codes, len(dataset.tokens)),
        "factors": by_factors(dataset, codes),
        "spelling": by_spelling([dataset.tokens[int(code)] for code in codes]),
    }
    likenesses = {name: likeness for name, likeness in found.items() if likeness is not None}
    own, *shifted = (
        {name: _fit_at_shift(table, codes, likeness, shift, name) for name, likeness in likenesses.items()}
        for shift in (0, *SHIFTS)
    )
    near = {name: max((one[name] for one in shifted), key=lambda one: one.correlation) for name in own}
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "own_row": {name: {"correlation": one.correlation, "z": one.z} for name, one in own.items()},
        "shifted": {
            f"{name} {shift:+d}": one[name].correlation
            for shift, one in zip(SHIFTS, shifted, strict=True)
            for name in own
        },
    }
    least = max(FITS, max(one.correlation for one in own.values()) + GAIN)
    name = max(near, key=lambda name: near[name].correlation)
    if near[name].correlation >= least and near[name].z >= SHIFT_Z:
        shift = SHIFTS[[one[name] for one in shifted].index(near[name])]
        evidence |= {"likeness": name, "correlation": near[name].correlation}
        evidence |= {"test": "Mantel's, normal approximation", "p": min(1.0, len(codes) * float(norm.sf(near[name].z)))}
        told = (
            f"The vectors fit the tokens' {name} {shift:+d} rows from their own (correlation "
            f"{near[name].correlation:.2f} over {len(codes)} tokens), and not at their own row "
            f"({own[name].correlation:.2f}): the table is off by that."
        )
        return RULE.conclude(told, "error", {**table.where, "shift": f"{shift:+d}"}, evidence)
    vectors = cosines(_centre(table.vectors(codes)))
    strange = _report_strange(dataset, table, codes, found["company in train"], vectors, evidence)
    if strange is not None:
        return strange
    fitting = {name: one for name, one in own.items() if one.correlation >= FITS and one.z >= FITS_Z}
    placed = {name: one for name, one in fitting.items() if near[name].correlation < OWN_ABOVE * one.correlation}
    name, best = max((placed or fitting or own).items(), key=lambda pair: pair[1].z)
    if placed:
        told = f"The vectors fit the tokens' {name} (correlation {best.correlation:.2f}, z {best.z:.1f})."
        return RULE.conclude(told, None, table.where, evidence)
    why = f"the vectors follow neither the tokens' {' nor their '.join(likenesses)}"
    if fitting:
        why = (
            f"the vectors fit the tokens' {name} as well a row or two away (correlation {near[name].correlation:.2f}) "
            f"as at their own row ({best.correlation:.2f})"
        )
    for name, likeness in likenesses.items() if not fitting else ():
        order = find_best_order(likeness, vectors, generator(0, CODE, "order", name))
        if order is not None:
            evidence["order"] = {"likeness": name, "correlation": order[0], "random_structures": order[1]}
            told = (
                f"The vectors fit the tokens' {name} in another order (correlation {order[0]:.2f}; random structures "
                f"reach {order[1]:.2f}) and not in their own: the rows were shuffled."
            )
            return RULE.conclude(told, "error", table.where, evidence)
    told = f"Whether rows belong to their tokens is open: {why}. A known pair of similar tokens would settle it."
    return RULE.abstain(told, table.where, evidence)


def _report_strange(
    dataset: AuditDataset,
    table: GivenTable,
    codes: np.ndarray,
    company: np.ndarray,
    vectors: np.ndarray,
    evidence: dict[str, Any],
) -> Finding | None:
    train = dataset.train
    halves = [by_company(train.take(np.arange(k, train.n_rows, 2)), codes, len(dataset.tokens)) for k in (0, 1)]
    found = find_strangers(company, vectors, halves)
    if found is None:
        return None
    tokens = codes[found.tokens]
    share = len(tokens) / found.reliable
    evidence |= {"moved": len(tokens), "of": found.reliable, "share": share, "moved_fit_at_own_token": found.fit}
    evidence |= {"right": found.right, "right_fit": found.right_fit}
    evidence["examples"] = [dataset.tokens[int(code)] for code in tokens[:10]]
    told = (
        f"Of {found.reliable} tokens that keep the same company in both halves of train, {len(tokens)} "
        f"({percent(share)}: {format_tokens(dataset, tokens)}) have vectors that do not fit it (correlation "
        f"{found.fit:.2f}), while {found.right} tokens fit their own with {found.right_fit:.2f}; whose vectors they "
        "are cannot be decided."
    )
    return RULE.conclude(told, "warning", table.where, evidence)


def _fit_at_shift(table: GivenTable, codes: np.ndarray, likeness: np.ndarray, shift: int, name: str) -> Fit:
    vectors = table.vectors(codes, shift)
    there = ~dead(vectors)
    if there.sum() < FEWEST:
        return Fit(0.0, 0.0)
    return fit(likeness[np.ix_(there, there)], cosines(_centre(vectors[there])), generator(0, CODE, name, shift))


def _centre(vectors: np.ndarray) -> np.ndarray:
    return vectors - vectors.mean(axis=0)
