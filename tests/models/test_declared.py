"""Defaults of own functions are read without running them."""

import inspect
from pathlib import Path

import pytest

from brittlestar.models.declared import read_declared

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
