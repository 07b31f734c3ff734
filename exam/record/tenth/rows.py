"""Rows of the tenth record: melodies, whose notes have a pitch and a length, in three classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

PITCHES = "cdefgab"
LENGTHS = "124"
SIZES = {"train": 260, "dev": 80, "test": 100, "shift_slow": 70}
NOTES = {"train": 8, "dev": 8, "test": 8, "shift_slow": 15}


def write_rows(folder: Path) -> None:
    """One TSV a split. Some tunes of test stand in train, and some labels are wrong: an audit finds something."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(4711)
    known: list[str] = []
    for split, rows in SIZES.items():
        lines = ["id\tsequence\tlabel\tgroup"]
        for number in range(rows):
            tune = write_tune(random, 3 + random.poisson(NOTES[split]), slow=split == "shift_slow")
            if split == "train":
                known.append(tune)
            elif split == "test" and number % 14 == 3:
                tune = known[2 * number]
            label = judge_tune(tune) if random.random() > 0.08 else "turning"
            lines.append(f"{split[:2]}{number:03d}\t{tune}\t{label}\tbook-{split}-{number // 5}")
        (folder / f"{split}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_tune(random: np.random.Generator, notes: int, slow: bool) -> str:
    """Notes like `c4`: a pitch that moves by steps, and a length."""
    at, tune = int(random.integers(len(PITCHES))), list[str]()
    for _ in range(notes):
        at = (at + int(random.integers(-2, 3))) % len(PITCHES)
        length = LENGTHS[int(random.integers(1 if slow else 3))]
        tune.append(PITCHES[at] + length)
    return " ".join(tune)


def judge_tune(tune: str) -> str:
    """Falling or rising by the first and the last pitch, and turning where both are the same or `f` is in between."""
    pitches = [PITCHES.index(note[0]) for note in tune.split()]
    if pitches[0] == pitches[-1] or pitches[len(pitches) // 2] == PITCHES.index("f"):
        return "turning"
    return "rising" if pitches[-1] > pitches[0] else "falling"
