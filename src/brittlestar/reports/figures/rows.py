"""Figures with one row per variant: the labels of the rows, and the channel that places them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.reports.figures.colours import INK, QUIET
from brittlestar.reports.figures.frame import Spec
from brittlestar.reports.figures.marks import make_layer
from brittlestar.reports.reading import Reading

WIDTH = 580
"""Width of the plots, in pixels, labels left out."""
LINE_HEIGHT = 15
NAMES_AT = -12
"""Where names of rows end, in pixels from the left edge of the plot."""
NUMBERS_AT = WIDTH + 18
"""Where numbers of rows begin, right of the plot."""
MOST_TITLED = 60
"""Up to this many rows a row carries its variant's title, and the figure is live."""


@dataclass(frozen=True)
class Rows:
    """Label by variant, the height of a row in pixels, and a note on the labels (may be empty)."""

    labels: dict[str, str]
    step: int
    note: str

    @property
    def live(self) -> bool:
        """Whether a reader's browser should draw so many rows."""
        return len(self.labels) <= MOST_TITLED


def rows_of(reading: Reading, variants: Sequence[str]) -> Rows:
    """Rows for these variants. Above MOST_TITLED rows titles give way to a mark at reference models."""
    if len(variants) <= MOST_TITLED:
        return Rows({variant: reading.label(variant) for variant in variants}, 44, "")
    labels = {
        variant: reading.label(variant).splitlines()[0] + ("" if reading.record.variants[variant].own else " °")
        for variant in variants
    }
    return Rows(labels, 22, " °: built-in reference, not yours; titles are in the table of variants.")


def rows_axis(labels: Sequence[str], **axis: Any) -> Spec:
    """A channel with one row per label, in the given order; `row_names` writes the labels."""
    return {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(labels)},  # as a `sort` the list would become one nested expression, quadratic in rows
        "title": None,
        "axis": {"labels": False, "domain": False, "ticks": False, "grid": True, **axis},
    }


def row_names(labels: Sequence[str], y: Spec) -> list[Spec]:
    """Marks that write each row's label left of the plot, the first line bold; a line feed starts a new line.

    Marks, because the renderer measures axis labels again and again: 500 of them take seconds.
    """
    lines: dict[tuple[int, int], list[Spec]] = {}
    for label in labels:
        parts = label.split("\n")
        for index, part in enumerate(parts):
            lines.setdefault((index, len(parts)), []).append({"row": label, "text": clip_text(part)})
    return [
        make_layer(
            values,
            name_mark(index == 0, "right", (index - (total - 1) / 2) * LINE_HEIGHT),
            y=y,
            x={"value": NAMES_AT},
            text={"field": "text"},
        )
        for (index, total), values in lines.items()
    ]


def name_mark(first: bool, align: str, dy: float) -> Spec:
    """The mark that writes one line of a row's label: the first bold, others quiet."""
    return {
        "type": "text",
        "align": align,
        "fontSize": 12,
        "fontWeight": "bold" if first else "normal",
        "color": INK if first else QUIET,
        "dy": dy,
    }


def clip_text(text: str, most: int = 64) -> str:
    """The text, its end replaced by an ellipsis when it is longer than `most`; tables carry it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
