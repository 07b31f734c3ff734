"""From settings to splits, rows with labels by the rule and labels as written, and these on disk: one CSV a split, and
`generation.json` beside them."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.files import make_folder, write_files
from brittlestar.core.hashing import pretty_json
from brittlestar.core.seeds import generator
from brittlestar.data.spr.automaton import MAX_STATES, product_states
from brittlestar.data.spr.rule import (
    ColourPosition,
    CountParity,
    FirstBefore,
    Parity,
    Predicate,
    Relation,
    Rule,
    ShapeCount,
)
from brittlestar.data.spr.sampler import ACCEPT, ANY_REJECT, RowSampler
from brittlestar.data.spr.settings import SprSettings, token_weights
from brittlestar.data.spr.symbols import COLOURS, SHAPES, TOKENS, SymbolRows, rows_from_codes

MAX_REDRAWS = 50  # budget; rows that still repeat then are counted and said
ACCEPTANCE = (0.001, 0.9)
"""A drawn rule accepts a share of random rows within these bounds, on average over the lengths."""
ALONE = (0.02, 0.98)
"""So does each of its predicates alone: none is all but always, or all but never, true."""
MAX_DRAWS = 500  # budget: rules that are drawn before settings count as impossible


@dataclass(frozen=True)
class SprSplit:
    """One split. `codes` int8 (n, L) token codes, 0 beyond `lengths` int64 (n,); `labels` bool (n,) as written,
    `flipped` bool (n,) where they differ from the rule; `broken` int64 (n,): how many predicates the row breaks;
    `repeats`: rows whose sequence also occurs in an earlier split."""

    name: str
    codes: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray
    flipped: np.ndarray
    broken: np.ndarray
    repeats: int

    @property
    def rows(self) -> SymbolRows:
        """The sequences as shapes and colours."""
        return rows_from_codes(self.codes, self.lengths)

    @property
    def ids(self) -> list[str]:
        """One id a row, unique over all splits."""
        return [f"{self.name}_{row}" for row in range(len(self.labels))]

    @property
    def sequences(self) -> list[list[str]]:
        """The rows as lists of tokens."""
        tokens = np.array(TOKENS, dtype=object)[self.codes].tolist()
        return [row[:length] for row, length in zip(tokens, self.lengths.tolist(), strict=True)]


@dataclass(frozen=True)
class SprData:
    """All splits in the order in which they were drawn; `acceptance` maps each length of train to the probability
    that a random row of that length is accepted."""

    settings: SprSettings
    rule: Rule
    acceptance: Mapping[int, float]
    splits: tuple[SprSplit, ...]


@dataclass(frozen=True)
class _Plan:
    """What one split is drawn from."""

    name: str
    size: int
    lengths: tuple[int, int]
    sampler: RowSampler


def generate_spr(settings: SprSettings) -> SprData:
    """Draw the rule, if it is not given, and all splits. Pure: the same settings give the same data.

    Half of each split are accepts (the smaller half when odd). No sequence occurs in two splits, unless the rule
    leaves too few: then `repeats` counts them. Raises InputError when rows that are needed cannot exist.
    """
    inside = token_weights(settings, hold_out=True)
    rule = settings.rule
    if isinstance(rule, int):
        rule = draw_rule(rule, inside, settings.lengths, generator(settings.seed, "spr", "rule", rule))
    plans = _plans(settings, rule, inside)
    problems = [problem for plan in plans for problem in _impossible(plan, rule, settings)]
    if problems:
        raise InputError(problems)
    splits: list[SprSplit] = []
    seen = np.zeros(0, dtype="S1")
    for plan in plans:
        split, keys = _draw_split(plan, rule, settings, seen)
        splits.append(split)
        seen = np.concatenate([seen, keys])
    accepted = plans[0].sampler.probabilities(settings.lengths[1])[:, ACCEPT]
    spanned = range(settings.lengths[0], settings.lengths[1] + 1)
    return SprData(settings, rule, {length: float(accepted[length]) for length in spanned}, tuple(splits))


def _plans(settings: SprSettings, rule: Rule, inside: np.ndarray) -> list[_Plan]:
    sampler = RowSampler(rule, inside)
    names = ("train", "dev", "test")
    plans = [_Plan(name, size, settings.lengths, sampler) for name, size in zip(names, settings.sizes, strict=True)]
    if settings.long is not None:
        plans.append(_Plan("shift_long", settings.sizes[2], settings.long, sampler))
    if settings.held_out:
        held_out = np.isin(np.array(TOKENS), settings.held_out)
        outside = RowSampler(rule, token_weights(settings, hold_out=False), required=held_out)
        plans.append(_Plan("shift_held_out_pairs", settings.sizes[2], settings.lengths, outside))
    return plans


def _impossible(plan: _Plan, rule: Rule, settings: SprSettings) -> list[Problem]:
    """What this split needs and cannot have at some length."""
    if plan.name in ("dev", "test"):
        return []
    low, high = plan.lengths
    table = plan.sampler.probabilities(high)[low:]
    needed = {ACCEPT: ("the rule accepts no row", "the predicates contradict each other or these lengths")}
    if settings.rejects == "random":
        needed[ANY_REJECT] = ("the rule rejects no row", "state a rule that can be broken")
    else:
        for target, predicate in enumerate(rule.predicates, start=1):
            what = f"no row breaks '{predicate}' alone"
            needed[target] = (what, "the other predicates or the length imply it; change it, or use random rejects")
    problems: list[Problem] = []
    for target, (what, hint) in needed.items():
        missing = np.flatnonzero(table[:, target] <= 0) + low
        if len(missing):
            lengths = f"{missing[0]}" if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
            problems.append(Problem(f"{what} of length {lengths}", f"rule, {plan.name}", hint))
        if target == ACCEPT and problems:
            return problems
    return problems


def _draw_split(plan: _Plan, rule: Rule, settings: SprSettings, seen: np.ndarray) -> tuple[SprSplit, np.ndarray]:
    rng = generator(settings.seed, "spr", "rows", plan.name)
    rejects = np.arange(plan.size - plan.size // 2) % len(rule.predicates) + 1  # balanced over predicates
    rejects = np.full_like(rejects, ANY_REJECT) if settings.rejects == "random" else rejects
    targets = rng.permutation(np.concatenate([np.full(plan.size // 2, ACCEPT), rejects]))
    lengths = rng.integers(plan.lengths[0], plan.lengths[1] + 1, size=plan.size)
    codes = np.zeros((plan.size, plan.lengths[1]), dtype=np.int8)
    again = np.arange(plan.size)
    for _ in range(1 + MAX_REDRAWS):
        drawn = plan.sampler.draw(targets[again], lengths[again], rng)
        codes[again, : drawn.shape[1]] = drawn
        again = again[np.isin(_keys(codes[again], lengths[again]), seen)]
        if not len(again):
            break
    rows = rows_from_codes(codes, lengths)
    broken = rule.broken(rows).sum(axis=1)
    flipped = np.zeros(plan.size, dtype=bool)
    if settings.flip is not None:
        flipped = settings.flip.rows(plan.name, rows, generator(settings.seed, "spr", "flip", plan.name))
    labels = (broken == 0) ^ flipped
    return SprSplit(plan.name, codes, lengths, labels, flipped, broken, len(again)), _keys(codes, lengths)


def _keys(codes: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Bytes (n,) that are equal exactly when two rows are: code + 1, so that only padding is zero."""
    inside = np.arange(codes.shape[1]) < lengths[:, None]
    return np.ascontiguousarray(np.where(inside, codes + 1, 0).astype(np.uint8)).view(f"S{codes.shape[1]}")[:, 0]


def draw_rule(k: int, weights: np.ndarray, lengths: tuple[int, int], rng: np.random.Generator) -> Rule:
    """A rule of `k` distinct predicates, each of a family drawn uniformly; orders compare shapes.

    `weights` float64 (20,) are the token probabilities that training rows have. Draws are repeated until the rule
    keeps to ACCEPTANCE, its predicates to ALONE, and accepts and near misses of every predicate exist at every length.
    Raises InputError after MAX_DRAWS draws.
    """
    for _ in range(MAX_DRAWS):
        predicates = [_draw_predicate(lengths, rng) for _ in range(k)]
        if len(set(predicates)) == k and product_states(predicates) <= MAX_STATES:
            rule = Rule(tuple(predicates))
            if _usable(rule, weights, lengths):
                return rule
    raise InputError(
        f"no usable rule of {k} predicates in {MAX_DRAWS} draws",
        "k",
        "try another seed, fewer predicates, longer rows, or less skewed weights",
    )


def _draw_predicate(lengths: tuple[int, int], rng: np.random.Generator) -> Predicate:
    family = int(rng.integers(4))
    if family == 0:
        relation = get_args(Relation)[int(rng.integers(3))]
        return ShapeCount(relation, int(rng.integers(0, min(lengths[1], 8) + 1)), _pick(SHAPES, rng))
    if family == 1:
        return ColourPosition(int(rng.integers(1, min(lengths[0], 8) + 1)), _pick(COLOURS, rng))
    if family == 2:
        return CountParity(get_args(Parity)[int(rng.integers(2))], _pick(SHAPES + COLOURS, rng))
    first, second = rng.permutation(4)[:2]
    return FirstBefore(SHAPES[int(first)], SHAPES[int(second)])


def _pick(symbols: str, rng: np.random.Generator) -> str:
    return symbols[int(rng.integers(len(symbols)))]


def _usable(rule: Rule, weights: np.ndarray, lengths: tuple[int, int]) -> bool:
    span = slice(lengths[0], lengths[1] + 1)
    for predicate in rule.predicates:
        alone = RowSampler(Rule((predicate,)), weights).probabilities(lengths[1])[span, ACCEPT].mean()
        if not ALONE[0] <= alone <= ALONE[1]:
            return False
    table = RowSampler(rule, weights).probabilities(lengths[1])[span]
    accepted = table[:, ACCEPT].mean()
    return bool(ACCEPTANCE[0] <= accepted <= ACCEPTANCE[1] and (table > 0).all())


MANIFEST = "generation.json"
FORMAT = 1  # raised whenever the files change


def csv_bytes(split: SprSplit) -> bytes:
    """The split as UTF-8 CSV, `id,sequence,label`, tokens separated by one space, lines by a line feed."""
    lines = [
        f"{row_id},{' '.join(sequence)},{label}\n"
        for row_id, sequence, label in zip(split.ids, split.sequences, split.labels.astype(int).tolist(), strict=True)
    ]
    return ("id,sequence,label\n" + "".join(lines)).encode()


def manifest(data: SprData, files: dict[str, bytes]) -> dict[str, Any]:
    """The content of `generation.json`: rule, settings, acceptance probabilities, counts, flipped ids, hashes."""
    drawn = isinstance(data.settings.rule, int)
    by_length = {str(length): chance for length, chance in data.acceptance.items()}
    return {
        "format": FORMAT,
        "task": "spr",
        "rule": {
            "text": str(data.rule),
            "predicates": data.rule.as_json(),
            "origin": "drawn" if drawn else "given",
        },
        "settings": {"k": len(data.rule.predicates), **data.settings.as_json()},
        "acceptance": {
            "mean": math.fsum(by_length.values()) / len(by_length),
            "by_length": by_length,
        },
        "splits": {split.name: _describe(split, files[f"{split.name}.csv"]) for split in data.splits},
    }


def _describe(split: SprSplit, content: bytes) -> dict[str, Any]:
    broken = Counter(split.broken.tolist())
    ids = split.ids
    return {
        "file": f"{split.name}.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(split.labels),
        "accepted_by_rule": broken[0],
        "labelled_1": int(split.labels.sum()),
        "rejects_by_predicates_broken": {str(count): broken[count] for count in sorted(broken) if count},
        "rows_also_in_earlier_splits": split.repeats,
        "flipped": [ids[row] for row in np.flatnonzero(split.flipped)],
    }


def write_spr(data: SprData, folder: Path) -> dict[str, Any]:
    """Write all splits and `generation.json` into the new `folder`; returns the manifest. Raises InputError where
    something stands there, StoreError when it cannot be written."""
    files = {f"{split.name}.csv": csv_bytes(split) for split in data.splits}
    description = manifest(data, files)
    with make_folder(folder, "") as place:
        write_files(place, {**files, MANIFEST: pretty_json(description)})
    return description
