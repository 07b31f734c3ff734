"""Rows that the studies of the eleventh set read: tides, threads of a loom, strands of petals, and teeth of gears."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

Row = tuple[str, str]
"""A sequence and its label."""


def write_all(place: Path) -> None:
    """A folder of splits for every study."""
    _write_json_lines(place / "water", _draw_tide, {"train": 600, "dev": 90, "test": 90}, 401)
    _write_table(place / "cloth", _draw_thread, {"train": 480, "dev": 80, "test": 80}, 402)
    _write_table(place / "garden", _draw_strand, {"train": 700, "dev": 80, "test": 80}, 403)
    _write_table(place / "workshop", _draw_tooth, {"train": 300, "dev": 60, "test": 60}, 404)


def _write_json_lines(
    folder: Path, draw: Callable[[np.random.Generator], Row], sizes: dict[str, int], seed: int
) -> None:
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for split, count in sizes.items():
        rows = [draw(random) for _ in range(count)]
        lines = [
            json.dumps({"id": f"{split}-{number}", "sequence": sequence, "label": label})
            for number, (sequence, label) in enumerate(rows)
        ]
        (folder / f"{split}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_table(folder: Path, draw: Callable[[np.random.Generator], Row], sizes: dict[str, int], seed: int) -> None:
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for split, count in sizes.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(count):
                writer.writerow((f"{split}-{number}", *draw(random)))


def _draw_tide(random: np.random.Generator) -> Row:
    """Levels at a quay; the label says where the last of them are."""
    levels = [str(level) for level in random.choice(["low", "mid", "high", "calm"], size=int(random.integers(5, 14)))]
    label = "flood" if levels[-1] == "high" else "ebb" if levels[-1] == "low" else "slack"
    return " ".join(levels), label if random.random() > 0.08 else "slack"


def _draw_thread(random: np.random.Generator) -> Row:
    """Colours of threads; the label says whether there is more red than blue."""
    colours = [
        str(colour) for colour in random.choice(["red", "blue", "grey", "gold"], size=int(random.integers(6, 12)))
    ]
    return " ".join(colours), "warp" if colours.count("red") > colours.count("blue") else "weft"


def _draw_strand(random: np.random.Generator) -> Row:
    """Letters without spaces; the label is the letter that most of them are, of three."""
    letters = [str(letter) for letter in random.choice(list("ACGT"), size=int(random.integers(10, 22)))]
    counts = {"rose": letters.count("A"), "fern": letters.count("C"), "moss": letters.count("G")}
    return "".join(letters), max(counts, key=lambda name: counts[name])


def _draw_tooth(random: np.random.Generator) -> Row:
    """Sounds of a machine; the label says whether a click stands right before a hum."""
    sounds = [
        str(sound)
        for sound in random.choice(["click", "hum", "rasp", "knock", "tick"], size=int(random.integers(4, 11)))
    ]
    return " ".join(sounds), "worn" if ("click", "hum") in pairwise(sounds) else "sound"
