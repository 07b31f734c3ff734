"""Which cell is next: the one that brings the cheapest open question nearest to an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from brittlestar.core.cells import Cell


def next_cell(
    pending: Sequence[Cell], seconds: Mapping[str, float], baseline: str, remaining: float | None
) -> Cell | None:
    """The next cell of `pending`, or None when none of them fits into the `remaining` seconds (None: no limit).

    A question is "how does this arm compare with baseline" (or, for baseline, "does it beat the trivial score"). Its
    cost is what its missing cells take: `seconds[variant]` per cell as measured so far, the mean of the known arms
    for an arm without a measurement. Within the cheapest question cells go by seed, baseline first, so that whole
    pairs exist whenever the run ends. Ties go by the order of `pending`.
    """
    if not pending:
        return None
    known = list(seconds.values())
    usual = sum(known) / len(known) if known else 1.0
    counts: dict[str, int] = {}
    for cell in pending:
        counts[cell.variant] = counts.get(cell.variant, 0) + 1

    def cost(variant: str) -> float:
        return counts.get(variant, 0) * seconds.get(variant, usual)

    cheapest = min(counts, key=lambda variant: cost(variant) + (cost(baseline) if variant != baseline else 0.0))
    question = [cell for cell in pending if cell.variant in (cheapest, baseline)]
    position = {id(cell): at for at, cell in enumerate(pending)}
    question.sort(key=lambda cell: (cell.seed, cell.variant != baseline, position[id(cell)]))
    if remaining is None:
        return question[0]
    fitting = [cell for cell in [*question, *pending] if seconds.get(cell.variant, 0.0) <= remaining]
    return fitting[0] if fitting else None
