"""Finding `embedding.misaligned`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.holding import shown as shown_tokens
from brittlestar.audits.material import Material
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given import GivenTable, missing, place
from brittlestar.audits.tables.likeness import (
    Fit,
    best_order,
    by_company,
    by_factors,
    by_spelling,
    cosines,
    fit,
    turned,
)
from brittlestar.audits.tables.unused import dead
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "embedding.misaligned"
FEWEST = 10
MOST = 150
MOST_FOR_ORDER = 100
FITS = 0.1
FITS_Z = 4.0
SHIFTS = (1, -1, 2, -2)
SHIFT_FIT = 0.2
SHIFT_Z = 5.0
SHIFT_GAIN = 0.15
ORDER_FIT = 0.7
ORDER_GAIN = 0.15
NULL_ORDERS = 10
MISSING = 0.1
THRESHOLD = (
    "Vectors fit the tokens' likeness (company in train, factors or spelling) with a correlation of at least .2, z of "
    "5 and .15 more one or two rows away than at their own row; or only in another order (.7 and .15 above ten random "
    "structures); an error. Or 10 % of train's tokens have no row; a warning."
)


def check(material: Material) -> Iterator[Finding]:
    """Rows of an embedding table that do not belong to their tokens, or tokens without a row.

    **What it means.** The model starts from the vectors of other tokens. Trained further it may recover; frozen, it
    works with noise that looks like knowledge. A token without a row gets a random vector.

    **How it is decided.** Tokens that keep the same company in train mostly have similar vectors; so do tokens with
    the same factor values, or of similar spelling. For the 150 most frequent tokens of train with a row, each of these
    likenesses is correlated with the cosines of the vectors (less their mean) over all pairs of tokens, and compared
    with permuted tokens (Mantel 1967). The same is done with the vectors one and two rows above and below. If only
    those fit, the table is off by so many rows. If nothing fits, the order of 100 tokens that fits best is searched for
    (approximate quadratic assignment; Vogelstein et al. 2015): where it fits far better than it does random
    structures with the same eigenvalues, the rows were shuffled. Beside it, tokens that the table lacks are counted.

    **Thresholds.** Own row: correlation .1 with a z of 4 is a fit, and nothing is wrong. Off by one or two: correlation
    .2, z of 5, and .15 above the own row's. Shuffled: correlation .7, and .15 above the highest of ten random
    structures. Missing: 10 % of train's tokens. At least ten tokens.

    **What it cannot see.** Tables whose geometry has nothing to do with company, factors or spelling in this data:
    then it is `inconclusive`. A few exchanged rows among many right ones.

    **What to do.** Write the table again together with its tokens, from one list.
    """
    table = material.table
    if isinstance(table, str):
        yield missing(CODE, table, THRESHOLD)
        return
    lacking = _lacking(material, table)
    if lacking is not None:
        yield lacking
    yield _geometry(material, table)


def _lacking(material: Material, table: GivenTable) -> Finding | None:
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
        f"table ({shown_tokens(material, ordered)}); they get random vectors.",
        THRESHOLD,
        "warning",
        {**place(table), "rows": "missing"},
        {
            "tokens": len(without),
            "of": of,
            "occurrences": n,
            "occurrences_of": total,
            "share": n / total,
            "examples": [material.tokens[int(code)] for code in ordered[:10]],
        },
        "Look at how the table spells these tokens; tokenise and normalise as it was made.",
    )


def _geometry(material: Material, table: GivenTable) -> Finding:
    codes = table.known[~dead(table.vectors(table.known))]
    codes = codes[np.argsort(-table.counts[codes], kind="stable")][:MOST]
    where = place(table)
    if len(codes) < FEWEST:
        told = f"The table has vectors for {len(codes)} tokens of train; {FEWEST} are needed to compare them."
        return Finding(CODE, "inconclusive", told, THRESHOLD, where=where)
    likenesses = _likenesses(material, codes)
    own = {name: _at(table, codes, likeness, 0, name) for name, likeness in likenesses.items()}
    shifted = {
        (name, shift): _at(table, codes, likeness, shift, name)
        for name, likeness in likenesses.items()
        for shift in SHIFTS
    }
    evidence: dict[str, Any] = {
        "tokens": len(codes),
        "own_row": {name: {"correlation": one.correlation, "z": one.z} for name, one in own.items()},
        "shifted": {f"{name} {shift:+d}": one.correlation for (name, shift), one in shifted.items()},
    }
    off = [
        (one.correlation, name, shift, one)
        for (name, shift), one in shifted.items()
        if one.correlation >= SHIFT_FIT and one.z >= SHIFT_Z and one.correlation - own[name].correlation >= SHIFT_GAIN
    ]
    best_own = max(own.items(), key=lambda pair: pair[1].z)
    fits = any(one.correlation >= FITS and one.z >= FITS_Z for one in own.values())
    if off and not any(one.correlation >= max(off)[0] for one in own.values()):
        correlation, name, shift, one = max(off, key=lambda entry: entry[:3])
        evidence |= {"test": "Mantel's, normal approximation", "p": float(norm.sf(one.z))}
        return _present(
            f"The vectors fit the tokens' {name} {abs(shift)} row{'s' * (abs(shift) > 1)} "
            f"{'below' if shift > 0 else 'above'} their own (correlation {correlation:.2f} over {len(codes)} tokens), "
            f"and not at their own row ({own[name].correlation:.2f}): the table is off by {abs(shift)}",
            {**where, "shift": f"{shift:+d}"},
            evidence,
        )
    if fits:
        name, one = best_own
        told = (
            f"The vectors fit the tokens' {name} (correlation {one.correlation:.2f} over {len(codes)} tokens, z "
            f"{one.z:.1f})."
        )
        return Finding(CODE, "absent", told, THRESHOLD, where=where, evidence=evidence)
    shuffled = _shuffled(table, codes, likenesses, evidence)
    if shuffled is not None:
        return _present(shuffled, where, evidence)
    told = (
        f"Whether rows belong to their tokens cannot be told: the vectors of {len(codes)} tokens follow neither their "
        f"{' nor their '.join(likenesses)}. A table with a known pair of similar tokens would tell."
    )
    return Finding(CODE, "inconclusive", told, THRESHOLD, where=where, evidence=evidence)


def _likenesses(material: Material, codes: np.ndarray) -> dict[str, np.ndarray]:
    found = {
        "company in train": by_company(material.train, codes, len(material.tokens)),
        "factors": by_factors(material, codes),
        "spelling": by_spelling([material.tokens[int(code)] for code in codes]),
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


def _shuffled(
    table: GivenTable, codes: np.ndarray, likenesses: dict[str, np.ndarray], evidence: dict[str, Any]
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


def _present(told: str, where: dict[str, str], evidence: dict[str, Any]) -> Finding:
    remedy = "Write the table again together with its tokens, from one list; the finding must then be absent."
    return Finding(CODE, "present", f"{told}.", THRESHOLD, "error", where, evidence, remedy)
