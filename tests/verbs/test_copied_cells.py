"""Runs that were trained elsewhere and copied here: taken as they are, and refused where they are not what they say."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brittlestar import generate, judge, run, run_share, seal, status, verify
from brittlestar.core.errors import RunError, StoreError
from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.store.attempts import COPIED
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from tests.command import brittlestar
from tests.execution.tiny import attempts, contents, finished

SETTINGS = {"training.epochs": "1", "model.hidden": "4", "probes.only": "[order]", "variants": "{}"}
QUICK: dict[str, Any] = {"executor": "serial", "progress": False}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data; `whole/a.study` of four runs; `one/a.study` and `two/a.study`, which trained two of them each."""
    here = tmp_path_factory.mktemp("copied")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        generate("data", sizes="60/20/20")
        run("data", settings=SETTINGS, seeds=4, out="whole/a.study", **QUICK)
        hashes = sorted(int(name, 16) for name in finished(here / "whole/a.study"))
        of = next(of for of in range(2, 99) if len({one % of for one in hashes}) == 2)
        for place, k in zip(("one", "two"), sorted({one % of + 1 for one in hashes}), strict=True):
            run_share("data", f"{k}/{of}", settings=SETTINGS, seeds=4, out=f"{place}/a.study", **QUICK)
    return here


@pytest.fixture
def here(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that is there."""
    shutil.copytree(world, tmp_path / "w")
    monkeypatch.chdir(tmp_path / "w")
    return tmp_path / "w"


def copy(source: str, into: str = "one/a.study", *rooms: str) -> set[str]:
    """What `cp -r SOURCE/cells SOURCE/derived INTO` does; hashes of the cells."""
    for room in rooms or ("cells", "derived"):
        shutil.copytree(Path(source) / room, Path(into) / room, dirs_exist_ok=True)
    return finished(Path(source))


def forge(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what describes a run, and its outcome with it, so that the hashes of its files fit."""
    described, outcome = (json.loads((folder / name).read_bytes()) for name in ("cell.json", "outcome.json"))
    change(described)
    (folder / "cell.json").write_bytes(pretty_json(described))
    del outcome["digest"]
    outcome["files"]["cell.json"] = file_digest(folder / "cell.json")
    (folder / "outcome.json").write_bytes(pretty_json({**outcome, "digest": digest(outcome)}))


def refusal(*command: str) -> str:
    """What a command that is refused says, in one line."""
    said = brittlestar(*command)
    assert said.code == 1
    return " ".join(" ".join(said.errors).split())


@pytest.mark.parametrize("rooms", [("cells", "derived"), ("cells",)])
def test_shares_of_two_folders_are_one_study_and_nothing_is_trained_again(here: Path, rooms: tuple[str, ...]) -> None:
    assert status("one/a.study")["states"].keys() == {"done", "planned"}
    taken = copy("two/a.study", "one/a.study", *rooms)
    assert status("one/a.study")["states"] == {"done": 4}
    before = attempts(here / "one/a.study")
    said = brittlestar("run", "one/a.study", "--executor", "serial")
    assert said.code == 0 and f"{len(taken)} copied here" in " ".join(said.errors)
    lines = attempts(here / "one/a.study")[len(before) :]
    assert {line["cell"] for line in lines} == taken and {line["event"] for line in lines} == {COPIED}
    assert all(line["seconds"] > 0 and line["variant"] == "main" and "host" in line for line in lines)
    found, wanted = (contents(here / place / "a.study") for place in ("one", "whole"))
    assert found.keys() == wanted.keys() and [name for name in wanted if found[name] != wanted[name]] == []
    run("one/a.study", **QUICK)
    assert attempts(here / "one/a.study")[len(before) :] == lines, "copied runs are noted once"


def test_such_a_study_is_sealed_and_verified(here: Path) -> None:
    copy("two/a.study")
    run("one/a.study", **QUICK)
    sealed = seal("one/a.study", with_data=True, out="sealed.zip")
    assert sealed.scored[0].runs == 4
    assert verify("sealed.zip", root=sealed.printed).outcome == "identical"


@pytest.mark.parametrize("file", ["predictions.parquet", "weights-best.safetensors"])
def test_a_changed_byte_is_refused_by_its_name_and_the_run_is_done_again(here: Path, file: str) -> None:
    name = min(copy("two/a.study"))
    place = Path("one/a.study/cells") / name / file
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)
    told = refusal("run", "one/a.study", "--executor", "serial")
    assert f"one/a.study/cells/{name}: cell {name[:12]} is damaged: {file} does not match its hash" in told
    assert f"do it again with: brittlestar run one/a.study --cell {name[:12]}" in told
    assert place.read_bytes() == content and COPIED not in {line["event"] for line in attempts(here / "one/a.study")}
    said = brittlestar("run", "one/a.study", "--cell", name[:12], "--executor", "serial")
    assert said.code == 0 and run("one/a.study", **QUICK).exit_code == 0
    assert place.read_bytes() == (Path("whole/a.study/cells") / name / file).read_bytes()


def test_a_run_under_another_name_is_refused(here: Path) -> None:
    name = min(finished(here / "two/a.study"))
    other = min(finished(here / "whole/a.study") - finished(here / "one/a.study") - {name}, default=None)
    assert other is not None
    shutil.copytree(f"two/a.study/cells/{name}", f"one/a.study/cells/{other}")
    assert f"it was written as {name[:12]} and has another name now" in refusal("run", "one/a.study")


def test_a_run_of_other_settings_that_says_it_is_another_is_used_by_nobody(here: Path) -> None:
    name = min(copy("two/a.study"))
    folder = Path("one/a.study/cells") / name
    forge(folder, lambda cell: cell["settings"]["training"].update(learning_rate=0.5))
    why = "was copied here and is another one: its settings do not have this hash"
    told = refusal("run", "one/a.study")
    assert f"one/a.study/cells/{name}: cell {name[:12]} {why}" in told and f"--cell {name[:12]}" in told
    for ask in (status, judge):
        with pytest.raises(StoreError, match=why):
            ask("one/a.study")
    with pytest.raises(StoreError, match=why):
        run("data", settings=SETTINGS, seeds=4, out="one/a.study", **QUICK)
    run("one/a.study", cell=name[:12], **QUICK)
    assert run("one/a.study", **QUICK).exit_code == 0
    assert (
        contents(here / "one/a.study", report=False).items() >= contents(here / "whole/a.study", report=False).items()
    )


def test_another_environment_is_refused_unless_it_is_asked_for(here: Path) -> None:
    name = min(copy("two/a.study"))
    forge(Path("one/a.study/cells") / name, lambda cell: cell.update(environment_class="0123456789ab"))
    told = refusal("run", "one/a.study")
    assert "computed by another environment (class 0123456789ab" in told and "--mix-environments" in told
    assert COPIED not in {line["event"] for line in attempts(here / "one/a.study")}
    assert run("one/a.study", mix_environments=True, **QUICK).exit_code == 0


def test_runs_of_other_seeds_and_settings_are_left_alone_until_they_are_asked_for(here: Path) -> None:
    run("data", settings=SETTINGS | {"seeds": "[4, 5]"}, out="more", report=False, **QUICK)
    run("data", settings=SETTINGS | {"training.epochs": "2"}, seeds=1, out="longer", report=False, **QUICK)
    copy("more", "whole/a.study")
    copy("longer", "whole/a.study")
    before = contents(here / "whole/a.study")
    said = brittlestar("run", "whole/a.study", "--executor", "serial")
    assert said.code == 0 and "3 of other settings, seeds or data are left alone" in " ".join(said.errors)
    assert contents(here / "whole/a.study") == before
    said = brittlestar("run", "whole/a.study", "--seeds", "6", "--executor", "serial")
    told = " ".join(said.errors)
    assert said.code == 0 and "2 copied here; 1 of other settings, seeds or data is left alone" in told
    assert len(read_cells(read_study(Store(Path("whole/a.study"))))) == 6
    assert [line["event"] for line in attempts(here / "whole/a.study")].count("started") == 4, "something was trained"


def test_a_run_that_failed_elsewhere_has_failed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generate("data", sizes="60/20/20")
    Path("odd.py").write_text(
        "import os\ndef fit(train, dev, seed):\n    assert os.path.exists('fine'), 'not today'\n"
        "    return lambda rows: [[0.5, 0.5] for _ in rows]\n",
        encoding="utf-8",
    )
    common: dict[str, Any] = {"model": "odd:fit", "settings": {"variants": "{}"}, "seeds": 1, **QUICK}
    with pytest.raises(RunError):
        run("data", out="two", **common)
    Path("fine").touch()
    run("data", out="one", budget=1e-9, **common)
    copy("two", "one", "cells")
    said = brittlestar("run", "one", "--executor", "serial")
    name = min(finished(tmp_path / "two"))
    assert said.code == 1 and f"--cell {name[:12]}" in said.output
    assert brittlestar("run", "one", "--cell", name[:12], "--executor", "serial").code == 0


def test_a_share_takes_those_of_its_own(here: Path) -> None:
    taken = copy("two/a.study")
    result = run_share("one/a.study", "1/1", **QUICK)
    assert result.states == {"done": 4} and result.open_elsewhere == 0
    assert {line["cell"] for line in attempts(here / "one/a.study") if line["event"] == COPIED} == taken
