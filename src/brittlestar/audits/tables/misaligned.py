"""Finding `embedding.misaligned`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import shown as shown_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given import GivenTable, missing, place
from brittlestar.audits.tables.likeness import (
    Fit,
    Reordered,
    along,
    best_order,
    by_company,
    by_factors,
    by_spelling,
    cosines,
    fit,
    reordered,
    turned,
)
from brittlestar.audits.tables.strangers import strangers
from brittlestar.audits.tables.unused import dead
from brittlestar.core.findings import Finding, Severity
from brittlestar.core.seeds import generator

CODE = "embedding.misaligned"
COMPANY = "company in train"
FEWEST = 10
MOST = 300
MOST_FOR_ORDER = 100
FITS = 0.2
FITS_Z = 4.0
OWN_ABOVE = 0.9
SHIFTS = (1, -1, 2, -2)
SHIFT_FIT = 0.2
SHIFT_Z = 6.0
SHIFT_GAIN = 0.15
CORE_FIT = 0.5
MOVED = 0.05
FEWEST_MOVED = 3
MOVED_FIT = 0.75
OWN_FIT = 0.25
ABOVE_CHANCE = 0.25
SERIOUS = 0.1
ORDER_FIT = 0.6
ORDER_GAIN = 0.15
NULL_ORDERS = 10
MISSING = 0.1
THRESHOLD = (
    "Vectors fit the tokens' likeness (company in train, factors or spelling) some rows away with a correlation of at "
    "least .2, z of 6 and .15 more than at their own row; or at least 5 % of the tokens have vectors that fit others "
    "as well as the rest fit their own, and not their own; or .3 of the tokens whose company is certain have "
    "vectors that do not fit it, while others do; or all fit in another order only (.6, and .15 above random "
    "structures). An error from 10 % of the tokens on. Or 10 % of train's tokens have no row; a warning."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table that do not belong to their tokens, or tokens without a row.

    **What it means.** The model starts from the vectors of other tokens. Trained further it may recover; frozen, it
    works with noise that looks like knowledge. A token without a row gets a random vector.

    **How it is decided.** Tokens that keep the same company in train mostly have similar vectors; so do tokens with
    the same factor values, or of similar spelling. For the 300 most frequent tokens of train with a row, each of these
    likenesses is correlated with the cosines of the vectors (less their mean) over all pairs of tokens, and compared
    with permuted tokens (Mantel 1967). Then four things are tried. The vectors one and two rows above and below: if
    those fit better, the table is off by so many rows. Tokens that fit their own vectors are told from those that do
    not, in turns, each time by the tokens that fit so far; the vectors of the others are assigned to the others by how
    they fit the tokens that are right: where they fit there as well as those fit their own, they were exchanged. All
    vectors moved along by some rows. Tokens whose company is the same in both halves of train, and whose vectors fit
    nothing of it while those of others do: they have vectors from elsewhere in the table. And, for 100 tokens, the
    order that fits best (approximate quadratic assignment; Vogelstein et al. 2015; from a spectral start, Fan et al.
    2020): where it fits far better than it does random structures with the same eigenvalues, the rows were shuffled.
    Beside it, tokens that the table lacks are counted.

    **Thresholds.** Own row: correlation .2 with a z of 4 is a fit, unless one or two rows away
    the same likeness reaches 90 % of it. Off by some rows: correlation .2, z of 6, and .15
    above the own row's. Exchanged: 5 % of the tokens and three, whose vectors fit others at least three quarters as
    well as the right ones fit (.5 at least) and .25 better than chance, and their own at most a quarter as well; a
    warning below 10 %, an error from there on. Shuffled: correlation .6, and .15 above the highest of ten random
    structures. Vectors from elsewhere: .3 and five of at least 15 tokens whose company in one half of train
    has a correlation of .4 with that in the other, and at most a quarter of the fit of the right ones (.4 at least); a
    warning. Missing: 10 % of train's tokens. At least ten tokens.

    **What it cannot see.** Tables whose geometry has nothing to do with company, factors or spelling in this data:
    then it is `inconclusive`, as where vectors follow frequency alone in a table that is sorted by it: they fit as well
    one row off. Exchanged rows in a table that fits loosely.

    **What to do.** Write the table again together with its tokens, from one list.
    """
    table = analysis.table
    if isinstance(table, str):
        yield missing(CODE, table, THRESHOLD)
        return
    lacking = _lacking(analysis, table)
    if lacking is not None:
        yield lacking
    yield _geometry(analysis, table)


@dataclass(frozen=True)
class _Compared:
    """Tokens `codes` int64 (m,) with their `likenesses` float64 (m, m) by name, and how each fits at its `own` row."""

    dataset: AuditDataset
    table: GivenTable
    codes: np.ndarray
    likenesses: Mapping[str, np.ndarray]
    own: Mapping[str, Fit]

    @cached_property
    def vectors(self) -> np.ndarray:
        """float64 (m, m): cosines of the vectors at their own rows, less their mean."""
        return _centred(self.table.vectors(self.codes))


def _lacking(dataset: AuditDataset, table: GivenTable) -> Finding | None:
    without = np.flatnonzero((table.row < 0) & (table.counts > 0))
    n, total = int(table.counts[without].sum()), max(int(table.counts.sum()), 1)
    if n < MISSING * total:
        return None
    ordered = without[np.argsort(-table.counts[without], kind="stable")]
    of = int((table.counts > 0).sum())
    return Finding(
        CODE,
        "present",
        f"{len(without):,} of {of:,} tokens of train, {percent(n / total)} of its occurrences, have no row in the "
        f"table ({shown_tokens(dataset, ordered)}); they get random vectors.",
        THRESHOLD,
        "warning",
        {**place(table), "rows": "missing"},
        {
            "tokens": len(without),
            "of": of,
            "occurrences": n,
            "occurrences_of": total,
            "share": n / total,
            "examples": [dataset.tokens[int(code)] for code in ordered[:10]],
        },
        "Look at how the table spells these tokens; tokenise and normalise as it was made.",
    )


def _geometry(dataset: AuditDataset, table: GivenTable) -> Finding:
    codes = table.known[~dead(table.vectors(table.known))]
    codes = codes[np.argsort(-table.counts[codes], kind="stable")][:MOST]
    where = place(table)
    if len(codes) < FEWEST:
        told = f"The table has vectors for {len(codes)} tokens of train; {FEWEST} are needed to compare them."
        return Finding(CODE, "inconclusive", told, THRESHOLD, where=where)
    likenesses = _likenesses(dataset, codes)
    own = {name: _at(table, codes, likeness, 0, name) for name, likeness in likenesses.items()}
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "own_row": {name: {"correlation": one.correlation, "z": one.z} for name, one in own.items()},
    }
    compared = _Compared(dataset, table, codes, likenesses, own)
    for look in (_off, _exchanged, _moved_along, _strange):
        found = look(compared, evidence)
        if found is not None:
            return found
    fitting = {name: one for name, one in own.items() if one.correlation >= FITS and one.z >= FITS_Z}
    shifted = {name: max(evidence["shifted"][f"{name} {shift:+d}"] for shift in SHIFTS) for name in own}
    placed = {name: one for name, one in fitting.items() if shifted[name] < OWN_ABOVE * one.correlation}
    if placed:
        name, best = max(placed.items(), key=lambda pair: pair[1].z)
        told = (
            f"The vectors fit the tokens' {name} (correlation {best.correlation:.2f} over {len(codes)} tokens, z "
            f"{best.z:.1f})."
        )
        return Finding(CODE, "absent", told, THRESHOLD, where=where, evidence=evidence)
    if fitting:
        name, best = max(fitting.items(), key=lambda pair: pair[1].z)
        told = (
            f"Whether rows belong to their tokens is open: the vectors fit the tokens' {name} as well a row or "
            f"two away (correlation {shifted[name]:.2f}) as at their own row ({best.correlation:.2f}). A table with a "
            "known pair of similar tokens would settle it."
        )
        return Finding(CODE, "inconclusive", told, THRESHOLD, where=where, evidence=evidence)
    shuffled = _shuffled(table, codes, likenesses, evidence)
    if shuffled is not None:
        return _present(shuffled, where, evidence)
    told = (
        f"Whether rows belong to their tokens is open: the vectors of {len(codes)} tokens follow neither their "
        f"{' nor their '.join(likenesses)}. A table with a known pair of similar tokens would settle it."
    )
    return Finding(CODE, "inconclusive", told, THRESHOLD, where=where, evidence=evidence)


def _likenesses(dataset: AuditDataset, codes: np.ndarray) -> dict[str, np.ndarray]:
    found = {
        COMPANY: by_company(dataset.train, codes, len(dataset.tokens)),
        "factors": by_factors(dataset, codes),
        "spelling": by_spelling([dataset.tokens[int(code)] for code in codes]),
    }
    return {name: likeness for name, likeness in found.items() if likeness is not None}


def _at(table: GivenTable, codes: np.ndarray, likeness: np.ndarray, shift: int, name: str) -> Fit:
    vectors = table.vectors(codes, shift)
    there = ~dead(vectors)
    if there.sum() < FEWEST:
        return Fit(0.0, 0.0)
    return fit(likeness[np.ix_(there, there)], _centred(vectors[there]), generator(0, CODE, name, shift))


def _centred(vectors: np.ndarray) -> np.ndarray:
    return cosines(vectors - vectors.mean(axis=0))


def _off(of: _Compared, evidence: dict[str, Any]) -> Finding | None:
    """The table read one or two rows off."""
    shifted = {
        (name, shift): _at(of.table, of.codes, likeness, shift, name)
        for name, likeness in of.likenesses.items()
        for shift in SHIFTS
    }
    evidence["shifted"] = {f"{name} {shift:+d}": one.correlation for (name, shift), one in shifted.items()}
    off = {
        key: one
        for key, one in shifted.items()
        if one.correlation >= SHIFT_FIT and one.z >= SHIFT_Z
        if one.correlation - max(other.correlation for other in of.own.values()) >= SHIFT_GAIN
    }
    if not off:
        return None
    (name, shift), one = max(off.items(), key=lambda item: item[1].correlation)
    evidence |= {"test": "Mantel's, normal approximation", "p": float(norm.sf(one.z))}
    return _present(
        f"The vectors fit the tokens' {name} {abs(shift)} row{'s' * (abs(shift) > 1)} "
        f"{'below' if shift > 0 else 'above'} their own (correlation {one.correlation:.2f} over {len(of.codes)} "
        f"tokens), and not at their own row ({of.own[name].correlation:.2f}): the table is off by {abs(shift)}",
        {**place(of.table), "shift": f"{shift:+d}"},
        evidence,
    )


def _exchanged(of: _Compared, evidence: dict[str, Any]) -> Finding | None:
    """Some tokens have the vectors of others."""
    for name, likeness in of.likenesses.items():
        found = reordered(likeness, of.vectors, generator(0, CODE, "exchanged", name))
        if found is None or not _is_exchanged(found, len(of.codes)):
            continue
        share = len(found.moved) / len(of.codes)
        pairs = [[of.dataset.tokens[int(of.codes[one])] for one in pair] for pair in found.moved[:10]]
        evidence |= {
            "likeness": name,
            "moved": len(found.moved),
            "of": len(of.codes),
            "share": share,
            "right": found.core,
            "right_fit": found.core_fit,
            "moved_fit_at_own_token": found.own_fit,
            "moved_fit_elsewhere": found.moved_fit,
            "chance": found.chance,
            "token_and_whose_vector_fits": pairs,
        }
        return _present(
            f"{len(found.moved)} of {len(of.codes)} tokens ({percent(share)}) have vectors that fit the {name} of "
            f"other tokens (correlation {found.moved_fit:.2f}) and not their own ({found.own_fit:.2f}); the "
            f"{found.core} that are right fit their own with {found.core_fit:.2f}",
            place(of.table),
            evidence,
            "error" if share >= SERIOUS else "warning",
        )
    return None


def _is_exchanged(found: Reordered, of: int) -> bool:
    return (
        len(found.moved) >= max(FEWEST_MOVED, MOVED * of)
        and found.core_fit >= CORE_FIT
        and found.moved_fit >= max(MOVED_FIT * found.core_fit, found.chance + ABOVE_CHANCE)
        and found.own_fit <= OWN_FIT * found.core_fit
    )


def _moved_along(of: _Compared, evidence: dict[str, Any]) -> Finding | None:
    """All vectors moved along by the same number of rows, among the rows of these tokens."""
    order = np.argsort(of.table.row[of.codes])
    vectors = _centred(of.table.vectors(of.codes[order]))
    for name, likeness in of.likenesses.items():
        found = along(likeness[np.ix_(order, order)], vectors)
        gain = found.correlation - max(one.correlation for one in of.own.values())
        if found.correlation >= SHIFT_FIT and found.z >= SHIFT_Z and gain >= SHIFT_GAIN:
            evidence |= {
                "likeness": name,
                "moved_along": found.rows,
                "correlation": found.correlation,
                "test": "against all other distances, normal approximation",
                "p": min(1.0, len(of.codes) * float(norm.sf(found.z))),
            }
            return _present(
                f"The vectors fit the tokens' {name} when all are moved along by {found.rows} rows (correlation "
                f"{found.correlation:.2f} over {len(of.codes)} tokens), and not at their own row "
                f"({of.own[name].correlation:.2f})",
                {**place(of.table), "shift": str(found.rows)},
                evidence,
            )
    return None


def _strange(of: _Compared, evidence: dict[str, Any]) -> Finding | None:
    """Some tokens have vectors of nobody here."""
    found = strangers(of.dataset, of.codes, of.likenesses[COMPANY], of.vectors)
    if found is None or not found.many:
        return None
    share = len(found.tokens) / found.reliable
    evidence |= {
        "likeness": COMPANY,
        "moved": len(found.tokens),
        "of": found.reliable,
        "share": share,
        "right": found.core,
        "right_fit": found.fit,
        "moved_fit_at_own_token": found.own_fit,
        "examples": [of.dataset.tokens[int(code)] for code in of.codes[found.tokens[:10]]],
    }
    return _present(
        f"Of {found.reliable} tokens that keep the same company in both halves of train, {len(found.tokens)} "
        f"({percent(share)}: {shown_tokens(of.dataset, of.codes[found.tokens])}) have vectors that do not fit it "
        f"(correlation {found.own_fit:.2f}), while {found.core} tokens fit their own with {found.fit:.2f}; whose "
        "vectors they are cannot be decided",
        place(of.table),
        evidence,
        "warning",
    )


def _shuffled(
    table: GivenTable, codes: np.ndarray, likenesses: Mapping[str, np.ndarray], evidence: dict[str, Any]
) -> str | None:
    """A sentence where another order of the tokens fits far better than random structure would."""
    some = codes[:MOST_FOR_ORDER]
    vectors = _centred(table.vectors(some))
    for name, likeness in likenesses.items():
        mine = likeness[: len(some), : len(some)]
        random = generator(0, CODE, "order", name)
        found = best_order(mine, vectors, random)
        if found < ORDER_FIT:
            continue
        null = [best_order(mine, turned(vectors, random), random) for _ in range(NULL_ORDERS)]
        evidence["order"] = {"likeness": name, "correlation": found, "random_structures": null}
        if found - max(null) >= ORDER_GAIN:
            return (
                f"The vectors fit the tokens' {name} in another order (correlation {found:.2f} over {len(some)} "
                f"tokens; random structures reach {max(null):.2f}) and not in their own: the rows were shuffled"
            )
    return None


def _present(told: str, where: dict[str, str], evidence: dict[str, Any], severity: Severity = "error") -> Finding:
    remedy = "Write the table again together with its tokens, from one list; the finding must then be absent."
    return Finding(CODE, "present", f"{told}.", THRESHOLD, severity, where, evidence, remedy)
