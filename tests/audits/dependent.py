"""Folders of rows that are not independent, with a known truth: no shift, or one planted in what was drawn.

What is drawn are units: logs, pairs, templates, groups. Rows of one unit resemble each other. All units of a folder
come from one population; `shifted` draws those of the test split from another one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.running import audit_dataset
from brittlestar.core.seeds import generator
from brittlestar.pipeline.open import open_input

Row = tuple[int, ...]
SHARES = (0.7, 0.15, 0.15)
NAMES = ("train", "dev", "test")
LEAKS = ("leak.", "label.", "data.")
"""What a folder of copies or of changed labels deserves, or what says nothing about differences between splits."""


@dataclass(frozen=True)
class Population:
    """What units are drawn from: `chain` (n, n), rows sum to 1; mean `length` of a row; `novel` share of tokens that
    the usual population lacks."""

    chain: np.ndarray
    length: float
    novel: float = 0.0

    @property
    def size(self) -> int:
        return len(self.chain)


@dataclass(frozen=True)
class Unit:
    """Rows of one draw with their labels (0 or 1), and its name."""

    rows: list[Row]
    labels: list[int]
    name: str


def population(random: np.random.Generator) -> Population:
    size = int(random.choice([15, 30, 80, 300]))
    chain = random.dirichlet(np.full(size, random.uniform(0.1, 0.6)), size)
    return Population(0.9 * chain + 0.1 / size, float(random.uniform(12, 30)))


def shifted(usual: Population, what: str) -> Population:
    """Another population: clearly other in one respect."""
    return replace(usual, length=1.7 * usual.length) if what == "length" else replace(usual, novel=0.15)


def text(of: Population, many: int, random: np.random.Generator, tilt: np.ndarray | None = None) -> np.ndarray:
    """A stretch of tokens; `tilt` (n,) makes some of them likelier."""
    chain = of.chain if tilt is None else of.chain * tilt
    steps = (chain / chain.sum(axis=1, keepdims=True)).cumsum(axis=1)
    drawn, state = np.empty(many, np.int64), int(random.integers(of.size))
    for place, chance in enumerate(random.random(many).tolist()):
        state = min(int(np.searchsorted(steps[state], chance)), of.size - 1)
        drawn[place] = state
    new = random.random(many) < of.novel
    return np.where(new, of.size + drawn % 7, drawn)


def row_length(of: Population, random: np.random.Generator) -> int:
    return max(6, int(random.normal(of.length, 0.2 * of.length)))


def edited(row: Row, edits: int, of: Population, random: np.random.Generator) -> Row:
    """The row with some tokens replaced."""
    changed = list(row)
    for place in random.choice(len(row), min(edits, len(row)), replace=False).tolist():
        changed[place] = int(random.integers(of.size))
    return tuple(changed)


def label_of(row: Sequence[int], of: Population, random: np.random.Generator, rate: float = 0.0) -> int:
    """Whether a token of the first fifth stands in the second half of the row, with noise; `rate` pushes
    it."""
    says = np.mean([token % 5 == 0 for token in row[len(row) // 2 :]]) > 0.2
    logit = (1.5 if says else -1.5) + rate
    return int(random.random() < 1 / (1 + np.exp(-logit)))


def logs(of: Population, random: np.random.Generator, many: int, name: str) -> Iterator[Unit]:
    """Logs, each of a composition of its own, cut into windows that overlap by half."""
    width = max(8, int(of.length))
    for number in range(many):
        tilt = random.lognormal(0, 0.5, of.size)
        tokens = text(of, width * int(random.integers(4, 16)), random, tilt)
        rows = [tuple(tokens[at : at + width].tolist()) for at in range(0, len(tokens) - width + 1, width // 2)]
        rate = float(random.normal(0, 1))
        yield Unit(rows, [label_of(row, of, random, rate) for row in rows], f"{name}{number}")


def minimal_pairs(of: Population, random: np.random.Generator, many: int, name: str) -> Iterator[Unit]:
    """A row and the same with one token changed and the other label."""
    for number in range(many):
        row = tuple(text(of, row_length(of, random), random).tolist())
        label = label_of(row, of, random)
        yield Unit([row, edited(row, 1, of, random)], [label, 1 - label], f"{name}{number}")


def templates(of: Population, random: np.random.Generator, many: int, name: str) -> Iterator[Unit]:
    """Families of near copies of a template, few of them large."""
    for number in range(many):
        row = tuple(text(of, row_length(of, random), random).tolist())
        label = label_of(row, of, random)
        size = min(80, 2 + int(random.pareto(1.2) * 4))
        rows = [
            row,
            *(edited(row, int(random.integers(1, 1 + len(row) // 12 + 1)), of, random) for _ in range(size - 1)),
        ]
        yield Unit(rows, [label] * size, f"{name}{number}")


def authors(of: Population, random: np.random.Generator, many: int, name: str) -> Iterator[Unit]:
    """Groups whose rows share a composition, a length and a rate of labels, and are no near copies."""
    for number in range(many):
        tilt = random.lognormal(0, 0.6, of.size)
        own = replace(of, length=of.length * float(random.lognormal(0, 0.25)))
        rate, size = float(random.normal(0, 1.2)), int(random.integers(5, 40))
        rows = [tuple(text(own, row_length(own, random), random, tilt).tolist()) for _ in range(size)]
        yield Unit(rows, [label_of(row, of, random, rate) for row in rows], f"{name}{number}")


def one_log(of: Population, random: np.random.Generator, many: int, name: str) -> Iterator[Unit]:
    """One long log that wanders between states, cut into windows that overlap by half."""
    width = max(8, int(of.length))
    parts, rates = [], []
    for _ in range(many):
        span = int(random.integers(4, 16)) * (width // 2)
        parts.append(text(of, span, random, random.lognormal(0, 0.5, of.size)))
        rates += [float(random.normal(0, 1))] * span
    tokens = np.concatenate(parts)
    starts = range(0, len(tokens) - width + 1, width // 2)
    rows = [tuple(tokens[at : at + width].tolist()) for at in starts]
    labels = [label_of(row, of, random, rates[at]) for row, at in zip(rows, starts, strict=True)]
    yield Unit(rows, labels, name)


Kind = Callable[[Population, np.random.Generator, int, str], Iterator[Unit]]
KINDS: Mapping[str, tuple[Kind, bool]] = {
    "logs": (logs, False),
    "logs with groups": (logs, True),
    "minimal pairs": (minimal_pairs, False),
    "templates": (templates, False),
    "templates with groups": (templates, True),
    "authors with groups": (authors, True),
    "one log by time": (one_log, False),
}
"""{kind: (how units are drawn, whether a column names them)}."""
SIZES = {
    "minimal pairs": (300, 1200),
    "templates": (100, 400),
    "authors": (40, 160),
    "logs": (40, 160),
    "one": (60, 200),
}


def folder(kind: str, number: int, stream: str, shift: str = "", crossing: bool = False) -> dict[str, pl.DataFrame]:
    """A folder of units that are each on one side; with `crossing`, rows were dealt at random instead. `shift` is the
    respect in which the units of test are others. `stream` names the set that `number` belongs to."""
    random = generator(number, "dependent", kind, stream)
    draw, grouped = KINDS[kind]
    usual = population(random)
    low, high = next(sizes for start, sizes in SIZES.items() if kind.startswith(start))
    many = int(random.integers(low, high + 1))
    other = shifted(usual, shift) if shift else usual
    units: dict[str, list[Unit]] = {}
    for name, share in zip(NAMES, SHARES, strict=True):
        of = other if name == "test" else usual
        units[name] = list(draw(of, random, max(4, round(share * many)), f"{name}-"))
    if kind == "one log by time" and not shift:  # stretches of one log: its windows cross the cuts
        (whole,) = draw(usual, random, many, "log")
        cuts = np.round(np.cumsum([0, *SHARES]) * len(whole.rows)).astype(int).tolist()
        units = {
            name: [Unit(whole.rows[a:b], whole.labels[a:b], "log")]
            for name, a, b in zip(NAMES, cuts[:-1], cuts[1:], strict=True)
        }
    frames = {name: _frame(found, name, grouped, random) for name, found in units.items()}
    if crossing:
        rows = pl.concat(frames.values())
        rows = rows[random.permutation(rows.height).tolist()]
        cuts = np.round(np.cumsum([0, *SHARES]) * rows.height).astype(int).tolist()
        frames = {name: rows[a:b] for name, a, b in zip(NAMES, cuts[:-1], cuts[1:], strict=True)}
    return frames


def _frame(units: Sequence[Unit], name: str, grouped: bool, random: np.random.Generator) -> pl.DataFrame:
    rows = [
        (" ".join(f"w{k}" for k in row), "ab"[label], unit.name)
        for unit in units
        for row, label in zip(unit.rows, unit.labels, strict=True)
    ]
    if random.random() < 0.5:
        rows = [rows[k] for k in random.permutation(len(rows)).tolist()]
    frame = pl.DataFrame(rows, schema=["sequence", "label", "group"], orient="row")
    frame = frame.with_columns(pl.Series("id", [f"{name}{k}" for k in range(len(rows))]))
    return frame if grouped else frame.drop("group")


def make_analysis(frames: Mapping[str, pl.DataFrame]) -> Analysis:
    opened = open_input(dict(frames), overrides={"data.tokens": "whitespace"})
    return Analysis.of(opened.frames, opened.data, opened.study, opened.base)


def alarms(made: Analysis, only: Sequence[str] = ()) -> set[str]:
    """Codes of errors and warnings about differences between splits."""
    found = audit_dataset(made, only=only)
    return {f.code for f in found if f.severity in ("error", "warning") and not f.code.startswith(LEAKS)}
