from __future__ import annotations

import numpy as np
import pytest

from brittlestar.audits.labels.reading import leading_pair


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
