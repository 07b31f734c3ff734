"""Study files for tests: written, loaded, and their problems as lines."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.study.loading import load_study
from brittlestar.study.variants import LoadedStudy

HEAD = "name: demo\ndata: {path: spr, factors: '(?P<shape>.)(?P<colour>[rgby])?'}\n"


def load(folder: Path, text: str, overrides: Mapping[str, str] | None = None) -> LoadedStudy:
    path = folder / "study.yaml"
    path.write_bytes(text.encode())
    return load_study(path, overrides)


def problems(folder: Path, text: str, overrides: Mapping[str, str] | None = None) -> list[str]:
    """Every problem as a line, the folder's name left out."""
    with pytest.raises(InputError) as caught:
        load(folder, text, overrides)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]
