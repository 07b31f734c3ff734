"""Finding `shift.combination`."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.shifts.neighbours import neighbours
from brittlestar.audits.shifts.order import LEAST_EXCESS as LEAST_ORDER
from brittlestar.audits.shifts.pairs import NEIGHBOURS, Pairs, in_one_row, in_one_token, side_by_side
from brittlestar.audits.shifts.rows import Comparison, count_draws
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import percent, show_rows
from brittlestar.core.findings import Finding
from brittlestar.data.tables import format_count

CODE = "shift.combination"
LEAST_SHARE = 0.01  # chosen, not measured: as for unseen tokens
CONCENTRATED = 0.8  # chosen, not measured
THRESHOLD = (
    "Pairs that train never shows, although independence would give it 10 rows, are in 1 % more of the split's rows "
    "than chance gives (p at most 0.0001): a warning, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an evaluation split combine what train shows often, but never together.

    **What it means.** Each part is well known, the combination is new. The score measures whether a model combines what
    it learnt apart, which many do not (Lake and Baroni 2018).

    **How it is decided.** Pairs of the 300 most frequent tokens of train in one row, and next to each other; where
    factors are declared, values of two factors in one token, and any two values in one row. A pair is new where no
    train row holds it, ten would be expected to if its parts were independent, and rows of the split do hold it. The
    test deals rows of both splits at random: a pair that k rows hold is missing from train by chance if all k fall to
    the split. New neighbours are not counted where `shift.order` finds another order throughout.

    **Thresholds.** Present: rows with a new pair exceed chance by 1 % of the split's rows, with p at most 0.0001. A
    warning; info on splits whose name starts with `shift`.

    **What it cannot see.** Combinations of three or more, of rare tokens, and of tokens with positions or lengths.

    **What to do.** Report the score on these rows apart. To test the task and not new combinations, draw the splits
    again from all rows.
    """
    yield from each_split(analysis, CODE, THRESHOLD, _examine, by_class=False)


def _examine(comparison: Comparison) -> Verdict:
    name, whole = comparison.name, comparison.whole
    kinds = _kinds(comparison)
    found: list[dict[str, Any]] = []
    affected = np.zeros(whole.n_rows, np.bool_)
    for pairs in kinds:
        one, novel = _describe_kind(comparison, pairs)
        if one["excess"] >= LEAST_SHARE:
            if pairs.kind == NEIGHBOURS and (one["concentration"] < CONCENTRATED or _another_order(comparison)):
                continue  # what follows what has changed throughout, which is shift.order
            affected |= pairs.holding(whole, novel)
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
        return Verdict(story, evidence)
    worst = max(shifted, key=lambda one: one["excess"])
    first = worst["most_frequent"][0]["pair"]
    story = (
        f"{name}: {len(positions):,} of {whole.n_rows:,} rows ({percent(len(positions) / whole.n_rows)}) hold a "
        f"combination that train never shows although its parts are frequent there ({worst['kind']}: "
        f"{format_count(worst['new_pairs'], 'pair')}, chance gives {percent(worst['expected_share'])} of rows), most "
        f"often {first[0]!r} with {first[1]!r}; part of most: {worst['parts'][0]!r}"
    )
    remedy = "Report the score on these rows apart, or draw the splits again from all rows."
    return Verdict(story, evidence, "warning", remedy)


def _describe_kind(comparison: Comparison, pairs: Pairs) -> tuple[dict[str, Any], np.ndarray]:
    """What is new of one kind of pairs, as evidence, and which pairs are."""
    train, novel, many = comparison.dataset.train, pairs.novel, comparison.other.rows.n_rows
    if len(novel) and len(train.codes) > len(comparison.train.rows.codes):
        seen = sum((pairs.seen(part, novel) for part in train.parts()), np.zeros(len(novel), np.int64))
        novel = novel[seen == 0]  # the sample lacked them, train does not
    held = pairs.holding(comparison.other.rows, novel)
    clump = float(pairs.other[novel].sum()) / max(int(held.sum()), 1)
    expected, p = pairs.chance(count_draws(comparison.train), count_draws(comparison.other), max(clump, 1.0))
    one = {
        "kind": pairs.kind,
        "pairs_looked_at": len(pairs.train),
        "new_pairs": len(novel),
        "share": float(held.mean()),
        "expected_share": expected / many,
        "excess": (float(held.sum()) - expected) / many,
        "p": p,
        **_describe_novel(pairs, novel),
    }
    return one, novel


def _kinds(comparison: Comparison) -> list[Pairs]:
    dataset = comparison.dataset
    each = np.arange(len(dataset.tokens))[:, None]
    kinds = [in_one_row(comparison, "tokens of one row", each, dataset.tokens), side_by_side(comparison)]
    factors = list(dataset.factors)
    kinds += [in_one_token(comparison, one, two) for one, two in combinations(factors, 2)]
    if factors:
        names: list[str] = []
        columns: list[np.ndarray] = []
        for factor in factors:
            value = dataset.factors[factor].astype(np.int64)
            columns.append(np.where(value > 0, value - 1 + len(names), -1))
            names += [f"{factor} {one}" for one in dataset.factor_values[factor][1:]]
        if names:
            kinds.append(in_one_row(comparison, "factor values of one row", np.stack(columns, axis=1), names))
    return kinds


def _describe_novel(pairs: Pairs, novel: np.ndarray) -> dict[str, Any]:
    order = novel[np.argsort(-pairs.other[novel], kind="stable")]
    parts: Counter[str] = Counter()
    for pair in order.tolist():
        for part in pairs.name(pair):
            parts[part] += int(pairs.other[pair])
    total = max(int(pairs.other[novel].sum()), 1)
    few = int(pairs.other[order[:MOST_NAMED]].sum())
    return {
        "concentration": max(few, *parts.values(), 0) / total,
        "most_frequent": [
            {"pair": list(pairs.name(pair)), "rows": int(pairs.other[pair])} for pair in order[:MOST_NAMED].tolist()
        ],
        "parts": [part for part, _ in parts.most_common(MOST_NAMED)],
    }


def _another_order(comparison: Comparison) -> bool:
    found = neighbours(comparison)
    return found is not None and found.excess >= LEAST_ORDER
