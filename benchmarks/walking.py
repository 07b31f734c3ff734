"""How much of the house a question walks through, and how much code stands in each room.

Code are lines that are neither docstring, comment, blank nor import. A file is entered when one of its functions is
called, a call climbs back when it goes from a room to one that stands later in the flow, as a callback does, and frames
are those between `main` and the audit of the data. `python -m benchmarks.walking [SOURCE]` counts and walks the package
in SOURCE (`src` without it), so that two commits can be compared: `git worktree add before COMMIT`, then `before/src`.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOMS = (
    *("core", "statistics", "study", "data", "models", "baselines", "audits", "probes", "training", "store"),
    *("execution", "diagnosis", "claims", "reports", "pipeline", "records", "verbs", "cli"),
)
FLOWS = {
    "audit": ["audit", "data"],
    "check": ["check", "data", "--preds", "forest_0.csv"],
    "gate": ["gate", "data", "--preds", "forest_0.csv"],
    "run": ["run", "data", "--model", "own_module:build", "--seeds", "2", "--set", "training.epochs=1"],
    "judge": ["judge", "results.csv", "--claim", "new > old by 0.01 on accuracy"],
}
WALK = """
import json, sys, threading
entered, back, frames = set(), 0, 0
def look(frame, event, arg):
    global back, frames
    if event != "call" or (at := frame.f_code.co_filename.find(MARK)) < 0 or frame.f_code.co_name == "<module>":
        return
    here = frame.f_code.co_filename[at + len(MARK):]
    entered.add(frame.f_code.co_filename)
    before = frame.f_back and frame.f_back.f_code.co_filename
    if before and (there := before.find(MARK)) >= 0:
        rooms = [name.partition("/")[0] for name in (before[there + len(MARK):], here)]
        if all(one in ROOMS for one in rooms) and ROOMS.index(rooms[1]) > ROOMS.index(rooms[0]):
            back += 1
    if frame.f_code.co_name == "audit_dataset" and not frames:
        above = frame.f_back
        while above is not None:
            frames += MARK in above.f_code.co_filename
            above = above.f_back
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
open("walk.json", "w").write(json.dumps([len(entered), lines, back, imported, frames]))
"""


def count_code(path: Path) -> int:
    """Lines of a file that are neither docstring, comment, blank nor import."""
    text = path.read_text(encoding="utf-8")
    left_out = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()[:1] in ("", "#")}
    for node in ast.walk(ast.parse(text)):
        bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if bare or isinstance(node, ast.Import | ast.ImportFrom):
            left_out |= {*range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return len(text.splitlines()) - len(left_out)


def walk_flow(source: Path, folder: Path, arguments: list[str]) -> list[int]:
    """Files that a command enters, their lines, calls that climb back, modules that it imports, and frames above the
    audit."""
    before = f"MARK, ROOMS, ARGUMENTS = {f'{source}/brittlestar/'!r}, {ROOMS!r}, {arguments!r}\n"
    paths = f"{source}{os.pathsep}{folder}"
    environment = {**os.environ, "PYTHONPATH": paths, "BRITTLESTAR_AUDITS": "anew"}
    subprocess.run([sys.executable, "-c", before + WALK], cwd=folder, env=environment, check=True, capture_output=True)
    return json.loads((folder / "walk.json").read_text(encoding="utf-8"))


def print_rooms(source: Path) -> None:
    """Print code and files of each room."""
    package = source / "brittlestar"
    code, files = Counter[str](), Counter[str]()
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        code[room] += count_code(path)
        files[room] += 1
    print("| room | code | files |\n| --- | --- | --- |")
    for room in sorted(code, key=lambda one: -code[one]):
        print(f"| {room} | {code[room]:,} | {files[room]} |")
    print(f"| all | {code.total():,} | {files.total()} |\n")


def main(argv: list[str]) -> None:
    """Print the tables."""
    source = Path(argv[0] if argv else "src").resolve()
    print_rooms(source)
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
        print(
            "| flow | files entered | their lines | calls that climb back | modules imported | frames above an audit |"
        )
        print("| --- | --- | --- | --- | --- | --- |")
        for name, arguments in FLOWS.items():
            print(f"| {name} | {' | '.join(f'{number:,}' for number in walk_flow(source, folder, arguments))} |")


if __name__ == "__main__":
    main(sys.argv[1:])
