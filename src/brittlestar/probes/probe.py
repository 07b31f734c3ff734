"""A probe: one declared change of the input, at several strengths, with what should hold afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Formatter

import numpy as np

from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.task import ProbeTask

Change = Callable[[WrittenRows, ProbeTask, float, np.random.Generator], WrittenRows]
"""(rows, what is known of the task, strength, random numbers) to as many rows, changed."""


@dataclass(frozen=True)
class Probe:
    """`name` is `family.what`, or `family.what:DETAIL` where it is about one factor; `unit` says what a strength
    counts, empty where there is but one; `strengths` are those of the default suite; `expectation` is one of
    core.expectations, and `declared` whether somebody who knows the task stated it. `lossless`: whoever reads the row
    before reads the same afterwards, so that its true label stays.

    `about` says for people what happens, in words that can follow "with". It is a template, whose fields stand for the
    strength: `{n}` (4), `{percent}` (10 %), `{share}` (`10 % of `, nothing where it is all), `{times}` (once, twice, 4
    times), `{tokens}` (token, 4 tokens), `{place}` (position 2, the last position). A text without a field is quoted
    beside its strength, unless there is but one.
    """

    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Change
    about: str
    expectation: str = "open"
    lossless: bool = False
    declared: bool = False

    @property
    def family(self) -> str:
        """The part of the name before the dot: which finding reads this probe."""
        return self.name.partition(".")[0]

    def write_title(self, strength: float) -> str:
        """The condition at this strength in words: `tokens shuffled within windows of 4`."""
        if self.unit and not any(field for _, field, _, _ in Formatter().parse(self.about)):
            return f"'{self.write_about().rstrip('.')}' ({strength:g} {self.unit})"
        percent = f"{100 * strength:g} %"
        return self.about.format(
            n=f"{strength:g}",
            percent=percent,
            share="" if strength == 1 else f"{percent} of ",
            times={"1": "once", "2": "twice"}.get(f"{strength:g}", f"{strength:g} times"),
            tokens="token" if strength == 1 else f"{strength:g} tokens",
            place=_place(strength),
        )

    def write_about(self) -> str:
        """The change in words, at no strength in particular: `tokens shuffled within windows of n`."""
        return self.about.format(n="n", percent="part", share="", times="n times", tokens="tokens", place="a position")


def _place(strength: float) -> str:
    """A position that counts from 1, or from -1 at the end."""
    if strength > 0:
        return f"position {strength:g}"
    return "the last position" if strength == -1 else f"position {-strength:g} from the end"
