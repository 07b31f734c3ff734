"""Parts of label checks against independent computation."""

import itertools
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import fisher_exact, hypergeom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.labels.label_model import cells, concentration, contrast, excess_of, leading_pair
from brittlestar.audits.labels.slices import slices_of
from brittlestar.audits.showing import ceiling_of_noise
from brittlestar.baselines.facts import Alphabet, counts_by_reading, facts_of, list_alphabets, telling_columns
from brittlestar.baselines.pool import Pool, draw_pool
from brittlestar.baselines.shallow import answer_by_tree
from brittlestar.data.rows import unavoidable_errors
from tests.audits.labels.tasks import marker, task
from tests.audits.making import make_analysis


def test_one_stratum_gives_fishers_exact_test() -> None:
    error = np.r_[np.ones(9), np.zeros(41), np.ones(4), np.zeros(96)].astype(bool)
    suspect = np.arange(150) < 50
    found = contrast(error, suspect, ~suspect, np.zeros(150, int), 2)
    assert found.p == pytest.approx(fisher_exact([[9, 41], [4, 96]], alternative="greater").pvalue)
    assert (found.errors, found.of) == (9, 50)
    assert found.expected == pytest.approx(50 * 4 / 100)


def test_several_strata_give_the_law_of_the_sum_by_enumeration() -> None:
    counts = [(5, 2, 9, 1), (4, 3, 6, 2), (3, 0, 3, 1)]
    rows = [
        (stratum, side, k < wrong)
        for stratum, (n, a, m, b) in enumerate(counts)
        for side, of, wrong in ((True, n, a), (False, m, b))
        for k in range(of)
    ]
    stratum, suspect, error = (np.asarray(column) for column in zip(*rows, strict=True))
    found = contrast(error.astype(bool), suspect.astype(bool), ~suspect.astype(bool), stratum, 2)
    ranges = [range(n + 1) for n, _, _, _ in counts]
    exact = sum(
        np.prod([hypergeom.pmf(k, n + m, a + b, n) for k, (n, a, m, b) in zip(ks, counts, strict=True)])
        for ks in itertools.product(*ranges)
        if sum(ks) >= 5
    )
    assert found.p == pytest.approx(float(exact))


@pytest.mark.parametrize("n_classes", [2, 5])
def test_the_rate_of_labels_turned_over_is_recovered(n_classes: int) -> None:
    random = np.random.default_rng(0)
    n, rate = 40_000, 0.1
    stratum = random.integers(0, 4, n)
    wrong_answer = random.random(n) < np.asarray([0.01, 0.05, 0.2, 0.3])[stratum]
    suspect = random.random(n) < 0.5
    turned = suspect & (random.random(n) < rate)
    luckily_right = random.random(n) < 1 / (n_classes - 1)
    error = np.where(turned, ~wrong_answer | ~luckily_right, wrong_answer)
    found = contrast(error, suspect, ~suspect, stratum, n_classes)
    assert found.low < rate < found.high and found.high - found.low < 0.03


def test_the_rate_stays_a_share_where_every_label_is_turned_over() -> None:
    error = np.r_[np.ones(160), np.zeros(2), np.zeros(400), np.ones(20)].astype(bool)
    suspect = np.arange(len(error)) < 162
    found = contrast(error, suspect, ~suspect, np.zeros(len(error), int), 2)
    assert 0.9 < found.low <= found.rate <= found.high <= 1


def test_p_values_of_rows_dealt_at_random_are_valid() -> None:
    random = np.random.default_rng(1)
    stratum = random.integers(0, 6, 600)
    error = random.random(600) < 0.02 + 0.08 * stratum
    p = [contrast(error, s, ~s, stratum, 2).p for s in (random.random((500, 600)) < 0.3)]
    assert np.mean(np.asarray(p) < 0.05) <= 0.08
    assert np.mean(np.asarray(p) < 0.5) <= 0.57


def test_excess_in_slices_is_that_of_their_own_tables() -> None:
    random = np.random.default_rng(2)
    n = 500
    stratum, error, suspect = random.integers(0, 3, n), random.random(n) < 0.2, random.random(n) < 0.4
    members = random.random((7, n)) < 0.5
    together = (members.astype(float) @ cells(error, suspect, ~suspect, stratum)).reshape(7, -1, 4)
    excess, spread = excess_of(together)
    for k, member in enumerate(members):
        found = contrast(error, suspect & member, ~suspect & member, stratum, 2)
        variance, dealt = 0.0, 0.0
        for n_, a, m_, b in together[k]:
            total, wrong = n_ + m_, a + b
            variance += hypergeom.var(total, wrong, n_)
            dealt += hypergeom.mean(total, wrong, n_)
        assert excess[k] == pytest.approx(found.errors - dealt)
        assert spread[k] == pytest.approx(variance)


def test_concentration_is_largest_for_the_slice_that_holds_the_excess() -> None:
    excess, rows = np.asarray([30.0, 30.0, 12.0]), np.asarray([100.0, 400.0, 400.0])
    found = concentration(excess, rows, 31.0, 1000.0)
    assert found.argmax() == 0 and found[2] == 0.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=40))
def test_unavoidable_errors_are_the_fewest_that_any_function_of_the_sequence_makes(rows: list[tuple[int, int]]) -> None:
    hashes, labels = np.asarray([r[0] for r in rows], np.uint64), np.asarray([r[1] for r in rows])
    wrong = unavoidable_errors(hashes, labels)
    by: dict[int, Counter[int]] = defaultdict(Counter)
    for sequence, label in rows:
        by[sequence][label] += 1
    assert wrong.sum() == sum(sum(c.values()) - max(c.values()) for c in by.values())
    for sequence in by:
        kept = {label for (s, label), w in zip(rows, wrong.tolist(), strict=True) if s == sequence and not w}
        assert len(kept) == 1


def test_a_ceiling_beyond_one_half_is_that_of_the_opposite_answer() -> None:
    assert ceiling_of_noise(0.1, 0.2).low == pytest.approx(0.8)
    assert ceiling_of_noise(0.9, 0.9, 0.5).high == pytest.approx(0.95)


def pool_of(made: Analysis) -> Pool:
    return draw_pool(made.splits, made.n_classes, len(made.labels), len(made.tokens))


def alphabets_of(made: Analysis) -> tuple[Alphabet, ...]:
    return list_alphabets(made.tokens, made.factors, made.factor_values)


def test_the_tree_finds_a_rule_of_facts_and_asks_nothing_of_facts_that_tell_nothing() -> None:
    random = np.random.default_rng(3)
    facts = (random.random((2000, 20)) < 0.5).astype(np.float32)
    labels = ((facts[:, 3] > 0) & ((facts[:, 7] > 0) | (facts[:, 11] == 0))).astype(np.int64)
    assert (answer_by_tree(facts, labels, facts, 2).argmax(axis=1) == labels).all()
    many = sum(
        len(np.unique(answer_by_tree(noise, random.integers(0, 3, 300), noise, 3), axis=0)) > 1
        for noise in (random.random((100, 300, 50)) < 0.5).astype(np.float32)
    )
    assert many <= 2


def test_a_leaf_has_the_shares_of_its_rows_and_one_row_of_all() -> None:
    facts, labels = np.repeat([[0.0], [1.0]], [60, 40], axis=0).astype(np.float32), np.repeat([0, 1], [60, 40])
    found = answer_by_tree(facts, labels, np.asarray([[0.0], [1.0]], np.float32), 2)
    assert found == pytest.approx(np.asarray([[60.6 / 61, 0.4 / 61], [0.6 / 41, 40.4 / 41]]))


def test_telling_columns_are_those_that_differ_between_classes() -> None:
    random = np.random.default_rng(7)
    labels = random.integers(0, 2, 500)
    facts = random.random((500, 40)) < 0.3
    facts[:, 12] = labels == 1
    facts[:, 30] = (labels == 0) & (random.random(500) < 0.7)
    found = telling_columns(sparse.csr_matrix(facts.astype(np.float32)), labels, 2)
    assert found.tolist() == [12, 30]


def test_facts_say_of_rows_what_their_names_say() -> None:
    rows = ["a b a", "b c", "c c c", "a", "b a c a"] * 4
    made = make_analysis({"train": (rows, ["x", "y"] * 10)})
    pool, tokens = pool_of(made), alphabets_of(made)[0]
    counts = counts_by_reading(tokens, pool.rows, np.arange(20))
    copies, neighbours, *_, order, variety, _ = facts_of(tokens, pool.rows, counts, pool.rows.labels, np.arange(20))
    assert (copies.sum(axis=0) > 0).sum() == 6  # a, aa, b, c, cc, ccc
    assert neighbours.shape[1] == 3 + 6 + 3 + 2  # tokens; ab, ba, bc, cc, ac, ca; starts with a, b, c; ends with a, c
    assert order.sum(axis=1)[:5].reshape(-1).tolist() == [[1, 1, 0, 0, 3]]
    assert variety.sum(axis=0).max() == 20


def test_slices_hold_the_rows_that_they_name() -> None:
    made = make_analysis(task(marker, sizes=(300, 60, 60)))
    pool = pool_of(made)
    slices = slices_of(pool, alphabets_of(made))
    texts = [[made.tokens[c] for c in pool.rows.tokens_of(row)] for row in range(pool.rows.n_rows)]
    tests = {
        "token: t3": lambda row: "t3" in row,
        "first token: t3": lambda row: row[0] == "t3",
        "last token: t0": lambda row: row[-1] == "t0",
        "length: at least 12": lambda row: len(row) >= 12,
        "length: 9": lambda row: len(row) == 9,
        "distinct token values: at most 7": lambda row: len(set(row)) <= 7,
    }
    for name, holds in tests.items():
        assert slices.rows(slices.names.index(name)).tolist() == [holds(row) for row in texts], name


def test_no_model_answers_a_row_whose_sequence_it_has_seen() -> None:
    splits = task(marker, sizes=(200, 40, 40))
    splits["test"] = splits["train"]
    pool = pool_of(make_analysis(splits))
    for hash_ in np.unique(pool.rows.hashes):
        assert len(set(pool.fold[pool.rows.hashes == hash_].tolist())) == 1
    assert pool.alone.sum() == len(np.unique(pool.rows.hashes))
    assert 60 < (pool.alone & pool.of("test")).sum() < 140


def table(*cells: tuple[int, int, int], n: int = 4, rest: float = 1.0) -> np.ndarray:
    found = np.full((n, n), rest)
    np.fill_diagonal(found, -30.0)
    for answer, label, errors in cells:
        found[answer, label] = errors
    return found


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        (table((2, 1, 40)), (2, 1)),
        (table((2, 1, 30), (1, 2, 25)), (2, 1)),
        (table((2, 1, 9), rest=0.0), None),  # fewer than ten
        (table(rest=12.0), None),
        (table((0, 1, 86), (1, 0, 14), n=2), (0, 1)),
        (table((0, 1, 84), (1, 0, 16), n=2), None),
    ],
)
def test_the_pair_that_holds_most_errors_is_named(errors: np.ndarray, expected: tuple[int, int] | None) -> None:
    assert leading_pair(errors) == expected
