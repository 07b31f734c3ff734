"""Rows of the second record: visits to rooms of a house, with labels in three classes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

ROOMS = ("hall", "kitchen", "attic", "cellar", "garden", "study", "porch", "larder", "stairs")
SIZES = {"train": 240, "dev": 90, "test": 110, "shift_far": 80}
MEANS = {"train": 9, "dev": 9, "test": 9, "shift_far": 21}


def write_rows(folder: Path) -> None:
    """One CSV a split. A twelfth of test stands in train, and a tenth of all labels are wrong: an audit finds much."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(2024)
    seen: list[list[str]] = []
    for split, rows in SIZES.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label", "group"))
            for number in range(rows):
                length = 1 + random.poisson(MEANS[split])
                tokens = [ROOMS[place] for place in random.integers(len(ROOMS), size=length)]
                if split == "train":
                    seen.append(tokens)
                elif split == "test" and number % 12 == 0:
                    tokens = seen[number]
                label = judge_visit(tokens) if random.random() > 0.1 else "calm"
                writer.writerow((f"{split}-{number}", " ".join(tokens), label, f"night-{number // 4}"))


def judge_visit(tokens: list[str]) -> str:
    """Restless where somebody goes upstairs after the cellar, tidy where the kitchen is seen more than the garden."""
    if "cellar" in tokens and "attic" in tokens[tokens.index("cellar") :]:
        return "restless"
    return "tidy" if tokens.count("kitchen") > tokens.count("garden") else "calm"
