from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.audits.rows.separators import cut


def every_way(text: str) -> list[list[str]]:
    inner = range(1, len(text))
    ways = [places for k in range(len(text)) for places in combinations(inner, k)]
    return [[text[a:b] for a, b in zip((0, *places), (*places, len(text)), strict=True)] for places in ways]


@given(st.text("ab", min_size=1, max_size=7), st.sets(st.text("ab", min_size=1, max_size=4)))
def test_no_way_of_cutting_has_fewer_parts(text: str, known: set[str]) -> None:
    def cost(parts: list[str]) -> float:
        return sum(1.0 if part in known else float("inf") for part in parts)

    found = cut(text, 4, known.__contains__)
    least = min(map(cost, every_way(text)))
    assert found == [] if least == float("inf") else "".join(found) == text and cost(found) == least
