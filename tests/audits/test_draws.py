"""What was drawn together: against counting by hand, and on folders whose rows are not independent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.audits.draws import KeptWhole, estimate_inflation, fold_names, kept_whole, units_of
from tests.audits import dependent
from tests.audits.dependent import alarms, folder
from tests.audits.making import make_analysis, three_splits

STREAM = "tests"


def units(sizes: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


@pytest.mark.parametrize("seed", range(5))
def test_units_dealt_whole_and_rows_dealt_at_random_are_told_apart(seed: int) -> None:
    random = np.random.default_rng(seed)
    of = units(random.integers(1, 9, 200))
    rows = random.permutation(of)
    cut = int(len(of) * random.uniform(0.5, 0.9))
    assert not kept_whole(rows[:cut], rows[cut:])
    assert kept_whole(of[:cut], of[cut:])  # at most one unit stands on both sides


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 5), max_size=12))
def test_sides_are_alike_and_single_rows_were_kept_together_by_nobody(first: list[int], second: list[int]) -> None:
    one, other = np.asarray(first, np.int64), np.asarray(second, np.int64)
    assert kept_whole(one, other) == kept_whole(other, one)
    assert not kept_whole(np.arange(len(one)), 100 + np.arange(len(other)))


def test_a_row_is_worth_less_by_the_size_of_units_that_agree() -> None:
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 5)
    assert estimate_inflation(values, units(np.full(4, 5))) == pytest.approx(5.0)
    assert estimate_inflation(values, None) == 1.0


def test_both_rows_of_a_pair_are_of_one_family_and_others_of_none() -> None:
    frames = folder("minimal pairs", 0, STREAM)
    made = dependent.make_analysis(frames)
    names = made.draws.families.of(made.train.hashes)
    _, sizes = np.unique(names, return_counts=True)
    assert (sizes == 2).mean() > 0.97
    assert made.draws.kept["test"] == KeptWhole(groups=False, windows=False, copies=True)
    other = make_analysis(three_splits())
    assert not len(other.draws.families.members)
    assert units_of(other.train, other.draws.families, other.draws.kept["test"]) is None
    np.testing.assert_array_equal(
        fold_names(other.train, other.draws.families, other.draws.kept["test"]), other.train.hashes
    )


def test_windows_of_one_text_are_one_family_and_those_of_two_texts_are_two() -> None:
    random = np.random.default_rng(1)
    rows: dict[str, list[str]] = {"train": [], "test": []}
    for number in range(60):
        text = [f"t{k}" for k in random.integers(0, 200, 100)]
        rows["train" if number < 45 else "test"] += [" ".join(text[at : at + 20]) for at in range(0, 81, 10)]
    made = make_analysis({name: (its, [str(k % 2) for k in range(len(its))]) for name, its in rows.items()})
    names = made.draws.families.of(made.train.hashes).reshape(45, 9)
    assert (names == names[:, :1]).all()
    assert len(np.unique(names)) == 45
    assert made.draws.families.windows.all()
    assert made.draws.kept["test"] == KeptWhole(groups=False, windows=True, copies=False)
    assert made.comparisons[0].units == {"train": 45, "test": 15}


def test_rows_of_pairs_that_were_dealt_one_by_one_are_units_of_their_own() -> None:
    made = dependent.make_analysis(folder("minimal pairs", 0, STREAM, crossing=True))
    assert len(made.draws.families.members)
    assert made.draws.kept["test"] == KeptWhole(groups=False, windows=False, copies=False)
    assert made.comparisons[1].with_copies[0].units is None


def test_near_copies_without_end_are_no_family() -> None:
    """Each row is the one before with one token changed: near copies chain rows that have nothing in common."""
    random = np.random.default_rng(3)
    row, rows = [f"t{k}" for k in random.integers(0, 50, 12)], []
    for _ in range(900):
        row = list(row)
        row[int(random.integers(12))] = f"t{random.integers(50)}"
        rows.append(" ".join(row))
    labels = [str(k % 2) for k in range(900)]
    made = make_analysis({"train": (rows[:700], labels[:700]), "test": (rows[700:], labels[700:])})
    assert not len(made.draws.families.members)


@pytest.mark.parametrize("kind", dependent.KINDS)
def test_units_of_one_population_raise_no_alarm_about_a_shift(kind: str) -> None:
    assert not alarms(dependent.make_analysis(folder(kind, 0, STREAM)), ("shift", "shortcut"))


@pytest.mark.parametrize("kind", [kind for kind in dependent.KINDS if not kind.startswith("one log")])
def test_a_shift_of_the_population_is_found_among_units(kind: str) -> None:
    shifts = ("length", "vocabulary", "length", "vocabulary")
    found = [
        f"shift.{shift}" in alarms(dependent.make_analysis(folder(kind, number, STREAM, shift)), ("shift",))
        for number, shift in enumerate(shifts)
    ]
    assert sum(found) >= 3  # with six or eight units in test, one may be too little to tell


def test_the_order_of_rows_on_disk_changes_no_unit() -> None:
    frames = folder("templates", 2, STREAM)
    random = np.random.default_rng(0)
    turned = {name: frame[random.permutation(frame.height).tolist()] for name, frame in frames.items()}
    one, other = dependent.make_analysis(frames), dependent.make_analysis(turned)
    assert one.comparisons[1].units == other.comparisons[1].units
    same = [np.sort(each.comparisons[1].train.rows.hashes) for each in (one, other)]
    np.testing.assert_array_equal(*same)
