"""Edit distances, shared runs, the search for near copies and their pairs, against plain loops."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.audits.leaks.comparing import edit_distances, shared_runs
from brittlestar.audits.leaks.grams import Index, pieces
from brittlestar.audits.leaks.near_search import (
    cut_rows,
    distinct,
    edits_allowed,
    enough_bits,
    find_near_copies,
    queries_of,
)
from brittlestar.audits.leaks.pairing import near_between, near_pairs
from brittlestar.audits.token_model import Surprise
from brittlestar.core.token_rows import TokenRows, offsets_of
from brittlestar.data.rows import token_hashes

Row = list[int]
ROWS = st.lists(st.lists(st.integers(0, 3), max_size=14), min_size=1, max_size=6)


def ragged(rows: list[Row]) -> TokenRows:
    return TokenRows(np.asarray([t for row in rows for t in row], np.int32), offsets_of(np.asarray([*map(len, rows)])))


def levenshtein(x: Row, y: Row) -> int:
    above = list(range(len(y) + 1))
    for i, a in enumerate(x, 1):
        here = [i]
        for j, b in enumerate(y, 1):
            here.append(min(above[j] + 1, here[-1] + 1, above[j - 1] + (a != b)))
        above = here
    return above[-1]


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS, st.integers(0, 9))
def test_edit_distances_are_those_of_the_textbook_up_to_the_bound(first: list[Row], second: list[Row], most: int):
    one = np.repeat(np.arange(len(first)), len(second))
    other = np.tile(np.arange(len(second)), len(first))
    found = edit_distances(ragged(first), ragged(second), one, other, np.full(len(one), most))
    for i, j, distance in zip(one.tolist(), other.tolist(), found.tolist(), strict=True):
        true = levenshtein(first[i], second[j])
        assert distance == true if true <= most else distance > most


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=12), st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_shared_runs_are_the_longest_equal_stretch_on_each_diagonal(x: Row, y: Row):
    shifts = np.arange(-len(x) + 1, len(y))
    zeros = np.zeros(len(shifts), np.int64)
    runs = shared_runs(ragged([x]), ragged([y]), zeros, zeros, shifts, np.ones(len(x)), 2.0)
    for shift, length, whole in zip(shifts.tolist(), runs[0].tolist(), runs[1].tolist(), strict=True):
        equal = [x[t] == y[t + shift] for t in range(len(x)) if 0 <= t + shift < len(y)]
        longest = max(map(len, "".join("x" if one else " " for one in equal).split(" ")))
        assert length == (longest if longest >= 2 else 0)
        assert whole == all(equal)


def test_grams_are_equal_where_tokens_are_and_differ_elsewhere():
    random = np.random.default_rng(0)
    hashes = random.integers(0, 1 << 63, 3).astype(np.uint64)
    rows = ragged([random.integers(0, 3, 9).tolist() for _ in range(40)])
    (piece,) = pieces(hashes, rows.codes, rows.offsets)
    keys, row, start = piece.list_runs(4, 0)
    grams = [tuple(rows.codes[rows.offsets[r] + s :][:4].tolist()) for r, s in zip(row, start, strict=True)]
    assert len(set(grams)) == len(set(keys.tolist())) == len(set(zip(grams, keys.tolist(), strict=True)))


def test_segments_have_one_key_for_the_same_tokens_at_the_same_place_from_the_same_end():
    rows = ragged([[0, 1, 2, 3, 4], [0, 1, 9, 2, 3, 4], [2, 3, 0, 1]])
    (piece,) = pieces(np.arange(1, 11, dtype=np.uint64), rows.codes, rows.offsets)
    keys, row, start = piece.segments(2, 2, np.arange(3))
    shared = {key for key, r in zip(keys, row, strict=True) if r == 0} & {
        k for k, r in zip(keys, row, strict=True) if r == 1
    }
    assert len(shared) == 2  # 0 1 from the left end, 3 4 from the right end
    assert start[row == 2].tolist() == [0, 2, 2, 0]


def test_joining_looks_up_no_more_hits_of_a_key_than_wanted():
    index = Index.of(np.asarray([7, 7, 9], np.uint64))
    place, number = index.find(np.asarray([9, 7, 8, 7, 7], np.uint64))
    assert place.tolist() == [0, 1, 3, 4]
    entry, hit = index.join_pairs(number, 2, 100)
    assert sorted(zip(entry.tolist(), place[hit].tolist(), strict=True)) == [(0, 1), (0, 3), (1, 1), (1, 3), (2, 0)]
    entry, _ = index.join_pairs(number, 2, 3)
    assert len(entry) == 3


def test_distinct_is_unique():
    values = np.random.default_rng(0).integers(0, 50, 200)
    assert np.array_equal(distinct(values), np.unique(values))
    assert len(distinct(values[:0])) == 0


def search(train: list[Row], asked: list[Row], size: int):
    searched, rows = ragged(train), ragged(asked)
    surprise = Surprise.fit(searched.codes, searched.offsets, size)
    n = len(asked)
    queries = queries_of(surprise, rows, np.full(n, -1, np.int64), np.zeros(n, np.bool_))
    hashes = np.random.default_rng(5).integers(0, 1 << 63, size).astype(np.uint64)
    return queries, find_near_copies(searched, hashes, queries, enough_bits(len(searched.codes), n))


@pytest.mark.parametrize("edits", [1, 2, 3])
def test_rows_with_few_edits_are_found_with_their_distance(edits: int):
    random = np.random.default_rng(edits)
    train = [random.integers(0, 20, random.integers(18, 26)).tolist() for _ in range(800)]
    asked: list[Row] = []
    for row in train[:200]:
        changed = list(row)
        for place in random.choice(len(row), edits, replace=False):
            changed[place] = (changed[place] + 1) % 20
        if edits == 1 and random.random() < 0.5:
            changed = row[:7] + row[8:]  # one token left out
        asked.append(changed)
    asked += [random.integers(0, 20, 20).tolist() for _ in range(200)]
    _, found = search(train, asked, 20)
    hits = dict(zip(found.query.tolist(), found.row.tolist(), strict=True))
    assert sum(hits.get(k) == k for k in range(200)) >= 199
    assert max(hits) < 200
    for query, row, distance in zip(found.query.tolist(), found.row.tolist(), found.edits.tolist(), strict=True):
        assert distance == levenshtein(asked[query], train[row])


def test_windows_of_one_text_are_found_and_continue_each_other():
    random = np.random.default_rng(1)
    texts = [random.integers(0, 20, 40).tolist() for _ in range(300)]
    _, found = search([text[:26] for text in texts], [text[10:36] for text in texts[:50]], 20)
    assert found.query.tolist() == found.row.tolist() == list(range(50))
    assert (found.run == 16).all()
    assert found.across.all()


def test_a_row_inside_another_is_found_and_does_not_continue_it():
    random = np.random.default_rng(2)
    train = [random.integers(0, 20, 30).tolist() for _ in range(300)]
    _, found = search(train, [row[5:20] for row in train[:40]], 20)
    assert found.query.tolist() == found.row.tolist() == list(range(40))
    assert not found.across.any()


def test_no_edit_is_allowed_where_near_copies_are_a_matter_of_course():
    random = np.random.default_rng(3)
    rows = [random.integers(0, 2, 6).tolist() for _ in range(500)]
    queries, found = search(rows, rows[:50], 2)
    assert not edits_allowed(queries, 500).any()
    assert not len(found.query)


def test_a_rare_token_does_not_make_its_row_comparable():
    """Else every row that differs from an ordinary one in a new token alone would be a near copy."""
    random = np.random.default_rng(4)
    rows = [random.integers(0, 3, 9).tolist() for _ in range(2_000)]
    queries, _ = search(rows, [[*row[:4], 3, *row[5:]] for row in rows[:50]], 4)
    assert not edits_allowed(queries, 2_000).any()


def test_longer_rows_may_have_more_edits_and_sixteen_at_most():
    random = np.random.default_rng(5)
    asked = [random.integers(0, 50, n).tolist() for n in (4, 5, 9, 10, 15, 16, 60, 600)]
    queries, _ = search([random.integers(0, 50, 20).tolist() for _ in range(300)], asked, 50)
    assert edits_allowed(queries, 300).tolist() == [0, 1, 1, 2, 2, 3, 10, 16]


def test_cutting_keeps_the_beginning_of_each_row():
    rows = cut_rows(ragged([[1, 2, 3, 4], [5], []]), 2)
    assert (rows.codes.tolist(), rows.offsets.tolist()) == ([1, 2, 5], [0, 2, 3, 3])


def test_rows_without_tokens_have_no_near_copies():
    _, found = search([[], [0, 1, 2, 3, 4]], [[], [1]], 5)
    assert not len(found.query)


# Pairs of near copies, against every pair compared by hand


TOKENS = 40
HASHES = token_hashes([f"t{k}" for k in range(TOKENS)])


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
