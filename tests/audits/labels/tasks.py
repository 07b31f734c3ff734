"""Small tasks with labels whose noise is known."""

from collections.abc import Callable

import numpy as np

from tests.audits.making import Made

Rule = Callable[[list[str]], int]
SIZES = (1400, 500, 600)


def marker(row: list[str]) -> int:
    """Whether t0 stands before t1, or there is no t1."""
    return int("t0" in row and ("t1" not in row or row.index("t0") < row.index("t1")))


def first_token(row: list[str]) -> int:
    """One of three classes, by the first token."""
    return int(row[0][1:]) % 3


def parity(row: list[str]) -> int:
    """Whether tokens with an even number are an odd number of tokens."""
    return sum(int(token[1:]) % 2 == 0 for token in row) % 2


def task(rule: Rule, seed: int = 0, tokens: int = 12, sizes: tuple[int, int, int] = SIZES) -> Made:
    """Train, dev and test of rows of 8 to 16 tokens with the rule's labels as texts."""
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name, size in zip(("train", "dev", "test"), sizes, strict=True):
        rows = [[f"t{k}" for k in random.integers(0, tokens, random.integers(8, 17))] for _ in range(size)]
        splits[name] = [" ".join(row) for row in rows], [str(rule(row)) for row in rows]
    return splits


def flipped(
    splits: Made,
    share: float,
    where: tuple[str, ...],
    which: Callable[[list[str]], bool] = lambda row: True,
    seed: int = 1,
) -> tuple[Made, dict[str, set[int]]]:
    """The splits with a share of the labels (of rows that `which` picks) replaced by another one, and which rows."""
    random = np.random.default_rng(seed)
    labels = sorted({label for _, of_split in splits.values() for label in of_split})
    made: Made = {}
    hit: dict[str, set[int]] = {}
    for name, (rows, given) in splits.items():
        changed = list(given)
        eligible = [i for i, row in enumerate(rows) if name in where and which(row.split())]
        chosen = random.permutation(eligible)[: round(share * len(eligible))]
        for i in chosen.tolist():
            others = [label for label in labels if label != given[i]]
            changed[i] = others[int(random.integers(len(others)))]
        made[name], hit[name] = (rows, changed), set(chosen.tolist())
    return made, hit
