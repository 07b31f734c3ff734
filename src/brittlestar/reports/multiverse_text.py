"""What is said of a study under other choices, in the words of a terminal, a notebook and a page alike."""

from __future__ import annotations

from brittlestar.core.texts import format_duration
from brittlestar.reports.multiverse import Multiverse
from brittlestar.study.units import count, unit_of

POINTS = unit_of("accuracy")
"""Estimates are differences of fractions, shown as points."""


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
