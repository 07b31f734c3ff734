import subprocess
import sys
from pathlib import Path

import numpy as np

import brittlestar
from brittlestar.models.source import closure, defined_at, format_path, is_library


def test_closure_follows_every_form_of_import(tmp_path: Path) -> None:
    files = {
        "main.py": "import a\nfrom pkg import sub\nfrom pkg.deep import thing\nimport os, numpy\n",
        "a.py": "def f():\n    import lazy\n",
        "lazy.py": "import main\n",
        "pkg/__init__.py": "",
        "pkg/sub.py": "from . import sibling\nfrom .other import x\n",
        "pkg/sibling.py": "from ..a import y\n",
        "pkg/other.py": "this is not python",
        "pkg/deep/__init__.py": "from .. import uncle\n",
        "pkg/uncle.py": "",
        "pkg/stranger.py": "",
        "namespace/leaf.py": "",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    found = {path.relative_to(tmp_path).as_posix() for path in closure(tmp_path / "main.py", tmp_path)}
    assert found == set(files) - {"pkg/stranger.py", "namespace/leaf.py"}


def test_what_counts_as_a_library() -> None:
    assert is_library(Path(np.__file__)) and is_library(Path(subprocess.__file__))
    assert is_library(Path(brittlestar.__file__))
    assert not is_library(Path(__file__))


def test_paths_are_shown_as_a_person_would_write_them(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert format_path(str(tmp_path / "x" / "y.py")) == "x/y.py"
    assert format_path("/elsewhere/z.py") == "/elsewhere/z.py"


def test_definitions_are_found() -> None:
    line = test_definitions_are_found.__code__.co_firstlineno
    assert defined_at(test_definitions_are_found).endswith(f"test_source.py:{line}")
    assert defined_at(len) == ""


def test_finding_own_models_does_not_load_torch() -> None:
    code = "import sys, brittlestar.models.own; print('torch' in sys.modules, 'polars' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]
