"""A study under other choices: every universe that was run, where its verdict holds, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.study.units import count

OWN = "as it is"
"""The universe of the study itself."""


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
