"""Which classes main names for which: rows of each class down, what they are named across."""

from collections.abc import Sequence

import numpy as np

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, INK, Figure, Spec, make_figure

MOST_CLASSES_DRAWN = 12  # a figure that a person reads
STEP = 46
DARK_CELL = 0.55  # above it text is white (convention)
OTHERS = "others"


def draw_confusions(counts: np.ndarray | None, classes: Sequence[str], split: str, n_runs: int) -> Figure | None:
    """A cell for each class and each name it is given, with the share of the class's rows; `counts` float64 (n_classes,
    n_classes) are mean numbers of rows. Above 12 classes those with most errors are shown, and all others together.
    None without answers row by row."""
    if counts is None or not counts.sum():
        return None
    names = [marks.clip_text(name) for name in classes]
    if len(names) > MOST_CLASSES_DRAWN:
        wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
        kept = np.sort(np.argsort(-wrong, kind="stable")[: MOST_CLASSES_DRAWN - 1])
        place = np.full(len(names), len(kept))
        place[kept] = np.arange(len(kept))
        joined = np.zeros((len(kept) + 1, len(kept) + 1))
        np.add.at(joined, (place[:, None], place[None, :]), counts)
        counts, names = joined, [*(names[k] for k in kept.tolist()), OTHERS]
    rows = counts.sum(axis=1)
    shares = counts / np.maximum(rows, 1)[:, None]
    cells: list[Spec] = [
        {
            "row": f"{names[k]} ({rows[k]:,.0f})",
            "named": names[j],
            "share": marks.round_value(share),
            "text": f"{100 * share:.0f}",
        }
        for k in range(len(names))
        if rows[k] > 0
        for j, share in enumerate(shares[k].tolist())
    ]
    labels = list(dict.fromkeys(cell["row"] for cell in cells))
    y: Spec = {
        "field": "row", "type": "nominal", "sort": None, "scale": {"domain": labels}, "title": None,
        "axis": {"domain": False, "ticks": False},
    }  # fmt: skip
    x: Spec = {
        "field": "named", "type": "nominal", "sort": None, "scale": {"domain": names}, "title": "named as",
        "axis": {"orient": "top", "labelAngle": -40, "domain": False, "ticks": False},
    }  # fmt: skip
    opacity: Spec = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [0.04, 1]},
        "legend": None,
    }
    pale = [cell for cell in cells if cell["share"] <= DARK_CELL and cell["share"] >= 0.005]
    dark = [cell for cell in cells if cell["share"] > DARK_CELL]
    text = {"field": "text"}
    layers = [
        marks.make_layer(cells, {"type": "rect", "color": BLUE}, x=x, y=y, opacity=opacity),
        marks.make_layer(pale, {"type": "text", "fontSize": 12, "color": INK}, x=x, y=y, text=text),
        marks.make_layer(dark, {"type": "text", "fontSize": 12, "color": "white"}, x=x, y=y, text=text),
    ]
    worst = max(
        (cell for cell in cells if not cell["row"].startswith(f"{cell['named']} (")),
        key=lambda one: one["share"],
        default=None,
    )
    body = {"width": STEP * len(names), "height": {"step": 30}, "layer": layers}
    return make_figure("confusions", body, {"split": split, "n_runs": n_runs, "worst": worst})
