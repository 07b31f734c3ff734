"""The public list, and Python users: data in memory of any kind, the same results as from files, errors as records."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

import brittlestar
from brittlestar import InputError, RunResult, run

from .command import ROWS, folder, tree

SEQUENCES = [row[1] for row in ROWS]
LABELS = [row[2] for row in ROWS]
QUICK: dict[str, Any] = {"seeds": 1, "executor": "serial"}
SETTINGS = {"training.epochs": 1, "model.family": "bag", "variants": "{}"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def quick(data: Any, out: str, **options: Any) -> RunResult:
    return run(data, out=out, settings=SETTINGS, **(QUICK | options))


def test_everything_on_the_public_list_is_there_and_described() -> None:
    assert set(brittlestar.__all__) == set(brittlestar._PLACES)  # pyright: ignore[reportPrivateUsage]
    assert {"own_probe", "probe", "run"} <= set(brittlestar.__all__)
    for name in brittlestar.__all__:
        thing = getattr(brittlestar, name)
        assert thing.__doc__, name
        assert name in dir(brittlestar)
    with pytest.raises(AttributeError, match="no attribute 'verb'"):
        _ = brittlestar.verb  # pyright: ignore


FORMS: dict[str, Callable[[], Any]] = {
    "pandas": lambda: pd.DataFrame({"sequence": SEQUENCES, "label": LABELS}),
    "pandas with numbers as labels": lambda: pd.DataFrame({"sequence": SEQUENCES, "label": [int(x) for x in LABELS]}),
    "polars": lambda: pl.DataFrame({"sequence": SEQUENCES, "label": LABELS}),
    "lazy polars": lambda: pl.LazyFrame({"sequence": SEQUENCES, "label": LABELS}),
    "arrow": lambda: pa.table({"sequence": SEQUENCES, "label": LABELS}),
    "plain lists": lambda: (SEQUENCES, LABELS),
    "numpy labels": lambda: (SEQUENCES, np.array([int(label) for label in LABELS])),
    "lists of dicts": lambda: [{"sequence": s, "label": x} for s, x in zip(SEQUENCES, LABELS, strict=True)],
    "lists of tokens": lambda: ([s.split() for s in SEQUENCES], LABELS),
    "a list column": lambda: pl.DataFrame({"sequence": [s.split() for s in SEQUENCES], "label": LABELS}),
}


@pytest.fixture(scope="module")
def from_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    here = tmp_path_factory.mktemp("files")
    rows = [(sequence, label) for sequence, label in zip(SEQUENCES, LABELS, strict=True)]
    text = "sequence,label\n" + "".join(f"{sequence},{label}\n" for sequence, label in rows)
    folder(here / "memory", {"train.csv": text, "test.csv": text})
    return dict(run(here / "memory", out=here / "s", settings=SETTINGS, **QUICK).document)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_data_in_memory_gives_what_files_give(form: str, from_files: dict[str, Any], tmp_path: Path) -> None:
    data = FORMS[form]()
    result = quick({"train": data, "test": data}, "s")
    assert result.exit_code == 0 and result.store == Path("s")
    assert (tmp_path / "s" / "report" / "report.html").is_file()
    listed = form in ("lists of tokens", "a list column")
    document = dict(result.document)
    assert document["data"] == from_files["data"]
    assert document["variants"] == from_files["variants"]
    assert ([c["hash"] for c in document["cells"]] == [c["hash"] for c in from_files["cells"]]) is not listed


def test_one_frame_becomes_splits_that_are_audited() -> None:
    rows = [{"sequence": f"a{i} b{i % 7} c{i % 11} d", "label": str(i % 2)} for i in range(100)]
    result = brittlestar.split(rows, sizes="60/20/20", seed=1)
    assert isinstance(result, brittlestar.SplitResult) and result.folder is None
    assert {name: frame.height for name, frame in result.frames.items()} == {"train": 60, "dev": 20, "test": 20}
    assert {finding.code for finding in result.findings} >= {"leak.exact"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], "a list is neither a path nor a mapping"),
        (pd.DataFrame({"sequence": SEQUENCES}), "one DataFrame is one split"),
        (None, "a NoneType is neither"),
        ({}, "no split named 'train'"),
        ({"test": (SEQUENCES, LABELS)}, "no split named 'train'; given: test"),
        ({1: (SEQUENCES, LABELS)}, r"the name of a split must be text \(got 1\)"),
        ({"train": (SEQUENCES, LABELS), "../x": (SEQUENCES, LABELS)}, "'../x' is no name of a split"),
        ({"train": 3}, "data for train: .*int is no data that is read"),
        ({"train": (SEQUENCES, LABELS[:3])}, "30 sequences but 3 labels"),
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
        ({"columns": {"seq": "x"}}, ["columns: brittlestar reads no column 'seq'"]),
        ({"settings": {"training.epoch": 1}}, ["'training.epoch' is unknown; did you mean 'training.epochs'?"]),
        ({"seeds": 0}, ["seeds is 0"]),
        ({"jobs": 0, "executor": "processes"}, ["--jobs must be 1 or more (got 0)"]),
        (
            {"executor": "nope", "budget": -1.0, "timeout": 0.0},
            [
                "--executor must be processes or serial or ray (got 'nope')",
                "--budget must be positive (got -1 s)",
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
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == len(messages)
    assert all(message in line for message, line in zip(messages, told, strict=True)), told
    assert caught.value.exit_code == 2
    assert tree(tmp_path) == {}


@pytest.mark.slow
def test_the_callers_random_state_and_threads_are_left_alone(tmp_path: Path) -> None:
    """Under the serial executor, which trains in this very process; and another global seed changes no byte."""
    data = {"train": (SEQUENCES, LABELS), "dev": (SEQUENCES, LABELS)}
    found: list[dict[str, bytes]] = []
    for seed, out in ((1, "a"), (2, "b")):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state(), torch.get_num_threads())
        run(data, out=out, settings={"training.epochs": 1, "model.hidden": 4}, **QUICK)
        after = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state(), torch.get_num_threads())
        assert before[:2] == after[:2] and before[3] == after[3]
        assert torch.equal(before[2], after[2])
        cells = tree(tmp_path / out / "cells")
        found.append({name: content for name, content in cells.items() if not name.endswith("timing.json")})
    assert found[0] == found[1] and len(found[0]) > 10
