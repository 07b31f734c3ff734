"""Every command and call that is printed of a study can be followed where it is printed.

By day those of two kinds of studies are parsed; `make nightly` carries out all of every kind, as `nightly.yaml` says.
"""

import contextlib
import inspect
import os
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

import brittlestar
from brittlestar import RunError
from brittlestar.cli import app
from brittlestar.core.code_pages import checks_of_codes
from tests.printed.collecting import Printed, give
from tests.printed.scenes import BY_DAY, SCENES, SERIAL, Scene
from tests.zoo import Zoo

SMALL = {"run": SERIAL, "diagnose": ("--budget", "1s")}
"""What keeps a printed command small: it is added at the end, where it has the last word."""
FINE = (0, 3, 4)
"""Done, a gate that failed, and one that cannot say."""


def set_up(kind: str, zoo: Zoo, world: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    world.mkdir()
    monkeypatch.chdir(world)
    scene = Scene()
    (SCENES | BY_DAY)[kind](scene, zoo)
    assert len(scene.collector.found) > 1, "nothing was printed"
    return scene


def parse(one: Printed) -> None:
    """Read a command or a call as it would be read, and do nothing."""
    if one.is_call:
        name, _, arguments = one.text.partition("(")
        inspect.signature(getattr(brittlestar, name)).bind_partial(**eval(f"dict({arguments}"))
        return
    _, verb, *arguments = shlex.split(one.text, comments=True)
    known: Any = typer.main.get_command(app)
    known.commands[verb].make_context(verb, [*arguments])
    there = arguments[0] in checks_of_codes() if verb == "explain" else Path(one.folder, arguments[0]).exists()
    assert arguments[0] == "clean-data" or there


def follow(one: Printed, scene: Scene) -> str:
    """Carry out a command or a call; returns what is wrong, or nothing. Only a run of code that fails may end in 1, or
    raise that no run is done."""
    os.chdir(one.folder)
    if one.is_call:
        name, _, arguments = one.text.partition("(")
        with contextlib.suppress(RunError) if scene.fails else contextlib.nullcontext():
            scene.calls[name](**eval(f"dict({arguments}"))
        return ""
    _, verb, *arguments = shlex.split(one.text, comments=True)
    said = give(verb, *arguments, *SMALL.get(verb, ()))
    fine = said.exit_code in FINE or (said.exit_code == 1 and scene.fails)
    return "" if fine else f"{one.text} ({one.surface}) ended in {said.exit_code}: {said.stderr[-400:]}"


@pytest.mark.parametrize("kind", ["an own model", "frames and arrays"])
def test_what_is_printed_is_read(kind: str, zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in set_up(kind, zoo, tmp_path / "world", monkeypatch).collector.found.values():
        parse(one)


@pytest.mark.parametrize("kind", SCENES)
def test_what_is_printed_can_be_followed(kind: str, zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = set_up(kind, zoo, tmp_path / "world", monkeypatch)
    faults: list[str] = []
    for k, one in enumerate(scene.collector.found.values()):
        print(one)
        monkeypatch.chdir(shutil.copytree(tmp_path / "world", tmp_path / str(k)))
        faults += [fault] if (fault := follow(one, scene)) else []
        shutil.rmtree(tmp_path / str(k))
    assert not faults, "\n".join(faults)
