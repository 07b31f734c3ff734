"""What the page says of probes: the suite, a table of every condition, what order carries, and which gains survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brittlestar.core.probing import RAISED
from brittlestar.diagnosis.probes.effects import Effect
from brittlestar.diagnosis.probes.presented import WAYS
from brittlestar.diagnosis.probes.readings import Reading
from brittlestar.diagnosis.probes.saying import points, ranged
from brittlestar.diagnosis.probes.summary import ProbeSummary

MOST_ROWS = 200


@dataclass(frozen=True)
class ProbesView:
    """Texts for the page: `about` the suite, `sentences`, a table of conditions by variant, one of gains, and one of
    other batches and padding."""

    about: tuple[str, ...]
    sentences: tuple[str, ...]
    arms: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    gains: tuple[tuple[str, ...], ...]
    presented: tuple[tuple[str, ...], ...]


def probes_view(found: ProbeSummary) -> ProbesView:
    """The view of what probes found."""
    arms, probes = found.study.arms, found.study.probes
    about = [
        f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split}; {len(probes.conditions) - 1} conditions; "
        "nothing was trained again."
    ]
    about += [found.rule, *found.notes]
    told = tuple((one.arm.name, tuple(_row(reading) for reading in one.readings)) for one in arms)
    survived = tuple(
        (one.arm, one.where, _signed(one.usual.estimate), _signed(one.there.estimate), _range(one.interval), one.word)
        for one in found.gains[:MOST_ROWS]
    )
    given = tuple(
        (
            arm,
            WAYS[way],
            f"{seen['rows']:,}",
            f"{seen['moved']:,}",
            f"{seen['flipped']:,}",
            "it raises an error" if seen["most"] >= RAISED else f"{seen['most']:.2g}",
        )
        for arm, seen_by_way in found.presented.items()
        for way, seen in seen_by_way.items()
    )
    return ProbesView(tuple(about), found.sentences, told, survived, given)


def _row(one: Reading) -> tuple[str, ...]:
    condition = one.condition
    name = "the rows as they are" if condition.probe == "plain" else condition.name
    after = one.after
    low_high = "" if after is None else _range(after.interval())
    worst = "" if after is None or after.seeds < 2 else points(min(after.by_seed.values()))
    return (
        name,
        condition.about,
        f"{len(condition.after):,}",
        "" if one.turned is None else points(one.turned),
        "" if after is None else points(after.estimate),
        low_high,
        worst,
        "" if one.drop is None else _signed(-one.drop.estimate),
        _mean(one.flips, one),
        _mean(one.reliance, one),
        _slice(one),
    )


def _mean(effect: Effect | None, one: Reading) -> str:
    """In points, with its interval where no accuracy stands beside it."""
    if effect is None:
        return ""
    return points(effect.estimate) + (f" {_range(effect.interval())}" if one.after is None else "")


def _slice(one: Reading) -> str:
    """The worst slice with its accuracy, interval and size."""
    if one.worst_slice is None:
        return ""
    name, effect = one.worst_slice
    return f"{name}: {points(effect.estimate)} {_range(effect.interval())} of {effect.rows:,}"


def _signed(value: float) -> str:
    return points(value) if round(1000 * value) <= 0 else f"+{points(value)}"


def _range(interval: Sequence[float] | None) -> str:
    return "" if interval is None else ranged(interval)
