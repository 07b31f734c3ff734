from __future__ import annotations

import numpy as np
import pytest

from brittlestar.audits.labels.confused import leading_pairs


def table(*cells: tuple[int, int, int], n: int = 4, rest: float = 1.0) -> np.ndarray:
    found = np.full((n, n), rest)
    np.fill_diagonal(found, 0.0)
    for answer, label, errors in cells:
        found[answer, label] = errors
    return found


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        (table((2, 1, 40)), ((2, 1),)),
        (table((2, 1, 30), (1, 2, 25)), ((2, 1), (1, 2))),
        (table((2, 1, 40), (0, 3, 25)), ((2, 1),)),
        (table(rest=8.0), ()),
        (table((2, 1, 4), rest=0.0), ()),
    ],
)
def test_the_pairs_that_hold_most_errors_are_named(errors: np.ndarray, expected: tuple[tuple[int, int], ...]) -> None:
    assert leading_pairs(errors, np.full(4, 100.0), float(errors.sum())) == expected


def test_what_holds_half_of_the_net_excess_does_not_need_half_of_its_positive_part() -> None:
    errors = table((2, 1, 25), rest=4.0)
    assert leading_pairs(errors, np.full(4, 100.0), 69.0) == ()
    assert leading_pairs(errors, np.full(4, 100.0), 40.0) == ((2, 1),)
