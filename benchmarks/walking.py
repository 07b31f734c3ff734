"""How many files a question walks through: those that a flow enters and imports, and calls that climb back.

A file is entered when one of its functions is called. A call climbs back when it goes from a room to one that stands
later in the flow, as a callback does. `python -m benchmarks.walking [SOURCE]` walks the package in SOURCE (`src`
without it), so that two commits can be compared: `git worktree add before COMMIT`, then `before/src`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOMS = (
    *("core", "statistics", "study", "data", "models", "baselines", "audits", "probes", "training", "store"),
    *("execution", "diagnosis", "claims", "reports", "pipeline", "records", "verbs", "cli"),
)
FLOWS = {
    "run": ["run", "data", "--model", "own_module:build", "--seeds", "2", "--set", "training.epochs=1"],
    "check": ["check", "data", "--preds", "forest_0.csv"],
    "audit": ["audit", "data"],
    "judge": ["judge", "results.csv", "--claim", "new > old by 0.01 on accuracy"],
}
WALK = """
import json, sys, threading
entered, back, lines = set(), 0, 0
def look(frame, event, arg):
    global back
    if event != "call" or (at := frame.f_code.co_filename.find(MARK)) < 0 or frame.f_code.co_name == "<module>":
        return
    here = frame.f_code.co_filename[at + len(MARK):]
    entered.add(frame.f_code.co_filename)
    before = frame.f_back and frame.f_back.f_code.co_filename
    if before and (there := before.find(MARK)) >= 0:
        rooms = [name.partition("/")[0] for name in (before[there + len(MARK):], here)]
        if all(one in ROOMS for one in rooms) and ROOMS.index(rooms[1]) > ROOMS.index(rooms[0]):
            back += 1
sys.argv = ["brittlestar", *ARGUMENTS]
from brittlestar.cli.app import main
sys.setprofile(look)
threading.setprofile(look)
try:
    main()
except SystemExit:
    pass
sys.setprofile(None)
imported = sum(name.startswith("brittlestar") for name in sys.modules)
lines = sum(open(name, encoding="utf-8").read().count("\\n") for name in entered)
open("walk.json", "w").write(json.dumps([len(entered), lines, back, imported]))
"""


def walk_flow(source: Path, folder: Path, arguments: list[str]) -> tuple[int, int, int, int]:
    """Files that a command enters, their lines, calls that climb back, and modules that it imports."""
    before = f"MARK, ROOMS, ARGUMENTS = {f'{source}/brittlestar/'!r}, {ROOMS!r}, {arguments!r}\n"
    environment = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{folder}"}
    subprocess.run([sys.executable, "-c", before + WALK], cwd=folder, env=environment, check=True, capture_output=True)
    entered, lines, back, imported = json.loads((folder / "walk.json").read_text(encoding="utf-8"))
    return entered, lines, back, imported


def main(argv: list[str]) -> None:
    """Print the table."""
    source = Path(argv[0] if argv else "src").resolve()
    examples = Path(__file__).parent.parent / "examples"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        script = "from brittlestar import generate; generate('data', sizes='200/60/60')"
        environment = {**os.environ, "PYTHONPATH": str(source)}
        subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, check=True)
        for name in ("own_module.py", "predictions_files.py", "results.csv"):
            if (examples / name).exists():
                (folder / name).write_bytes((examples / name).read_bytes())
        subprocess.run([sys.executable, "predictions_files.py", "data"], cwd=folder, env=environment, check=True)
        if not (folder / "results.csv").exists():
            rows = (f"{variant},{seed},{score}" for variant, score in (("new", 0.9), ("old", 0.8)) for seed in range(5))
            (folder / "results.csv").write_text("\n".join(["variant,seed,score", *rows]), encoding="utf-8")
        print("| flow | files entered | their lines | calls that climb back | modules imported |")
        print("| --- | --- | --- | --- | --- |")
        for name, arguments in FLOWS.items():
            print(f"| {name} | {' | '.join(f'{number:,}' for number in walk_flow(source, folder, arguments))} |")


if __name__ == "__main__":
    main(sys.argv[1:])
