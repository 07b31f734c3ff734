"""The picture of docs/architecture.md is that of the imports, and no stage imports one that comes after it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "src" / "brittlestar" / "pipeline"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = re.search(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
assert PICTURE is not None
ARROWS = re.findall(r"^ +(\w+)\S*.* -->\|\w+\| (\w+)", PICTURE[1], re.MULTILINE)
STAGES = [ARROWS[0][0], *(after for _, after in ARROWS)]
USES = {
    stage: {one.strip() for one in rooms.split("&")}
    for stage, rooms in re.findall(r"^ +(\w+) -\.-> (.*)$", PICTURE[1], re.MULTILINE)
}
HELPERS = {"setup": ["auditing"], "train": ["probes"]}
"""Files that a stage calls, and that the picture counts with it; of these the rooms that no stage names by itself."""
EVERYWHERE = {"core", "statistics", "pipeline", "baselines"}


def list_imports(name: str) -> set[tuple[str, str]]:
    """Rooms with their modules that a file of the pipeline imports."""
    tree = ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    parts = [one.split(".") for one in named if one.startswith("brittlestar.")]
    return {(part[1], part[2] if len(part) > 2 else "") for part in parts}


def test_the_arrows_are_one_line_of_stages() -> None:
    assert [before for before, _ in ARROWS] == STAGES[:-1]
    assert STAGES == ["request", "open", "prepare", "setup", "train", "assess", "report"] and {*USES} == {*STAGES}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_uses_the_rooms_that_the_picture_says(stage: str) -> None:
    rooms = {room for room, _ in list_imports(stage)} - EVERYWHERE
    beside = {room for helper in HELPERS.get(stage, ()) for room, _ in list_imports(helper)} - EVERYWHERE
    assert rooms <= USES[stage] <= rooms | beside


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_a_later_one(stage: str) -> None:
    later = STAGES[STAGES.index(stage) + 1 :]
    assert not [module for room, module in list_imports(stage) if room == "pipeline" and module in later]
