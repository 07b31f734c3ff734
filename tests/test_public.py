"""The public list, and Python users: data in memory of any kind, the same results as from files, errors as records."""

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
        ({1: (SEQUENCES, LABELS)}, r"the name of a split must be text \(got 1\)"),
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
