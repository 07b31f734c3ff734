"""The source of own code, its facts and its defaults."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from brittlestar.core.splits import EncodedData, EncodedSplit, Vocabulary
from brittlestar.models.declared import read_declared
from brittlestar.models.info import model_info
from brittlestar.models.source import closure, defined_at


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


def test_definitions_are_found() -> None:
    line = test_definitions_are_found.__code__.co_firstlineno
    assert defined_at(test_definitions_are_found).endswith(f"test_source.py:{line}")
    assert defined_at(len) == ""


def test_finding_own_models_does_not_load_torch() -> None:
    code = "import sys, brittlestar.models.own; print('torch' in sys.modules, 'polars' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]


def split(name: str, lengths: list[int]) -> EncodedSplit:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    tokens = np.full(int(offsets[-1]), 2, dtype=np.int32)
    return EncodedSplit(tokens, offsets, name, np.zeros(len(lengths), dtype=np.int32), {}, None, "f")


def test_facts_come_from_the_vocabulary_and_train() -> None:
    vocabulary = Vocabulary(("<p>", "<u>", "x"), {"shape": np.array([0, 0, 1])}, {"shape": ("", "x")})
    data = EncodedData(vocabulary, ("n", "y"), {"train": split("train", [3, 0, 7]), "test": split("test", [99])})
    info = model_info(data)
    assert (info.vocabulary_size, info.classes, info.pad_id, info.unknown_id) == (3, ["n", "y"], 0, 1)
    assert info.max_length == 7, "the longest row of train, not of test"
    assert info.tokens == ["<p>", "<u>", "x"]
    assert info.factors["shape"].tolist() == [0, 0, 1] and info.factors["shape"].dtype == np.int32
    info.factors["shape"][2] = 5
    assert data.vocabulary.factors["shape"].tolist() == [0, 0, 1], "own code cannot reach the vocabulary"


# Defaults of own functions are read without running them


CODE = """
raise SystemExit("nothing of this is run")


def fit(train, dev, seed, rate=0.5, /, rounds=40, *, ridge=-1e-3, sizes=(3, 5), made=list(), observe=None, named):
    return None


class Net:
    pass
"""


def test_defaults_are_those_that_python_knows(tmp_path: Path) -> None:
    (tmp_path / "tally.py").write_text(CODE)
    scope: dict[str, object] = {}
    exec(CODE.partition("\n\n\n")[2], scope)
    known = inspect.signature(scope["fit"]).parameters  # type: ignore[arg-type]
    found = read_declared("tally:fit", tmp_path)
    assert found == {name: known[name].default for name in ("rate", "rounds", "ridge", "sizes")}


@pytest.mark.parametrize(
    "reference", ["tally:Net", "tally:none", "other:fit", "tally", "", "../tally:fit", "broken:fit"]
)
def test_what_is_not_there_declares_nothing(tmp_path: Path, reference: str) -> None:
    (tmp_path / "tally.py").write_text(CODE)
    (tmp_path / "broken.py").write_text("def fit(:")
    assert read_declared(reference, tmp_path) == {}
