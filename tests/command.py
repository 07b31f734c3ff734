"""The command in this process: what it prints, its exit code, and the files it leaves. Data is small."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from brittlestar.cli import app
from tests.formats.checking import check_printed

ROWS = [(f"r{i}", f"a b c{i % 3}", str(i % 2)) for i in range(30)]
SMALL = ("--executor", "serial", "--seeds", "1", "--set", "training.epochs=1")
TINY_MODEL = ("--set", "model.hidden=4", "--set", "model.layers=1", "--set", "model.embedding.dim=4")


@dataclass(frozen=True)
class Said:
    """Exit code, standard output, and the lines of standard error."""

    code: int
    output: str
    errors: list[str]

    @property
    def document(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.output)


def brittlestar(*arguments: str | Path) -> Said:
    """Run the command with these arguments. No command may end in a traceback, and every document is as
    its schema says."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.stderr, result.stderr
    assert "Traceback" not in result.stdout, result.stdout
    if "--json" in arguments and result.stdout:
        check_printed([str(argument) for argument in arguments], result.stdout)
    return Said(result.exit_code, result.stdout, result.stderr.splitlines())


def csv_text(rows: Sequence[Sequence[str]] = ROWS, header: str = "id,sequence,label") -> str:
    """Rows under a header; fields are written as they are."""
    return "".join(f"{line}\n" for line in [header, *(",".join(row) for row in rows)])


def folder(path: Path, files: Mapping[str, str | bytes] | None = None, **splits: Sequence[Sequence[str]]) -> Path:
    """A folder with the given files and splits; without either, three good splits."""
    path.mkdir(parents=True, exist_ok=True)
    if files is None and not splits:
        splits = {"train": ROWS, "dev": ROWS, "test": ROWS}
    everything = {**(files or {}), **{f"{name}.csv": csv_text(rows) for name, rows in splits.items()}}
    for name, content in everything.items():
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def tree(path: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, caches of the interpreter left out."""
    return {
        str(file.relative_to(path)): file.read_bytes() if file.is_file() else b""
        for file in sorted(path.rglob("*"))
        if "__pycache__" not in file.parts
    }
