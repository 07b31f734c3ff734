"""What trackers are told of a run: its curves by epoch, and its scores at the best checkpoint, under their names."""

import math
import re
from collections.abc import Iterator

from brittlestar.core.results import CellRecord

_UNUSUAL = re.compile(r"[^\w\-. /]+")


def list_curves(cell: CellRecord) -> Iterator[tuple[str, int, float]]:
    """(`train/loss`, epoch, value) of everything that was recorded by epoch; what is not finite is left out."""
    for name, values in cell.curves.items():
        for epoch, value in enumerate(values.tolist()):
            if value is not None and math.isfinite(value):
                yield name_metric(name), epoch, float(value)


def list_scores(cell: CellRecord) -> Iterator[tuple[str, int, float]]:
    """(`best/test/accuracy`, best epoch, score) on every split, fractions (nats for log loss)."""
    for split, checkpoints in cell.scores.items():
        for metric, value in checkpoints["best"].items():
            if value is not None and math.isfinite(value):
                yield name_metric(f"best.{split}/{metric}"), cell.best_epoch or 0, float(value)


def name_metric(column: str) -> str:
    """A name that trackers take: the part before the first point is a group, and unusual characters are `_`."""
    return _UNUSUAL.sub("_", column.replace(".", "/", 1))
