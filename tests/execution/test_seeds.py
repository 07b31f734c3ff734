"""What determines a cell is its named streams: neither the global random state, nor the executor, nor hash seeds."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from brittlestar.execution.executors import ExecutorName
from brittlestar.verbs.run import run
from tests.execution.tiny import attempts, contents, forget, write_split, write_study

pytestmark = pytest.mark.usefixtures("no_report")

OWN = """
import random
import numpy, torch

class Drawing(torch.nn.Module):
    '''Draws from every global generator while it is built and while it is trained.'''

    def __init__(self, info):
        super().__init__()
        self.rows = torch.nn.Embedding(info.vocabulary_size, len(info.classes))
        self.shift = random.random() + numpy.random.rand() + float(torch.rand(1))

    def forward(self, tokens, lengths):
        noise = random.random() + numpy.random.rand() if self.training else 0.0
        return self.rows(tokens).sum(1) + self.shift + noise * torch.rand(len(tokens), 1)

def build(info):
    return Drawing(info)

def fit(train, dev, seed):
    print(f"seed {seed} of {len(train.tokens)} rows")
    if seed == 1:
        raise ValueError("only on seed 1")
    share = random.random() * numpy.random.rand()
    return lambda rows: [[share, 1 - share] for _ in rows]
"""

PLANTED = (
    OWN
    + """
AT_IMPORT = random.random()

def build(info):
    model = Drawing(info)
    model.shift = AT_IMPORT
    return model
"""
)


def study_of(folder: Path, source: str = OWN) -> Path:
    study = write_study(folder, seeds=2, more="  own: {model.own: 'own:build'}\n  fitted: {model.own: 'own:fit'}\n")
    (folder / "own.py").write_text(source, encoding="utf-8")
    return study


def differing(study: Path, executor: ExecutorName) -> list[str]:
    """Files of the store that depend on the global random state of this process: the same study is run twice."""
    found: list[dict[str, bytes]] = []
    for seed in (1, 2):
        forget("own")
        random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
        store = study.parent / f"{executor} {seed}"
        run(study, out=store, executor=executor, jobs=2)
        found.append(contents(store))
    assert found[0].keys() == found[1].keys() and len(found[0]) > 60
    return [name for name, content in found[0].items() if found[1][name] != content]


def test_the_global_random_state_changes_nothing(tmp_path: Path) -> None:
    assert differing(study_of(tmp_path), "serial") == []


def test_workers_import_own_code_from_a_seeded_state_so_that_even_this_one_repeats(tmp_path: Path) -> None:
    assert differing(study_of(tmp_path, PLANTED), "processes") == []


def test_serial_and_processes_write_the_same_bytes(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    for executor in ("serial", "processes"):
        result = run(study, out=tmp_path / executor, executor=executor, jobs=2)
        assert {c.error is None for c in result.record.cells if c.variant == "fitted"} == {True, False}
    one, other = contents(tmp_path / "serial"), contents(tmp_path / "processes")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert sum(name.endswith("outcome.json") and name.startswith("cells/") for name in one) == 10


HASHED = """
import hashlib
ORDER = "".join(str(hash(word) % 9) for word in ("a", "b", "c", "d", "e", "f"))

def fit(train, dev, seed):
    vocabulary = list({token for row in train.tokens for token in row})
    share = vocabulary.index(train.tokens[0][0]) / len(vocabulary)
    print(ORDER)
    return lambda rows: [[share, 1 - share] for _ in rows]
"""


def test_hash_seeds_change_nothing(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1, more="  own: {model.own: 'own:fit'}\n")
    (tmp_path / "own.py").write_text(HASHED, encoding="utf-8")
    code = (
        "import sys; from brittlestar.pipeline import run as flow; from brittlestar.verbs.run import run\n"
        "flow.build_report = flow.show_document\n"
        "run(sys.argv[1], out=sys.argv[2], jobs=1)\n"
    )
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-c", code, str(study), str(tmp_path / hash_seed)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": hash_seed}, cwd=tmp_path)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def curves(store: Path, variant: str = "main") -> list[dict[str, list[float]]]:
    """Dev and train scores over epochs of every seed."""
    cells = [c for c in json.loads((store / "study.json").read_bytes())["cells"] if c["variant"] == variant]
    frames = [pl.read_parquet(store / "cells" / cell["hash"] / "curves.parquet") for cell in cells]
    return [{name: frame[name].to_list() for name in ("train.log_loss", "dev.log_loss")} for frame in frames]


@pytest.mark.parametrize(
    ("fixed", "same_start", "same_end"),
    [
        ((), False, False),
        (("init", "order"), True, False),
        (("init", "order", "dropout"), True, True),
    ],
)
def test_a_stream_held_fixed_is_the_same_for_every_seed(
    tmp_path: Path, fixed: tuple[str, ...], same_start: bool, same_end: bool
) -> None:
    study = write_study(tmp_path, seeds=2)
    settings = {"variants": "{}"} | {f"streams.{name}": "fixed" for name in fixed}
    run(study, out=tmp_path / "store", executor="serial", settings=settings)
    one, other = curves(tmp_path / "store")
    for name in one:
        assert (one[name][0] == other[name][0]) == same_start
        assert (one[name][-1] == other[name][-1]) == same_end


def test_arms_with_equal_settings_share_their_cells(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=2, more="  again: {model.family: mean}\n  named-bag: {model.family: bag}\n")
    result = run(study, out=tmp_path / "store", executor="serial")
    cells = {(cell.variant, cell.seed): cell for cell in result.record.cells}
    assert len(cells) == 10 and len({cell.hash for cell in result.record.cells}) == 6
    for seed in (0, 1):
        assert cells["again", seed].hash == cells["main", seed].hash
        assert cells["again", seed].scores == cells["main", seed].scores
    assert sum(line["event"] == "done" for line in attempts(tmp_path / "store")) == 6


@pytest.mark.parametrize(("split", "trained"), [("train", 3), ("dev", 3), ("test", 0)])
def test_train_and_dev_determine_a_cell_and_test_does_not(tmp_path: Path, split: str, trained: int) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial")
    before = len(attempts(tmp_path / "store"))
    write_split(tmp_path / "data", split, rows=60 if split == "train" else 20, seed=1)
    result = run(study, out=tmp_path / "store", executor="serial")
    started = [line for line in attempts(tmp_path / "store")[before:] if line["event"] == "started"]
    assert len(started) == trained
    assert all(set(cell.scores) == {"train", "dev", "test"} for cell in result.record.cells)
