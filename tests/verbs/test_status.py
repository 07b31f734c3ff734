import json
import shutil
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.store.attempts import append_attempt
from brittlestar.store.layout import PROGRESS, Store
from brittlestar.store.lock import lock_alone
from brittlestar.verbs.run import run
from brittlestar.verbs.split import split
from brittlestar.verbs.status import status
from tests.execution.tiny import contents, write_study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine cells, of which main's are done."""
    place = tmp_path_factory.mktemp("status")
    study = write_study(place)
    run(study, out=place / "store", executor="serial", settings={"variants": "{}"}, report=False)
    run(study, out=place / "store", executor="serial", budget=1e-6, report=False)
    return place / "store"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    return Store(Path(shutil.copytree(made, tmp_path / "store")))


def test_a_folder_of_splits_is_named_as_that_with_what_to_type(tmp_path: Path) -> None:
    rows = [{"sequence": f"a{k} b{k % 7} c{k % 11}", "label": str(k % 2)} for k in range(100)]
    split(rows, tmp_path / "my splits", progress=False)
    with pytest.raises(
        InputError, match=r"a folder of splits \(train\.csv …\), as `split` writes them.*run '.*my splits'"
    ):
        status(tmp_path / "my splits")


def test_states_of_all_cells_without_a_change_to_the_store(store: Store) -> None:
    before = contents(store.root)
    document = status(store.root)
    assert document["study"] == "tiny" and not document["at_work"] and document["running"] == []
    assert document["states"] == {"done": 3, "planned": 6} and document["seconds_left"] is None
    assert [(cell["variant"], cell["seed"], cell["state"]) for cell in document["cells"]][2:4] == [
        ("main", 2, "done"),
        ("bag", 0, "planned"),
    ]
    assert contents(store.root) == before
    json.dumps(document)


def test_what_runs_is_told_while_the_run_holds_the_store_and_not_after(store: Store) -> None:
    bag = next(cell for cell in status(store.root)["cells"] if cell["variant"] == "bag")
    running = {"variant": "bag", "seed": 0, "hash": bag["hash"], "epoch": 1, "epochs": 2}
    store.path(PROGRESS).write_bytes(pretty_json({"running": [running], "seconds_left": 12.5}))
    assert status(store.root)["running"] == []
    with lock_alone(store):
        document = status(store.root)
    assert document["at_work"] and document["running"] == [running] and document["seconds_left"] == 12.5
    assert document["states"] == {"done": 3, "running": 1, "planned": 5}


def test_a_lost_cell_says_why(store: Store) -> None:
    bag = next(cell for cell in status(store.root)["cells"] if cell["variant"] == "bag")
    append_attempt(store, "lost", bag["hash"], reason="the process was ended by SIGKILL", log="last words")
    document = status(store.root)
    assert document["states"] == {"done": 3, "lost": 1, "planned": 5}
    assert document["cells"][3]["error"] == "the process was ended by SIGKILL"
    append_attempt(store, "started", bag["hash"])
    assert status(store.root)["states"] == {"done": 3, "planned": 6}, "a later run took it up and was killed"


def test_a_half_written_progress_file_is_passed_over(store: Store) -> None:
    store.path(PROGRESS).write_bytes(b'{"running": [')
    with lock_alone(store):
        assert status(store.root)["running"] == []


def test_no_store_no_status(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is not a study's folder"):
        status(tmp_path)
