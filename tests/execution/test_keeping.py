"""What a job gives is kept once, wherever it is done, and an end that is kept says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.errors import StoreError
from brittlestar.execution.jobs import Failed, Finished, Job, Kept, Records, Site, Started, TrainJob
from brittlestar.execution.keeping import keep_end
from brittlestar.store.cell_folder import damage, read_outcome
from brittlestar.store.layout import Store, create_store
from tests.execution.tiny import cell


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return create_store(tmp_path / "tiny.study")


def failed(store: Store, error: str = "ValueError: odd") -> Failed:
    site = Site(str(store.root), "", "", records=Records("class", {}))
    return Failed(TrainJob(site, cell()), 1, error, "printed\n")


def test_a_failed_training_is_kept_and_says_so(store: Store) -> None:
    kept = keep_end(failed(store))
    assert isinstance(kept, Failed) and kept.kept and kept.error == "ValueError: odd" and kept.log == "printed\n"
    assert (read_outcome(store, store.cell(cell().hash)) or {})["error"] == "ValueError: odd"
    assert keep_end(kept) is kept


def test_a_folder_that_an_attempt_believed_lost_has_placed_counts(store: Store) -> None:
    keep_end(failed(store, "the first"))
    again = keep_end(failed(store, "the second"))
    assert isinstance(again, Failed) and again.kept
    key = store.cell(cell().hash)
    assert (read_outcome(store, key) or {})["error"] == "the first" and damage(store, key) == []


def test_a_damaged_folder_in_the_way_is_an_error(store: Store) -> None:
    keep_end(failed(store))
    store.path(f"{store.cell(cell().hash)}/log.txt").write_text("changed")
    with pytest.raises(StoreError, match="cannot write"):
        keep_end(failed(store))


def test_what_no_record_speaks_of_stays_as_it_is(store: Store) -> None:
    bare: Job = TrainJob(Site(str(store.root), "", ""), cell())
    for event in (replace(failed(store), job=bare), Finished(bare, 1, "value", "log"), Started(bare, 1, 7)):
        assert keep_end(event) is event
    done = Finished(failed(store).job, 1, Kept("trained"), "")
    assert keep_end(done) is done
    assert not store.path(store.cell(cell().hash)).exists()
