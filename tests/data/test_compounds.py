"""Atoms, compounds and divergences against counting by hand; compounds held out; the search for divergence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.data.compounds import Composition, by_row, by_token, factors_of
from brittlestar.data.dealing import deal
from brittlestar.data.divergence import ATOMS, COMPOUNDS, divergence
from brittlestar.data.holding_out import LEAST_ALONE_ROWS, hold_out
from brittlestar.data.joining import join, part_components
from brittlestar.data.mcd import CAP, most_divergent
from brittlestar.data.whole import Coded, code, read_whole
from brittlestar.study.settings import Columns

PATTERN = "(?P<shape>[AB])(?P<colour>[xyz])?"
TOKENS = ["A", "B", *(shape + colour for shape in "AB" for colour in "xyz")]
SEQUENCES = st.lists(st.lists(st.sampled_from(TOKENS), max_size=6), min_size=2, max_size=12)


def coded_of(rows: Sequence[Sequence[str]], labels: Sequence[int] | None = None) -> Coded:
    """Rows of tokens under labels that alternate."""
    names = [str(label) for label in (labels if labels is not None else [i % 2 for i in range(len(rows))])]
    frame = pl.DataFrame({"sequence": pl.Series(rows, dtype=pl.List(pl.String)), "label": names})
    return code(read_whole(frame, Columns()), "list")


def some_rows(n: int, seed: int, vocabulary: int = 6, low: int = 3, high: int = 9) -> list[list[str]]:
    random = np.random.default_rng(seed)
    return [[f"t{k}" for k in random.integers(0, vocabulary, random.integers(low, high))] for _ in range(n)]


def by_hand(train: Counter[str], other: Counter[str], alpha: float) -> float:
    """1 - the Chernoff coefficient, from counts."""
    n, m = train.total(), other.total()
    if not n or not m:
        return float(n != m)
    return 1 - sum((train[k] / n) ** alpha * (other[k] / m) ** (1 - alpha) for k in train if k in other)


def told(counts: np.ndarray, names: Sequence[str]) -> Counter[str]:
    return +Counter(dict(zip(names, counts.tolist(), strict=True)))


def compounds_of(composition: Composition) -> list[str]:
    return [composition.name(k) for k in range(len(composition.pairs))]


# Divergence


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_divergence_is_that_of_the_paper(left: list[int], right: list[int]) -> None:
    one, other = (+Counter(dict(zip("abcd", counts, strict=True))) for counts in (left, right))
    for alpha in (ATOMS, COMPOUNDS):
        found = divergence(np.asarray(left), np.asarray(right), alpha)
        assert found == pytest.approx(by_hand(one, other, alpha), abs=1e-12) and 0 <= found <= 1
    assert divergence(np.asarray(left), np.asarray(left), ATOMS) == pytest.approx(0, abs=1e-12)


def test_what_train_lacks_counts_more_than_what_the_other_side_lacks() -> None:
    two, one = np.asarray([50, 50]), np.asarray([100, 0])
    assert divergence(one, two, COMPOUNDS) > 0.4 > 0.1 > divergence(two, one, COMPOUNDS)


# What rows are made of


@pytest.mark.slow
@settings(deadline=None)
@given(SEQUENCES)
def test_neighbours_are_counted_within_rows(rows: list[list[str]]) -> None:
    coded, expected = coded_of(rows), [Counter(f"{a} {b}" for a, b in pairwise(row)) for row in rows]
    if not any(expected):
        with pytest.raises(InputError, match="no row holds neighbouring tokens"):
            by_token(coded, None)
        return
    made = by_token(coded, None)
    some = np.arange(len(rows)) % 3 > 0
    chosen = [k for k in range(len(rows)) if some[k]]
    assert told(made.atom_counts(some), made.names) == Counter(token for k in chosen for token in rows[k])
    total = sum((expected[k] for k in chosen), Counter[str]())
    assert told(made.compound_counts(some), compounds_of(made)) == total
    for k, name in enumerate(compounds_of(made)):
        assert made.rows_with(k).tolist() == [name in row for row in expected]
        assert made.compound_rows[k] == made.rows_with(k).sum() > 0


@pytest.mark.slow
@settings(deadline=None)
@given(SEQUENCES)
def test_values_of_factors_are_counted_within_tokens(rows: list[list[str]]) -> None:
    expected = [Counter(f"{token[0]} {token[1]}" for token in row if len(token) == 2) for row in rows]
    if not any(expected):
        return
    made = by_token(coded_of(rows), PATTERN)
    everywhere = np.ones(len(rows), np.bool_)
    assert told(made.atom_counts(everywhere), made.names) == Counter(part for row in rows for t in row for part in t)
    assert told(made.compound_counts(everywhere), compounds_of(made)) == sum(expected, Counter[str]())
    assert made.kind == "values of shape and colour in one token"


@pytest.mark.slow
@settings(deadline=None)
@given(SEQUENCES, st.booleans())
def test_two_in_one_row_are_counted_once_a_row(rows: list[list[str]], factors: bool) -> None:
    if not any(rows):
        return
    made = by_row(coded_of(rows), PATTERN if factors else None)
    alone = {token for row in rows for token in row if len(token) == 1}  # a shape and a token have one name
    values = [{f"shape={v}" if v in alone else v for t in row for v in t} if factors else set[str]() for row in rows]
    expected = [{*row, *of_row} for row, of_row in zip(rows, values, strict=True)]
    everywhere = np.ones(len(rows), np.bool_)
    assert told(made.atom_counts(everywhere), made.names) == Counter(atom for row in expected for atom in row)
    pairs = Counter(frozenset(pair) for row in expected for pair in combinations(row, 2))
    found = told(made.compound_counts(everywhere), compounds_of(made))
    assert {frozenset(name.split(" + ")): n for name, n in found.items()} == dict(pairs)
    for k in np.flatnonzero(made.compound_rows)[:5].tolist():
        parts = set(made.name(k).split(" + "))
        assert made.rows_with(k).tolist() == [parts <= row for row in expected]


def test_factors_are_given_found_or_none() -> None:
    coded = coded_of([["▲r", "■g"], ["▲g", "■r"]])
    assert factors_of(coded, None) == "(?P<shape>[■▲])(?P<colour>[gr])?"
    assert factors_of(coded, "none") is None and factors_of(coded, "(?P<a>.).") == "(?P<a>.)."
    assert factors_of(coded_of([["some", "words"], ["of", "these"]]), None) is None
    with pytest.raises(InputError, match="names one factor, and a pair takes two"):
        by_token(coded, "(?P<a>.).")


def test_a_value_of_two_factors_is_written_with_its_factor() -> None:
    made = by_token(coded_of([["11", "12"], ["21", "22"]]), "(?P<a>.)(?P<b>.)")
    assert made.names == ("a=1", "a=2", "b=1", "b=2") and made.name(0) == "a=1 b=1"


# Compounds held out


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.05, 0.1, 0.3]))
def test_what_is_held_out_is_in_the_rows_marked_and_in_no_other(seed: int, together: bool, share: float) -> None:
    rows = some_rows(300, seed, 12)
    coded = coded_of(rows)
    made = by_row(coded, None) if together else by_token(coded, None)
    held = hold_out(made, coded.labels, share, np.random.default_rng(seed))
    names = [made.name(k) for k in held.compounds.tolist()]
    for row, marked in zip(rows, held.rows.tolist(), strict=True):
        neighbours = {f"{a} {b}" for a, b in pairwise(row)}
        inside = [set(name.split(" + ")) <= set(row) if together else name in neighbours for name in names]
        assert any(inside) == marked
    alone = Counter(token for row, marked in zip(rows, held.rows, strict=True) if not marked for token in set(row))
    assert all(alone[part] >= LEAST_ALONE_ROWS for name in names for part in name.replace(" + ", " ").split())
    again = hold_out(made, coded.labels, share, np.random.default_rng(seed))
    assert again.compounds.tolist() == held.compounds.tolist()


def test_named_compounds_are_taken_in_any_writing() -> None:
    coded = coded_of(some_rows(300, 0, 8))
    neighbours, together = by_token(coded, None), by_row(coded, None)
    random = np.random.default_rng(0)
    for named in (["t1 t2"], ["t1t2"]):
        held = hold_out(neighbours, coded.labels, 0.1, random, named)
        assert [neighbours.name(k) for k in held.compounds.tolist()] == ["t1 t2"]
    for named in (["t1 + t2"], ["t2 + t1"], ["t2 t1"]):
        held = hold_out(together, coded.labels, 0.1, random, named)
        assert [together.name(k) for k in held.compounds.tolist()] == ["t1 + t2"]
    with pytest.raises(InputError, match=r"'t1 t9' is in no row \(neighbouring tokens\); did you mean 't1 t") as caught:
        hold_out(neighbours, coded.labels, 0.1, random, ["t1 t9", "what"])
    assert len(caught.value.problems) == 2 and "such as 't" in str(caught.value.problems[1])


def test_compounds_that_cannot_be_held_out_are_refused_with_the_reason() -> None:
    def refused(rows: list[list[str]], labels: list[int], named: list[str], text: str) -> None:
        coded = coded_of(rows, labels)
        with pytest.raises(InputError, match=text):
            hold_out(by_token(coded, None), coded.labels, 0.1, np.random.default_rng(0), named)

    n = 300
    labels = [i % 2 for i in range(n)]
    everywhere = [["a", "b", f"c{i % 7}"] for i in range(n)]
    refused(everywhere, labels, ["a b"], "300 of 300 rows hold 'a b', which leaves 0 rows")
    refused(everywhere, labels, [], r"none of 8 compounds .* can be held out: 1 in more than 90% of the rows, 7 whose")
    rare = [["a", "b"] if i < 9 else ["a", "c", "b"] for i in range(n)]
    refused(rare, labels, ["a b"], "9 rows hold 'a b'; 10 are needed")
    only = [["a", "b"] if i < 100 else ["a", "c"] for i in range(n)]
    refused(only, labels, ["a b"], "'b' stands in 0 rows without 'a b', and 20 are needed")
    classes = [["a", "b"] if i < 100 else ["b", "a", "c"] for i in range(n)]
    refused(classes, [int(i < 100) for i in range(n)], ["a b"], "a class stands in rows with 'a b' only")
    refused(some_rows(8, 0), [0, 1] * 4, [], "in fewer than 10 rows")


# Components


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_components_are_parted_where_marked_and_nowhere_else(rows: list[tuple[int, bool]]) -> None:
    hashes, apart = np.asarray([h for h, _ in rows], np.uint64), np.asarray([a for _, a in rows])
    made = part_components(join(hashes), apart)
    same = np.equal.outer(hashes, hashes) & np.equal.outer(apart, apart)
    assert (np.equal.outer(made.component, made.component) == same).all()
    assert made.n_components == made.component.max() + 1 == made.without_near.max() + 1


# The search


def both_divergences(rows: list[list[str]], last: np.ndarray) -> tuple[float, float]:
    """Of atoms and of compounds, counted by hand."""
    sides = [[row for row, there in zip(rows, last.tolist(), strict=True) if there == side] for side in (False, True)]
    atoms = [Counter(token for row in side for token in row) for side in sides]
    pairs = [Counter(f"{a} {b}" for row in side for a, b in pairwise(row)) for side in sides]
    return by_hand(atoms[0], atoms[1], ATOMS), by_hand(pairs[0], pairs[1], COMPOUNDS)


@pytest.mark.slow
@settings(deadline=None, max_examples=4)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.2, 0.4]))
@example(4096, 0.2)  # the highest worth lies above the cap
def test_the_search_beats_random_splits_and_keeps_atoms_classes_and_copies(seed: int, share: float) -> None:
    rows = some_rows(400, seed)
    rows[300:340] = rows[:40]
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, 400)
    coded = coded_of(rows, labels.tolist())
    joined = join(coded.hashes)
    made = by_token(coded, None)
    last = most_divergent(made, joined, coded.labels, share, np.random.default_rng(seed))
    of_atoms, of_compounds = both_divergences(rows, last)
    shares = np.asarray([1 - share, share])
    dealt = [deal(joined.component, coded.labels, shares, random)[joined.component] == 1 for _ in range(20)]
    assert of_atoms <= CAP
    assert of_compounds > 1.5 * max(both_divergences(rows, one)[1] for one in dealt)
    assert abs(last.mean() - share) < 0.02
    for label in range(3):
        assert abs((labels[last] == label).mean() - (labels == label).mean()) < 0.03
    assert all(len({bool(last[k]) for k in np.flatnonzero(coded.hashes == h)}) == 1 for h in np.unique(coded.hashes))
    again = most_divergent(made, joined, coded.labels, share, np.random.default_rng(seed))
    assert (again == last).all()


def test_divergence_reaches_what_was_planted() -> None:
    """Two grammars over the same tokens, one in ten rows from the second: the search finds it from the rows alone."""
    random = np.random.default_rng(0)
    steps = np.where(np.arange(1000) % 10 == 0, 2, 1)
    starts = random.integers(0, 7, 1000)
    rows = [[f"t{(a + step * k) % 7}" for k in range(7)] for a, step in zip(starts, steps, strict=True)]
    rows = [[*row, f"t{random.integers(7)}", f"t{random.integers(7)}"] for row in rows]
    coded = coded_of(rows, (np.arange(1000) // 10 % 2).tolist())
    last = most_divergent(by_token(coded, None), join(coded.hashes), coded.labels, 0.1, np.random.default_rng(0))
    assert (steps[last] == 2).mean() > 0.95
    assert both_divergences(rows, last)[1] > 0.99 * both_divergences(rows, steps == 2)[1] > 0.2


def test_atoms_that_cannot_be_alike_are_refused() -> None:
    rows = [[f"w{3 * i + k}" for k in range(3)] for i in range(60)]
    coded = coded_of(rows)
    message = "atom divergence 1.000, at most 0.02 allowed .*180 of 180 atoms stand in one row only"
    with pytest.raises(InputError, match=message):
        most_divergent(by_token(coded, None), join(coded.hashes), coded.labels, 0.1, np.random.default_rng(0))
