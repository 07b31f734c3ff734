"""What a planted fault is, and the clean subjects that faults are planted into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from brittlestar.core.seeds import generator
from exam.cases import Case, Row, Split, split_of
from exam.clean.folders import folder, in_order, plan, task_of
from exam.clean.sources import Lengths

Place = Mapping[str, str | tuple[str, ...]]


class Draws(Protocol):
    """What rows can be drawn from."""

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        ...

    @property
    def lengths(self) -> Lengths:
        """Lengths of the rows."""
        ...

    def draw(
        self, n: int, random: np.random.Generator, lengths: Lengths | None = None, shares: np.ndarray | None = None
    ) -> tuple[list[Row], np.ndarray]:
        """`n` rows and their labels int64 (n,), under other lengths or class shares where given."""
        ...


@dataclass(frozen=True)
class Subject:
    """A clean case with the task that it was drawn from, so that more rows can be drawn; `names` of its classes."""

    case: Case
    task: Draws
    names: tuple[str, ...]

    def split(self, name: str) -> Split:
        """One split of the case."""
        return self.case.splits[name]

    def fresh(
        self,
        name: str,
        n: int,
        random: np.random.Generator,
        lengths: Lengths | None = None,
        shares: np.ndarray | None = None,
    ) -> Split:
        """New rows of the same task, under other lengths or class shares where given."""
        rows, labels = self.task.draw(n, random, lengths, shares)
        return split_of(name, rows, [self.names[label] for label in labels.tolist()], random)


@dataclass(frozen=True)
class Planted:
    """A case with a fault. `place` is what `where` of the finding must say: one value or several that are right;
    `rows` are the ids of all rows at fault by split, None where the fault is not one of rows."""

    case: Case
    place: Place
    rows: Mapping[str, frozenset[str]] | None = None


Plant = Callable[[Subject, float, np.random.Generator], Planted]


@dataclass(frozen=True)
class Fault:
    """How one fault is planted. `doses` are in `unit`, growing; those from `matters` on change what a reader
    concludes and must be found. `subjects(random, **given)` makes the clean subject, `subject` where it is None, whose
    plan takes from `given` the choices that the fault needs."""

    code: str
    kind: str
    unit: str
    doses: tuple[float, ...]
    matters: float
    plant: Plant
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    subjects: Callable[..., Subject] | None = None

    @property
    def name(self) -> str:
        """Code and kind, which its random numbers depend on."""
        return f"{self.code} ({self.kind})"


def subject(random: np.random.Generator, **given: Any) -> Subject:
    """A clean subject with dev and test of 1,500 to 4,000 rows, its other choices random unless they are given.
    Choices that are functions are called with the generator, lists are chosen from."""
    chosen = {
        name: value[random.integers(len(value))]
        if isinstance(value, list)
        else value(random)
        if callable(value) and name != "lengths"
        else value
        for name, value in given.items()
    }
    defaults: dict[str, Any] = {"evaluations": ("dev", "test"), "rows": int(random.integers(1_500, 4_000))}
    made = plan(random, **{**defaults, **chosen})
    task = task_of(made, random)
    case = folder(task, made, random)
    return Subject(case, task, tuple(in_order({*case.splits["train"].labels})))


def planted(fault: Fault, dose: float, number: int, stream: str) -> tuple[Planted, Case]:
    """The planted case of a number, and the clean twin it was made from; the same on every machine."""
    for attempt in range(50):
        random = generator(number, stream, fault.name, attempt)
        try:
            clean = (fault.subjects or subject)(random, **fault.given)
            return fault.plant(clean, dose, random), clean.case
        except ValueError:
            continue  # a subject whose parts do not go together, or that has no room for the fault
    raise AssertionError(f"{fault.name} cannot be planted at {dose} in case {number}")


def some(n: int, share: float, random: np.random.Generator) -> np.ndarray:
    """Distinct positions of a share of `n` rows, ascending."""
    return np.sort(random.choice(n, min(n, round(share * n)), replace=False))


def ids(split: Split, positions: np.ndarray | list[int]) -> frozenset[str]:
    """Ids of some rows."""
    return frozenset(split.ids[int(position)] for position in positions)


def inserted(row: Row, token: str, random: np.random.Generator) -> Row:
    """The row with one more token at a random place."""
    place = int(random.integers(len(row) + 1))
    return (*row[:place], token, *row[place:])


def token_counts(split: Split) -> dict[str, int]:
    """How often each token occurs, most frequent first, ties by name."""
    values, counts = np.unique([token for row in split.rows for token in row], return_counts=True)
    order = np.lexsort((values, -counts))
    return {str(values[k]): int(counts[k]) for k in order}
