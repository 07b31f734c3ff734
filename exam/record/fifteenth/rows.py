"""Rows of the fifteenth record: rows of knitting, stitch by stitch, with labels in three classes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STITCHES = ("k", "p", "yo", "k2tog", "ssk", "c4f", "c4b", "sl", "m1", "bo")
SIZES = {"train": 210, "dev": 80, "test": 120, "shift_wide": 70}
MEANS = {"train": 8, "dev": 8, "test": 8, "shift_wide": 18}


def write_rows(folder: Path) -> None:
    """One CSV a split. A fifteenth of test stands in train, and a part of all labels is wrong."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(1515)
    seen: list[list[str]] = []
    for split, rows in SIZES.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label", "group"))
            for number in range(rows):
                length = 2 + random.poisson(MEANS[split])
                stitches = [STITCHES[place] for place in random.integers(len(STITCHES), size=length)]
                if split == "train":
                    seen.append(stitches)
                elif split == "test" and number % 15 == 0:
                    stitches = seen[number]
                label = judge_row(stitches) if random.random() > 0.12 else "rib"
                writer.writerow((f"{split}-{number}", " ".join(stitches), label, f"{split}-chart-{number // 3}"))


def judge_row(stitches: list[str]) -> str:
    """Cabled where a front cable comes before a back one, lace where yarn is over more often than it is purled."""
    if "c4f" in stitches and "c4b" in stitches[stitches.index("c4f") :]:
        return "cable"
    return "lace" if stitches.count("yo") > stitches.count("p") else "rib"
