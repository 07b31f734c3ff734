"""What loads nothing that diagnoses models: what looks at none, and what asks for no finding about one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.zoo import Zoo

ROWS = {name: [(f"{word} {k}", word) for k in range(20) for word in ("a", "b")] for name in ("train", "test")}
RUN = """
import sys
from brittlestar.cli import main
try:
    main()
finally:
    print(sorted(name for name in sys.modules if name.startswith("brittlestar.diagnosis")))
"""


def run_alone(*arguments: str) -> tuple[str, str]:
    """What a command prints, and the modules of the diagnosis that it loaded, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=False)
    *printed, loaded = done.stdout.splitlines()
    return "\n".join([*printed, done.stderr]), loaded


@pytest.mark.parametrize("command", ["audit", "judge"])
def test_nothing_that_diagnoses_models_is_loaded(command: str, tmp_path: Path) -> None:
    for name, rows in ROWS.items():
        lines = ["sequence,label", *(f"{sequence},{label}" for sequence, label in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    outcomes = [f"{variant},{seed},{row},{row % 2}" for variant in "ab" for seed in (0, 1) for row in range(9)]
    table = tmp_path / "outcomes.table.csv"
    table.write_text("\n".join(["variant,seed,example,outcome", *outcomes]))
    asked = ["audit", str(tmp_path)] if command == "audit" else ["judge", str(table), "--claim", "a > b by 0.1"]
    said, loaded = run_alone(*asked)
    assert loaded == "[]", said


def test_a_study_is_diagnosed_only_where_that_is_shown(zoo: Zoo) -> None:
    study = str(zoo.find("given") / "data.study")
    claim = ["judge", study, "--claim", "main > best-trivial by 0.1 on accuracy"]
    for asked in (claim, ["gate", study, "--max-drop", "dev=0.9"]):
        said, loaded = run_alone(*asked)
        assert loaded == "[]", said
    for asked in ([*claim, "-v"], [*claim, "--json"], ["judge", study], ["gate", study, "--require", "sound"]):
        said, loaded = run_alone(*asked)
        assert "sound" in said.lower(), said
        assert loaded != "[]", said
