"""A study under other choices: every universe that was run, where its verdict holds, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.texts import format_duration
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.study.units import count, unit_of

OWN = "as it is"
"""The universe of the study itself."""
POINTS = unit_of("accuracy")
"""Estimates are differences of fractions, shown as points."""


@dataclass(frozen=True)
class Universe:
    """One set of choices: the `settings` that differ from the study's own, the claim and its `verdict` under them with
    the `estimate` and its `interval` (fractions; None where there is none) and what it is held against (`threshold`;
    None of an equivalence), runs and seconds that it took, its `study`, how many runs are still to come (`unmade`;
    without them it has no verdict), and why it could not be run (empty where it was)."""

    settings: Mapping[str, Any]
    claim: str = ""
    verdict: str = ""
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    threshold: float | None = None
    runs: int = 0
    seconds: float = 0.0
    study: str = ""
    unmade: int = 0
    error: str = ""

    @property
    def missing(self) -> str:
        """Why it has no verdict, in words; empty where it has one."""
        return f"{count(self.unmade, 'run')} still to come" if self.unmade else self.error

    @property
    def name(self) -> str:
        """`training.epochs 20, model.pooling max`."""
        return describe_settings(self.settings)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**vars(self), "settings": dict(self.settings), "interval": self.interval and list(self.interval)}


@dataclass(frozen=True, repr=False)
class Multiverse:
    """The universes that were run, the study's own first; the values of each choice, the study's own first (`levels`);
    how many these make together (`of`), those that a budget left out or unfinished (`left`), and what each choice does
    to the estimate: {setting: {value: effect against its own}}, without values that these universes cannot tell from
    others. `study` is the study's name, `place` the folder of all."""

    __repr__ = brief_repr

    study: str
    place: str
    universes: tuple[Universe, ...]
    levels: Mapping[str, tuple[Any, ...]]
    of: int
    left: int
    effects: Mapping[str, Mapping[str, float]]

    @property
    def judged(self) -> tuple[Universe, ...]:
        """Those with a verdict."""
        return tuple(one for one in self.universes if one.verdict)

    @property
    def holding(self) -> int:
        """In how many of them the verdict is the study's own."""
        return sum(one.verdict == self.universes[0].verdict for one in self.judged)

    @property
    def largest(self) -> tuple[str, float] | None:
        """The choice that moves the estimate most, and by how much from one of its values to another."""
        spans = {path: max(told.values()) - min(told.values()) for path, told in self.effects.items() if len(told) > 1}
        return max(spans.items(), key=lambda one: one[1]) if spans else None

    @property
    def runs(self) -> int:
        """Runs in all universes: what the search cost."""
        return sum(one.runs for one in self.universes)

    @property
    def seconds(self) -> float:
        """What they took together."""
        return sum(one.seconds for one in self.universes)

    @property
    def exit_code(self) -> int:
        """0, or 1 where a universe could not be run."""
        return 1 if any(one.error for one in self.universes) else 0

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study,
            "place": self.place,
            "universes": [one.as_json() for one in self.universes],
            "of": self.of,
            "left": self.left,
            "verdict": self.universes[0].verdict,
            "holding": self.holding,
            "judged": len(self.judged),
            "effects": {path: dict(told) for path, told in self.effects.items()},
            "runs": self.runs,
            "seconds": round(self.seconds, 1),
        }


def describe_settings(chosen: Mapping[str, Any]) -> str:
    """`training.epochs 20, model.pooling max`."""
    return ", ".join(f"{path} {show_choice(value)}" for path, value in chosen.items()) or OWN


def show_choice(value: Any) -> str:
    """A value of a choice as people read it."""
    return "the default" if value is None else str(value)


def describe_multiverse(found: Multiverse) -> list[tuple[str, str]]:
    """Lines with their names: where the verdict holds, what moves it most, the range, the cost."""
    lines = [("Holds in", _say_holding(found))]
    if found.largest is not None:
        path, span = found.largest
        (own, _), *others = found.effects[path].items()
        effects = ", ".join(f"{own} → {value}: {show_points(effect)}" for value, effect in others)
        lines.append(("Moves most", f"{path}, by {POINTS.amount(span)} ({effects})"))
    elif found.effects:
        lines.append(("Moves most", "cannot say: the choices changed only together in the universes that were run"))
    estimates = [one.estimate for one in found.judged if one.estimate is not None]
    if estimates:
        here = found.universes[0].estimate
        in_own = "–" if here is None else show_points(here)
        told = f"{show_points(min(estimates))} to {show_points(max(estimates))}; in the study itself {in_own}"
        lines.append(("Range", told))
    cost = f"{count(found.runs, 'run')}, {format_duration(found.seconds)}; "
    ran = sum(not one.missing for one in found.universes)
    cost += f"{ran} of {count(found.of, 'universe')} were run"
    lines.append(("Cost", f"{cost}{f', {found.left} more when there is time' if found.left else ''}."))
    return lines


def show_points(value: float) -> str:
    """`+1.2 points`."""
    return POINTS.amount(value, sign=True)


def _say_holding(found: Multiverse) -> str:
    own = found.universes[0]
    if not own.verdict:
        return f"the study itself has no verdict: {own.missing}"
    many = f"{found.holding} of {count(len(found.judged), 'universe')}"
    many += f" (of {found.of} in all)" if len(found.judged) < found.of else ""
    return f"{own.verdict} in {many}, as in the study itself: {own.claim}"
