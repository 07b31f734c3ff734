"""Check `embedding.misaligned`: rows of a table that do not belong to their tokens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import DataResult, data_check, unknown
from brittlestar.audits.dataset import AuditDataset, format_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given import GivenTable, dead
from brittlestar.audits.tables.likeness import (
    BestOrder,
    LikenessFit,
    by_company,
    by_factors,
    correlations,
    cosines,
    find_best_order,
    fit,
)
from brittlestar.core.seeds import generator

CODE = "embedding.misaligned"
COMPANY = "company in train"
FEWEST = 10
MOST = 300
FITS, FITS_Z = 0.2, 4.0
OWN_ABOVE = 0.9
SHIFTS = (1, -1, 2, -2)
SHIFT_Z, GAIN = 6.0, 0.15
MISSING = 0.1
"""Chosen with the check (f775447), not measured; OWN_ABOVE: healthy tables of others (129d48b). See Thresholds."""


@data_check(
    CODE,
    "Vectors fit the tokens' company or factors far better some rows away, or in another order (an error), "
    "or 10 % of train's tokens lack a row (a warning).",
    remedy="Write the table again together with its tokens, from one list; the finding must then be absent.",
    rows="sample",
)
def misaligned_rows(analysis: Analysis) -> Iterator[DataResult]:
    """Rows of an embedding table that do not belong to their tokens, or tokens without a row.

    **What it means.** The model starts from the vectors of other tokens. Trained further it may recover; frozen, it
    works with noise that looks like knowledge. A token without a row gets a random vector.

    **How it is decided.** Tokens that keep the same company in train mostly have similar vectors; so do tokens with the
    same factor values. For the 300 most frequent tokens of train with a row, each of these likenesses is correlated
    with the cosines of the vectors (less their mean) over all pairs of tokens, and compared with permuted tokens
    (Mantel 1967): at the own row, one and two rows away, and with all vectors moved along. Then the order of the 100
    most frequent tokens that fits best (approximate quadratic assignment; Vogelstein et al. 2015) is compared with
    their own, and with what random structures reach. Tokens that the table lacks are counted.

    **What it cannot see.** Which tokens the exchanged vectors belong to; that part of the vectors is noise. Tables
    whose geometry has nothing to do with company or factors in this data: then it is `inconclusive`, as where vectors
    follow frequency alone in a table that is sorted by it: they fit as well one row off.
    """
    table = analysis.table
    if isinstance(table, str):
        yield unknown(table)
        return
    lacking = _report_lacking(analysis, table)
    if lacking is not None:
        yield lacking
    codes = table.alive[np.argsort(-table.counts[table.alive], kind="stable")][:MOST]
    if len(codes) < FEWEST:
        told = f"The table has vectors for {len(codes)} tokens of train; {FEWEST} are needed to compare them."
        yield unknown(told, table.where)
        return
    yield _compare(analysis, table, codes)


def _report_lacking(dataset: AuditDataset, table: GivenTable) -> DataResult | None:
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
    return DataResult(told, "warning", {**table.where, "rows": "missing"}, evidence, remedy)


@dataclass(frozen=True)
class _Fits:
    """How vectors fit each of the likenesses (m, m) of the tokens `codes`: at their `own` row, and where they were
    `tried` elsewhere, by name and shift; `vectors` (m, m) are their cosines."""

    codes: np.ndarray
    likenesses: Mapping[str, np.ndarray]
    vectors: np.ndarray
    own: Mapping[str, LikenessFit]
    tried: Mapping[tuple[str, str], LikenessFit]

    @staticmethod
    def of(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> "_Fits":
        """Try the own row, rows nearby, and all vectors moved along by the one number of rows that fits best."""
        found = {
            COMPANY: by_company(dataset.train, codes, len(dataset.tokens)),
            "factors": by_factors(dataset, codes),
        }
        likenesses = {name: likeness for name, likeness in found.items() if likeness is not None}
        own, tried = dict[str, LikenessFit](), dict[tuple[str, str], LikenessFit]()
        order = np.argsort(table.row[codes])
        vectors, in_order = (cosines(_centre(table.vectors(some))) for some in (codes, codes[order]))
        for name, likeness in likenesses.items():
            own[name] = _fit_at_shift(table, codes, likeness, 0, name)
            tried |= {(name, f"{shift:+d}"): _fit_at_shift(table, codes, likeness, shift, name) for shift in SHIFTS}
            mine, along = likeness[np.ix_(order, order)], np.arange(len(order))
            rows = 1 + int(np.argmax(correlations(mine, in_order, [np.roll(along, -k) for k in along[1:]])))
            moved_on = np.roll(in_order, (-rows, -rows), (0, 1))
            tried[name, str(rows)] = fit(mine, moved_on, generator(0, CODE, name, "along"))
        return _Fits(codes, likenesses, vectors, own, tried)

    def as_json(self) -> dict[str, Any]:
        """Correlations as JSON values."""
        return {
            "tokens": len(self.codes),
            "own_row": {name: {"correlation": one.correlation, "z": one.z} for name, one in self.own.items()},
            "shifted": {f"{name} {shift}": one.correlation for (name, shift), one in self.tried.items()},
        }


def _compare(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> DataResult:
    """Whether vectors fit the tokens `codes` int64 (m,) at their own row, at one nearby, or in another order."""
    fits = _Fits.of(dataset, table, codes)
    least = max(FITS, max(one.correlation for one in fits.own.values()) + GAIN)
    off = {key: one for key, one in fits.tried.items() if one.correlation >= least and one.z >= SHIFT_Z}
    if off:
        (name, shift), one = max(off.items(), key=lambda item: (item[0][1][0] in "+-", item[1].correlation))
        evidence = fits.as_json()
        evidence |= {"likeness": name, "correlation": one.correlation, "test": "Mantel's, normal approximation"}
        evidence["p"] = min(1.0, len(codes) * float(norm.sf(one.z)))
        told = (
            f"The vectors fit the tokens' {name} {shift} rows from their own (correlation {one.correlation:.2f} over "
            f"{len(codes)} tokens), and not at their own row ({fits.own[name].correlation:.2f}): the table is off by "
            "that"
        )
        return DataResult(told, "error", {**table.where, "shift": shift}, evidence)
    for name, likeness in fits.likenesses.items():
        best = find_best_order(likeness, fits.vectors, generator(0, CODE, "order", name))
        if best is not None:
            return _report_order(dataset, table, fits, name, best)
    return _judge_own_rows(table, fits)


def _report_order(dataset: AuditDataset, table: GivenTable, fits: _Fits, name: str, best: BestOrder) -> DataResult:
    moved = fits.codes[: len(best.order)][best.order != np.arange(len(best.order))]
    evidence = fits.as_json()
    evidence["order"] = {"likeness": name, "correlation": best.correlation, "random_structures": best.by_chance}
    evidence |= {"moved": len(moved), "of": len(best.order)}
    evidence["examples"] = [dataset.tokens[int(code)] for code in moved[:10]]
    told = (
        f"The vectors fit the tokens' {name} far better in another order (correlation {best.correlation:.2f}; random "
        f"structures reach {best.by_chance:.2f}) than in their own ({fits.own[name].correlation:.2f}), in which "
        f"{len(moved)} of {len(best.order)} tokens have another's vector ({format_tokens(dataset, moved)})"
    )
    return DataResult(told, "error", table.where, evidence)


def _judge_own_rows(table: GivenTable, fits: _Fits) -> DataResult:
    """Whether vectors that fit nowhere else fit where they are; open where that is not known."""
    own, evidence = fits.own, fits.as_json()
    near = {name: max(fits.tried[name, f"{shift:+d}"].correlation for shift in SHIFTS) for name in own}
    fitting = {name: one for name, one in own.items() if one.correlation >= FITS and one.z >= FITS_Z}
    placed = {name: one for name, one in fitting.items() if near[name] < OWN_ABOVE * one.correlation}
    name, best = max((placed or fitting or own).items(), key=lambda pair: pair[1].z)
    if placed:
        told = f"The vectors fit the tokens' {name} (correlation {best.correlation:.2f}, z {best.z:.1f})"
        return DataResult(told, None, table.where, evidence)
    why = f"the vectors follow neither the tokens' {' nor their '.join(fits.likenesses)}"
    if fitting:
        why = (
            f"the vectors fit the tokens' {name} as well a row or two away (correlation {near[name]:.2f}) "
            f"as at their own row ({best.correlation:.2f})"
        )
    told = f"Whether rows belong to their tokens is open: {why}. A known pair of similar tokens would settle it"
    return unknown(told, table.where, evidence)


def _fit_at_shift(table: GivenTable, codes: np.ndarray, likeness: np.ndarray, shift: int, name: str) -> LikenessFit:
    vectors = table.vectors(codes, shift)
    there = ~dead(vectors)
    if there.sum() < FEWEST:
        return LikenessFit(0.0, 0.0)
    return fit(
        likeness[np.ix_(there, there)],
        cosines(_centre(vectors[there])),
        generator(0, CODE, name, shift),
    )


def _centre(vectors: np.ndarray) -> np.ndarray:
    return vectors - vectors.mean(axis=0)
