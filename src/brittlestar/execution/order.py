"""Which cell is next: the one that brings the cheapest open question nearest to an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from brittlestar.core.cells import Cell


def next_cell(
    pending: Sequence[Cell], seconds: Mapping[str, float], baseline: str, remaining: float | None
) -> Cell | None:
    """The next cell of `pending`, or None when none of them fits into the `remaining` seconds (None: no limit).

    A question is "how does this arm compare with baseline". Its cost is what its missing cells and those of baseline
    take: `seconds[variant]` per cell as measured so far, the mean of the known arms for an arm without a measurement.
    Within the cheapest question cells go by seed, baseline first, so that whole pairs exist whenever the run ends;
    then the other arms' cells in the order of `pending`. An arm's cell waits while baseline's of the same seed has
    not begun: alone it answers nothing. Ties go by the order of `pending`.
    """
    usual = sum(seconds.values()) / len(seconds) if seconds else 1.0
    costs = {
        variant: count * seconds.get(variant, usual)
        for variant, count in Counter(cell.variant for cell in pending).items()
    }
    arms = [variant for variant in costs if variant != baseline]
    cheapest = min(arms, key=lambda variant: costs[variant], default=baseline)
    unpaired = {cell.seed for cell in pending if cell.variant == baseline}

    def may_begin(cell: Cell) -> bool:
        alone = cell.variant != baseline and cell.seed in unpaired
        return not alone and (remaining is None or seconds.get(cell.variant, 0.0) <= remaining)

    def rank(place: int) -> tuple[bool, int, bool]:
        cell = pending[place]
        if cell.variant in (cheapest, baseline):
            return False, cell.seed, cell.variant != baseline
        return True, place, False

    places = [place for place, cell in enumerate(pending) if may_begin(cell)]
    return pending[min(places, key=rank)] if places else None
