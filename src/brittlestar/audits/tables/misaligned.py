"""Check `embedding.misaligned`: rows of a table that do not belong to their tokens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, format_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tables.given_table import GivenTable, dead
from brittlestar.audits.tables.likeness import (
    Fit,
    MovedVectors,
    by_company,
    by_factors,
    by_spelling,
    correlations,
    cosines,
    find_best_order,
    find_exchanged,
    find_strangers,
    fit,
)
from brittlestar.core.checks import Observed
from brittlestar.core.seeds import generator

CODE = "embedding.misaligned"
COMPANY = "company in train"
FEWEST_TOKENS_ALIGNED = 10
MOST_TOKENS_ALIGNED = 300
FITS, FITS_Z = 0.2, 4.0
OWN_ABOVE = 0.9
SHIFTS = (1, -1, 2, -2)
SHIFT_Z, GAIN = 6.0, 0.15
MISSING = 0.1
"""Chosen with the check (f775447), not measured; OWN_ABOVE: healthy tables of others (129d48b). See Thresholds."""


@data_check(
    CODE,
    "Vectors fit the tokens' company, factors or spelling some rows away or in another order, or part fits "
    "others' tokens or nothing, or 10 % of train's tokens lack a row.",
    remedy="Write the table again together with its tokens, from one list; the finding must then be absent.",
    rows="sample",
)
def misaligned_rows(analysis: Analysis) -> Iterator[Observed]:
    """Rows of an embedding table that do not belong to their tokens, or tokens without a row.

    **What it means.** The model starts from the vectors of other tokens. Trained further it may recover; frozen, it
    works with noise that looks like knowledge. A token without a row gets a random vector.

    **How it is decided.** Tokens that keep the same company in train mostly have similar vectors; so do tokens with
    the same factor values, or of similar spelling. For the 300 most frequent tokens of train with a row, each of these
    likenesses is correlated with the cosines of the vectors (less their mean) over all pairs of tokens, and compared
    with permuted tokens (Mantel 1967): at the own row, one and two rows away, and with all vectors moved along. Tokens
    that fit their own vectors are told from those that do not, in turns. The best assignment shows whether the latter
    fit each other's; where their company is the same in both halves of train and their vectors fit nothing of it, these
    are from elsewhere. Where vectors fit nowhere, the order that fits best (approximate quadratic assignment;
    Vogelstein et al. 2015) is compared with that of random structures. Tokens that the table lacks are counted.

    **What it cannot see.** Which tokens the exchanged vectors belong to. Tables whose geometry has nothing to do
    with company, factors or spelling in this data: then it is `inconclusive`, as where vectors follow frequency alone
    in a table that is sorted by it: they fit as well one row off.
    """
    table = analysis.table
    if isinstance(table, Observed):
        yield table
        return
    lacking = _report_lacking(analysis, table)
    if lacking is not None:
        yield lacking
    codes = table.alive[np.argsort(-table.counts[table.alive], kind="stable")][:MOST_TOKENS_ALIGNED]
    if len(codes) < FEWEST_TOKENS_ALIGNED:
        sentence = f"The table has vectors for {len(codes)} tokens of train; "
        sentence += f"{FEWEST_TOKENS_ALIGNED} are needed to compare them."
        yield unknown(sentence, table.where)
        return
    yield _compare(analysis, table, codes)


def _report_lacking(dataset: AuditDataset, table: GivenTable) -> Observed | None:
    without = np.flatnonzero((table.row < 0) & (table.counts > 0))
    n, total = int(table.counts[without].sum()), max(int(table.counts.sum()), 1)
    if n < MISSING * total:
        return None
    ordered = without[np.argsort(-table.counts[without], kind="stable")]
    of = int((table.counts > 0).sum())
    sentence = (
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
    return observe(sentence, "warning", {**table.where, "rows": "missing"}, evidence, remedy)


@dataclass(frozen=True)
class _Fits:
    """How vectors fit each of the likenesses (m, m) of the tokens `codes`: at their `own` row, and where they were
    `tried` elsewhere, by name and shift; `vectors` (m, m) are their cosines."""

    codes: np.ndarray
    likenesses: Mapping[str, np.ndarray]
    vectors: np.ndarray
    own: Mapping[str, Fit]
    tried: Mapping[tuple[str, str], Fit]

    @staticmethod
    def of(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> "_Fits":
        """Try the own row, rows nearby, and all vectors moved along by the one number of rows that fits best."""
        found = {
            COMPANY: by_company(dataset.train, codes, len(dataset.tokens)),
            "factors": by_factors(dataset, codes),
            "spelling": by_spelling([dataset.tokens[int(code)] for code in codes]),
        }
        likenesses = {name: likeness for name, likeness in found.items() if likeness is not None}
        own, tried = dict[str, Fit](), dict[tuple[str, str], Fit]()
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


def _compare(dataset: AuditDataset, table: GivenTable, codes: np.ndarray) -> Observed:
    """Whether vectors fit the tokens `codes` int64 (m,) at their own row, at one nearby, or in another order."""
    fits = _Fits.of(dataset, table, codes)
    least = max(FITS, max(one.correlation for one in fits.own.values()) + GAIN)
    off = {key: one for key, one in fits.tried.items() if one.correlation >= least and one.z >= SHIFT_Z}
    if off:
        (name, shift), one = max(off.items(), key=lambda item: (item[0][1][0] in "+-", item[1].correlation))
        evidence = fits.as_json()
        evidence |= {"likeness": name, "correlation": one.correlation, "test": "Mantel's, normal approximation"}
        evidence["p"] = min(1.0, len(codes) * float(norm.sf(one.z)))
        sentence = (
            f"The vectors fit the tokens' {name} {shift} rows from their own (correlation {one.correlation:.2f} over "
            f"{len(codes)} tokens), and not at their own row ({fits.own[name].correlation:.2f}): the table is off by "
            "that"
        )
        return observe(sentence, "warning", {**table.where, "shift": shift}, evidence)
    for name, likeness in fits.likenesses.items():
        moved = find_exchanged(likeness, fits.vectors, generator(0, CODE, "exchanged", name))
        if moved is not None:
            return _report_moved(dataset, table, fits, name, moved)
    train, n_tokens = dataset.train, len(dataset.tokens)
    halves = [by_company(train.take(np.arange(half, train.n_rows, 2)), codes, n_tokens) for half in (0, 1)]
    moved = find_strangers(fits.likenesses[COMPANY], fits.vectors, halves)
    return _report_order(table, fits) if moved is None else _report_moved(dataset, table, fits, COMPANY, moved)


def _report_order(table: GivenTable, fits: _Fits) -> Observed:
    """Whether vectors that are nowhere else fit where they are, or in another order; open where neither is known."""
    own, evidence = fits.own, fits.as_json()
    near = {name: max(fits.tried[name, f"{shift:+d}"].correlation for shift in SHIFTS) for name in own}
    fitting = {name: one for name, one in own.items() if one.correlation >= FITS and one.z >= FITS_Z}
    placed = {name: one for name, one in fitting.items() if near[name] < OWN_ABOVE * one.correlation}
    name, best = max((placed or fitting or own).items(), key=lambda pair: pair[1].z)
    if placed:
        sentence = f"The vectors fit the tokens' {name} (correlation {best.correlation:.2f}, z {best.z:.1f})"
        return observe(sentence, None, table.where, evidence)
    why = f"the vectors follow neither the tokens' {' nor their '.join(fits.likenesses)}"
    if fitting:
        why = (
            f"the vectors fit the tokens' {name} as well a row or two away (correlation {near[name]:.2f}) "
            f"as at their own row ({best.correlation:.2f})"
        )
    for name, likeness in fits.likenesses.items() if not fitting else ():
        best_order = find_best_order(likeness, fits.vectors, generator(0, CODE, "order", name))
        if best_order is not None:
            fitted, by_chance = best_order
            evidence["order"] = {"likeness": name, "correlation": fitted, "random_structures": by_chance}
            sentence = (
                f"The vectors fit the tokens' {name} in another order (correlation {fitted:.2f}; random structures "
                f"reach {by_chance:.2f}) and not in their own: the rows were shuffled"
            )
            return observe(sentence, "warning", table.where, evidence)
    sentence = f"Whether rows belong to their tokens is open: {why}. A known pair of similar tokens would settle it"
    return unknown(sentence, table.where, evidence)


def _report_moved(dataset: AuditDataset, table: GivenTable, fits: _Fits, name: str, moved: MovedVectors) -> Observed:
    tokens, evidence = fits.codes[moved.tokens], fits.as_json()
    share = len(tokens) / moved.of
    evidence |= {"likeness": name, "moved": len(tokens), "of": moved.of, "share": share, "right": moved.right}
    evidence |= {
        "right_fit": moved.right_fit,
        "moved_fit_at_own_token": moved.own_fit,
        "moved_fit_elsewhere": moved.fit,
    }
    evidence["examples"] = [dataset.tokens[int(code)] for code in tokens[:10]]
    sentence = (
        f"Of {moved.of} tokens{'' if moved.fit else ' that keep the same company in both halves of train'}, "
        f"{len(tokens)} ({percent(share)}: {format_tokens(dataset, tokens)}) have vectors that do not fit their {name} "
        f"(correlation {moved.own_fit:.2f}), while {moved.right} tokens fit their own with {moved.right_fit:.2f}; "
    )
    sentence += (
        f"they fit each other's ({moved.fit:.2f})." if moved.fit else "whose vectors they are cannot be decided."
    )
    return observe(sentence, "warning", table.where, evidence)


def _fit_at_shift(table: GivenTable, codes: np.ndarray, likeness: np.ndarray, shift: int, name: str) -> Fit:
    vectors = table.vectors(codes, shift)
    there = ~dead(vectors)
    if there.sum() < FEWEST_TOKENS_ALIGNED:
        return Fit(0.0, 0.0)
    return fit(
        likeness[np.ix_(there, there)],
        cosines(_centre(vectors[there])),
        generator(0, CODE, name, shift),
    )


def _centre(vectors: np.ndarray) -> np.ndarray:
    return vectors - vectors.mean(axis=0)
