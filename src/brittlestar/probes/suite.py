"""A suite: rows of one split under every condition, each distinct row once, with true labels where they are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.probing import PLAIN, Condition
from brittlestar.core.seeds import generator
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.data.spr.rule import Rule
from brittlestar.probes.contrasts import Contrast, near_misses, one_token
from brittlestar.probes.drawing import SWEEP, drawn
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import Task
from brittlestar.probes.tilting import tilted
from brittlestar.probes.token_rows import TokenRows, stacked

EXTRAS = ("composition.tilt", "contrast.one-token", "contrast.near-miss", "length.sweep")
"""Kinds of conditions that are no change of a row; `contrast.one-token` where no rule of the founding task is known,
`contrast.near-miss` and `length.sweep` where one is."""

TILTS = (0.01, 0.05)
TILTED_TOKENS = 1
TILTED_VALUES = 1


@dataclass(frozen=True)
class Suite:
    """`rows` are distinct; `sample` int64 (n,) are the rows of `split` that were taken; the first condition is the
    rows as they are. `notes` say what was left out and why."""

    split: str
    sample: np.ndarray
    rows: TokenRows
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Builder:
    """Collects parts of rows under one growing lexicon."""

    task: Task
    position: dict[str, int] = field(default_factory=dict[str, int])
    parts: list[TokenRows] = field(default_factory=list[TokenRows])
    taken: int = 0

    def add(self, rows: TokenRows) -> np.ndarray:
        """Take rows in; int64 (n_rows,): their numbers before equal rows are made one."""
        used = np.flatnonzero(np.bincount(rows.codes, minlength=len(rows.lexicon)))
        known = np.zeros(len(rows.lexicon), np.int32)
        for code in used.tolist():
            known[code] = self.position.setdefault(rows.lexicon[code], len(self.position))
        self.parts.append(TokenRows(tuple(self.position), known[rows.codes], rows.offsets))
        numbers = np.arange(self.taken, self.taken + rows.n_rows)
        self.taken += rows.n_rows
        return numbers

    def labels(self, rows: TokenRows) -> np.ndarray:
        """True labels of rows, -1 where no rule is known."""
        unknown = np.full(rows.n_rows, -1, np.int32)
        return unknown if self.task.relabel is None else self.task.relabel(rows)


def build_suite(
    split: str,
    sample: np.ndarray,
    rows: TokenRows,
    labels: np.ndarray,
    task: Task,
    probes: Sequence[Probe],
    *,
    rule: Rule | None = None,
    contrasts: Sequence[Contrast] = (),
    extras: Collection[str] = EXTRAS,
) -> Suite:
    """Every probe at each of its strengths on the rows, their labels int32 (n,) as written (-1: unknown to train).

    Randomness comes from one stream for each probe and strength, so that a condition does not depend on the others.
    `extras` are kinds of EXTRAS that are added, beside the `contrasts` that are given. Where a rule is known its labels
    stand for those in the file. Raises InputError where an own probe fails.
    """
    builder = _Builder(task)
    plain = builder.add(rows)
    known = labels if task.relabel is None else builder.labels(rows)
    base = Condition(PLAIN, 0.0, "", "the rows as they are", "invariant", plain, plain, known, known)
    conditions, notes = [base], list[str]()
    for probe in probes:
        for strength in probe.strengths:
            random = generator(0, "probe", probe.name, f"{strength:g}")
            changed = probe.change(rows, task, strength, random)
            if changed.n_rows != rows.n_rows:
                what = f"it gave {changed.n_rows:,} rows for {rows.n_rows:,}"
                raise InputError(what, f"probe {probe.name} at {strength:g}", "make it with brittlestar.own_probe")
            after = known if probe.lossless and task.relabel is not None else builder.labels(changed)
            where = builder.add(changed)
            conditions.append(
                Condition(probe.name, strength, probe.unit, probe.about, probe.expectation, plain, where, known, after)
            )
    if "composition.tilt" in extras:
        conditions += _tilts(rows, task, base, notes)
    for contrast in (*contrasts, *_contrasts(rows, known, task, rule, extras)):
        left, right = builder.add(contrast.left), builder.add(contrast.right)
        before, after = contrast.left_labels, contrast.right_labels
        conditions.append(Condition(contrast.name, 1.0, "token", contrast.about, "changes", left, right, before, after))
    if "length.sweep" in extras:
        conditions += _drawn(builder, rule, task)
    return _distinct(split, sample, builder, conditions, tuple(notes))


def _contrasts(
    rows: TokenRows, labels: np.ndarray, task: Task, rule: Rule | None, extras: Collection[str]
) -> list[Contrast]:
    random = generator(0, "probe", "contrast")
    if rule is not None:
        return list(near_misses(rule, rows, labels, task, random)) if "contrast.near-miss" in extras else []
    made = one_token(rows, labels, task, random) if "contrast.one-token" in extras else None
    return [] if made is None else [made]


def _tilts(rows: TokenRows, task: Task, base: Condition, notes: list[str]) -> list[Condition]:
    """The rows, weighted towards the symbols that vary most between rows: a token, and a value of each factor."""
    found: list[Condition] = []
    for name, members in _varying(rows, task).items():
        for divergence in TILTS if name in rows.lexicon else TILTS[-1:]:
            weights = tilted(rows, members, divergence)
            if weights is None:
                notes.append(f"no weights of these rows move the share of '{name}' by {divergence:g} nats")
                continue
            about = f"the same rows, weighted so that '{name}' is more frequent"
            probe = f"composition.tilt:{name}"
            found.append(replace(base, probe=probe, strength=divergence, unit="nats", about=about, weights=weights))
    return found


def _varying(rows: TokenRows, task: Task) -> dict[str, np.ndarray]:
    """bool by code of the tokens, and of the values of each factor, whose share of the row varies most over rows."""
    if rows.n_rows == 0 or not len(rows.codes):
        return {}
    found = {
        rows.lexicon[code]: np.arange(len(rows.lexicon)) == code
        for code in _most_varying(rows, np.arange(len(rows.lexicon)), TILTED_TOKENS)
    }
    for factor, own in task.values(rows.lexicon).items():
        names, numbers = np.unique(np.array(own, dtype=np.str_), return_inverse=True)
        for number in _most_varying(rows, numbers, TILTED_VALUES):
            if names[number]:
                found[f"{factor} {names[number]}"] = numbers == number
    return found


def _most_varying(rows: TokenRows, kinds: np.ndarray, many: int) -> list[int]:
    """The kinds, int by code, with the largest variance over rows of their share of the row."""
    n = int(kinds.max(initial=0)) + 1
    share = 1 / np.maximum(rows.lengths, 1)[rows.owners]
    cells, of_token = np.unique(rows.owners * n + kinds[rows.codes], return_inverse=True)
    values = np.bincount(of_token, weights=share)
    mean = np.bincount(cells % n, weights=values, minlength=n) / rows.n_rows
    square = np.bincount(cells % n, weights=values**2, minlength=n) / rows.n_rows
    return np.argsort(-(square - mean**2), kind="stable")[:many].tolist()


def _drawn(builder: _Builder, rule: Rule | None, task: Task) -> list[Condition]:
    found: list[Condition] = []
    for strength in SWEEP if rule is not None else ():
        assert rule is not None
        rows = drawn(rule, task, strength, generator(0, "probe", "length.sweep", f"{strength:g}"))
        if rows is None:
            continue
        where, after = builder.add(rows), builder.labels(rows)
        nothing = np.full(rows.n_rows, -1)
        about = "rows of the same rule, drawn longer than train's longest"
        unit = "times train's longest row"
        found.append(
            Condition("length.sweep", strength, unit, about, "open", nothing, where, nothing.astype(np.int32), after)
        )
    return found


def _distinct(
    split: str, sample: np.ndarray, builder: _Builder, conditions: Sequence[Condition], notes: tuple[str, ...]
) -> Suite:
    """Equal rows made one, in the order in which they first came."""
    rows = stacked(builder.parts)
    hashes = sequence_hashes(token_hashes(rows.lexicon)[rows.codes], rows.offsets)
    _, first, of_row = np.unique(hashes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    order = np.argsort(first, kind="stable")
    rank[order] = np.arange(len(first))
    place = rank[of_row.reshape(-1)]

    def moved(numbers: np.ndarray) -> np.ndarray:
        return np.where(numbers >= 0, place[numbers], -1)

    kept = tuple(replace(one, before=moved(one.before), after=moved(one.after)) for one in conditions)
    return Suite(split, sample, rows.rows(first[order]), kept, notes)
