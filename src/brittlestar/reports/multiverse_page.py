"""A multiverse as one offline HTML page: where the verdict holds first, then every universe."""

from __future__ import annotations

from typing import Any

from brittlestar.reports.figures.differences import draw_effects, draw_universes
from brittlestar.reports.html import render_page
from brittlestar.reports.multiverse import POINTS, Multiverse, Universe, describe_multiverse, show_choice
from brittlestar.reports.page import Entry


def write_multiverse_page(found: Multiverse, command: str) -> str:
    """The page as HTML text, made anew by `command`, as `render_page` has it."""
    drawn = (draw_universes(found), draw_effects(found))
    nav = [
        Entry("universes", "Universes", str(len(found.universes)), "run"),
        Entry("choices", "Choices", str(len(found.levels)), "choices"),
        Entry("appendix", "How to read this"),
    ]
    return render_page(
        "multiverse.html.j2",
        {one.name: one for one in drawn if one is not None},
        found=found,
        lines=describe_multiverse(found),
        rows=[_list_cells(one, found) for one in found.universes],
        nav=nav,
        again=command,
    )


def _list_cells(one: Universe, found: Multiverse) -> dict[str, Any]:
    chosen = {path: one.settings.get(path, levels[0]) for path, levels in found.levels.items()}
    values = [(show_choice(value), path in one.settings) for path, value in chosen.items()]
    estimate = POINTS.estimate(one.estimate, one.interval, sign=True)
    return {"universe": one, "values": values, "estimate": estimate, "link": f"{one.study}/report/report.html"}
