"""How much there may be: lines of Python and files of each room, in one table of `pyproject.toml`.

Whoever lets a room grow raises its number there, in the commit that says why.
"""

import subprocess
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE: dict[str, int] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["budgets"]
SOURCE = "src/brittlestar"


def count_lines() -> Counter[str]:
    """Lines of Python by room of the package, of `src`, `exam` and `tests`, and files of `src`, tracked and
    not yet tracked."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    counts: Counter[str] = Counter()
    for name in listed.stdout.splitlines():
        path = Path(name)
        if not (ROOT / path).exists():
            continue
        lines = (ROOT / path).read_bytes().count(b"\n")
        counts[path.parts[0]] += lines
        if path.is_relative_to(SOURCE):
            counts["files of src"] += 1
            counts[path.relative_to(SOURCE).parts[0]] += lines * (len(path.relative_to(SOURCE).parts) > 1)
    return counts


def test_no_room_has_more_than_its_budget() -> None:
    found = count_lines()
    rooms = {path.name for path in (ROOT / SOURCE).iterdir() if any(path.glob("*.py"))}
    assert rooms == TABLE.keys() - {"src", "exam", "tests", "files of src"}, "every room has a budget"
    over = {name: f"{found[name]:,} of {most:,}" for name, most in TABLE.items() if found[name] > most}
    assert over == {}
