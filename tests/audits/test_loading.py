"""What `audit FOLDER` and `judge TABLE` load: neither looks at trained models, so neither loads what diagnoses them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROWS = {name: [(f"{word} {k}", word) for k in range(20) for word in ("a", "b")] for name in ("train", "test")}
RUN = """
import sys
from brittlestar.cli import main
try:
    main()
finally:
    print(sorted(name for name in sys.modules if name.startswith("brittlestar.diagnosis")))
"""


@pytest.mark.parametrize("command", ["audit", "judge"])
def test_nothing_that_diagnoses_models_is_loaded(command: str, tmp_path: Path) -> None:
    for name, rows in ROWS.items():
        lines = ["sequence,label", *(f"{sequence},{label}" for sequence, label in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    outcomes = [f"{variant},{seed},{row},{row % 2}" for variant in "ab" for seed in (0, 1) for row in range(9)]
    table = tmp_path / "outcomes.table.csv"
    table.write_text("\n".join(["variant,seed,example,outcome", *outcomes]))
    asked = ["audit", str(tmp_path)] if command == "audit" else ["judge", str(table), "--claim", "a > b by 0.1"]
    done = subprocess.run([sys.executable, "-c", RUN, *asked], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
