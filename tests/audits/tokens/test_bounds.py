"""Where written padding and written unknown tokens become warnings: one row below each bound, and one at it."""

import numpy as np
import pytest

from brittlestar.audits.tokens.collision import collision
from brittlestar.audits.tokens.padding import padding
from brittlestar.audits.tokens.unknown import Surplus
from brittlestar.audits.tokens.unknown import unknown_tokens as unknown
from brittlestar.core.findings import Finding
from tests.audits.making import make_analysis
from tests.audits.tokens.test_collision import with_ids

N = 1_000


def of_split(found: list[Finding], split: str, kind: str | None = None) -> Finding:
    (one,) = [finding for finding in found if finding.where.get("split") == split and finding.where.get("kind") == kind]
    return one


@pytest.mark.parametrize(("between", "severity"), [(9, "info"), (10, "warning")])
def test_padding_between_real_tokens_is_a_warning_from_one_per_cent_of_rows_on(between: int, severity: str) -> None:
    rows = [f"a{k % 7} <pad> b" if k < between else f"a{k % 7} b <pad>" for k in range(N)]
    found = of_split(list(padding.function(make_analysis({"train": (rows, ["x", "y"] * (N // 2))}))), "train")
    assert (found.evidence["between"], found.severity) == (between, severity)


def of_classes(first: int, second: int) -> Finding:
    """Rows of equal length, half of each class; so many of each hold an unknown token."""
    rows = [f"a{k % 7} {'<unk>' if k // 2 < (first, second)[k % 2] else 'b'} c" for k in range(N)]
    return of_split(list(unknown.function(make_analysis({"train": (rows, ["x", "y"] * (N // 2))}))), "train", "written")


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (99, 50, ("absent", None)),
        (101, 50, ("present", "info")),  # 10 points
        (50, 101, ("present", "info")),
        (199, 50, ("present", "info")),
        (201, 50, ("present", "warning")),  # 30 points
    ],
)
def test_an_unknown_token_tells_a_class_from_ten_points_and_strongly_from_thirty(
    first: int, second: int, found: tuple[str, str | None]
) -> None:
    one = of_classes(first, second)
    assert abs(one.evidence["difference_at_equal_length"]) == pytest.approx(abs(first - second) / (N // 2))
    assert (one.status, one.severity) == found


@pytest.mark.parametrize(
    ("tokens", "rows", "p", "far"),
    [
        ((0.005, 0.0151), (0.0, 0.0), 1e-5, True),
        ((0.005, 0.0149), (0.0, 0.0), 1e-5, False),  # less than 1 % more of tokens
        ((0.01, 0.0299), (0.0, 0.0), 1e-5, False),  # less than three times train's
        ((0.01, 0.0301), (0.0, 0.0), 1e-5, True),
        ((0.0, 0.0), (0.005, 0.0251), 1e-5, True),
        ((0.0, 0.0), (0.005, 0.0249), 1e-5, False),  # less than 2 % more of rows
        ((0.0, 0.5), (0.0, 0.5), 2e-4, False),  # not surely
        ((0.0, 0.5), (0.0, 0.5), 9e-5, True),
    ],
)
def test_a_surplus_is_three_times_train_and_one_per_cent_of_tokens_or_two_of_rows(
    tokens: tuple[float, float], rows: tuple[float, float], p: float, far: bool
) -> None:
    assert Surplus(np.zeros(1, np.int64), tokens, rows, p).far_more == far


@pytest.mark.parametrize(("rarer", "severity"), [(9, "warning"), (10, "error")])
def test_one_id_for_two_tokens_is_an_error_from_one_per_cent_of_tokens_on(rarer: int, severity: str) -> None:
    tokens = ["b"] * rarer + ["B"] * 300 + ["c"] * (N - 300 - rarer)
    rows = [" ".join(tokens[start::100]) for start in range(100)]
    whole = make_analysis({"train": (rows, ["x", "y"] * 50)})
    (found,) = collision.function(with_ids(whole, ("B", 2), ("b", 2), ("c", 3)))
    assert (found.evidence["occurrences"], found.evidence["of"], found.severity) == (rarer, N, severity)
    assert {*found.evidence["groups"][0]} == {"B", "b"}
