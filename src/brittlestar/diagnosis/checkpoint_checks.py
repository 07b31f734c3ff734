"""Whether the scored weights are the selected ones, by curves and by the passes that were seen over dev."""

from dataclasses import asdict

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord
from brittlestar.core.seen_training import SeenPass
from brittlestar.diagnosis.results import report_unseen, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns

TOLERANCE = 1e-3  # float noise of another batch size; far below a row of 1,000
TIED_ROWS = 2  # a tie of two classes may fall either way
STALE = "the best checkpoint holds the last weights"
ROWS_APART = 1.5  # answers of a pass and of the end differ by a row where two classes tie
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
    "error",
    role=Role("broken", 40),
)
def eval_checkpoint(record: StudyRecord, variant: VariantRuns) -> Observed:
    """The scored weights are not the selected ones.

    **What it means.** The number under "best checkpoint" belongs to other weights: those of the last epoch, when
    tensors were kept by reference and went on changing, or those of an epoch nobody selected.

    **How it is decided.** By `training.selection` (dev log loss unless set), in every trained run three things must
    hold: the curve has its optimum at the best epoch; the score of the best checkpoint on that split equals the curve
    there; that of the last one equals the curve's last value. Of a loop of one's own,
    passes over as many rows as dev has are noted (else its history): that with the lowest loss must not have been two
    points more accurate, and a tenth lower in loss, than the one whose answers are given, in every run.

    **Thresholds.** Float noise: 0.001 (relative above 1), and two rows of the split for metrics that count rows. One
    run is enough. Severity: error for main, warning for other variants.

    **What it cannot see.** Diverged runs, variants without curves, studies without the selection split.

    **What to do.** Copy the weights when they are the best (`{k: v.clone() for k, v in model.state_dict().items()}`)
    and load them back before scoring.
    """
    split = str(variant.setting("training.selection.split", "dev"))
    metric = str(variant.setting("training.selection.metric", "log_loss"))
    column = f"{split}.{metric}"
    curves = {seed: found[0] for seed, found in variant.curves(column).items()}
    cells = [c for c in variant.done if c.seed in curves and c.best_epoch is not None and c.outcome == "trained"]
    if variant.fits_itself and (found := _judge_passes(record, variant)) is not None:
        return found
    if not cells and curves:
        summary = f"{variant.name}: its fit function returns what predicts; which epoch that is from is not known."
        remedy = "Choose the best epoch on dev in the fit function."
        return Observed("inconclusive", summary, {"missing": "the epoch that answers"}, remedy=remedy)
    if not cells:
        return report_unseen(variant, column)
    rows = record.splits.get(split)
    found = [(cell, _find_fault(cell, curves[cell.seed], split, metric, rows)) for cell in cells]
    faults = [(cell, fault) for cell, fault in found if fault is not None]
    evidence = {"metric": metric, "faulty": len(faults), "of": len(cells)}
    if not faults:
        summary = (
            f"{variant.name}: in {len(cells)} of {len(cells)} runs the best epoch is the optimum of {column} and both "
            "checkpoints score what the curve says."
        )
        return Observed("absent", summary, evidence, split=split)
    cell, (kind, scored, expected, epoch) = faults[0]
    summary = (
        f"{variant.name}: in {len(faults)} of {len(cells)} runs {kind}; seed {cell.seed}: {column} is "
        f"{scored:.4f} where the curve has {expected:.4f} (epoch {epoch})."
    )
    copied = "Copy the weights at the best epoch (`{k: v.clone() for k, v in model.state_dict().items()}`), load them "
    again = command("run", cell=cell.hash[:12])
    remedy = Advice((f"{copied}before scoring, and train one run again: ", again))
    return Observed("present", summary, evidence, remedy=remedy, split=split)


def _find_fault(
    cell: CellRecord, curve: np.ndarray, split: str, metric: str, rows: SplitRecord | None
) -> tuple[str, float, float, int] | None:
    """What is wrong with one run, the first of the three questions that fails: in words, what is scored, what is
    expected, and at which epoch."""
    epoch, last = -1 if cell.best_epoch is None else cell.best_epoch, curve.size - 1
    place = int(np.argmin(curve) if not metric_of(metric).higher_is_better else np.argmax(curve))

    def differ(one: float, other: float) -> bool:
        return abs(one - other) > _noise(other, metric, rows)

    if not 0 <= epoch <= last:
        return "the best epoch lies outside the curve", float(epoch), float(last), epoch
    expected, at_end, optimum = (float(curve[k]) for k in (epoch, last, place))
    if differ(expected, optimum):
        return "the best epoch is not the optimum", expected, optimum, place
    best, final = (cell.score(split, metric, point) for point in ("best", "last"))
    if best is not None and differ(best, expected):
        stale = final is not None and not differ(final, best)
        return STALE if stale else "the best checkpoint holds other weights", best, expected, epoch
    if final is not None and differ(final, at_end):
        return "the last checkpoint holds other weights", final, at_end, last
    return None


def _noise(value: float, metric: str, rows: SplitRecord | None) -> float:
    if metric_of(metric).unit == "nats" or rows is None or rows.rows == 0:
        return TOLERANCE * max(1.0, abs(value))
    counts = [n for n in rows.class_counts.values() if n > 0]
    weakest = min(counts, default=rows.rows) * len(counts) if metric_of(metric).by_class else rows.rows
    return max(TOLERANCE, TIED_ROWS / max(weakest, 1))


def read_passes(record: StudyRecord, cell: CellRecord) -> list[SeenPass]:
    """The passes of a run over as many rows as dev has, as they were seen, or as its own code reports each epoch."""
    rows = record.splits["dev"].rows if "dev" in record.splits else 0
    seen = () if cell.seen is None or not rows else cell.seen.passes
    if passes := [one for one in seen if one.rows == rows and one.accuracy is not None]:
        return passes
    names = ("dev.log_loss", "dev.accuracy") if rows and cell.outcome == "fitted" else ()
    curves = [np.asarray(cell.curves[name], np.float64) for name in names if name in cell.curves]
    numbers = zip(*(curve.tolist() for curve in curves), strict=True) if len(curves) == len(names) > 0 else ()
    return [SeenPass(epoch, rows, *pair) for epoch, pair in enumerate(numbers) if np.isfinite(pair).all()]


def _find_passes(record: StudyRecord, cell: CellRecord) -> tuple[list[SeenPass], SeenPass, SeenPass] | None:
    """The passes of a run over as many rows as dev has, three or more; that which has the accuracy that the answers
    score on dev (of several, the one with the nearest loss); and that of the lowest loss. None where nobody knows."""
    accuracy, loss = cell.score("dev", "accuracy"), cell.score("dev", "log_loss")
    passes = read_passes(record, cell)
    if len(passes) < FEWEST_PASSES or accuracy is None or loss is None:
        return None
    alike = [one for one in passes if abs((one.accuracy or 0.0) - accuracy) * one.rows <= ROWS_APART]
    scored = min(alike, key=lambda one: abs(one.loss - loss), default=None)
    return None if scored is None else (passes, scored, min(passes, key=lambda one: one.loss))


def _judge_passes(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """What passes over dev say of a loop of one's own; None where none can be told."""
    runs = [found for cell in variant.done if (found := _find_passes(record, cell)) is not None]
    if not runs:
        return None
    worse = [
        (passes, scored, best)
        for passes, scored, best in runs
        if (best.accuracy or 0.0) - (scored.accuracy or 0.0) >= WORSE and scored.loss >= COSTLIER * best.loss
    ]
    passes, scored, best = (worse or runs)[0]
    numbers = {"faulty": len(worse), "of": len(runs), "passes": len(passes)}
    evidence = {**numbers, "scored": asdict(scored), "best": asdict(best)}
    answering, lowest = (
        f"pass {passes.index(one) + 1} (loss {one.loss:.3f}, accuracy {100 * (one.accuracy or 0):.1f})"
        for one in (scored, best)
    )
    sentence = f"what answers are the weights of {answering} of {len(passes)} over dev, and the best was {lowest}"
    if len(worse) < len(runs):
        return Observed("absent", f"{variant.name}: {sentence}.", evidence, split="dev")
    where = f"{len(worse)} of {len(runs)} runs"
    summary = f"{variant.name}: the scored weights are not those of the best epoch: in {where} {sentence}."
    return Observed("present", summary, evidence, remedy=OWN, severity="warning", split="dev")
