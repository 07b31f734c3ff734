"""Which of its passes over dev an own loop answers with: known where the loop computes a loss of dev between steps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.seen_training import SeenPass

ROWS = 1.5  # answers of a pass and of the end differ by a row where two classes tie
FEWEST_PASSES = 3  # convention: of two passes one is the last
WORSE = 0.02  # convention: two points
COSTLIER = 1.1  # convention: a tenth


@dataclass(frozen=True)
class ScoredPass:
    """Of one run: the pass whose weights answer, the pass of the lowest loss, and their numbers from 1 among `of`."""

    seed: int
    scored: SeenPass
    best: SeenPass
    scored_number: int
    best_number: int
    of: int

    @property
    def is_worse(self) -> bool:
        """Whether the best pass was better by two points, and its loss by a tenth."""
        gain = (self.best.accuracy or 0.0) - (self.scored.accuracy or 0.0)
        return gain >= WORSE and self.scored.loss >= COSTLIER * self.best.loss


def read_passes(record: StudyRecord, cells: tuple[CellRecord, ...]) -> Iterator[ScoredPass]:
    """The passes of runs that can be told: three or more over as many rows as dev has, one of which has the accuracy
    that the answers score on dev. Of several, the one with the loss nearest to that of the answers."""
    dev = record.splits.get("dev")
    for cell in cells:
        score = cell.scores.get("dev", {}).get("best", {})
        accuracy, loss = score.get("accuracy"), score.get("log_loss")
        if dev is None or not dev.rows or cell.seen is None or accuracy is None or loss is None:
            continue
        right, rows = accuracy * dev.rows, dev.rows
        passes = [one for one in cell.seen.passes if one.rows == rows and one.accuracy is not None]
        alike = [one for one in passes if abs((one.accuracy or 0.0) * rows - right) <= ROWS]
        if len(passes) < FEWEST_PASSES or not alike:
            continue
        scored = alike[int(np.argmin([abs(one.loss - loss) for one in alike]))]
        best = min(passes, key=lambda one: one.loss)
        yield ScoredPass(cell.seed, scored, best, passes.index(scored) + 1, passes.index(best) + 1, len(passes))
