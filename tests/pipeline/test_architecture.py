"""The table of docs/explanation/architecture.md is that of the imports; no stage imports a later one."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "src" / "brittlestar" / "pipeline"
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| `(\w+)` \| (?:`(\w+)`)? *\|.*\| ([a-z, ]+) \|$", PAGE.partition("## Other questions")[0], re.MULTILINE
)
STAGES = [stage for stage, _, _ in ROWS]
USES = {stage: set(rooms.split(", ")) for stage, _, rooms in ROWS}
HELPERS = {"setup": ["auditing"], "train": ["probes"]}
"""Files that a stage calls, and that the table counts with it; of these the rooms that no stage names by itself."""
EVERYWHERE = {"core", "statistics", "pipeline", "baselines"}


def list_imports(name: str) -> set[tuple[str, str]]:
    """Rooms with their modules that a file of the pipeline imports."""
    tree = ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    parts = [one.split(".") for one in named if one.startswith("brittlestar.")]
    return {(part[1], part[2] if len(part) > 2 else "") for part in parts}


def test_each_stage_takes_what_an_earlier_one_gives() -> None:
    assert STAGES == ["request", "open", "prepare", "setup", "train", "assess", "report"]
    given = [(ROOM / f"{stage}.py").read_text(encoding="utf-8") for stage in STAGES]
    for number, (_, record, _) in enumerate(ROWS):
        assert not record or any(record in text for text in given[:number]), record


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_uses_the_rooms_that_the_table_says(stage: str) -> None:
    rooms = {room for room, _ in list_imports(stage)} - EVERYWHERE
    beside = {room for helper in HELPERS.get(stage, ()) for room, _ in list_imports(helper)} - EVERYWHERE
    assert rooms <= USES[stage] <= rooms | beside


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_a_later_one(stage: str) -> None:
    later = STAGES[STAGES.index(stage) + 1 :]
    assert not [module for room, module in list_imports(stage) if room == "pipeline" and module in later]
