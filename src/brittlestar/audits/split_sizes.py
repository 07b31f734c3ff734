"""What the split that scores are reported on is too small to decide, at the door."""

from collections.abc import Iterator

from brittlestar.core.splits import headline_split
from brittlestar.core.trivial_baselines import Score, TrivialBaselines, choose_highest
from brittlestar.data.tables import format_count
from brittlestar.statistics.power import rows_for
from brittlestar.statistics.scores import LEVEL
from brittlestar.statistics.t_intervals import t_quantile

LEAST_SAID = 0.05
"""Convention: five points, which people call a difference."""


def note_small_splits(baselines: TrivialBaselines | None) -> Iterator[str]:
    """What test (dev where there is none) can and cannot decide, where the 95 % interval of the best score known there
    reaches further than 5 points to either side."""
    name = None if baselines is None else headline_split(baselines.rows)
    if baselines is None or name is None:
        return
    best = choose_highest((*baselines.members, *baselines.given.values()), name, "accuracy")
    if best is not None:
        yield from _note_small(name, best.score(name, "accuracy"))


def _note_small(name: str, score: Score) -> Iterator[str]:
    if score.value is None or score.interval is None:
        return
    low, high = score.interval
    half = (high - low) / 2
    if half <= LEAST_SAID:
        return
    share, square = (low + high) / 2, t_quantile(0.5 + LEVEL / 2, max(score.rows - 1, 1)) ** 2
    worth = square * share * (1 - share) / half**2 - square  # rows of Wilson's interval, where each is one draw
    factor = max(1.0, score.rows / max(worth, 1.0))
    needed = factor * rows_for(LEAST_SAID, share, 1 - LEVEL)
    told = next(
        one for one in range(5, 101) if one == 100 or factor * rows_for(one / 100, share, 1 - LEVEL) <= score.rows
    )
    yield (
        f"{name} decides little: the 95 % interval of {100 * score.value:.1f} on {format_count(score.rows, 'row')} is "
        f"±{100 * half:.1f} points. It tells two models apart that differ by about {told} points; about "
        f"{float(f'{needed:.2g}'):,.0f} rows would tell 5 (80 % power, errors unrelated)."
    )
