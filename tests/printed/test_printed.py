"""Every command and call that is printed of a study ends without a usage error where it is printed."""

import os
import shlex
import shutil
from pathlib import Path

import pytest

from tests.command import brittlestar
from tests.printed.collecting import Printed
from tests.printed.scenes import SCENES, SERIAL, Scene
from tests.zoo import Zoo

MORE = {"run": SERIAL, "diagnose": ("--budget", "1s"), "trace": ()}
"""What keeps a printed command small."""


def follow(one: Printed, scene: Scene, world: Path, folder: Path) -> str:
    """Carry a command or a call out in a copy of the folder where it was printed; returns what is wrong, or nothing."""
    shutil.copytree(world, folder)
    beside = next((place.parent for place in folder.rglob("*/study.json") if one.beside), None)
    os.chdir(folder if beside is None else beside.parent)
    if one.is_call:
        name, _, arguments = one.text.partition("(")
        given = eval(f"dict({arguments}")
        try:
            scene.calls[name](**given)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return ""
    _, verb, *arguments = shlex.split(one.text, comments=True)
    said = brittlestar(verb, *arguments, *MORE.get(verb, ()))
    return f"exit {said.code}: {said.errors[-3:]}" if said.code == 2 else ""


@pytest.mark.parametrize("kind", SCENES)
def test_what_is_printed_can_be_followed(kind: str, zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = tmp_path / "world"
    world.mkdir()
    monkeypatch.chdir(world)
    scene = Scene()
    SCENES[kind](scene, zoo)
    printed = sorted(scene.collector.found.values())
    faults = []
    for k, one in enumerate(printed):
        fault = follow(one, scene, world, tmp_path / str(k))
        print("FAULT" if fault else "ok", one.text, "|", one.surface, one.beside, fault)
        faults += [f"{one.text} ({one.surface}): {fault}"] if fault else []
        shutil.rmtree(tmp_path / str(k))
    assert not faults, "\n".join(faults)
