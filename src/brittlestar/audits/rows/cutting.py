"""A text cut into the fewest parts of a given kind."""

from __future__ import annotations

from collections.abc import Callable
from math import inf


def cut(text: str, longest: int, is_part: Callable[[int, int], bool], gap: float = inf) -> list[str]:
    """The fewest parts that make up the text, longer ones first among as few; `is_part(start, end)` says whether
    text[start:end], of at most `longest` characters, is one. A character outside of parts counts as `gap` of them, and
    such characters side by side come as one; without a gap the list is empty where parts alone do not do."""
    cost: list[float] = [0.0, *([inf] * len(text))]
    back = [0] * (len(text) + 1)
    outside = [False] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        cost[end], back[end], outside[end] = cost[end - 1] + gap, end - 1, True
        for start in range(max(0, end - longest), end):
            if cost[start] + 1 < cost[end] and is_part(start, end):
                cost[end], back[end], outside[end] = cost[start] + 1, start, False
    if cost[-1] == inf:
        return []
    parts: list[str] = []
    end, inside = len(text), True
    while end:
        part = text[back[end] : end]
        if outside[end] and not inside:
            parts[-1] = part + parts[-1]
        else:
            parts.append(part)
        inside, end = not outside[end], back[end]
    return parts[::-1]
