"""A suite: rows of one split under every condition, with true labels where they are known."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.probing import PLAIN, Condition
from brittlestar.core.seeds import generator
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.data.spr.rule import Rule
from brittlestar.data.written_rows import WrittenRows, stack_token_rows
from brittlestar.probes.composition import share, tilt_weights
from brittlestar.probes.contrasts import Contrast, near_misses, one_token
from brittlestar.probes.length import MOST_DRAWN, SWEEP, draw_by_length
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask, compare_familiarity

EXTRAS = ("composition.tilt", "contrast.one-token", "contrast.near-miss", "length.sweep")
"""Kinds of conditions that are no change of a row; `contrast.one-token` where no rule of the founding task is known,
`contrast.near-miss` and `length.sweep` where one is."""
SAME_TOKENS = ("order", "length")
"""Families that put in no other tokens than train has."""
TILTS = (0.01, 0.05)  # nats: a small and a plain shift
TILTED_TOKENS = 1  # budget: each is a contrast of its own
TILTED_VALUES = 1  # budget: each is a contrast of its own
MOST_PROBED_ROWS = 2000  # a share of .5 is known to 1.1 points (standard error)
FEWEST_PROBED_ROWS = 150  # a share of .5 is known to 4.1 points (standard error)
ROWS_TRAINED = 150
"""Rows read in training for each row of a suite. A run of the reference LSTM on 2,000 rows, 10 epochs, is then probed
in 15 % of the processor time of its training; shorter training has no fewer rows."""


class Numbers:
    """Gives rows numbers, one condition after the other. A row that equals one of the rows as they are, or another of
    its own condition, gets that one's number; rows of two conditions are not compared, so that what is kept in memory
    does not grow with them. `plain` int64 (n,) are the numbers of the rows as they are, `first` these rows once each.
    """

    def __init__(self, rows: WrittenRows) -> None:
        self._position: dict[str, int] = {}
        self._hashes = np.zeros(0, np.uint64)
        self._plain = np.zeros(0, np.uint64)
        self._plain_numbers = np.zeros(0, np.int64)
        self._taken = 0
        (self.plain,), self.first = self.add(rows)
        hashes = self._hash_rows(self.first)
        order = np.argsort(hashes)
        self._plain, self._plain_numbers = hashes[order], order.astype(np.int64)

    @property
    def nothing(self) -> WrittenRows:
        """No rows, under the lexicon so far."""
        return WrittenRows(np.zeros(0, np.int32), np.zeros(1, np.int64), tuple(self._position))

    def add(self, *parts: WrittenRows) -> tuple[list[np.ndarray], WrittenRows]:
        """The numbers int64 (n_rows,) of each part of one condition, and those of its rows that are new."""
        rows = stack_token_rows([self._recode_rows(part) for part in parts])
        hashes = self._hash_rows(rows)
        distinct, first, of_row = np.unique(hashes, return_index=True, return_inverse=True)
        place = np.searchsorted(self._plain, distinct)
        known = place < len(self._plain)
        known[known] = self._plain[place[known]] == distinct[known]
        fresh = np.flatnonzero(~known)
        fresh = fresh[np.argsort(first[fresh], kind="stable")]  # in the order in which they first came
        numbers = np.empty(len(distinct), np.int64)
        numbers[known] = self._plain_numbers[place[known]]
        numbers[fresh] = self._taken + np.arange(len(fresh))
        self._taken += len(fresh)
        found = numbers[of_row.reshape(-1)]
        ends = np.cumsum([part.n_rows for part in parts])[:-1]
        return np.split(found, ends), rows.rows(first[fresh])

    def _recode_rows(self, rows: WrittenRows) -> WrittenRows:
        """The rows under the lexicon of the suite, which takes in the tokens that they use."""
        before = len(self._position)
        known = np.zeros(len(rows.lexicon), np.int32)
        for code in np.flatnonzero(np.bincount(rows.codes, minlength=len(rows.lexicon))).tolist():
            known[code] = self._position.setdefault(rows.lexicon[code], len(self._position))
        lexicon = tuple(self._position)
        self._hashes = np.concatenate([self._hashes, token_hashes(lexicon[before:])])
        return WrittenRows(known[rows.codes], rows.offsets, lexicon)

    def _hash_rows(self, rows: WrittenRows) -> np.ndarray:
        return sequence_hashes(self._hashes, rows.codes, rows.offsets)


@dataclass(frozen=True)
class Suite:
    """`rows` are those of all conditions, each once among those of its condition and the rows as they are; `sample`
    int64 (n,) are the rows of `split` that were taken; the first condition is the rows as they are. `notes` say what
    was left out and why."""

    split: str
    sample: np.ndarray
    rows: WrittenRows
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuitePiece:
    """A condition and the rows that came with it, under the lexicon so far; its numbers count the rows of all pieces
    before it. `notes` stand with the first."""

    condition: Condition
    rows: WrittenRows
    notes: tuple[str, ...] = ()


def pieces(
    rows: WrittenRows,
    labels: np.ndarray,
    task: ProbeTask,
    probes: Sequence[Probe],
    *,
    rule: Rule | None = None,
    contrasts: Sequence[Contrast] = (),
    extras: Collection[str] = EXTRAS,
    drawn: int = MOST_DRAWN,
) -> Iterator[SuitePiece]:
    """Every probe at each of its strengths on the rows, their labels int32 (n,) as written (-1: unknown to train); one
    condition at a time, so that no more than one is in memory.

    Randomness comes from one stream for each probe and strength, so that a condition does not depend on the others.
    `extras` are kinds of EXTRAS that are added, beside the `contrasts` that are given; a sweep of lengths draws `drawn`
    rows at each. Where a rule is known its labels
    stand for those in the file. Raises InputError where an own probe fails.
    """
    numbers = Numbers(rows)
    known = labels if task.relabel is None else _labels(rows, task)
    plain = numbers.plain
    base = Condition(PLAIN, 0.0, "", "the rows as they are", "invariant", plain, plain, known, known)
    tilts, notes = _tilts(rows, task, base) if "composition.tilt" in extras else ([], ())
    yield SuitePiece(base, numbers.first, notes)
    for probe in probes:
        for strength in probe.strengths:
            random = generator(0, "probe", probe.name, f"{strength:g}")
            changed = probe.change(rows, task, strength, random)
            if changed.n_rows != rows.n_rows:
                what = f"it gave {changed.n_rows:,} rows for {rows.n_rows:,}"
                raise InputError(what, f"probe {probe.name} at {strength:g}", "make it with brittlestar.own_probe")
            after = known if probe.lossless and task.relabel is not None else _labels(changed, task)
            (where,), added = numbers.add(changed)
            told = probe.name, strength, probe.unit, probe.write_about(), probe.expectation
            words: dict[str, Any] = {"title": probe.write_title(strength), "declared": probe.declared}
            familiarity = None if probe.family in SAME_TOKENS else compare_familiarity(rows, changed, task)
            yield SuitePiece(Condition(*told, plain, where, known, after, **words, familiarity=familiarity), added)
    yield from (SuitePiece(tilt, numbers.nothing) for tilt in tilts)
    made, random = [*contrasts], generator(0, "probe", "contrast")
    if rule is not None and "contrast.near-miss" in extras:
        made += near_misses(rule, rows, known, task, random)
    if rule is None and "contrast.one-token" in extras:
        made += filter(None, [one_token(rows, known, task, random)])
    for contrast in made:
        (left, right), added = numbers.add(contrast.left, contrast.right)
        before, after = contrast.left_labels, contrast.right_labels
        told = contrast.name, 1.0, "token", contrast.about, "changes"
        yield SuitePiece(Condition(*told, left, right, before, after, concerns=contrast.concerns), added)
    if "length.sweep" in extras and rule is not None:
        yield from _draw_pieces(numbers, rule, task, drawn)


def _labels(rows: WrittenRows, task: ProbeTask) -> np.ndarray:
    unknown = np.full(rows.n_rows, -1, np.int32)
    return unknown if task.relabel is None else task.relabel(rows)


def _tilts(rows: WrittenRows, task: ProbeTask, base: Condition) -> tuple[list[Condition], tuple[str, ...]]:
    """Rows weighted towards a token, and values of factors, that vary most; and notes of what no weights reach."""
    found: list[Condition] = []
    notes: list[str] = []
    for name, members in _varying(rows, task).items():
        for divergence in TILTS if name in rows.lexicon else TILTS[-1:]:
            weights = tilt_weights(rows, members, divergence)
            if weights is None:
                notes.append(f"'{name}' cannot be made {divergence:g} nats more frequent by weights of these rows")
                continue
            before, after = (100 * share(rows, members, own) for own in (np.ones(rows.n_rows), weights))
            told = {
                "probe": f"composition.tilt:{name}",
                "unit": "nats",
                "about": f"'{name}' weighted up",
                "title": f"'{name}' weighted up from {before:.1f} % to {after:.1f} % of tokens",
            }
            found.append(replace(base, **told, strength=divergence, weights=weights))
    return found, tuple(notes)


def _varying(rows: WrittenRows, task: ProbeTask) -> dict[str, np.ndarray]:
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


def _most_varying(rows: WrittenRows, kinds: np.ndarray, many: int) -> list[int]:
    """The kinds, int by code, with the largest variance over rows of their share of the row."""
    n = int(kinds.max(initial=0)) + 1
    share = 1 / np.maximum(rows.lengths, 1)[rows.owners]
    cells, of_token = np.unique(rows.owners * n + kinds[rows.codes], return_inverse=True)
    values = np.bincount(of_token, weights=share)
    mean = np.bincount(cells % n, weights=values, minlength=n) / rows.n_rows
    square = np.bincount(cells % n, weights=values**2, minlength=n) / rows.n_rows
    return np.argsort(-(square - mean**2), kind="stable")[:many].tolist()


def _draw_pieces(numbers: Numbers, rule: Rule, task: ProbeTask, drawn: int) -> Iterator[SuitePiece]:
    for strength in SWEEP:
        rows = draw_by_length(rule, task, strength, generator(0, "probe", "length.sweep", f"{strength:g}"), drawn)
        if rows is None:
            continue
        (where,), added = numbers.add(rows)
        nothing = np.full(rows.n_rows, -1)
        about = "longer rows of the same rule"
        notes = "length.sweep", strength, "times train's longest row", about, "open"
        labels = nothing.astype(np.int32), _labels(rows, task)
        yield SuitePiece(
            Condition(*notes, nothing, where, *labels, title=f"{about} ({strength:g} times train's longest)"), added
        )


def sample_size(train_rows: int, epochs: int) -> int:
    """One row for each 150 that training reads, 150 at least and 2,000 at most.

    >>> sample_size(2_000, 30), sample_size(200, 10), sample_size(20_000, 20)
    (400, 150, 2000)
    """
    return min(MOST_PROBED_ROWS, max(FEWEST_PROBED_ROWS, train_rows * epochs // ROWS_TRAINED))
