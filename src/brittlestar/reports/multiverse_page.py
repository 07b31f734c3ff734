"""A multiverse as one offline HTML page: where the verdict holds first, then every universe."""

from brittlestar.reports.figures.differences import draw_universes
from brittlestar.reports.html import render_page
from brittlestar.reports.multiverse import POINTS, Multiverse, describe_multiverse, show_choice, show_points


def write_multiverse_page(found: Multiverse, command: str) -> str:
    """The page as HTML text, made anew by `command`, as `render_page` has it."""
    drawn = draw_universes(found)
    return render_page(
        "multiverse.html.j2",
        {} if drawn is None else {drawn.name: drawn},
        found=found,
        lines=describe_multiverse(found),
        points=POINTS,
        show_choice=show_choice,
        show_points=show_points,
        again=command,
    )
