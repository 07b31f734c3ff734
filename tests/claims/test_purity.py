"""Judging is pure: no module of the room opens a file, so that claims can be judged on records from anywhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

from brittlestar import claims

ROOM = Path(claims.__file__).parent
MODULES = {"glob", "importlib", "io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "urllib"}
"""Modules of Python that reach files."""
ARRAYS = {"np", "numpy", "pl", "polars"}
FILES = {"fromfile", "genfromtxt", "load", "loadtxt", "memmap", "save", "savetxt", "savez", "tofile"}


def find_file_access(source: str) -> Iterator[str]:
    """What a module imports or calls to reach a file."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                yield module
            case ast.Name(id="open" | "__import__" | "__file__" as name):
                yield name
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in ARRAYS:
                if attr in FILES or attr.startswith(("read_", "scan_")):
                    yield f"{name}.{attr}"
            case ast.Attribute(attr=attr) if attr.startswith(("write_", "sink_")) or attr in ("open", "tofile"):
                yield attr
            case _:
                pass


def test_no_module_of_the_room_opens_a_file() -> None:
    files = sorted(ROOM.rglob("*"))
    found = {path.name: list(find_file_access(path.read_text("utf-8"))) for path in files if path.suffix == ".py"}
    assert len(found) > 20 and not {name: what for name, what in found.items() if what}
    assert {path.suffix for path in files if path.is_file() and path.parent.name != "__pycache__"} <= {".py", ".md"}
