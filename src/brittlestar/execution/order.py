"""Which cell is next: the one that brings the cheapest open question nearest to an answer."""

from collections import Counter
from collections.abc import Mapping, Sequence

from brittlestar.core.cells import Cell


def next_cell(pending: Sequence[Cell], seconds: Mapping[str, float], main: str, remaining: float | None) -> Cell | None:
    """The next cell of `pending`, or None when none of them fits into the `remaining` seconds (None: no limit).

    A question is "how does this variant compare with main". Its cost is what its missing cells and those of main
    take: `seconds[variant]` per cell as measured so far, the mean of the known variants for a variant without a
    measurement. Within the cheapest question cells go by seed, main first, so that whole pairs exist whenever the run
    ends; then the other variants' cells in the order of `pending`. A variant's cell waits while main's of the same seed
    has not begun: alone it answers nothing. Ties go by the order of `pending`.
    """
    usual = sum(seconds.values()) / len(seconds) if seconds else 1.0
    waiting = Counter(cell.variant for cell in pending)
    costs = {variant: count * seconds.get(variant, usual) for variant, count in waiting.items()}
    arms = [variant for variant in costs if variant != main]
    cheapest = min(arms, key=lambda variant: costs[variant], default=main)
    unpaired = {cell.seed for cell in pending if cell.variant == main}

    def may_begin(cell: Cell) -> bool:
        alone = cell.variant != main and cell.seed in unpaired
        return not alone and (remaining is None or seconds.get(cell.variant, 0.0) <= remaining)

    def rank(place: int) -> tuple[bool, int, bool]:
        cell = pending[place]
        if cell.variant in (cheapest, main):
            return False, cell.seed, cell.variant != main
        return True, place, False

    places = [place for place, cell in enumerate(pending) if may_begin(cell)]
    return pending[min(places, key=rank)] if places else None
