"""Generated tasks, whose rule labels shifted rows too: sources, brackets, a marked token, the founding task."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar import generate

SIZES = {"train": 4000, "dev": 600, "test": 1000}
SHIFTED = 1000
TOKENS = 24
RULE = "founding-no-parity"
Splits = dict[str, pl.DataFrame]
Draw = Callable[[np.random.Generator, int], tuple[list[str], str]]


def make_sources() -> Splits:
    """Which of four first-order sources a row is from; shifts: longer rows, tokens at random, sources that come nearer
    to each other, and a third of the tokens under new names."""
    start = np.random.default_rng(5)
    tables = start.dirichlet(np.full(TOKENS, 0.5), (4, TOKENS))
    mixed = 0.55 * tables + 0.45 * tables.mean(axis=0)

    def draw(
        sources: np.ndarray = tables, lengths: tuple[int, int] = (6, 14), random_share: float = 0.0, new: int = 0
    ) -> Draw:
        steps = sources.cumsum(axis=2)

        def one(random: np.random.Generator, number: int) -> tuple[list[str], str]:
            label = int(random.integers(4))
            row = [int(random.integers(TOKENS))]
            for _ in range(int(random.integers(*lengths))):
                row.append(min(int(np.searchsorted(steps[label, row[-1]], random.random())), TOKENS - 1))
            notes = [int(random.integers(TOKENS)) if random.random() < random_share else token for token in row]
            return [f"{'new' if token < new else 't'}{token}" for token in notes], f"source{label}"

        return one

    return {
        **_usual(draw(), 11),
        "shift_long": _rows(draw(lengths=(22, 40)), SHIFTED, 12),
        "shift_noise": _rows(draw(random_share=0.3), SHIFTED, 13),
        "shift_nearer": _rows(draw(mixed), SHIFTED, 14),
        "shift_renamed": _rows(draw(new=8), SHIFTED, 15),
    }


def make_brackets() -> Splits:
    """How deep brackets are nested, one to four; shifts: longer rows, and rows that end before all are closed."""

    def draw(longest: int = 20, shortest: int = 8, cut: bool = False) -> Draw:
        def one(random: np.random.Generator, number: int) -> tuple[list[str], str]:
            deepest, row, depth, most = int(random.integers(1, 5)), list[str](), 0, 0
            length = int(random.integers(shortest, longest + 1))
            while len(row) < length or (depth and not cut):
                opens = depth == 0 or (len(row) < length and depth < deepest and random.random() < 0.55)
                row.append("([{"[int(random.integers(3))] if opens else ")]}"[int(random.integers(3))])
                depth += 1 if opens else -1
                most = max(most, depth)
            return row, f"depth{most}"

        return one

    longer = _rows(draw(longest=48, shortest=28), SHIFTED, 22)
    return {**_usual(draw(), 21), "shift_long": longer, "shift_cut": _rows(draw(cut=True), SHIFTED, 23)}


def make_marked() -> Splits:
    """Which of five tokens follows the mark; shifts: the mark stands later, beside a second one that is no mark, and
    among new fillers."""

    def draw(where: tuple[float, float] = (0.0, 0.4), decoy: bool = False, filler: str = "f") -> Draw:
        def one(random: np.random.Generator, number: int) -> tuple[list[str], str]:
            label, length = int(random.integers(5)), int(random.integers(10, 25))
            row = [
                f"{filler}{int(random.integers(12))}" if random.random() < 0.5 else f"v{int(random.integers(5))}"
                for _ in range(length)
            ]
            at = int(random.integers(int(where[0] * length), max(int(where[1] * length), 1)))
            row[at : at + 2] = ["mark", f"v{label}"]
            if decoy:
                row[-2:] = ["Mark", f"v{int(random.integers(5))}"]
            return row, f"v{label}"

        return one

    return {
        **_usual(draw(), 31),
        "shift_later": _rows(draw(where=(0.5, 0.9)), SHIFTED, 32),
        "shift_decoy": _rows(draw(decoy=True), SHIFTED, 33),
        "shift_fillers": _rows(draw(filler="g"), SHIFTED, 34),
    }


def make_founding() -> Splits:
    """Symbols that a rule of four predicates accepts; shifts: longer rows, held-out pairs, other frequencies."""
    with tempfile.TemporaryDirectory() as scratch:
        sizes = "/".join(map(str, SIZES.values()))
        usual, other = Path(scratch) / "usual", Path(scratch) / "other"
        generate(usual, rule=RULE, sizes=sizes, held_out=("▲r",), long="25-40")
        generate(other, rule=RULE, sizes=sizes, shape_weights="6,1,1,1", colour_weights="1,1,1,6", seed=1)
        read = {path.stem: pl.read_csv(path, infer_schema_length=0) for path in sorted(usual.glob("*.csv"))}
        read["shift_frequencies"] = pl.read_csv(other / "test.csv", infer_schema_length=0)
    return {name: frame.select("id", "sequence", "label").head(4000) for name, frame in read.items()}


def _usual(draw: Draw, seed: int) -> Splits:
    return {name: _rows(draw, size, 100 * seed + k) for k, (name, size) in enumerate(SIZES.items())}


def _rows(draw: Draw, n: int, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rows = [draw(random, k) for k in range(n)]
    notes = [" ".join(row) for row, _ in rows]
    return pl.DataFrame({"id": [str(k) for k in range(n)], "sequence": notes, "label": [label for _, label in rows]})
