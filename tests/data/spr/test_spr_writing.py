"""Files: their form, their bytes, and what is never overwritten."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.data.spr import Flip, SprData, SprSettings, generate_spr, parse_rule, write_spr
from tests.data.spr.labelling import label_rows

SETTINGS = SprSettings(
    parse_rule("founding"), sizes=(60, 20, 20), held_out=("▲r",), long=(25, 30), flip=Flip(0.1, "dev+test")
)


EXPECTED = ("at least 5 ▲ AND at most 1 ● AND even number of r", "fb6808866de5")


@pytest.fixture(scope="module")
def data() -> SprData:
    return generate_spr(SETTINGS)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_and_manifest_hold_what_the_contract_says(data: SprData, tmp_path: Path) -> None:
    folder = tmp_path / "spr"
    manifest = write_spr(data, folder)
    names = {"train.csv", "dev.csv", "test.csv", "shift_long.csv", "shift_held_out_pairs.csv", "generation.json"}
    assert set(contents(folder)) == names
    raw = (folder / "train.csv").read_bytes()
    assert raw.startswith(b"id,sequence,label\ntrain_0,") and raw.endswith(b"\n")
    assert b"\r" not in raw and b"  " not in raw
    assert manifest == json.loads((folder / "generation.json").read_bytes())
    assert manifest["rule"]["text"] == str(parse_rule("founding"))
    assert manifest["rule"]["origin"] == "given"
    assert manifest["rule"]["predicates"][1] == {
        "family": "shape-count", "text": "at most 2 ▲", "relation": "at most", "n": 2, "shape": "▲",
    }  # fmt: skip
    assert manifest["settings"]["lengths"] == [8, 24]
    assert manifest["settings"]["flip"] == {"text": "dev+test:0.1", "share": 0.1, "where": "dev+test", "which": "rows"}
    assert 0.002 < manifest["acceptance"]["mean"] < 0.05
    assert list(manifest["acceptance"]["by_length"]) == [str(length) for length in range(8, 25)]
    for name, split in manifest["splits"].items():
        assert hashlib.sha256((folder / split["file"]).read_bytes()).hexdigest() == split["sha256"]
        assert split["rejects_by_predicates_broken"] == {"1": split["rows"] - split["accepted_by_rule"]}
        rows = list(csv.DictReader((folder / split["file"]).read_text("utf-8").splitlines()))
        rule_says = label_rows(data.rule, [row["sequence"].split() for row in rows])
        wrong = [row["id"] for row, label in zip(rows, rule_says, strict=True) if int(row["label"]) != label]
        assert split["flipped"] == wrong
        assert len(wrong) == (2 if name in ("dev", "test") else 0)


def test_same_seed_gives_the_same_bytes(data: SprData, tmp_path: Path) -> None:
    write_spr(data, tmp_path / "a")
    write_spr(generate_spr(SETTINGS), tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_bytes_are_those_of_this_version(tmp_path: Path) -> None:
    """A change of these bytes is a change of the data format: raise FORMAT and say so in the changelog."""
    manifest = write_spr(generate_spr(SprSettings(3, sizes=(40, 10, 10), seed=7)), tmp_path / "spr")
    assert manifest["rule"]["origin"] == "drawn"
    assert (manifest["rule"]["text"], manifest["splits"]["train"]["sha256"][:12]) == EXPECTED


def test_nothing_is_overwritten_and_nothing_half_written(data: SprData, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in ("file", "."):
        with pytest.raises(InputError, match="is there already, and nothing is overwritten"):
            write_spr(data, tmp_path / place)
    with pytest.raises(StoreError, match="cannot be written"):
        write_spr(data, tmp_path / "file" / "below")
    assert contents(tmp_path) == {"file": b"mine"}
