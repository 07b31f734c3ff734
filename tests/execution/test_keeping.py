"""What a job gives is kept once, and jobs come in an order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.cells import Cell
from brittlestar.core.errors import StoreError
from brittlestar.execution.jobs import Failed, Finished, Job, KeptValue, Run, Started, TrainJob
from brittlestar.execution.order import WaitingCells
from brittlestar.execution.saving import save_end
from brittlestar.store.cell_folder import damage, read_outcome
from brittlestar.store.layout import Store, create_store
from tests.execution.tiny import cell


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return create_store(tmp_path / "tiny.study")


def failed(store: Store, error: str = "ValueError: odd") -> Failed:
    run = Run(str(store.root), "", "", environment_class="class")
    return Failed(TrainJob(run, cell()), 1, error, "printed\n")


def test_a_failed_training_is_kept_and_says_so(store: Store) -> None:
    kept = save_end(failed(store))
    assert isinstance(kept, Failed) and kept.kept and kept.error == "ValueError: odd" and kept.log == "printed\n"
    assert (read_outcome(store, store.cell(cell().hash)) or {})["error"] == "ValueError: odd"
    assert save_end(kept) is kept


def test_a_folder_that_an_attempt_believed_lost_has_placed_counts(store: Store) -> None:
    save_end(failed(store, "the first"))
    again = save_end(failed(store, "the second"))
    assert isinstance(again, Failed) and again.kept
    key = store.cell(cell().hash)
    assert (read_outcome(store, key) or {})["error"] == "the first" and damage(store, key) == []


def test_a_damaged_folder_in_the_way_is_an_error(store: Store) -> None:
    save_end(failed(store))
    store.path(f"{store.cell(cell().hash)}/log.txt").write_text("changed")
    with pytest.raises(StoreError, match="cannot write"):
        save_end(failed(store))


def test_what_no_record_speaks_of_stays_as_it_is(store: Store) -> None:
    bare: Job = TrainJob(Run(str(store.root), "", ""), cell())
    for event in (replace(failed(store), job=bare), Finished(bare, 1, "value", "log"), Started(bare, 1, 7)):
        assert save_end(event) is event
    done = Finished(failed(store).job, 1, KeptValue("trained"), "")
    assert save_end(done) is done
    assert not store.path(store.cell(cell().hash)).exists()


def cells(*names: str) -> list[Cell]:
    """`cells("main 0", "bag 0")`."""
    return [cell(name.split()[0], int(name.split()[1])) for name in names]


def choose_by_definition(pending: Sequence[Cell], seconds: Mapping[str, float], remaining: float | None) -> Cell | None:
    """The next cell as the docstring of WaitingCells says it, by a look at all of them."""
    usual = sum(seconds.values()) / len(seconds) if seconds else 1.0
    waiting = Counter(one.variant for one in pending)
    costs = {variant: many * seconds.get(variant, usual) for variant, many in waiting.items()}
    cheapest = min((cost for cost in costs if cost != "main"), key=lambda one: costs[one], default="main")
    unpaired = {one.seed for one in pending if one.variant == "main"}
    free = [
        one
        for one in pending
        if (one.variant == "main" or one.seed not in unpaired)
        and (remaining is None or seconds.get(one.variant, 0.0) <= remaining)
    ]
    paired = [one for one in free if one.variant in (cheapest, "main")]
    if paired:
        return min(paired, key=lambda one: (one.seed, one.variant != "main"))
    return free[0] if free else None


@given(
    places=st.lists(st.tuples(st.sampled_from(["main", "a", "b", "c"]), st.integers(0, 5)), unique=True, max_size=20),
    pace=st.dictionaries(st.sampled_from(["main", "a", "b", "c"]), st.integers(1, 4)),
    budget=st.none() | st.integers(1, 40),
)
def test_cells_come_in_the_order_that_is_defined(
    places: list[tuple[str, int]], pace: dict[str, int], budget: int | None
) -> None:
    pending = [cell(variant, seed) for variant, seed in places]
    waiting, seconds = WaitingCells(pending, "main"), {name: float(value) for name, value in pace.items()}
    left = None if budget is None else float(budget)
    while True:
        expected = choose_by_definition(pending, seconds, left)
        assert waiting.take(seconds, left) == expected
        if expected is None:
            break
        pending.remove(expected)
        assert waiting.counts == Counter(one.variant for one in pending) and len(waiting) == len(pending)
        left = None if left is None else left - seconds.get(expected.variant, 1.0)


def test_a_variant_that_is_held_waits_and_one_that_is_dropped_never_comes() -> None:
    waiting = WaitingCells(cells("main 0", "main 1", "bag 0", "bag 1"), "main")
    assert waiting.take({}, None) == cell("main", 0)
    assert waiting.take({}, None, ["main"]) == cell("bag", 0)
    assert waiting.take({}, None, ["main"]) is None, "its partner has not begun"
    assert waiting.drop("main") == 1 and len(waiting) == 1
    assert waiting.take({}, None) == cell("bag", 1) and waiting.take({}, None) is None
