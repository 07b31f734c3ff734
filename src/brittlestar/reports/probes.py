"""What the page says of probes: the suite, a table of every condition, what main relies on, and which gains remain."""

from collections.abc import Sequence
from dataclasses import dataclass

from brittlestar.core.probing import RAISED
from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE, format_interval, format_points
from brittlestar.diagnosis.probes.presented import WAYS
from brittlestar.diagnosis.probes.readings import Reading
from brittlestar.diagnosis.probes.summary import ProbeSummary
from brittlestar.statistics.effects import Effect

MOST_ROWS = 200
COLUMNS = (
    "condition",
    "rows",
    "true labels that turn, %",
    "accuracy, points",
    "95 % (seeds and rows)",
    "worst seed",
    "change",
    "majority class after",
    "predictions changed, %",
    "reliance, points",
    "worst slice of 30 rows or more",
)
"""Of the table of conditions: the first holds two texts, words and the name of the condition."""


@dataclass(frozen=True)
class ProbesView:
    """Texts for the page: `about` the suite, `sentences`, `columns` of a table of conditions by variant, the table,
    main first, one of gains, and one of other batches and padding."""

    about: tuple[str, ...]
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    arms: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    gains: tuple[tuple[str, ...], ...]
    presented: tuple[tuple[str, ...], ...]


def probes_view(found: ProbeSummary) -> ProbesView:
    """The view of what probes found."""
    probes = found.study.probes
    about = [
        f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split}, {len(probes.conditions) - 1} conditions. "
        "Nothing was trained again."
    ]
    about += [found.rule, *found.not_tested_sentences, *found.notes]
    table = tuple((one.arm.name, tuple(_row(reading) for reading in one.readings)) for one in found.arms)
    survived: list[tuple[str, ...]] = []
    for one in found.gains[:MOST_ROWS]:
        usual, there = (_format_signed(effect.estimate) for effect in (one.usual, one.there))
        survived.append((one.arm, one.title, usual, there, _range(one.interval), one.word))
    given: list[tuple[str, ...]] = []
    for arm, seen_by_way in found.presented.items():
        for way, seen in seen_by_way.items():
            counts = (f"{seen[name]:,}" for name in ("rows", "moved", "flipped"))
            most = "it raises an error" if seen["most"] >= RAISED else f"{seen['most']:.2g}"
            given.append((arm, WAYS[way], *counts, most))
    return ProbesView(tuple(about), found.sentences, COLUMNS, table, tuple(survived), tuple(given))


def _row(one: Reading) -> tuple[str, ...]:
    condition = one.condition
    plain = condition.probe == "plain"
    after = one.after
    low_high = "" if after is None else _range(after.interval())
    worst = "" if after is None or after.seeds < 2 else format_points(min(after.by_seed.values()))
    return (
        PLAIN_TITLE if plain else condition.title,
        "" if plain else _name(one),
        f"{len(condition.after):,}",
        "" if one.turned is None else format_points(one.turned),
        "" if after is None else format_points(after.estimate),
        low_high,
        worst,
        "" if one.drop is None else _format_signed(-one.drop.estimate),
        "" if one.majority_after is None else format_points(one.majority_after),
        _mean(one.flips, one),
        _mean(one.reliance, one),
        _slice(one),
    )


def _name(one: Reading) -> str:
    """The name of a condition, and how many of its new tokens are unknown where many are."""
    found = one.condition.familiarity
    if found is None or found.after is None or not found.unknown:
        return one.condition.name
    return f"{one.condition.name}; {format_points(1 - found.after)} % of changed tokens are unknown"


def _mean(effect: Effect | None, one: Reading) -> str:
    """In points, with its interval where no accuracy stands beside it."""
    if effect is None:
        return ""
    return format_points(effect.estimate) + (f" {_range(effect.interval())}" if one.after is None else "")


def _slice(one: Reading) -> str:
    if one.worst_slice is None:
        return ""
    name, effect = one.worst_slice
    return f"{name}: {format_points(effect.estimate)} {_range(effect.interval())} of {effect.rows:,}"


def _format_signed(value: float) -> str:
    return format_points(value) if round(1000 * value) <= 0 else f"+{format_points(value)}"


def _range(interval: Sequence[float] | None) -> str:
    return "" if interval is None else format_interval(interval)
