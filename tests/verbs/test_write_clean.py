"""`audit --write-clean`: a folder beside the given one, without leaks, with every removal explained."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.verbs.audit import audit

from ..audits.making import Made, three_splits
from ..command import brittlestar, folder, tree

pytestmark = pytest.mark.usefixtures("in_own_folder")


def leaky() -> Made:
    """5 % of test and dev are in train, another 5 % with one token changed; dev shares 10 rows with test."""
    splits = three_splits((900, 200, 300), tokens=40, low=14, high=20)
    random = np.random.default_rng(0)
    for name in ("dev", "test"):
        rows, labels = splits[name]
        for i in range(len(rows) // 10):
            source = int(random.integers(900))
            tokens = splits["train"][0][source].split()
            if i % 2:
                tokens[3] = "t0" if tokens[3] != "t0" else "t1"
            rows[i], labels[i] = " ".join(tokens), splits["train"][1][source]
    splits["dev"][0][-10:], splits["dev"][1][-10:] = splits["test"][0][-10:], splits["test"][1][-10:]
    for part, values in enumerate(splits["train"]):
        values.extend(splits["train"][part][:40])
    return splits


def frames() -> dict[str, pl.DataFrame]:
    return {
        name: pl.DataFrame(
            {"key": [f"{name}-{i}" for i in range(len(rows))], "text": rows, "y": labels, "n": range(len(rows))}
        )
        for name, (rows, labels) in leaky().items()
    }


COLUMNS = {"id": "key", "sequence": "text", "label": "y"}
WRITERS = {
    "csv": lambda frame, path: frame.write_csv(path),
    "tsv": lambda frame, path: frame.write_csv(path, separator="\t"),
    "parquet": lambda frame, path: frame.write_parquet(path),
    "jsonl": lambda frame, path: frame.write_ndjson(path),
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_clean_folder_has_no_leak_and_the_given_one_is_untouched(suffix: str, tmp_path: Path) -> None:
    folder(tmp_path / "d", {})
    for name, frame in frames().items():
        WRITERS[suffix](frame, tmp_path / "d" / f"{name}.{suffix}")
    before = tree(tmp_path / "d")
    first = audit("d", columns=COLUMNS, only=["leak"], write_clean="clean")
    assert tree(tmp_path / "d") == before
    assert {f.code for f in first.findings if f.severity} == {"leak.exact", "leak.near", "leak.selection"}
    assert not [f for f in audit("clean", columns=COLUMNS, only=["leak"]).findings if f.severity]
    document = json.loads((tmp_path / "clean" / "manifest.json").read_bytes())
    assert {**first.document["clean"], "findings": document["findings"]} == document
    assert {name: entry["removed"] for name, entry in document["splits"].items()} == {
        "train": {"data.duplicates": 40},
        "dev": {"leak.exact": 10, "leak.near": 10, "leak.selection": 10},
        "test": {"leak.exact": 15, "leak.near": 15},
    }
    removed = pl.read_csv(tmp_path / "clean" / "manifest.csv")
    assert removed.height == 100
    for name, frame in frames().items():
        file = tmp_path / "clean" / f"{name}.{suffix}"
        reader = {"parquet": pl.read_parquet, "jsonl": pl.read_ndjson}.get(suffix)
        kept = reader(file) if reader else pl.read_csv(file, separator="\t" if suffix == "tsv" else ",")
        out = removed.filter(split=name)["id"].to_list()
        assert kept.equals(frame.filter(~pl.col("key").is_in(out)))
    line = removed.row(0, named=True)
    assert line["split"] == "train" and line["rule"] == "data.duplicates" and line["id"] == "train-900"
    assert (line["because_split"], line["because_id"], line["because_row"]) == ("train", "train-0", 0)


def test_the_command_says_what_was_taken_out(tmp_path: Path) -> None:
    for name, frame in frames().items():
        folder(tmp_path / "d", {f"{name}.csv": frame.write_csv()})
    columns = ["--columns", "id=key,sequence=text,label=y"]
    said = brittlestar("audit", "d", *columns, "--only", "leak", "--write-clean", "c")
    text = " ".join(said.output.split())
    assert said.code == 0
    assert "train: 900 rows kept; taken out: 40 data.duplicates" in text
    assert "test: 270 rows kept; taken out: 15 leak.exact, 15 leak.near" in text and "c is written" in text
    document = brittlestar("audit", "d", *columns, "--only", "leak", "--write-clean", "c2", "--json").document
    assert document["clean"]["rules"]["leak.exact"]["rows"] == 25
    assert tree(tmp_path / "c") == tree(tmp_path / "c2")


def test_nothing_is_overwritten_not_even_the_input(tmp_path: Path) -> None:
    for name, frame in frames().items():
        folder(tmp_path / "d", {f"{name}.csv": frame.write_csv()})
    before = tree(tmp_path)
    for place in ("d", "d/train.csv"):
        with pytest.raises(InputError, match=rf"{place}: is there already.*name another folder: --write-clean DIR"):
            audit("d", columns=COLUMNS, write_clean=place)
    said = brittlestar("audit", "d", "--columns", "id=key,sequence=text,label=y", "--write-clean", "d/train.csv/x")
    assert said.code == 1 and "cannot be written" in said.errors[-1]
    assert tree(tmp_path) == before


def test_nothing_to_take_out_leaves_an_empty_list(tmp_path: Path) -> None:
    clean = three_splits((300, 100, 100), tokens=40)
    audit(dict(clean), only=["leak"], write_clean="c")
    assert (tmp_path / "c" / "manifest.csv").read_text() == "split,row,id,rule,because_split,because_row,because_id\n"
