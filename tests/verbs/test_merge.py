"""Runs that were trained elsewhere: taken byte for byte, never trained again, and refused where they are not whole."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brittlestar import generate, merge, run
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.lock import lock_alone
from tests.command import brittlestar, tree

SETTINGS = {"training.epochs": "1", "model.hidden": "4", "probes.only": "[order]", "variants": "{}"}
QUICK: dict[str, Any] = {"executor": "serial", "report": False}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data; `all`, a study of seeds 0 to 3; `half`, which was stopped before it began; `odd`, of seeds 1 and 3."""
    here = tmp_path_factory.mktemp("merge")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        generate("data", sizes="60/20/20")
        run("data", settings=SETTINGS, seeds=4, out="all", **QUICK)
        run("data", settings=SETTINGS, seeds=4, out="half", budget=1e-9, **QUICK)
        run("data", settings=SETTINGS | {"seeds": "[1, 3]"}, out="odd", **QUICK)
        run("data", settings=SETTINGS | {"training.epochs": "2"}, seeds=1, out="longer", **QUICK)
    return here


@pytest.fixture
def here(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that is there."""
    shutil.copytree(world, tmp_path / "w")
    monkeypatch.chdir(tmp_path / "w")
    return tmp_path / "w"


def cells(store: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(store / "cells").items() if "/" in name}


def hashes(store: Path) -> set[str]:
    return {path.name for path in (store / "cells").glob("*")}


def test_what_is_missing_comes_byte_for_byte_and_is_not_trained_again(here: Path) -> None:
    assert hashes(here / "half") == set()
    result = merge("half", "odd", "all")
    assert [(len(source.taken), source.there, source.other) for source in result.sources] == [(2, 0, 0), (2, 2, 0)]
    assert result.missing == 0 and result.refused == () and result.exit_code == 0
    merged, whole = cells(here / "half"), cells(here / "all")
    clocks = {name for name in merged if name.endswith("timing.json")}
    assert {name: content for name, content in merged.items() if name not in clocks} == {
        name: content for name, content in whole.items() if name not in clocks
    }
    assert {name: merged[name] for name in clocks if name.split("/")[0] in hashes(here / "odd")} == {
        name: content for name, content in cells(here / "odd").items() if name.endswith("timing.json")
    }
    lines = [attempt for attempt in read_attempts(Store(here / "half")) if "merged_from" in attempt]
    done = {line["cell"]: line["merged_from"] for line in lines if line["event"] == "done"}
    assert done == {name: "odd" if name in hashes(here / "odd") else "all" for name in hashes(here / "all")}
    theirs = [attempt for attempt in read_attempts(Store(here / "odd")) if attempt["event"] == "done"]
    assert all({**one, "merged_from": "odd"} in lines for one in theirs), "clocks, hosts and processes as they were"
    before, attempts = cells(here / "half"), len([*read_attempts(Store(here / "half"))])
    after = run("half", **QUICK)
    assert after.exit_code == 0 and cells(here / "half") == before
    assert len([*read_attempts(Store(here / "half"))]) == attempts, "nothing was tried again"
    assert after.document["variants"] == run("all", **QUICK).document["variants"]


def test_runs_of_other_seeds_come_too_and_the_printed_command_takes_them_in(here: Path) -> None:
    run("data", settings=SETTINGS, seeds=1, out="one", **QUICK)
    run("data", settings=SETTINGS | {"seeds": "[2, 0]"}, out="two", **QUICK)
    result = merge("one", "odd", "two", "longer")
    assert [(len(source.taken), source.there, source.other) for source in result.sources] == [
        (2, 0, 0),
        (1, 1, 0),
        (0, 0, 1),
    ]
    assert result.next == "brittlestar run one --seeds 4"
    before = cells(here / "one")
    said = brittlestar(*result.next.split()[1:], "--executor", "serial", "--json")
    assert said.code == 0 and len(said.document["cells"]) == 4
    assert cells(here / "one") == before and hashes(here / "one") == hashes(here / "all")
    shutil.rmtree("two")
    run("data", settings=SETTINGS | {"seeds": "[7]"}, out="two", **QUICK)
    assert merge("one", "two").next == "brittlestar run one --set 'seeds=[0, 1, 2, 3, 7]'"
    assert merge("one", "two").next == "brittlestar run one --set 'seeds=[0, 1, 2, 3, 7]'", "said again"


def forge(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what describes a run, and its outcome with it, so that the hashes fit."""
    described, outcome = (json.loads((folder / name).read_bytes()) for name in ("cell.json", "outcome.json"))
    change(described)
    (folder / "cell.json").write_bytes(pretty_json(described))
    del outcome["digest"]
    outcome["files"]["cell.json"] = file_digest(folder / "cell.json")
    (folder / "outcome.json").write_bytes(pretty_json({**outcome, "digest": digest(outcome)}))


def test_damaged_and_forged_runs_are_refused_and_named(here: Path) -> None:
    first, second, third, _ = sorted(hashes(here / "all"))
    with (here / "all" / "cells" / first / "predictions.parquet").open("ab") as file:
        file.write(b"x")
    (here / "all" / "cells" / second / "outcome.json").unlink()
    forge(here / "all" / "cells" / third, lambda cell: cell["settings"]["training"].update(learning_rate=0.5))
    said = brittlestar("merge", "half", "all", "--json")
    assert said.code == 1
    told = {one["hash"]: one["why"] for one in said.document["refused"]}
    assert told == {
        first: "damaged: predictions.parquet does not match its hash",
        second: "damaged: outcome.json is missing",
        third: "its settings do not have the hash that it is named by",
    }
    assert said.document["missing"] == 3 and len(hashes(here / "half")) == 1
    shown = brittlestar("merge", "half", "all")
    assert shown.code == 1 and "Refused" in shown.output and first[:12] in shown.output
    assert len(shown.output.splitlines()) <= 25


def test_another_environment_is_refused_unless_it_is_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = next(iter(hashes(here / "odd")))
    forge(here / "odd" / "cells" / name, lambda cell: cell.update(environment_class="0123456789ab"))
    result = merge("half", "odd")
    assert [one.hash for one in result.refused] == [name] and "environment class 0123456789ab" in result.refused[0].why
    result = merge("half", "odd", mix_environments=True)
    assert result.sources[0].taken == (name,) and result.next == "brittlestar run half --mix-environments"
    with pytest.raises(StoreError, match="another environment"):
        run("half", **QUICK)


def test_it_waits_for_nobody_and_writes_nothing_where_it_may_not(here: Path) -> None:
    before = tree(here / "half")
    with lock_alone(Store(here / "half")), pytest.raises(StoreError, match="another run is at work"):
        merge("half", "all")
    with pytest.raises(InputError, match="cannot be merged into itself"):
        merge("half", "all", "half")
    with pytest.raises(InputError, match="not a study's folder"):
        merge("half", "data")
    with pytest.raises(InputError, match="no folder to take runs from"):
        merge("half")
    assert tree(here / "half") == before
    whole = tree(here / "all")
    merge("half", "all")
    assert tree(here / "all") == whole, "what it reads from stays as it is"
    assert not [name for name in tree(here / "half") if ".part" in name]
