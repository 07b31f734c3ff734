"""What the name of a split says of its rows."""

import pytest

from brittlestar.core.splits import headline_split, is_shifted, is_unlabelled
from brittlestar.data.names import is_split


@pytest.mark.parametrize("name", ["shift_web", "shift_2026", "shift_long:unseen"])
def test_a_shifted_split_is_named_shift_and_something(name: str) -> None:
    assert is_shifted(name) and not is_unlabelled(name) and is_split(name)


@pytest.mark.parametrize("name", ["shiftwork", "shift", "shift2", "shift-web", "Shift_web", "night_shift_web", "new"])
def test_a_name_that_only_begins_alike_declares_nothing(name: str) -> None:
    assert not is_shifted(name) and not is_unlabelled(name) and not is_split(name)


@pytest.mark.parametrize("name", ["train", "dev", "test"])
def test_train_dev_and_test_are_neither_shifted_nor_unlabelled(name: str) -> None:
    assert not is_shifted(name) and not is_unlabelled(name) and is_split(name)


@pytest.mark.parametrize(
    ("name", "said"), [("new_march", True), ("new_", False), ("newest", False), ("renew_a", False)]
)
def test_a_split_without_labels_is_named_new_and_something(name: str, said: bool) -> None:
    assert is_unlabelled(name) is said and not is_shifted(name)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"train": 9, "dev": 5, "test": 4}, "test"),
        ({"test": 1, "dev": 5}, "test"),
        ({"train": 9, "dev": 5, "test": 0}, "dev"),
        ({"train": 9, "dev": 5, "shift_web": 7}, "dev"),
        ({"train": 9, "shift_web": 7, "shiftwork": 7, "new_a": 3}, None),
        ({"train": 9, "dev": 0, "test": 0}, None),
        ({}, None),
    ],
)
def test_the_headline_is_read_on_test_else_dev_that_has_rows(rows: dict[str, int], expected: str | None) -> None:
    assert headline_split(rows) == expected
