"""Pairs of near copies, against every pair compared by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from brittlestar.audits.leaks.pairing import near_between, near_pairs
from brittlestar.core.token_rows import TokenRows, offsets_of
from brittlestar.data.rows import token_hashes

TOKENS = 40
HASHES = token_hashes([f"t{k}" for k in range(TOKENS)])


def levenshtein(one: list[int], other: list[int]) -> int:
    """By the book, cell by cell."""
    above = list(range(len(other) + 1))
    for i, token in enumerate(one, 1):
        line = [i]
        for j, its in enumerate(other, 1):
            line.append(min(above[j] + 1, line[j - 1] + 1, above[j - 1] + (token != its)))
        above = line
    return above[-1]


def families(n: int, random: np.random.Generator) -> list[list[int]]:
    """Rows of 12 to 18 tokens; every third is an earlier one with one or two tokens changed, or one left out."""
    rows: list[list[int]] = []
    for i in range(n):
        row = random.integers(0, TOKENS, random.integers(12, 19)).tolist()
        if i % 3 == 2:
            row = list(rows[random.integers(len(rows))])
            for place in random.choice(len(row), random.integers(1, 3), replace=False).tolist():
                row[place] = int(random.integers(TOKENS))
            if random.random() < 0.3:
                del row[int(random.integers(len(row)))]
        rows.append(row)
    return rows


def ragged(rows: list[list[int]]) -> TokenRows:
    return TokenRows(
        np.concatenate([np.asarray(row, np.int32) for row in rows]), offsets_of(np.asarray(list(map(len, rows))))
    )


def test_pairs_within_are_those_within_a_sixth_of_the_tokens() -> None:
    rows = [list(row) for row in dict.fromkeys(map(tuple, families(240, np.random.default_rng(0))))]
    together = ragged(rows)
    left, right = near_pairs(together.codes, together.offsets, HASHES)
    found = {frozenset(pair) for pair in zip(left.tolist(), right.tolist(), strict=True)}
    distances = {
        frozenset(pair): levenshtein(rows[pair[0]], rows[pair[1]]) for pair in combinations(range(len(rows)), 2)
    }
    expected = {pair for pair, d in distances.items() if d <= max((len(rows[i]) + 2) // 6 for i in pair)}
    assert len(expected) > 60
    assert len(found & expected) >= 0.97 * len(expected)
    assert all(distances[pair] <= 8 for pair in found - expected), "others share a run of half the row"
    assert all(len(pair) == 2 for pair in found), "no row is a near copy of itself"


def test_pairs_between_are_found_on_the_side_asked_for() -> None:
    random = np.random.default_rng(1)
    train = [random.integers(0, TOKENS, 16).tolist() for _ in range(300)]
    asked = [random.integers(0, TOKENS, 16).tolist() for _ in range(100)]
    for i in range(0, 100, 5):
        asked[i] = [*train[i][:7], (train[i][7] + 1) % TOKENS, *train[i][8:]]
    query, row = near_between(ragged(train), ragged(asked), HASHES)
    assert query.tolist() == row.tolist() == list(range(0, 100, 5))


def test_no_rows_and_rows_without_tokens_have_no_near_copies() -> None:
    for rows in ([], [[]], [[], [1], [2, 3]]):
        lengths = np.asarray([len(row) for row in rows], np.int64)
        codes = np.asarray([token for row in rows for token in row], np.int32)
        assert [len(side) for side in near_pairs(codes, offsets_of(lengths), HASHES)] == [0, 0]
        assert [
            len(side)
            for side in near_between(
                TokenRows(codes, offsets_of(lengths)), TokenRows(codes, offsets_of(lengths)), HASHES
            )
        ] == [0, 0]
