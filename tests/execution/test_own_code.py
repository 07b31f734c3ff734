"""Own code travels: what a model is made of and no more, to a place that is named by what it holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.execution.own_code import collect_own_code, find_own_code
from tests.execution.tiny import cell


def own(reference: str) -> Cell:
    return replace(cell(), settings={"model": {"own": reference}, "training": {"device": "cpu"}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "model.py": "import helper\nfrom package.inner import part\nimport numpy\n",
        "helper.py": "",
        "stranger.py": "",
        "package/__init__.py": "",
        "package/inner.py": "from . import data\n",
        "package/words.txt": "a b",
        "package/.secret": "x",
        "package/__pycache__/inner.pyc": "",
        "package/env/pyvenv.cfg": "",
        "package/env/lib.py": "",
        "package/tiny.study/attempts.jsonl": "",
        "package/tiny.study/big": "x",
        "data/train.csv": "x",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_modules_that_are_imported_and_whole_packages_go_and_nothing_else(folder: Path) -> None:
    found = collect_own_code(folder, [own("model:build"), cell()])
    assert [*found.files] == ["helper.py", "model.py", "package/__init__.py", "package/inner.py", "package/words.txt"]
    assert found.files["package/words.txt"] == b"a b"


def test_installed_and_session_models_bring_no_files(folder: Path) -> None:
    assert collect_own_code(folder, [own("sklearn.dummy:DummyClassifier"), own("session:fit"), cell()]).files == {}


def test_too_much_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(InputError, match=r"at most 70 go to each node.*the largest file is model\.py"):
        collect_own_code(folder, [own("model:build")], most=70)


def test_it_is_found_where_the_same_files_are(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = collect_own_code(folder, [own("model:build")])
    monkeypatch.chdir(tmp_path)
    assert find_own_code(code.hashes, str(folder)) == str(folder)
    assert find_own_code({}, "/nowhere") == "/nowhere"
    assert find_own_code(code.hashes, "/nowhere") == str(tmp_path)
    (folder / "model.py").write_text("changed")
    with pytest.raises(InputError, match=r"own code is not here as the run has it: helper\.py, model\.py"):
        find_own_code(code.hashes, str(folder))
