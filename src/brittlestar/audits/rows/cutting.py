"""A text cut into the fewest parts of a given kind."""

from __future__ import annotations

from collections.abc import Callable
from math import inf


def cut(text: str, longest: int, is_part: Callable[[str], bool], gap: float = inf) -> list[str]:
    """The fewest parts, of at most `longest` characters each, that make up the text. A character outside of parts
    counts as `gap` of them; without a gap the list is empty where parts alone do not do."""
    cost = [0.0]
    back = [0]
    for end in range(1, len(text) + 1):
        ways = [(cost[end - 1] + gap, end - 1)]
        for start in range(max(0, end - longest), end):
            if cost[start] + 1 < ways[-1][0] and is_part(text[start:end]):
                ways.append((cost[start] + 1, start))
        cost.append(ways[-1][0])
        back.append(ways[-1][1])
    parts: list[str] = []
    end = len(text) if cost[-1] < inf else 0
    while end:
        parts.append(text[back[end] : end])
        end = back[end]
    return parts[::-1]
