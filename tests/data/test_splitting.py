"""One table made into splits: nothing lost, nothing parted that belongs together, shares as asked for."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.data.dealing import deal
from brittlestar.data.joining import NO_PAIRS, join
from brittlestar.data.splitting import BY, By, cut_components, gather_components, plan, sizes_of

THREE = np.asarray([0.8, 0.1, 0.1])
NAMES = ("train", "dev", "test")


@given(st.data())
def test_components_are_those_of_the_graph(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30))
    some = st.lists(st.integers(0, n), min_size=n, max_size=n)
    hashes, groups = np.asarray(data.draw(some), np.uint64), np.asarray(data.draw(some))
    pairs = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=10))
    near = (np.asarray([a for a, _ in pairs], np.int64), np.asarray([b for _, b in pairs], np.int64))
    links = np.equal.outer(hashes, hashes) | np.equal.outer(groups, groups)
    links[near] = links[near[::-1]] = True
    reach = np.linalg.matrix_power(links.astype(np.float64), n) > 0
    joined = join(hashes, groups, near)
    expected = {frozenset(np.flatnonzero(row).tolist()) for row in reach}
    assert {frozenset(np.flatnonzero(joined.component == c).tolist()) for c in range(joined.n_components)} == expected
    smallest = [hashes[joined.component == c].min() for c in range(joined.n_components)]
    assert smallest == sorted(smallest)
    assert joined.distinct == len(set(hashes.tolist()))


def test_sizes_are_per_cent_or_fractions_and_zero_leaves_a_split_out() -> None:
    names, shares = sizes_of("80/10/10", "random")
    assert names == NAMES and shares.tolist() == pytest.approx(THREE.tolist())
    assert sizes_of("0.5/0.25/0.25", "group")[1].tolist() == [0.5, 0.25, 0.25]
    assert sizes_of("80/0/20", "time")[0] == ("train", "test")
    assert sizes_of("70/10/10/10", "length")[0] == (*NAMES, "shift_long")


@pytest.mark.parametrize(
    ("text", "by", "message"),
    [
        ("80/10", "random", "'80/10' does not name 3 sizes; write train/dev/test, such as 80/10/10"),
        ("80/10/10", "length", "does not name 4 sizes; write train/dev/test/shift_long"),
        ("80/ten/10", "random", "does not name 3 sizes"),
        ("80/-10/30", "random", "does not name 3 sizes"),
        ("80/10/5", "random", "'80/10/5' adds up to 95, not to 100; write per cent"),
        ("0/50/50", "random", "'0/50/50' leaves train empty"),
        ("100/0/0", "random", "'100/0/0' leaves one split alone"),
        ("80/10/10/0", "length", "'80/10/10/0' leaves shift_long empty"),
    ],
)
def test_sizes_that_cannot_be_meant(text: str, by: By, message: str) -> None:
    with pytest.raises(InputError, match="--sizes: ") as caught:
        sizes_of(text, by)
    assert message in str(caught.value)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_row_goes_to_one_split_whole_components_and_no_split_stays_empty(data: st.DataObject) -> None:
    n = data.draw(st.integers(6, 120))
    seed = data.draw(st.integers(0, 99))
    random = np.random.default_rng(seed)
    hashes = random.integers(0, data.draw(st.integers(3, 200)), n).astype(np.uint64)
    groups = random.integers(0, data.draw(st.integers(3, 200)), n) if data.draw(st.booleans()) else None
    labels = random.integers(0, data.draw(st.integers(2, 6)), n)
    by = data.draw(st.sampled_from(BY))
    names, shares = sizes_of("70/10/10/10" if by == "length" else "80/10/10", by)
    values = random.integers(0, data.draw(st.integers(1, 40)), n)
    try:
        made = plan(join(hashes, groups), labels, names, shares, by, values=values, seed=seed)
    except InputError as error:
        assert any(word in str(error) for word in ("component", "can be parted", "too few"))
        return
    assert made.split.shape == (n,) and made.rows.sum() == n and (made.rows > 0).all()
    for values_of in (hashes, groups):
        for value in set(() if values_of is None else values_of.tolist()):
            assert len(set(made.split[values_of == value].tolist())) == 1
    assert not (made.moved.any() and by in ("random", "group"))


@pytest.mark.parametrize("seed", range(5))
def test_components_of_many_sizes_leave_shares_as_they_are(seed: int) -> None:
    """Groups of 1 to 50 rows with one label each, the classes 20 to 1."""
    random = np.random.default_rng(seed)
    sizes = np.concatenate([random.integers(1, 51, 300), np.ones(500, np.int64)])
    component = np.repeat(np.arange(len(sizes)), sizes)
    labels = (random.random(len(sizes)) < 0.05).astype(np.int64)[component]
    split = deal(component, labels, THREE, random)[component]
    for k, share in enumerate(THREE):
        held = np.bincount(labels[split == k], minlength=2)
        assert abs(held.sum() / len(labels) - share) < 0.005
        assert abs(held[1] / held.sum() - labels.mean()) < 0.02


def test_few_large_groups_are_dealt_as_well_as_they_can_be() -> None:
    sizes = np.asarray([300, 200, 150, 100, 90, 60, 50, 50])
    component = np.repeat(np.arange(8), sizes)
    split = deal(component, np.zeros(1000, np.int64), THREE, np.random.default_rng(0))
    assert np.abs(np.bincount(split[component]) - [800, 100, 100]).max() <= 10


@pytest.mark.parametrize("by", BY)
def test_the_order_of_rows_changes_nothing_and_the_seed_does(by: By) -> None:
    random = np.random.default_rng(3)
    hashes = random.integers(0, 1 << 62, 150).astype(np.uint64)[random.integers(0, 150, 400)]
    groups = np.unique(hashes, return_inverse=True)[1].reshape(-1) // 3
    labels, values = random.integers(0, 3, 400), groups // 2
    names, shares = sizes_of("70/10/10/10" if by == "length" else "80/10/10", by)

    def made(order: np.ndarray, seed: int = 0) -> np.ndarray:
        joined = join(hashes[order], groups[order])
        split = plan(joined, labels[order], names, shares, by, values=values[order], seed=seed).split
        back = np.empty_like(split)
        back[order] = split
        return back

    first = made(np.arange(400))
    assert (made(random.permutation(400)) == first).all()
    assert (made(np.arange(400), seed=1) != first).any() is not np.bool_(by == "time")


def test_time_cuts_where_the_shares_are_and_moves_copies_to_the_earlier_split() -> None:
    values = np.arange(100.0)
    hashes = np.arange(100, dtype=np.uint64)
    hashes[[95, 85]] = [5, 82]  # a copy in test of a train row; a copy within dev
    made = plan(join(hashes), np.arange(100) % 2, NAMES, THREE, "time", values=values)
    assert made.split[[0, 5, 95, 85, 82, 99]].tolist() == [0, 0, 0, 1, 1, 2]
    assert np.flatnonzero(made.moved).tolist() == [95]
    assert made.rows.tolist() == [80, 10, 10]
    assert made.starts == {"dev": 79.0, "test": 89.0}


def test_rows_of_one_moment_are_never_parted() -> None:
    values = np.repeat([1, 2, 3, 4], [70, 15, 10, 5])
    found = cut_components(values, np.arange(100), THREE, "time")
    assert [set(values[found.part == k].tolist()) for k in range(3)] == [{1, 2}, {3}, {4}]
    assert not found.moved.any()
    crowded = cut_components(np.repeat([1, 2, 3], [90, 5, 5]), np.arange(100), THREE, "time")
    assert np.bincount(crowded.part).tolist() == [90, 5, 5]
    with pytest.raises(InputError, match="only 2 stretches of time can be parted from one another, and 3 parts"):
        cut_components(np.repeat([1, 2], 50), np.arange(100), THREE, "time")


@given(st.lists(st.integers(0, 20), min_size=10, max_size=60), st.integers(0, 99))
def test_earlier_splits_hold_earlier_rows_but_for_those_moved(values: list[int], seed: int) -> None:
    given_values = np.asarray(values)
    component = np.unique(np.random.default_rng(seed).integers(0, len(values), len(values)), return_inverse=True)[1]
    try:
        found = cut_components(given_values, component, THREE, "time")
    except InputError:
        return
    part = found.part[component]
    own = np.searchsorted(found.starts, given_values, side="right")
    assert (part <= own).all() and ((part < own) == found.moved).all()
    assert set(part.tolist()) == {0, 1, 2}


def test_length_keeps_the_longest_rows_and_deals_the_rest() -> None:
    lengths = np.repeat(np.arange(1, 11), 40)
    labels = np.arange(400) % 2
    names, shares = sizes_of("70/10/10/10", "length")
    made = plan(join(np.arange(400, dtype=np.uint64)), labels, names, shares, "length", values=lengths)
    assert set(lengths[made.split == 3].tolist()) == {10} and made.starts == {"shift_long": 10}
    assert made.rows.tolist() == [280, 40, 40, 40]
    for k in range(3):
        assert abs(labels[made.split == k].mean() - 0.5) < 0.03
        assert set(lengths[made.split == k].tolist()) == set(range(1, 10))


def test_pairs_found_later_bring_whole_components_to_the_earlier_split() -> None:
    hashes = np.repeat(np.arange(100, dtype=np.uint64), 3)
    made = plan(join(hashes), np.arange(300) % 2, NAMES, THREE)
    first = [np.flatnonzero(made.split == k)[0] for k in range(3)]
    found = gather_components(made, (np.asarray([first[2], first[0]]), np.asarray([first[1], first[1]])))
    changed = np.flatnonzero(found.split != made.split)
    assert set(hashes[changed].tolist()) == {hashes[first[1]], hashes[first[2]]} and len(changed) == 6
    assert found.split[first].tolist() == [0, 0, 1] and found.strays == 6
    assert (found.moved == (found.split != made.split)).all()
    everything = (np.zeros(300, np.int64), np.arange(300))
    with pytest.raises(InputError, match="dev would have 0 of the 30 rows asked for"):
        gather_components(made, everything)


def refused(hashes: np.ndarray, **options: Any) -> str:
    labels = np.arange(len(hashes)) % 2
    with pytest.raises(InputError) as caught:
        plan(join(hashes, options.pop("groups", None), options.pop("near", NO_PAIRS)), labels, NAMES, THREE, **options)
    return str(caught.value)


def test_too_few_groups_and_a_giant_component_say_what_joins_rows_and_what_to_do() -> None:
    told = refused(np.arange(20, dtype=np.uint64), groups=np.arange(20) % 2, by="group")
    assert told.startswith("--by=group: 3 splits, but the rows fall into 2 components only")
    assert "fewer groups than splits" in told and "--ignore-groups" in told
    chain = (np.arange(985), np.arange(1, 986))
    told = refused(np.arange(1000, dtype=np.uint64), near=chain)
    assert "would have" in told and "of the 100 rows asked for: 986 of 1,000 rows are one component" in told
    assert "a chain of near copies joins 986 smaller ones" in told and "--keep-near-copies" in told
    groups = np.concatenate([np.zeros(990, np.int64), np.arange(1, 11)])
    told = refused(np.arange(1000, dtype=np.uint64), groups=groups)
    assert "(group with 990 rows)" in told and "--ignore-groups" in told
    told = refused(np.concatenate([np.zeros(990, np.uint64), np.arange(1, 11, dtype=np.uint64)]))
    assert "(copies of one sequence)" in told


def test_a_component_larger_than_wished_is_taken_where_the_rest_still_makes_splits() -> None:
    hashes = np.arange(1000, dtype=np.uint64)
    hashes[:850] = 0
    made = plan(join(hashes), np.arange(1000) % 2, NAMES, THREE)
    assert made.rows[0] >= 850 and made.rows[1:].min() >= 50
