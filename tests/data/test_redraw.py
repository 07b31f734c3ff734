from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.splits import EncodedData
from brittlestar.data.redraw import redraw

from .folders import encoded


def rows_of(data: EncodedData, name: str) -> list[tuple[str, int, int | None]]:
    """(the row's one token, label, group)."""
    split = data.splits[name]
    groups = [None] * split.n_rows if split.groups is None else split.groups.tolist()
    names = [data.vocabulary.tokens[token] for token in split.codes]
    return list(zip(names, split.labels.tolist(), groups, strict=True))


def ungrouped() -> EncodedData:
    every = [(f"w{i}", i % 2) for i in range(60)]
    return encoded(train=[*every, *every], dev=every[:20], test=every[:5])


def test_rows_are_dealt_again_in_the_same_sizes_and_test_stays():
    data = ungrouped()
    assert redraw(data, None, None) is data
    with pytest.raises(InputError, match=r"streams\.split: the split stream redraws train and dev"):
        redraw(encoded(train=[("a", 0), ("b", 1)]), 0, None)
    drawn = redraw(data, 1, None)
    assert (drawn.splits["train"].n_rows, drawn.splits["dev"].n_rows) == (120, 20)
    pooled = Counter(rows_of(data, "train") + rows_of(data, "dev"))
    assert Counter(rows_of(drawn, "train") + rows_of(drawn, "dev")) == pooled
    assert rows_of(drawn, "dev") != rows_of(data, "dev")
    assert drawn.splits["test"] is data.splits["test"]
    assert drawn.vocabulary is data.vocabulary
    assert [drawn.splits[name].name for name in ("train", "dev")] == ["train", "dev"]
    again = redraw(data, 1, None)
    assert again.splits["dev"].fingerprint == drawn.splits["dev"].fingerprint
    other = redraw(data, 2, None)
    assert other.splits["dev"].fingerprint != drawn.splits["dev"].fingerprint != data.splits["dev"].fingerprint
    assert rows_of(other, "dev") != rows_of(drawn, "dev")


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=4, max_size=40), st.integers(0, 2**63 - 1))
def test_groups_never_cross_and_sizes_are_as_near_as_a_largest_group(rows: list[tuple[int, bool]], seed: int):
    train = [("a", 0, "g0"), ("b", 1, "g1"), *((f"w{i}", i % 2, f"g{g}") for i, (g, dev) in enumerate(rows) if not dev)]
    dev = [("c", 0, "g2"), *((f"w{i}", i % 2, f"g{g}") for i, (g, dev) in enumerate(rows) if dev)]
    data = encoded(train=train, dev=dev)
    drawn = redraw(data, seed, None)
    sides = [{group for _, _, group in rows_of(drawn, name)} for name in ("train", "dev")]
    assert not sides[0] & sides[1]
    largest = max(Counter(group for name in ("train", "dev") for _, _, group in rows_of(data, name)).values())
    assert abs(drawn.splits["dev"].n_rows - len(dev)) < largest
    assert Counter(rows_of(drawn, "train") + rows_of(drawn, "dev")) == Counter(
        rows_of(data, "train") + rows_of(data, "dev")
    )


def test_a_group_in_every_draw_is_as_likely_in_dev_as_another():
    data = encoded(train=[("a", i % 2, f"g{i // 2}") for i in range(12)], dev=[("a", 0, "h"), ("a", 1, "h")])
    counts = Counter(group for seed in range(700) for _, _, group in rows_of(redraw(data, seed, None), "dev"))
    # One of seven groups of two rows a draw: 200 rows each are expected.
    assert len(counts) == 7
    assert max(abs(n / 2 - 100) for n in counts.values()) < 5 * np.sqrt(700 * 6 / 49)


def test_labels_that_train_lacks_stay_in_dev_with_their_group():
    train = [(f"t{i}", i % 2, f"g{i % 5}") for i in range(20)]
    dev = [("odd", 9, "g3"), *((f"d{i}", i % 2, f"h{i}") for i in range(7))]
    for seed in range(10):
        drawn = redraw(encoded(train=train, dev=dev), seed, None)
        assert (drawn.splits["train"].labels >= 0).all()
        odd = {token for token, _, _ in rows_of(drawn, "dev")}
        assert {"<unknown>", "t3", "t8", "t13", "t18"} <= odd


def test_train_is_resampled_with_replacement_and_groups_are_whole():
    data = ungrouped()
    drawn = redraw(data, None, 5)
    rows = rows_of(drawn, "train")
    assert len(rows) == 120
    assert set(rows) < set(rows_of(data, "train"))
    assert drawn.splits["dev"] is data.splits["dev"]
    # A bootstrap sample leaves out about exp(-2) of 60 rows that occur twice, which is 8.
    assert 2 <= 60 - len(set(rows)) <= 18
    data = encoded(train=[(f"w{i}", i % 2, f"g{i // 3}") for i in range(30)], dev=[("a", 0, "d")])
    counts = Counter(group for _, _, group in rows_of(redraw(data, None, 5), "train"))
    assert sum(counts.values()) == 30 and len(counts) < 10
    assert all(n % 3 == 0 for n in counts.values()) and max(counts.values()) > 3
