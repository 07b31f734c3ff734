"""Check `shift.combination`: pairs of what is frequent that train never shows together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check
from brittlestar.audits.dataset import bag
from brittlestar.audits.shifts.chance import add_up, all_in_second, p_of_dealing, shape
from brittlestar.audits.shifts.judge import MOST_EXAMPLES, Shift, each_split
from brittlestar.audits.shifts.rows import SplitPair, count_draws
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.data.tables import format_count

LEAST_SHARE = 0.01  # chosen, not measured: as for unseen tokens
MOST_TOKENS_PAIRED = 300  # budget: 45,000 pairs
PAIRS_AT_ONCE = 1_000  # budget: columns of one product
FEWEST_EXPECTED = 10.0  # derived: with 10 expected, none at all has p below 0.0001
NEGLIGIBLE = 1e-6  # derived: pairs that chance would hide so rarely do not add up to a row


@data_check(
    "shift.combination",
    "Pairs that train never shows, although independence would give it 10 rows, are in 1 % more of the split's "
    "rows than chance gives (p at most 0.0001): a warning, info on shifted splits.",
    remedy="Report the score on these rows apart, or draw the splits again from all rows.",
    softens=True,
    reads_labels=False,
)
def combination(analysis: Analysis) -> Iterator[Observed]:
    """Rows of an evaluation split combine what train shows often, but never together.

    **What it means.** Each part is well known, the combination is new. The score measures whether a model combines what
    it learnt apart, which many do not (Lake and Baroni 2018).

    **How it is decided.** Pairs of the 300 most frequent tokens of train in one row; where factors are declared, values
    of two factors in one token, and any two values in one row. A pair is new where no train row holds it, ten would be
    expected to if its parts were independent, and rows of the split do hold it. The test deals rows of both splits at
    random: a pair that k rows hold is missing from train by chance if all k fall to the split.

    **What it cannot see.** Combinations of three or more, of rare tokens, and of tokens with positions or lengths;
    neighbours that are new though both stand in rows of train (`shift.order`).
    """
    yield from each_split(analysis, _examine, by_class=False)


@dataclass(frozen=True)
class Kind:
    """Pairs of one kind that train would show, were their parts independent: `expected` float64 (m,) rows of it.
    `of_token` int32 (n_tokens, k): the things of each token; `things` names each, by one part or, where a token
    combines two, by both; `pairs` int64 (m, 2): two things of one row, or one thing twice."""

    name: str
    of_token: sparse.csr_matrix
    things: Sequence[tuple[str, ...]]
    pairs: np.ndarray
    expected: np.ndarray

    def find_things(self, rows: BaselineRows) -> sparse.csc_matrix:
        """Which things each row holds: int32 (n_rows, k) of zeros and ones."""
        return sparse.csc_matrix(bag(rows, shape(self.of_token)[0]) @ self.of_token > 0, dtype=np.int32)

    def count(self, rows: BaselineRows) -> np.ndarray:
        """float64 (m,): rows that hold each pair."""
        held = self.find_things(rows)
        return np.asarray((held.T @ held).toarray(), np.float64)[self.pairs[:, 0], self.pairs[:, 1]]

    def hold(self, rows: BaselineRows, which: np.ndarray) -> sparse.csr_matrix:
        """Which rows hold which of some pairs, by number: int32 (n_rows, len(which)) of zeros and ones."""
        held, pairs = self.find_things(rows), self.pairs[which]
        chunks = np.array_split(pairs, 1 + len(pairs) // PAIRS_AT_ONCE)
        both = [held[:, part[:, 0]].multiply(held[:, part[:, 1]]) for part in chunks]
        return sparse.csr_matrix(sparse.hstack(both, format="csr"))

    def name_pair(self, which: int) -> tuple[str, ...]:
        """The two parts of one pair."""
        left, right = self.pairs[which].tolist()
        return self.things[left] + (self.things[right] if left != right else ())


def _examine(comparison: SplitPair) -> Shift:
    name, whole = comparison.name, comparison.whole
    kinds = list(_list_kinds(comparison))
    found: list[dict[str, Any]] = []
    affected = np.zeros(whole.n_rows, np.bool_)
    for kind in kinds:
        one, novel = _describe_kind(comparison, kind)
        if one["excess"] >= LEAST_SHARE:
            affected[np.unique(kind.hold(whole, novel).nonzero()[0])] = True
        found.append(one)
    shifted = [one for one in found if one["excess"] >= LEAST_SHARE]
    positions = np.flatnonzero(affected)
    evidence: dict[str, Any] = {
        "kinds": found,
        "of": whole.n_rows,
        "rows_with_new_pair": len(positions),
        **show_rows(whole, positions),
        "sampled": comparison.sampled,
        "test": "rows of both splits dealt at random: pairs whose rows all fall to the split",
        "p": min(1.0, min(one["p"] for one in shifted or found) * len(kinds)),
    }
    if not shifted:
        looked = sum(one["pairs_looked_at"] for one in found)
        sentence = f"{name}: of {looked:,} pairs of frequent parts none is new in 1 % more rows than chance gives"
        sentence += comparison.describe_rows()
        return Shift(sentence, evidence)
    worst = max(shifted, key=lambda one: one["excess"])
    first = worst["most_frequent"][0]["pair"]
    sentence = (
        f"{name}: {len(positions):,} of {whole.n_rows:,} rows ({percent(len(positions) / whole.n_rows)}) hold a "
        f"combination that train never shows although its parts are frequent there ({worst['kind']}: "
        f"{format_count(worst['new_pairs'], 'pair')}, chance gives {percent(worst['expected_share'])} of rows), most "
        f"often {first[0]!r} with {first[1]!r}; part of most: {worst['parts'][0]!r}"
    )
    return Shift(sentence, evidence, "warning")


def _describe_kind(comparison: SplitPair, kind: Kind) -> tuple[dict[str, Any], np.ndarray]:
    """What is new of one kind of pairs, as evidence, and the numbers of the pairs that are."""
    sides, train = (comparison.train, comparison.other), comparison.dataset.train
    draws = [count_draws(side) for side in sides]
    first, second = (kind.count(side.rows) for side in sides)
    rare = (first == 0) | (all_in_second(first + second, draws[0], draws[1]) >= NEGLIGIBLE)
    pairs = np.flatnonzero(rare & (first + second > 0))
    held = [kind.hold(side.rows, pairs) for side in sides]
    units = sum(
        np.bincount(add_up(one, side.units).nonzero()[1], minlength=len(pairs))
        for one, side in zip(held, sides, strict=True)
    )
    alone = all_in_second(np.asarray(units), draws[0], draws[1])
    first, second = first[pairs], second[pairs]
    novel = np.flatnonzero((first == 0) & (second > 0))
    expected, p = float((first + second) @ alone), 1.0
    if len(novel):
        rows_with = np.unique(held[1][:, novel].nonzero()[0])
        clump = max(float(second[novel].sum()) / max(len(rows_with), 1), 1.0)
        p = p_of_dealing(float(second[novel].sum()) - expected, first + second, alone, novel, clump)
    if len(novel) and len(train.codes) > len(comparison.train.rows.codes):
        seen = sum(np.asarray(kind.hold(part, pairs[novel]).sum(axis=0)).reshape(-1) for part in train.parts())
        novel = novel[np.asarray(seen) == 0]  # the sample lacked them, train does not
    many, n_with = comparison.other.rows.n_rows, len(np.unique(held[1][:, novel].nonzero()[0]))
    order = np.argsort(-second[novel], kind="stable")
    named = [(kind.name_pair(int(pairs[k])), int(second[k])) for k in novel[order].tolist()]
    parts: Counter[str] = Counter()
    for pair, rows in named:
        parts.update(dict.fromkeys(pair, rows))
    one = {
        "kind": kind.name,
        "pairs_looked_at": len(kind.pairs),
        "new_pairs": len(novel),
        "share": n_with / many,
        "expected_share": expected / many,
        "excess": (n_with - expected) / many,
        "p": p,
        "most_frequent": [{"pair": list(pair), "rows": rows} for pair, rows in named[:MOST_EXAMPLES]],
        "parts": [part for part, _ in parts.most_common(MOST_EXAMPLES)],
    }
    return one, pairs[novel]


def _list_kinds(comparison: SplitPair) -> Iterator[Kind]:
    dataset = comparison.dataset
    yield _in_one_row(comparison, "tokens of one row", np.arange(len(dataset.tokens))[:, None], dataset.tokens)
    values = {name: value.astype(np.int64) - 1 for name, value in dataset.factors.items()}
    names = {name: [f"{name} {value}" for value in dataset.factor_values[name][1:]] for name in values}
    for one, two in combinations(values, 2):
        yield _in_one_token(comparison, f"{one} and {two} of one token", *((values[k], names[k]) for k in (one, two)))
    if values:
        starts = np.cumsum([0, *map(len, names.values())])
        columns = [np.where(value >= 0, value + at, -1) for value, at in zip(values.values(), starts, strict=False)]
        everyone = [name for its in names.values() for name in its]
        yield _in_one_row(comparison, "factor values of one row", np.stack(columns, axis=1), everyone)


def _list_things(of_token: np.ndarray, many: int) -> sparse.csr_matrix:
    """int32 (n_tokens, many) of ones; `of_token` int64 (n_tokens, k): the things of each token, -1 for none."""
    token, column = np.nonzero(of_token >= 0)
    cells = (np.ones(len(token), np.int32), (token, of_token[token, column]))
    return sparse.csr_matrix(cells, shape=(len(of_token), many))


def _in_one_row(comparison: SplitPair, name: str, of_token: np.ndarray, names: Sequence[str]) -> Kind:
    """Pairs of things in one row, of the most frequent; of_token as in `_list_things`."""
    everything, copies = _list_things(of_token, len(names)), comparison.with_copies[0].rows
    rows = np.asarray((bag(copies, len(of_token)) @ everything > 0).sum(axis=0), np.float64).reshape(-1)
    things = np.sort(np.argsort(-rows, kind="stable")[:MOST_TOKENS_PAIRED])
    scale = comparison.train.rows.n_rows / max(copies.n_rows, 1) ** 2
    expected = np.triu(np.outer(rows[things], rows[things]) * scale, 1)
    pairs = np.argwhere(expected >= FEWEST_EXPECTED)
    called = [(str(names[k]),) for k in things.tolist()]
    return Kind(name, sparse.csr_matrix(everything[:, things]), called, pairs, expected[tuple(pairs.T)])


def _in_one_token(
    comparison: SplitPair, name: str, left: tuple[np.ndarray, list[str]], right: tuple[np.ndarray, list[str]]
) -> Kind:
    """Values of two factors in one token: of each factor, those int64 (n_tokens,), -1 for none, and their names."""
    codes, (first, lefts), (second, rights) = comparison.train.rows.codes, left, right
    both = np.where((first >= 0) & (second >= 0), first * len(rights) + second, -1)[:, None]
    ends = (np.bincount(one[codes][one[codes] >= 0], minlength=len(its)) for one, its in (left, right))
    expected = np.outer(*ends).reshape(-1) / max(len(codes), 1)
    chosen = np.flatnonzero(expected >= FEWEST_EXPECTED)
    called = [(one, other) for one in lefts for other in rights]
    return Kind(name, _list_things(both, len(called)), called, np.stack([chosen, chosen], axis=1), expected[chosen])
