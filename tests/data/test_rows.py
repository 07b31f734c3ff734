"""Arithmetic on whole rows, against lists."""

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.token_rows import offsets_of, row_of_token, take
from brittlestar.data import rows as module
from brittlestar.data.rows import sample_by_class, sequence_hashes, token_hashes
from brittlestar.data.written_rows import WrittenRows, rows_of_strings, stack_token_rows
from tests.probes.making import ODD, ROWS, Rows, sound, tokens_of

MASK = (1 << 64) - 1


def mix(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def plain_hash(tokens: list[str]) -> int:
    total = 0
    for position, token in enumerate(tokens):
        digest = hashlib.blake2b(token.encode(), digest_size=8).digest()
        total = (total + mix(int.from_bytes(digest, "little") ^ mix(position))) & MASK
    return mix(total ^ mix(len(tokens)))


ragged = st.lists(st.lists(st.sampled_from(["a", "b", "▲", ""]), max_size=5), min_size=1, max_size=8)


@given(ragged)
def test_sequence_hashes_agree_with_plain_integers(sequences: list[list[str]]):
    flat = [token for row in sequences for token in row]
    offsets = offsets_of(np.array([len(row) for row in sequences]))
    hashes = token_hashes(flat) if flat else np.zeros(0, np.uint64)
    assert sequence_hashes(hashes, np.arange(len(hashes)), offsets).tolist() == [plain_hash(row) for row in sequences]


def test_blocks_of_rows_do_not_show(monkeypatch: pytest.MonkeyPatch):
    hashes = token_hashes([str(i % 7) for i in range(100)])
    offsets = offsets_of(np.array([i % 5 for i in range(51)]))
    codes = np.arange(offsets[-1])
    whole = sequence_hashes(hashes, codes, offsets)
    monkeypatch.setattr(module, "ROWS", 4)
    np.testing.assert_array_equal(sequence_hashes(hashes, codes, offsets), whole)


@given(ragged, st.data())
def test_taken_rows_are_the_rows(sequences: list[list[str]], data: st.DataObject):
    chosen = data.draw(st.lists(st.integers(0, len(sequences) - 1), max_size=10))
    flat = np.array([hash(token) for row in sequences for token in row], np.int64)
    offsets = offsets_of(np.array([len(row) for row in sequences]))
    tokens, ends = take(flat, offsets, np.array(chosen, np.int64))
    expected = [[hash(token) for token in sequences[row]] for row in chosen]
    assert [tokens[a:b].tolist() for a, b in itertools.pairwise(ends)] == expected
    assert row_of_token(offsets).tolist() == [i for i, row in enumerate(sequences) for _ in row]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.data())
def test_a_stratified_subset_keeps_the_shares_within_one_row(labels: list[int], data: st.DataObject):
    n = data.draw(st.integers(1, len(labels)))
    rows = sample_by_class(np.array(labels), n, np.random.default_rng(0))
    assert len(rows) == len(set(rows.tolist())) == n
    for label in set(labels):
        share = labels.count(label) * n / len(labels)
        assert abs(sum(labels[row] == label for row in rows) - share) < 1 + 1e-9


def test_every_row_of_a_class_is_as_likely_as_another():
    labels = np.array([0] * 6 + [1] * 2)
    counts = np.zeros(8)
    for seed in range(2_000):
        counts[sample_by_class(labels, 4, np.random.default_rng(seed))] += 1
    # Each row is taken with probability 1/2; 5 standard deviations of a binomial over 2,000 draws.
    assert np.abs(counts / 2_000 - 0.5).max() < 5 * 0.5 / np.sqrt(2_000)


@given(ROWS)
def test_rows_come_back_as_they_went_in(rows: Rows) -> None:
    made = rows_of_strings(rows, ["q", "a"])
    sound(made)
    assert made.strings() == rows and made.lexicon[:2] == ("q", "a")
    assert made.lengths.tolist() == [len(row) for row in rows] and made.n_rows == len(rows)
    assert made.places.tolist() == [place for row in rows for place in range(len(row))]
    assert made.owners.tolist() == [number for number, row in enumerate(rows) for _ in row]


@given(ROWS, st.data())
def test_every_operation_is_that_on_lists(rows: Rows, data: st.DataObject) -> None:
    made, n = rows_of_strings(rows), sum(map(len, rows))
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_)
    numbers = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), np.int64)
    split = np.split(np.arange(n), made.offsets[1:-1]) if rows else []
    words = tokens_of(rows)
    for found, wanted in (
        (made.keep_tokens(flags), [[words[k] for k in places if flags[k]] for places in split]),
        (made.repeat_tokens(numbers), [[words[k] for k in places for _ in range(numbers[k])] for places in split]),
        (
            made.order_tokens(numbers),
            [[words[k] for k in sorted(places, key=lambda k: numbers[k])] for places in split],
        ),
        (
            made.with_behind(flags, made.codes[::-1]),
            [[w for k in places for w in (words[k], *([words[n - 1 - k]] if flags[k] else []))] for places in split],
        ),
        (
            made.followed_by(made.rows(np.arange(len(rows))[::-1])),
            [a + b for a, b in zip(rows, rows[::-1], strict=True)],
        ),
    ):
        sound(found)
        assert found.strings() == wanted


@given(ROWS, st.lists(st.sampled_from("abxy"), max_size=5))
def test_knowing_more_tokens_changes_no_row(rows: Rows, tokens: list[str]) -> None:
    more, codes = rows_of_strings(rows).knowing(tokens)
    sound(more)
    assert more.strings() == rows and [more.lexicon[code] for code in codes] == tokens


def test_odd_rows_are_rows_taken_in_any_order_and_stacked_under_the_longest_lexicon() -> None:
    for rows in ODD.values():
        odd = rows_of_strings(rows)
        sound(odd)
        assert odd.strings() == rows
    nothing = WrittenRows(np.zeros(0, np.int32), np.zeros(1, np.int64), ())
    assert nothing.strings() == [] and nothing.n_rows == 0 and stack_token_rows([nothing, nothing]).n_rows == 0
    made = rows_of_strings([["a"], [], ["b", "a"]])
    assert made.rows(np.array([2, 2, 1, 0])).strings() == [["b", "a"], ["b", "a"], [], ["a"]]
    longer = rows_of_strings([["c"]], made.lexicon)
    stacked = stack_token_rows([made, longer, made.rows(np.zeros(0, np.int64))])
    assert stacked.strings() == [["a"], [], ["b", "a"], ["c"]]
