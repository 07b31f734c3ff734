"""Own code travels: what a model is made of and no more, to a place that is named by what it holds."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.execution.own_code import OwnCode, collect_own_code, place_own_code
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


def test_the_same_files_stay_where_they_are(folder: Path) -> None:
    assert place_own_code(collect_own_code(folder, [own("model:build")]), str(folder)) == str(folder)
    assert place_own_code(OwnCode({}), "/nowhere") == "/nowhere"


def test_elsewhere_they_are_unpacked_once_and_mended(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    code = collect_own_code(folder, [own("model:build")])
    place = Path(place_own_code(code, "/nowhere"))
    assert {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()} == {
        **code.files
    }
    assert place.is_relative_to(temporary) and place.parent.stat().st_mode & 0o077 == 0
    (place / "model.py").write_text("changed")
    assert (
        Path(place_own_code(code, "/nowhere")) == place and (place / "model.py").read_bytes() == code.files["model.py"]
    )
    assert [path.name for path in place.parent.iterdir()] == [place.name]
