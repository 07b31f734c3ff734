"""Rows of the twelfth set: what the wind did over a day, with labels in three classes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

SIDES = "nesw"
SIZES = {"train": 600, "dev": 120, "test": 120}


def write_words(folder: Path) -> None:
    """JSON Lines with spaces between tokens: 600 rows of train."""
    folder.mkdir(parents=True)
    for split, rows in _draw_days(408).items():
        lines = [
            json.dumps({"id": f"{split}-{number}", "sequence": " ".join(tokens), "label": label})
            for number, (tokens, label) in enumerate(rows)
        ]
        (folder / f"{split}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_joined(folder: Path) -> None:
    """CSV whose tokens are joined by marks, so that only a pattern takes a row apart."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(9)
    for split, rows in _draw_days(733).items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number, (tokens, label) in enumerate(rows):
                writer.writerow((f"{split}-{number}", str(random.choice(["-", "/", "+"])).join(tokens), label))


def judge_day(tokens: list[str]) -> str:
    """A gale where a strong wind comes after one from the north; else by the mean force."""
    forces = [int(token[1]) for token in tokens]
    north = next((place for place, token in enumerate(tokens) if token[0] == "n"), len(tokens))
    if any(force >= 7 for force in forces[north + 1 :]):
        return "gale"
    return "breeze" if sum(forces) > 3.4 * len(forces) else "calm"


def _draw_days(seed: int) -> dict[str, list[tuple[list[str], str]]]:
    random = np.random.default_rng(seed)
    found: dict[str, list[tuple[list[str], str]]] = {}
    for split, rows in SIZES.items():
        found[split] = []
        for _ in range(rows):
            length = int(random.integers(5, 12))
            tokens = [f"{SIDES[random.integers(4)]}{random.binomial(8, 0.45)}" for _ in range(length)]
            found[split].append((tokens, judge_day(tokens)))
    return found
