"""Rows of the sixth record: flags that ships show on their way into a harbour, with labels in three classes."""

from __future__ import annotations

import random
from pathlib import Path

FLAGS = ("amber", "blue", "green", "red", "white", "violet")
SIZES = {"train": 220, "dev": 84, "test": 104, "shift_storm": 72}
"""Rows of each split; in a storm ships show more flags."""
SHORTEST, LONGEST, IN_STORM = 4, 9, 17


def write_signals(folder: Path) -> None:
    """One table a split. Some rows of train are shown again in test, and some have a label by mistake."""
    folder.mkdir(parents=True)
    chance = random.Random("harbour")
    shown: list[list[str]] = []
    for split, rows in SIZES.items():
        lines = ["id\tsequence\tlabel\tgroup"]
        for number in range(rows):
            length = chance.randint(SHORTEST, IN_STORM if split == "shift_storm" else LONGEST)
            tokens = [f"{chance.choice(FLAGS)}{chance.randint(1, 3)}" for _ in range(length)]
            if split == "train":
                shown.append(tokens)
            elif split == "test" and number % 13 == 5:
                tokens = shown[2 * number]
            label = judge_signals(tokens) if chance.random() > 0.06 else "wait"
            lines.append(f"{split}/{number:03}\t{' '.join(tokens)}\t{label}\tship {number // 3}")
        (folder / f"{split}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def judge_signals(tokens: list[str]) -> str:
    """Turn where red is shown before blue; enter where flags hang high; else wait."""
    flags = [token[:-1] for token in tokens]
    if "red" in flags and "blue" in flags and flags.index("red") < flags.index("blue"):
        return "turn"
    return "enter" if sum(int(token[-1]) for token in tokens) > 2 * len(tokens) else "wait"
