"""Whether the scored weights are the selected ones, by curves and by the passes that were seen over dev."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord
from brittlestar.core.seen_training import SeenPass
from brittlestar.diagnosis.results import AS_ERRORS, Result, report_unseen, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns, read_score

TOLERANCE = 1e-3  # float noise of another batch size; far below a row of 1,000
ROWS = 2  # a tie of two classes may fall either way
STALE = "the best checkpoint holds the last weights"
ALIKE = 1.5  # answers of a pass and of the end differ by a row where two classes tie
FEWEST_PASSES = 3  # convention: of two passes one is the last
WORSE = 0.02  # convention: two points
COSTLIER = 1.1  # convention: a tenth
OWN = (
    "Copy the weights of the best epoch (`copy.deepcopy(model.state_dict())`: a state_dict itself goes on changing), "
    "see that a lower loss counts as better, and load them before the function that predicts is returned."
)


@variant_check(
    "eval.checkpoint",
    "In one run a checkpoint's scores differ from the curve at its epoch by 0.001 (or two rows), or the "
    "best epoch is not the optimum; or in all, an own loop's best pass over dev was 2 points above.",
    AS_ERRORS,
)
def eval_checkpoint(record: StudyRecord, variant: VariantRuns) -> Result:
    """The scored weights are not the selected ones.

    **What it means.** The number under "best checkpoint" belongs to other weights: those of the last epoch, when
    tensors were kept by reference and went on changing, or those of an epoch nobody selected.

    **How it is decided.** By `training.selection` (dev log loss unless set), in every trained run three things must
    hold: the curve has its optimum at the best epoch; the score of the best checkpoint on that split equals the curve
    there; that of the last one equals the curve's last value. On a selection split other than dev, only the first is
    asked, and that best and last do not score the very same on test while the curve differs. Of a loop of one's own,
    passes over as many rows as dev has are noted: that with the lowest loss must not have been two points more
    accurate, and a tenth lower in loss, than the one whose answers are given, in every run.

    **Thresholds.** Float noise: 0.001 (relative above 1), and two rows of the split for metrics that count rows. One
    run is enough. Severity: error.

    **What it cannot see.** Diverged runs, variants without curves, studies without the selection split.

    **What to do.** Copy the weights when they are the best (`{k: v.clone() for k, v in model.state_dict().items()}`)
    and load them back before scoring.
    """
    split = str(variant.setting("training.selection.split", "dev"))
    metric = str(variant.setting("training.selection.metric", "log_loss"))
    column = f"{split}.{metric}"
    curves = {seed: found[0] for seed, found in variant.curves(column).items()}
    cells = [c for c in variant.done if c.seed in curves and c.best_epoch is not None and c.outcome == "trained"]
    if variant.fits_itself and (passes := [*read_passes(record, variant.done)]):
        return _judge_passes(variant, passes)
    if not cells and curves and variant.fits_itself:
        summary = f"{variant.name}: its fit function returns what predicts; which epoch that is from is not known here."
        return replace(
            report_unseen(variant, column), summary=summary, remedy="Choose the best epoch on dev in the fit function."
        )
    if not cells:
        return report_unseen(variant, column)
    rows = record.splits.get(split)
    found = [(cell, _find_fault(cell, curves[cell.seed], split, metric, rows)) for cell in cells]
    faults = [(cell, fault) for cell, fault in found if fault is not None]
    evidence = {
        "metric": metric,
        "faulty": len(faults),
        "of": len(cells),
        "cells": [vars(fault) for _, fault in faults[:10]],
    }
    if not faults:
        summary = (
            f"{variant.name}: in {len(cells)} of {len(cells)} runs the best epoch is the optimum of {column} and both "
            "checkpoints score what the curve says."
        )
        return Result("absent", summary, evidence, split=split)
    cell, first = faults[0]
    summary = (
        f"{variant.name}: in {len(faults)} of {len(cells)} runs {first.kind}; seed {first.seed}: {column} is "
        f"{first.scored:.4f} where the curve has {first.expected:.4f} (epoch {first.epoch})."
    )
    copied = "Copy the weights at the best epoch (`{k: v.clone() for k, v in model.state_dict().items()}`), load them "
    again = command("run", cell=cell.hash[:12])
    remedy = Advice((f"{copied}before scoring, and train one run again: ", again))
    return Result("present", summary, evidence, remedy, split=split)


@dataclass(frozen=True)
class _Fault:
    seed: int
    kind: str
    scored: float
    expected: float
    epoch: int


def _find_fault(
    cell: CellRecord, curve: np.ndarray, split: str, metric: str, rows: SplitRecord | None
) -> _Fault | None:
    """What is wrong with one cell, the first of the three questions that fails."""
    epoch, last = -1 if cell.best_epoch is None else cell.best_epoch, curve.size - 1
    place = int(np.argmin(curve) if not metric_of(metric).higher_is_better else np.argmax(curve))
    optimum = float(curve[place])

    def differ(one: float, other: float) -> bool:
        return abs(one - other) > _noise(other, metric, rows)

    if not 0 <= epoch <= last:
        return _Fault(cell.seed, "the best epoch lies outside the curve", float(epoch), float(last), epoch)
    expected, at_end = float(curve[epoch]), float(curve[last])
    if differ(expected, optimum):
        return _Fault(cell.seed, "the best epoch is not the optimum", expected, optimum, place)
    if split != "dev":
        test = cell.scores.get("test", {})
        copied = test.get("best") == test.get("last") is not None
        apart = abs(expected - at_end) > _noise(optimum, metric, rows)
        return _Fault(cell.seed, STALE, at_end, expected, epoch) if copied and apart else None
    best, final = (read_score(cell, split, metric, point) for point in ("best", "last"))
    if best is not None and differ(best, expected):
        stale = final is not None and not differ(final, best)
        return _Fault(cell.seed, STALE if stale else "the best checkpoint holds other weights", best, expected, epoch)
    if final is not None and differ(final, at_end):
        return _Fault(cell.seed, "the last checkpoint holds other weights", final, at_end, last)
    return None


def _noise(value: float, metric: str, rows: SplitRecord | None) -> float:
    if metric_of(metric).unit == "nats" or rows is None or rows.rows == 0:
        return TOLERANCE * max(1.0, abs(value))
    counts = [n for n in rows.class_counts.values() if n > 0]
    weakest = min(counts, default=rows.rows) * len(counts) if metric_of(metric).by_class else rows.rows
    return max(TOLERANCE, ROWS / max(weakest, 1))


@dataclass(frozen=True)
class ScoredPass:
    """Of one run: the pass whose weights answer, the pass of the lowest loss, and their numbers from 1 among `of`."""

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


def read_passes(record: StudyRecord, cells: Sequence[CellRecord]) -> Iterator[ScoredPass]:
    """The passes of runs that can be told: three or more over as many rows as dev has, one of which has the accuracy
    that the answers score on dev. Of several, the one with the loss nearest to that of the answers."""
    dev = record.splits.get("dev")
    for cell in cells:
        accuracy, loss = read_score(cell, "dev", "accuracy"), read_score(cell, "dev", "log_loss")
        if dev is None or not dev.rows or cell.seen is None or accuracy is None or loss is None:
            continue
        right, rows = accuracy * dev.rows, dev.rows
        passes = [one for one in cell.seen.passes if one.rows == rows and one.accuracy is not None]
        alike = [one for one in passes if abs((one.accuracy or 0.0) * rows - right) <= ALIKE]
        if len(passes) < FEWEST_PASSES or not alike:
            continue
        scored = alike[int(np.argmin([abs(one.loss - loss) for one in alike]))]
        best = min(passes, key=lambda one: one.loss)
        yield ScoredPass(scored, best, passes.index(scored) + 1, passes.index(best) + 1, len(passes))


def _judge_passes(variant: VariantRuns, passes: Sequence[ScoredPass]) -> Result:
    worse = [one for one in passes if one.is_worse]
    first = (worse or passes)[0]
    scored, best = first.scored, first.best
    evidence = {
        "faulty": len(worse),
        "of": len(passes),
        "passes": first.of,
        "scored": asdict(scored),
        "best": asdict(best),
    }
    told = (
        f"what answers are the weights of pass {first.scored_number} of {first.of} over dev (loss {scored.loss:.3f}, "
        f"accuracy {100 * (scored.accuracy or 0):.1f}), and the best was pass {first.best_number} (loss "
        f"{best.loss:.3f}, accuracy {100 * (best.accuracy or 0):.1f})"
    )
    if len(worse) < len(passes):
        return Result("absent", f"{variant.name}: {told}.", evidence, split="dev")
    runs = f"{len(worse)} of {len(passes)} runs"
    summary = f"{variant.name}: the scored weights are not those of the best epoch: in {runs} {told}."
    return Result("present", summary, evidence, OWN, "warning", "dev")
