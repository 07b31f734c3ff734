"""Where leaks begin and where they become warnings: one row below each bound, and one at or above it."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.leaks.near import near_copies
from brittlestar.audits.leaks.preprocess import preprocess
from brittlestar.audits.leaks.shared_rows import exact, group
from brittlestar.core.findings import Finding

from ..making import make_analysis, make_grouped, random_rows
from .test_leaks import rare_words


def of_test(found: Iterator[Finding]) -> tuple[str, str | None]:
    (one,) = [finding for finding in found if finding.where.get("split") == "test"]
    return one.status, one.severity


def with_copies(copies: int, n: int) -> Analysis:
    """So many rows of test stand in train; over so many tokens chance repeats none."""
    random = np.random.default_rng(0)
    train, test = (random_rows(size, random, tokens=100, low=12) for size in (1_000, n))
    labels = ["x", "y"] * 500
    return make_analysis({"train": (train, labels), "test": (train[:copies] + test[copies:], labels[:n])})


@pytest.mark.parametrize(
    ("copies", "n", "found"),
    [
        (1, 500, ("absent", None)),  # a share of 0.2 %, but one row
        (2, 500, ("present", "info")),
        (2, 1_000, ("present", "info")),  # 0.2 %
        (9, 1_000, ("present", "info")),
        (10, 1_000, ("present", "warning")),
        (0, 49, ("inconclusive", None)),
        (0, 50, ("absent", None)),
    ],
)
def test_copies_from_two_rows_and_from_one_per_cent_on(copies: int, n: int, found: tuple[str, str | None]) -> None:
    assert of_test(exact.function(with_copies(copies, n))) == found


def of_groups(train: Sequence[str], test: Sequence[str]) -> Analysis:
    sides = {"train": train, "test": test}
    return make_grouped({name: [(f"a{k} b", "xy"[k % 2], g) for k, g in enumerate(its)] for name, its in sides.items()})


@pytest.mark.parametrize(
    ("crossing", "found"),
    [(1, ("absent", None)), (2, ("present", "info")), (9, ("present", "info")), (10, ("present", "warning"))],
)
def test_rows_of_a_group_of_train_from_one_in_500_and_from_one_in_100_on(
    crossing: int, found: tuple[str, str | None]
) -> None:
    made = of_groups(["g"] * 2 + ["h"] * 98, ["g"] * crossing + ["i"] * (1_000 - crossing))
    assert of_test(group.function(made)) == found


@pytest.mark.parametrize(("groups", "smallest", "severity"), [(12, 100, "info"), (13, 100, "error"), (12, 99, "error")])
def test_up_to_twelve_groups_of_a_hundred_rows_are_categories(groups: int, smallest: int, severity: str) -> None:
    names = [f"g{k}" for k in range(groups)]
    train = [name for name in names for _ in range(100)][: 100 * (groups - 1) + smallest]
    assert of_test(group.function(of_groups(train, names))) == ("present", severity)


@pytest.mark.parametrize(
    ("copies", "found"),
    [
        (2, ("absent", None)),
        (3, ("inconclusive", None)),  # too few to tell them from train's own rate
        (13, ("present", "info")),  # 0.93 %
        (15, ("present", "warning")),
    ],
)
def test_near_copies_from_three_rows_and_from_one_per_cent_on(copies: int, found: tuple[str, str | None]) -> None:
    """Rows of sixteen tokens or more, of which one is another in each copy."""
    random = np.random.default_rng(1)
    train, test = (random_rows(size, random, tokens=40, low=16) for size in (1_000, 1_400))
    near_train = [f"{row.rpartition(' ')[0]} t{(k + 3) % 40}" for k, row in enumerate(train[:copies])]
    labels = ["x", "y"] * 700
    made = make_analysis({"train": (train, labels[:1_000]), "test": (near_train + test[copies:], labels)})
    (one,) = near_copies.function(made)
    assert (one.status, one.severity) == found
    if one.status == "present":
        assert one.evidence["p"] >= one.evidence["own"]["p"] > 0  # the larger of both tests
        assert "Fisher" in one.evidence["test"]


def test_an_unknown_symbol_beside_tokens_that_occur_once_is_no_filter() -> None:
    """Some token occurs once in all splits together, so that nobody counted them."""
    splits = {name: ([f"<unk> {row}" for row in rows], labels) for name, (rows, labels) in rare_words().items()}
    assert {found.status for found in preprocess.function(make_analysis(splits))} == {"absent"}
