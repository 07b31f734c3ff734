from __future__ import annotations

from brittlestar.core.cells import Cell
from brittlestar.execution.order import next_cell
from tests.execution.tiny import cell


def cells(*names: str) -> list[Cell]:
    """`cells("main 0", "bag 0")`."""
    return [cell(name.split()[0], int(name.split()[1])) for name in names]


def schedule(pending: list[Cell], seconds: dict[str, float], remaining: float | None = None) -> list[str]:
    """The order in which all of `pending` would begin, each taking its seconds."""
    pending, order = list(pending), list[str]()
    while (chosen := next_cell(pending, seconds, "main", remaining)) is not None:
        pending.remove(chosen)
        order.append(f"{chosen.variant} {chosen.seed}")
        remaining = None if remaining is None else remaining - seconds[chosen.variant]
    return order


GRID = cells(*(f"{arm} {seed}" for arm in ("main", "big", "bag") for seed in range(3)))


def test_the_cheapest_question_comes_first_in_whole_pairs() -> None:
    order = schedule(GRID, {"main": 5.0, "big": 50.0, "bag": 1.0})
    assert order == ["main 0", "bag 0", "main 1", "bag 1", "main 2", "bag 2", "big 0", "big 1", "big 2"]


def test_whenever_it_ends_at_most_one_seed_is_not_paired() -> None:
    for remaining in range(1, 160):
        order = schedule(GRID, {"main": 5.0, "big": 50.0, "bag": 1.0}, float(remaining))
        for arm in ("big", "bag"):
            seeds = {int(name.split()[1]) for name in order if name.startswith(arm)}
            assert seeds <= {int(name.split()[1]) for name in order if name.startswith("main")}


def test_nothing_is_begun_that_would_not_end_in_time() -> None:
    seconds = {"main": 5.0, "big": 50.0, "bag": 1.0}
    assert schedule(GRID, seconds, 12.0) == ["main 0", "bag 0", "main 1", "bag 1"]
    assert schedule(cells("big 0", "bag 0"), seconds, 10.0) == ["bag 0"]
    assert schedule(cells("big 0"), seconds, 49.0) == []


def test_an_arm_waits_for_the_baseline_of_its_seed() -> None:
    assert schedule(cells("bag 0", "main 0"), {"main": 5.0, "bag": 1.0}, 3.0) == []
    assert schedule(cells("bag 0", "main 1"), {"main": 5.0, "bag": 1.0}, 3.0) == ["bag 0"]


def test_an_arm_without_a_measurement_counts_as_the_mean_of_the_others() -> None:
    pending = cells("main 0", "slow 0", "unknown 0", "quick 0")
    seconds = {"main": 4.0, "slow": 9.0, "quick": 2.0}  # so `unknown` counts 5
    assert schedule(pending, seconds | {"unknown": 5.0}) == ["main 0", "quick 0", "unknown 0", "slow 0"]
    assert next_cell(cells("slow 0", "unknown 0"), seconds, "main", None) == cell("unknown", 0)


def test_arms_without_any_measurement_go_by_their_numbers_and_then_their_order() -> None:
    assert next_cell(cells("a 0", "a 1", "b 0"), {}, "main", None) == cell("b", 0)
    assert next_cell(cells("a 0", "b 0"), {}, "main", None) == cell("a", 0)


def test_a_lone_baseline_and_nothing_at_all() -> None:
    assert schedule(cells("main 7", "main 3"), {"main": 1.0}) == ["main 3", "main 7"]
    assert next_cell([], {}, "main", None) is None
