"""The public list, and Python users: data in memory of any kind, the same results as from files, errors as records."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import brittlestar
from brittlestar import InputError, RunResult, run

from .command import ROWS, folder, tree

SEQUENCES = [row[1] for row in ROWS]
LABELS = [row[2] for row in ROWS]
QUICK: dict[str, Any] = {"seeds": 1, "executor": "serial"}
SETTINGS = {"training.epochs": 1, "model.family": "bag", "variants": "{}"}
pytestmark = pytest.mark.usefixtures("in_own_folder")
ROOT = Path(__file__).parents[1]
PUBLIC = ["brittlestar", "brittlestar.integrations.transformers"]
"""Modules that people import, as docs/reference/stability.md lists them; each lists its names in `__all__`."""


def quick(data: Any, out: str, **options: Any) -> RunResult:
    return run(data, out=out, settings=SETTINGS, **(QUICK | options))


def test_everything_on_the_public_list_is_there_and_described() -> None:
    assert {"own_probe", "probe", "run"} <= set(brittlestar.__all__)
    for name in brittlestar.__all__:
        thing = getattr(brittlestar, name)
        assert thing.__doc__, name
        assert name in dir(brittlestar)
    with pytest.raises(AttributeError, match="no attribute 'verb'"):
        _ = brittlestar.verb  # pyright: ignore


def test_type_checkers_see_the_public_list() -> None:
    tree = ast.parse(Path(brittlestar.__file__).read_text(encoding="utf-8"))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    declared = {name: module.removeprefix("brittlestar.") for module, name in list_imports(ast.unparse(typed))}
    assert declared == brittlestar._PLACES
    assert Path(brittlestar.__file__).with_name("py.typed").is_file()


def list_imports(code: str) -> Iterator[tuple[str, str]]:
    """Module and name of everything of this package that code imports, or reads from it as an attribute."""
    tree = ast.parse(code)
    called = {"brittlestar"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "brittlestar":
            yield from ((node.module or "", name.name) for name in node.names)
        elif isinstance(node, ast.Import):
            called |= {name.asname for name in node.names if name.name == "brittlestar" and name.asname}
            yield from ((name.name, "") for name in node.names if name.name.startswith("brittlestar."))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in called:
            yield "brittlestar", node.attr


def list_code() -> Iterator[tuple[Path, str]]:
    """What readers copy: Python in README, docs and examples."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("examples/**/*.md"))]:
        for block in re.findall(
            r"^```python[^\n]*\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            yield path, block
    for path in sorted(ROOT.glob("examples/**/*.py")):
        yield path, path.read_text(encoding="utf-8")


def test_what_readers_copy_uses_public_names() -> None:
    used = {(path.name, *one) for path, code in list_code() for one in list_imports(code)}
    names = {module: {*importlib.import_module(module).__all__, "__version__"} for module in PUBLIC}
    assert len({name for _, _, name in used}) > 15
    assert sorted(one for one in used if one[2] not in names.get(one[1], ())) == []
    page = (ROOT / "docs" / "reference" / "stability.md").read_text(encoding="utf-8")
    assert [module for module in PUBLIC if f"`{module}`" not in page] == []


def test_data_in_memory_gives_what_files_give(tmp_path: Path) -> None:
    """How every kind of frame and list is read, `tests/data` looks at."""
    frame = pd.DataFrame({"sequence": SEQUENCES, "label": [int(label) for label in LABELS]})
    folder(tmp_path / "memory", {f"{split}.csv": frame.to_csv(index=False) for split in ("train", "test")})
    from_files, result = quick(tmp_path / "memory", "f"), quick({"train": frame, "test": frame}, "s")
    assert result.exit_code == 0 and result.store == Path("s")
    assert (tmp_path / "s" / "report" / "report.html").is_file()
    for part in ("data", "variants", "cells"):
        assert result.document[part] == from_files.document[part]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], "a list is neither a path nor a mapping"),
        (pd.DataFrame({"sequence": SEQUENCES}), "one DataFrame is one split"),
        (None, "a NoneType is neither"),
        ({"test": (SEQUENCES, LABELS)}, "no split named 'train'; given: test"),
        ({1: (SEQUENCES, LABELS)}, r"names must be text \(got 1\)"),
        ({"train": []}, "has no rows"),
    ],
    ids=str,
)
def test_data_in_memory_that_cannot_be_read(data: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        quick(data, "s")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        ({"columns": {"seq": "x"}}, ["columns: unknown role 'seq'; roles are id, sequence, label, group"]),
        ({"settings": {"training.epoch": 1}}, ["'training.epoch' is unknown; did you mean 'training.epochs'?"]),
        ({"seeds": 0}, ["seeds is 0"]),
        ({"jobs": 0, "executor": "processes"}, ["jobs must be 1 or more (got 0)"]),
        (
            {"executor": "nope", "budget": -1.0, "timeout": 0.0},
            [
                "executor must be processes or serial or ray (got 'nope')",
                "budget must be positive (got -1 s)",
                "(got 0 s)",
            ],
        ),
        ({"predictions": "p.csv", "seeds": None}, ["p.csv: the predictions file does not exist"]),
        ({"predictions": ["p.csv"], "model": "a:b"}, ["a model and predictions exclude each other"]),
        ({"model": "nowhere:build"}, ["module 'nowhere' does not exist"]),
    ],
    ids=str,
)
def test_options_that_cannot_be_meant(options: dict[str, Any], messages: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run({"train": (SEQUENCES, LABELS)}, out="s", **(QUICK | options))
    notes = [str(problem) for problem in caught.value.problems]
    assert len(notes) == len(messages)
    assert all(message in line for message, line in zip(messages, notes, strict=True)), notes
    assert caught.value.exit_code == 2
    assert tree(tmp_path) == {}
