"""Which files are mutated, by room, and which tests may notice: every name of a folder stands here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path("src/brittlestar")
ROOMS = {"audits": ["audits"], "claims": ["claims", "verdicts"], "statistics": ["statistics"]}
"""Each room and the folders of the package that it is or was."""
WEIGHTS = {"audits": 10, "claims": 5, "statistics": 3}
"""How a sample is divided between rooms; a room that is not named here weighs 1."""
TESTS = ["audits", "claims", "verdicts", "statistics", "diagnosis", "core"]
"""Folders of tests that are run: those of the rooms, and those of who else computes with `statistics`."""


def find_files(tree: Path, asked: Sequence[str]) -> dict[str, list[Path]]:
    """Files of each room asked for, relative to the tree: `NAME`, or `NAME=PATH,PATH` for other files and folders of
    the package. A file named for a room is no other room's."""
    files: dict[str, list[Path]] = {}
    for room in asked:
        name, _, given = room.partition("=")
        paths = [tree / PACKAGE / part for part in (given.split(",") if given else ROOMS[name])]
        if given and (lacking := [path for path in paths if not path.exists()]):
            raise FileNotFoundError(f"room {name}: no {', '.join(map(str, lacking))}")
        found = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
        files[name] = [file.relative_to(tree) for file in found]
    single = {PACKAGE / part for room in asked for part in room.partition("=")[2].split(",") if part.endswith(".py")}
    named = {room.partition("=")[0] for room in asked if "=" in room}
    return {name: [file for file in own if name in named or file not in single] for name, own in files.items()}


def find_tests(tree: Path) -> list[str]:
    """Folders of tests that the tree has, relative to it."""
    return [f"tests/{name}" for name in TESTS if (tree / "tests" / name).is_dir()]
