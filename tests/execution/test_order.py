from __future__ import annotations

from brittlestar.core.cells import Cell
from brittlestar.execution.order import next_cell
from tests.execution.tiny import cell


def cells(*names: str) -> list[Cell]:
    """`cells("baseline 0", "bag 0")`."""
    return [cell(name.split()[0], int(name.split()[1])) for name in names]


def schedule(pending: list[Cell], seconds: dict[str, float], remaining: float | None = None) -> list[str]:
    """The order in which all of `pending` would begin, each taking its seconds."""
    pending, order = list(pending), list[str]()
    while (chosen := next_cell(pending, seconds, "baseline", remaining)) is not None:
        pending.remove(chosen)
        order.append(f"{chosen.variant} {chosen.seed}")
        remaining = None if remaining is None else remaining - seconds[chosen.variant]
    return order


GRID = cells(*(f"{arm} {seed}" for arm in ("baseline", "big", "bag") for seed in range(3)))


def test_the_cheapest_question_comes_first_in_whole_pairs() -> None:
    order = schedule(GRID, {"baseline": 5.0, "big": 50.0, "bag": 1.0})
    assert order == ["baseline 0", "bag 0", "baseline 1", "bag 1", "baseline 2", "bag 2", "big 0", "big 1", "big 2"]


def test_whenever_it_ends_at_most_one_seed_is_not_paired() -> None:
    for remaining in range(1, 160):
        order = schedule(GRID, {"baseline": 5.0, "big": 50.0, "bag": 1.0}, float(remaining))
        for arm in ("big", "bag"):
            seeds = {int(name.split()[1]) for name in order if name.startswith(arm)}
            assert seeds <= {int(name.split()[1]) for name in order if name.startswith("baseline")}


def test_nothing_is_begun_that_would_not_end_in_time() -> None:
    seconds = {"baseline": 5.0, "big": 50.0, "bag": 1.0}
    assert schedule(GRID, seconds, 12.0) == ["baseline 0", "bag 0", "baseline 1", "bag 1"]
    assert schedule(cells("big 0", "bag 0"), seconds, 10.0) == ["bag 0"]
    assert schedule(cells("big 0"), seconds, 49.0) == []


def test_an_arm_waits_for_the_baseline_of_its_seed() -> None:
    assert schedule(cells("bag 0", "baseline 0"), {"baseline": 5.0, "bag": 1.0}, 3.0) == []
    assert schedule(cells("bag 0", "baseline 1"), {"baseline": 5.0, "bag": 1.0}, 3.0) == ["bag 0"]


def test_an_arm_without_a_measurement_counts_as_the_mean_of_the_others() -> None:
    pending = cells("baseline 0", "slow 0", "unknown 0", "quick 0")
    seconds = {"baseline": 4.0, "slow": 9.0, "quick": 2.0}  # so `unknown` counts 5
    assert schedule(pending, seconds | {"unknown": 5.0}) == ["baseline 0", "quick 0", "unknown 0", "slow 0"]
    assert next_cell(cells("slow 0", "unknown 0"), seconds, "baseline", None) == cell("unknown", 0)


def test_arms_without_any_measurement_go_by_their_numbers_and_then_their_order() -> None:
    assert next_cell(cells("a 0", "a 1", "b 0"), {}, "baseline", None) == cell("b", 0)
    assert next_cell(cells("a 0", "b 0"), {}, "baseline", None) == cell("a", 0)


def test_a_lone_baseline_and_nothing_at_all() -> None:
    assert schedule(cells("baseline 7", "baseline 3"), {"baseline": 1.0}) == ["baseline 3", "baseline 7"]
    assert next_cell([], {}, "baseline", None) is None
