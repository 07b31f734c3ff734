"""Text held against a file of tests/snapshots. `UPDATE_SNAPSHOTS=1 python -m pytest tests/cli/test_terminal.py`
writes the files anew: read their difference before it is committed."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def same_as_snapshot(name: str, text: str) -> None:
    """Fail where the text is not that of the snapshot `name`, or there is none; write it where that is asked for."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.is_file(), f"no snapshot {file.name}: UPDATE_SNAPSHOTS=1 writes it"
    assert text == file.read_text(encoding="utf-8"), f"{file.name} differs: UPDATE_SNAPSHOTS=1 writes it anew"
