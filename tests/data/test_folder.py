import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import StoreError
from brittlestar.data import folder as module
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.folder import write_data
from brittlestar.data.opening import open_data, read_summary
from brittlestar.data.sources import KNOWN, SplitFrames
from brittlestar.study.settings import DataSettings

from .folders import HEADER, read, write

SETTINGS = DataSettings(factors="(?P<shape>[▲■])(?P<colour>[rg])?")


def prepared(folder: Path, test: str = "t,▲r ●,2\n") -> tuple[SplitFrames, Encoded]:
    write(
        folder,
        train_csv="id,sequence,label,group\na,▲r ■g ▲r,1,p\nb,▲r,0,q\nc,,0,p\nd,? ■,1,\n",
        dev_csv="id,sequence,label,group\na,■g,1,q\nx,,1,z\n",
        test_csv=HEADER + test,
        shift_long_csv=HEADER + f"l,{'▲r ' * 10_000},0\nm,{'x' * 1_000},1\n",
        notes_csv="a\n1\n",
    )
    frames = read(folder)
    return frames, encode(frames, SETTINGS)


def contents(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_what_is_opened_is_what_was_encoded(tmp_path: Path):
    frames, data = prepared(tmp_path)
    write_data(tmp_path / "data", frames, data)
    opened = open_data(tmp_path / "data")
    assert list(opened.splits) == list(data.splits)
    assert opened.classes == data.classes
    assert opened.vocabulary.tokens == data.vocabulary.tokens
    assert opened.vocabulary.factor_values == data.vocabulary.factor_values
    assert list(opened.vocabulary.factors) == ["shape", "colour"]
    for factor, ids in data.vocabulary.factors.items():
        np.testing.assert_array_equal(opened.vocabulary.factors[factor], ids)
        assert opened.vocabulary.factors[factor].dtype == ids.dtype
    for name, split in data.splits.items():
        mine = opened.splits[name]
        assert (mine.name, mine.fingerprint) == (split.name, split.fingerprint)
        pairs = [(mine.codes, split.codes), (mine.offsets, split.offsets), (mine.labels, split.labels)]
        pairs += [(mine.factor_weights[factor], weights) for factor, weights in split.factor_weights.items()]
        assert (mine.groups is None) == (split.groups is None)
        if split.groups is not None:
            pairs.append((mine.groups, split.groups))
        for stored, fresh in pairs:
            np.testing.assert_array_equal(stored, fresh)
            assert stored.dtype == fresh.dtype
            with pytest.raises(ValueError, match="read-only"):
                stored[:] = 0
    rows = pl.read_parquet(tmp_path / "data/train/rows.parquet")
    assert rows.columns == ["row", "id", "label", "group", "length", "weight_shape", "weight_colour", "hash", "tokens"]
    assert rows.drop("hash").rows() == [
        (0, "a", "1", "p", 3, 2, 2, ["▲r", "■g", "▲r"]),
        (1, "b", "0", "q", 1, 1, 1, ["▲r"]),
        (2, "c", "0", "p", 0, 0, 0, []),
        (3, "d", "1", "", 2, 1, 0, ["?", "■"]),
    ]
    test = pl.read_parquet(tmp_path / "data/test/rows.parquet")
    assert test.select("label", "group", "tokens").rows() == [("2", None, ["▲r", "●"])]


def test_splits_without_any_token_can_be_opened_and_odd_texts_get_a_note(tmp_path: Path):
    frames = read({"train": (["", "", ""], [0, 1, 1])})
    write_data(tmp_path, frames, encode(frames, DataSettings()))
    assert open_data(tmp_path).splits["train"].lengths.tolist() == [0, 0, 0]
    assert pl.read_parquet(tmp_path / "train/rows.parquet")["tokens"].to_list() == [[], [], []]
    frames = read({"train": (["a\nb", "c"], ["0", " 1"])})
    write_data(tmp_path, frames, encode(frames, DataSettings()))
    assert read_summary(tmp_path).notes == (
        "train: 1 sequence with a line break inside (a stray quote can swallow rows like this)",
        "train: labels with blanks around them (' 1')",
    )
    (tmp_path / "summary.json").unlink()
    with pytest.raises(StoreError, match="the summary of the data cannot be read"):
        read_summary(tmp_path)


def test_rows_that_are_written_in_parts_are_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    frames, data = prepared(tmp_path)
    write_data(tmp_path / "whole", frames, data)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 1)
    write_data(tmp_path / "parts", frames, data)
    for name in data.splits:
        whole, parts = (pl.read_parquet(tmp_path / kind / name / "rows.parquet") for kind in ("whole", "parts"))
        assert parts.schema == whole.schema
        assert parts.equals(whole, null_equal=True)
    assert {path.name for path in (tmp_path / "parts" / "train").iterdir()} == {
        path.name for path in (tmp_path / "whole" / "train").iterdir()
    }


def test_equal_sequences_have_equal_hashes_across_splits_and_orders_do_not(tmp_path: Path):
    frames = read({"train": (["a b", "b a", "a b", ""], [0, 1, 1, 0]), "test": (["z", "a b", "a a b", ""], [0] * 4)})
    write_data(tmp_path, frames, encode(frames, DataSettings()))
    train, test = (pl.read_parquet(tmp_path / name / "rows.parquet")["hash"].to_list() for name in ("train", "test"))
    assert train[0] == train[2] == test[1]
    assert train[3] == test[3]
    assert len({*train, *test}) == 5
    # Stored in records and compared across machines: a change of this number is a change of format.
    assert train[0] == 7231626172266587847


def test_the_summary_counts_and_says_what_is_odd(tmp_path: Path):
    frames, data = prepared(tmp_path)
    write_data(tmp_path / "data", frames, data)
    summary = read_summary(tmp_path / "data")
    assert summary.files == {name: f"{name}.csv" for name in frames}
    train, test = summary.splits["train"], summary.splits["test"]
    assert (train.rows, train.classes, dict(train.class_counts)) == (4, ("0", "1"), {"0": 2, "1": 2})
    assert (train.mean_length, train.max_length, train.empty_rows, train.unseen_token_rate) == (1.5, 3, 1, 0.0)
    assert dict(train.factor_weight_range) == {"shape": (0, 2), "colour": (0, 2)}
    assert (test.classes, test.unknown_label_rows, test.unseen_token_rate) == (("2",), 1, 0.5)
    assert train.fingerprint == data.splits["train"].fingerprint
    assert "majority" not in json.loads((tmp_path / "data/summary.json").read_text())["splits"]["train"]
    assert summary.notes == (
        "train: 1 empty sequence of 4 rows, kept with length 0",
        "train: 1 row without a group, each taken as a group of its own",
        "dev: 1 empty sequence of 2 rows, kept with length 0",
        "dev: one class only, '1'",
        "test: 1 row of 1 with a label that train lacks ('2'); they count as wrong",
        "test: one class only, '2'",
        "the factor pattern does not fit 3 distinct tokens of 6 ('?', '●', '" + "x" * 39 + "…'); tokens so affected: "
        "1 of 6 in train, 1 of 2 in test, 1 of 10,001 in shift_long",
        "1 id stands in both train and dev ('a')",
        f"left aside in {tmp_path.name}: notes.csv ({KNOWN})",
        "test: no column 'group' (it has no groups), although other splits have it",
        "shift_long: no column 'group' (it has no groups), although other splits have it",
    )


def test_the_same_data_give_the_same_bytes_and_only_what_changed_is_written_again(tmp_path: Path):
    frames, data = prepared(tmp_path)
    first, second = tmp_path / "one", tmp_path / "two"
    kept = os.umask(0o027)
    try:
        write_data(first, frames, data)
    finally:
        os.umask(kept)
    assert (first / "train").stat().st_mode & 0o777 == 0o750
    assert {path.stat().st_mode & 0o777 for path in (first / "train").iterdir()} == {0o640}
    write_data(second, *prepared(tmp_path))
    assert contents(first) == contents(second)
    before = {path: path.stat().st_ino for path in first.rglob("*")}
    write_data(first, frames, data)
    assert {path: path.stat().st_ino for path in first.rglob("*")} == before
    write_data(first, *prepared(tmp_path, test="t,▲r ▲r,0\n"))
    changed = {path.name for path in first.iterdir() if before[path] != path.stat().st_ino}
    assert changed == {"test", "summary.json", "vocabulary.json"}
    assert open_data(first).splits["test"].labels.tolist() == [0]


def test_a_new_vocabulary_rewrites_splits_whose_rows_did_not_change(tmp_path: Path):
    test = ["b"]
    for train in (["b", "c"], ["a", "b"]):
        frames = read({"train": (train, [0, 1]), "test": (test, [0])})
        write_data(tmp_path, frames, encode(frames, DataSettings()))
        opened = open_data(tmp_path)
        assert [opened.vocabulary.tokens[token] for token in opened.splits["test"].codes] == test


@pytest.mark.parametrize(
    "damage",
    [
        "debris",
        "no split",
        "half a split",
        "no vocabulary",
        "no summary",
        "other split",
        "flipped byte",
        "other vocabulary",
    ],
)
def test_whatever_an_interruption_leaves_the_next_run_repairs(tmp_path: Path, damage: str):
    frames, data = prepared(tmp_path)
    folder = tmp_path / "data"
    write_data(folder, frames, data)
    whole = contents(folder)
    if damage == "debris":
        shutil.copytree(folder / "dev", folder / ".dev.abc.part")
    elif damage == "no split":
        (folder / "dev").rename(folder / ".dev.abc.part")
    elif damage == "half a split":
        (folder / "dev/split.json").unlink()
    elif damage == "no vocabulary":
        (folder / "vocabulary.json").unlink()
    elif damage == "no summary":
        (folder / "summary.json").unlink()
    elif damage == "other vocabulary":
        entry = json.loads((folder / "dev/split.json").read_text())
        (folder / "dev/split.json").write_text(json.dumps({**entry, "arrays": "0" * 64}))
    elif damage == "flipped byte":
        content = bytearray((folder / "dev/tokens.npy").read_bytes())
        content[-1] ^= 1
        (folder / "dev/tokens.npy").write_bytes(content)
    else:
        other = replace(data.splits["dev"], labels=data.splits["dev"].labels + 0, fingerprint="0" * 64)
        write_data(folder, frames, replace(data, splits={**data.splits, "dev": other}))
    if damage in ("no split", "half a split", "no vocabulary", "other vocabulary"):
        with pytest.raises(StoreError, match="run the study again"):
            open_data(folder)
    write_data(folder, frames, data)
    assert contents(folder) == whole
    open_data(folder)


def test_opening_needs_no_data_frame_library(tmp_path: Path):
    write_data(tmp_path / "data", *prepared(tmp_path))
    code = (
        "import sys, pathlib\n"
        "from brittlestar.data.opening import open_data, read_summary\n"
        "from brittlestar.data.redraw import redraw\n"
        "from brittlestar.data.transform import transform\n"
        "from brittlestar.study.settings import DataSettings\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "read_summary(folder)\n"
        "data = redraw(open_data(folder), 1, 2)\n"
        "transform(data, DataSettings(factor='shape', spelling='characters', order='permuted', train_rows=1))\n"
        "print(sorted({'polars', 'torch', 'pandas', 'scipy', 'sklearn'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data")], capture_output=True, text=True, env=dict(os.environ)
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
