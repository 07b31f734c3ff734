"""Check `shift.combination`: pairs of what is frequent that train never shows together."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import Result, data_check
from brittlestar.audits.dataset import bag
from brittlestar.audits.shifts.chance import add_up, all_in_second, p_of_dealing
from brittlestar.audits.shifts.judging import MOST_NAMED, Shift, each_split
from brittlestar.audits.shifts.order import LEAST_PAIRS_MOVED, compare_order
from brittlestar.audits.shifts.rows import Comparison, count_draws
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.data.tables import format_count

LEAST_SHARE = 0.01  # chosen, not measured: as for unseen tokens
CONCENTRATED = 0.8  # chosen, not measured
MOST_TOKENS_PAIRED = 300  # budget: 45,000 pairs
PAIRS_AT_ONCE = 1_000  # budget: columns of one product
FEWEST_EXPECTED = 10.0  # derived: with 10 expected, none at all has p below 0.0001
NEGLIGIBLE = 1e-6  # derived: pairs that chance would hide so rarely do not add up to a row
NEIGHBOURS = "neighbouring tokens"


@data_check(
    "shift.combination",
    "Pairs that train never shows, although independence would give it 10 rows, are in 1 % more of the split's "
    "rows than chance gives (p at most 0.0001): a warning, info on shifted splits.",
    softens=True,
)
def combination(analysis: Analysis) -> Iterator[Result]:
    """Rows of an evaluation split combine what train shows often, but never together.

    **What it means.** Each part is well known, the combination is new. The score measures whether a model combines what
    it learnt apart, which many do not (Lake and Baroni 2018).

    **How it is decided.** Pairs of the 300 most frequent tokens of train in one row, and next to each other; where
    factors are declared, values of two factors in one token, and any two values in one row. A pair is new where no
    train row holds it, ten would be expected to if its parts were independent, and rows of the split do hold it. The
    test deals rows of both splits at random: a pair that k rows hold is missing from train by chance if all k fall to
    the split. New neighbours are not counted where `shift.order` finds another order throughout.

    **What it cannot see.** Combinations of three or more, of rare tokens, and of tokens with positions or lengths.

    **What to do.** Report the score on these rows apart. To test the task and not new combinations, draw the splits
    again from all rows.
    """
    yield from each_split(analysis, _examine, by_class=False)


@dataclass(frozen=True)
class Kind:
    """Pairs of one kind. `parts` names the things on either side; `expected` float64 (r, c): rows of train that would
    hold each pair, were its parts independent; `count(rows)` float64 (r, c): rows that do; `hold(rows, pairs)`: which
    rows hold which of pairs int64 (k,), cells of the table: (n_rows, k) of zeros and ones."""

    name: str
    parts: tuple[Sequence[str], Sequence[str]]
    expected: np.ndarray
    count: Callable[[LabelledRows], np.ndarray]
    hold: Callable[[LabelledRows, np.ndarray], sparse.csr_matrix]


def _examine(comparison: Comparison) -> Shift:
    name, whole = comparison.name, comparison.whole
    kinds = list(_list_kinds(comparison))
    found: list[dict[str, Any]] = []
    affected = np.zeros(whole.n_rows, np.bool_)
    for kind in kinds:
        one, novel = _describe_kind(comparison, kind)
        if one["excess"] >= LEAST_SHARE:
            order = compare_order(comparison) if kind.name == NEIGHBOURS else None
            another = order is not None and order.drift.excess >= LEAST_PAIRS_MOVED
            if another or (kind.name == NEIGHBOURS and one["concentration"] < CONCENTRATED):
                continue  # what follows what has changed throughout, which is shift.order
            affected[np.unique(kind.hold(whole, novel).nonzero()[0])] = True
        found.append(one)
    shifted = [one for one in found if one["excess"] >= LEAST_SHARE]
    p = min((one["p"] for one in shifted or found), default=1.0) * len(kinds)
    positions = np.flatnonzero(affected)
    evidence: dict[str, Any] = {
        "kinds": found,
        "of": whole.n_rows,
        "rows_with_new_pair": len(positions),
        **show_rows(whole, positions),
        "sampled": comparison.sampled,
        "test": "rows of both splits dealt at random: pairs whose rows all fall to the split",
        "p": min(1.0, p),
    }
    if not shifted:
        looked = sum(one["pairs_looked_at"] for one in found)
        story = f"{name}: of {looked:,} pairs of frequent parts none is new in 1 % more rows than chance gives"
        return Shift(story, evidence)
    worst = max(shifted, key=lambda one: one["excess"])
    first = worst["most_frequent"][0]["pair"]
    story = (
        f"{name}: {len(positions):,} of {whole.n_rows:,} rows ({percent(len(positions) / whole.n_rows)}) hold a "
        f"combination that train never shows although its parts are frequent there ({worst['kind']}: "
        f"{format_count(worst['new_pairs'], 'pair')}, chance gives {percent(worst['expected_share'])} of rows), most "
        f"often {first[0]!r} with {first[1]!r}; part of most: {worst['parts'][0]!r}"
    )
    remedy = "Report the score on these rows apart, or draw the splits again from all rows."
    return Shift(story, evidence, "warning", remedy)


def _describe_kind(comparison: Comparison, kind: Kind) -> tuple[dict[str, Any], np.ndarray]:
    """What is new of one kind of pairs, as evidence, and which pairs are."""
    sides, train = (comparison.train, comparison.other), comparison.dataset.train
    draws = [count_draws(side) for side in sides]
    looked_at = kind.expected >= FEWEST_EXPECTED
    counts = [kind.count(side.rows) for side in sides]
    rare = (counts[0] == 0) | (all_in_second(counts[0] + counts[1], draws[0], draws[1]) >= NEGLIGIBLE)
    pairs = np.flatnonzero(looked_at & rare & (counts[0] + counts[1] > 0))
    held = [kind.hold(side.rows, pairs) for side in sides]
    first, second = (np.asarray(one.sum(axis=0)).reshape(-1) for one in held)
    units = np.zeros(len(pairs))
    for one, side in zip(held, sides, strict=True):
        by_unit = add_up(one, side.units)
        units += np.bincount(by_unit.nonzero()[1], minlength=len(pairs))
    alone = all_in_second(units, draws[0], draws[1])
    novel = np.flatnonzero((first == 0) & (second > 0))
    expected, p = float((first + second) @ alone), 1.0
    rows_with = np.unique(held[1][:, novel].nonzero()[0])
    if len(novel):
        clump = max(float(second[novel].sum()) / max(len(rows_with), 1), 1.0)
        p = p_of_dealing(float(second[novel].sum()) - expected, first + second, alone, novel, clump)
    if len(novel) and len(train.codes) > len(comparison.train.rows.codes):
        seen = np.zeros(len(novel))
        for part in train.parts():
            seen += np.asarray(kind.hold(part, pairs[novel]).sum(axis=0)).reshape(-1)
        novel = novel[seen == 0]  # the sample lacked them, train does not
        rows_with = np.unique(held[1][:, novel].nonzero()[0])
    many = comparison.other.rows.n_rows
    one = {
        "kind": kind.name,
        "pairs_looked_at": int(looked_at.sum()),
        "new_pairs": len(novel),
        "share": len(rows_with) / many,
        "expected_share": expected / many,
        "excess": (len(rows_with) - expected) / many,
        "p": p,
        **_describe_novel(kind, pairs[novel], second[novel]),
    }
    return one, pairs[novel]


def _describe_novel(kind: Kind, pairs: np.ndarray, rows: np.ndarray) -> dict[str, Any]:
    """The most frequent of the new pairs, held by so many rows of the split, and their parts."""
    order = np.argsort(-rows, kind="stable")
    named: list[tuple[list[str], int]] = []
    parts: Counter[str] = Counter()
    for at in order.tolist():
        left, right = divmod(int(pairs[at]), kind.expected.shape[1])
        named.append(([kind.parts[0][left], kind.parts[1][right]], int(rows[at])))
        for part in named[-1][0]:
            parts[part] += named[-1][1]
    few = sum(n for _, n in named[:MOST_NAMED])
    return {
        "concentration": max(few, *parts.values(), 0) / max(float(rows.sum()), 1.0),
        "most_frequent": [{"pair": pair, "rows": n} for pair, n in named[:MOST_NAMED]],
        "parts": [part for part, _ in parts.most_common(MOST_NAMED)],
    }


def _list_kinds(comparison: Comparison) -> Iterator[Kind]:
    dataset = comparison.dataset
    every, factors = np.arange(len(dataset.tokens), dtype=np.int64), list(dataset.factors)
    yield _in_one_row(comparison, "tokens of one row", every[:, None], dataset.tokens)
    yield _side_by_side(comparison)
    for one, two in combinations(factors, 2):
        yield _in_one_token(comparison, one, two)
    names: list[str] = []
    columns: list[np.ndarray] = []
    for factor in factors:
        value = dataset.factors[factor].astype(np.int64)
        columns.append(np.where(value > 0, value - 1 + len(names), -1))
        names += [f"{factor} {one}" for one in dataset.factor_values[factor][1:]]
    if names:
        yield _in_one_row(comparison, "factor values of one row", np.stack(columns, axis=1), names)


def _in_one_row(comparison: Comparison, name: str, of_token: np.ndarray, names: Sequence[str]) -> Kind:
    """Pairs of things in one row; `of_token` int64 (n_tokens, k): those of each token, -1 for none; repeats count."""
    token, column = np.nonzero(of_token >= 0)
    cells = (np.ones(len(token), np.int32), (token, of_token[token, column]))
    of_tokens = sparse.csr_matrix(cells, shape=(len(of_token), len(names)))
    copies = comparison.with_copies[0].rows
    frequent = np.asarray((bag(copies, len(of_token)) @ of_tokens > 0).sum(axis=0), np.float64).reshape(-1)
    things = np.sort(np.argsort(-frequent, kind="stable")[:MOST_TOKENS_PAIRED])
    scale = comparison.train.rows.n_rows / max(copies.n_rows, 1) ** 2
    expected = np.triu(np.outer(frequent[things], frequent[things]) * scale, 1)

    def has(rows: LabelledRows) -> sparse.csr_matrix:
        held = bag(rows, len(of_token)) @ of_tokens[:, things]
        return sparse.csr_matrix(held > 0, dtype=np.int32)

    def count(rows: LabelledRows) -> np.ndarray:
        held = has(rows)
        return np.asarray((held.T @ held).toarray(), np.float64)

    def hold(rows: LabelledRows, pairs: np.ndarray) -> sparse.csr_matrix:
        held = sparse.csc_matrix(has(rows))
        left, right = np.divmod(pairs, max(len(things), 1))
        chunks = np.array_split(np.arange(len(pairs)), 1 + len(pairs) // PAIRS_AT_ONCE)
        both = [held[:, left[part]].multiply(held[:, right[part]]) for part in chunks]
        return sparse.csr_matrix(sparse.hstack(both, format="csr"))

    parts = [str(names[k]) for k in things.tolist()]
    return Kind(name, (parts, parts), expected, count, hold)


def _side_by_side(comparison: Comparison) -> Kind:
    names, first = comparison.dataset.tokens, comparison.train.rows
    things = np.sort(np.argsort(-np.bincount(first.codes, minlength=len(names)), kind="stable")[:MOST_TOKENS_PAIRED])
    place = np.full(len(names), -1, np.int64)
    place[things] = np.arange(len(things))

    def find(rows: LabelledRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row = rows.owners
        inside = np.flatnonzero(row[:-1] == row[1:])
        return place[rows.codes[inside]], place[rows.codes[inside + 1]], row[inside]

    parts = [names[thing] for thing in things.tolist()]
    return _of_places(comparison, NEIGHBOURS, (parts, parts), find)


def _in_one_token(comparison: Comparison, one: str, two: str) -> Kind:
    dataset = comparison.dataset
    values = [dataset.factors[factor].astype(np.int64) - 1 for factor in (one, two)]
    parts = [[f"{factor} {value}" for value in dataset.factor_values[factor][1:]] for factor in (one, two)]

    def find(rows: LabelledRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return values[0][rows.codes], values[1][rows.codes], rows.owners

    return _of_places(comparison, f"{one} and {two} of one token", (parts[0], parts[1]), find)


Find = Callable[[LabelledRows], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""The two parts, -1 for none, and the row of every place where a pair may stand."""


def _of_places(comparison: Comparison, name: str, parts: tuple[Sequence[str], Sequence[str]], find: Find) -> Kind:
    """Pairs that stand at one place of a row."""
    size = len(parts[0]), len(parts[1])
    left, right, _ = find(comparison.train.rows)
    ends = (
        np.bincount(end[end >= 0], minlength=n).astype(np.float64) for end, n in zip((left, right), size, strict=True)
    )
    expected = np.outer(*ends) / max(len(left), 1)

    def hold(rows: LabelledRows, pairs: np.ndarray) -> sparse.csr_matrix:
        column = np.full(size[0] * size[1] + 1, -1, np.int64)
        column[pairs] = np.arange(len(pairs))
        left, right, row = find(rows)
        column = column[np.where((left >= 0) & (right >= 0), left * size[1] + right, -1)]
        there = column >= 0
        places = (np.ones(int(there.sum()), np.int32), (row[there], column[there]))
        return sparse.csr_matrix(sparse.csr_matrix(places, shape=(rows.n_rows, len(pairs))) > 0, dtype=np.int32)

    def count(rows: LabelledRows) -> np.ndarray:
        return np.asarray(hold(rows, np.arange(size[0] * size[1])).sum(axis=0), np.float64).reshape(size)

    return Kind(name, parts, expected, count, hold)
