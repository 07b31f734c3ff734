"""The verb: texts in, files and a summary out."""

import json
from pathlib import Path

from brittlestar.data.spr import PRESETS
from brittlestar.verbs.generate import generate


def test_defaults_are_the_reference_experiment(tmp_path: Path) -> None:
    summary = generate(tmp_path / "spr")
    assert json.loads(json.dumps(summary)) == summary
    assert summary["rule"]["text"] == PRESETS["founding"]
    assert {name: split["rows"] for name, split in summary["splits"].items()} == {
        "train": 2000,
        "dev": 500,
        "test": 1000,
    }
    assert summary["settings"]["lengths"] == [8, 24]
    assert (tmp_path / "spr" / "train.csv").read_bytes().count(b"\n") == 2001


def test_every_option_reaches_the_data(tmp_path: Path) -> None:
    summary = generate(
        tmp_path / "spr",
        k=2,
        rejects="random",
        lengths="10",
        sizes="100/20/40",
        seed=3,
        colourless=0.25,
        shape_weights="4,2,1,1",
        colour_weights="1,1,1,2",
        held_out=["▲r", "■b"],
        long="11-20",
        flip="test:0.5",
    )
    assert summary["rule"]["origin"] == "drawn"
    assert len(summary["rule"]["predicates"]) == 2
    assert summary["settings"] == {
        "k": 2,
        "rejects": "random",
        "lengths": [10, 10],
        "sizes": [100, 20, 40],
        "seed": 3,
        "colourless": 0.25,
        "shape_weights": {"▲": 4, "■": 2, "●": 1, "◆": 1},
        "colour_weights": {"r": 1, "g": 1, "b": 1, "y": 2},
        "held_out": ["▲r", "■b"],
        "long": [11, 20],
        "flip": {"text": "test:0.5", "share": 0.5, "where": "test", "which": "rows"},
    }
    assert {name: split["flipped"] for name, split in summary["splits"].items()} == {
        "train": 0, "dev": 0, "test": 20, "shift_long": 0, "shift_held_out_pairs": 0,
    }  # fmt: skip
