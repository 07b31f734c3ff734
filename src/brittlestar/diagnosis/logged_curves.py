"""Curves made elsewhere as the record of a study, so that the checks of studies speak of them, by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import run_checks
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord, VariantRecord
from brittlestar.study.units import count, unit_of
from brittlestar.training.logs.logged_runs import LoggedRun

CODES = (
    "train.nonfinite",
    "train.diverging",
    "train.overfit",
    "train.short",
    "train.plateau",
    "seed.collapse",
    "seed.unstable",
)
"""Checks that curves alone can answer."""
HEADLINES = ("accuracy", "balanced_accuracy", "macro_f1", "f1")
LOSS = "dev.log_loss"
EFFECTS = {"train.overfit": "rise", "train.short": "gain"}
"""Under which name the evidence of a code holds the effect in dev loss that is held against a threshold."""
CLEAR = 2.0
"""By how many thresholds an effect of too few runs is shown as likely (convention)."""


def check_runs(runs: Sequence[LoggedRun]) -> tuple[Finding, ...]:
    """What the checks of curves say of runs that differ in the seed alone."""
    checks = find_checks("record")
    return tuple(run_checks([checks[code] for code in CODES], record_of_runs(runs)))


def name_runs(runs: Sequence[LoggedRun]) -> str:
    """What findings call these runs."""
    return runs[0].name if len(runs) == 1 else count(len(runs), "run")


def record_of_runs(runs: Sequence[LoggedRun]) -> StudyRecord:
    """A record of one variant, of which curves and the scores on dev at their ends are known, and nothing else."""
    name = name_runs(runs)
    scored = {role.partition(".")[2] for run in runs for role in run.curves if role.startswith("dev.")}
    metric = next((one for one in HEADLINES if one in scored), "log_loss")
    variant = VariantRecord(name, name, own=True, changes={}, settings=(), parameters=None)
    return StudyRecord(
        name=name,
        main=name,
        metric=metric,
        metrics=(*(one for one in HEADLINES if one in scored), "log_loss"),
        classes=(),
        factors=(),
        seeds=tuple(run.seed for run in runs),
        streams={},
        splits={"dev": _make_split()} if scored else {},
        variants={name: variant},
        cells=tuple(_make_cell(run, name, metric) for run in runs),
        claims=(),
        notes=(),
        environment={},
        timing={},
    )


def _make_split() -> SplitRecord:
    """Rows that nobody has seen."""
    return SplitRecord("dev", 0, (), {}, 0.0, 0, 0, 0, 0.0, {}, "", {})


def _make_cell(run: LoggedRun, variant: str, metric: str) -> CellRecord:
    curves = {role.replace("dev.loss", LOSS): curve for role, curve in run.curves.items()}
    best = _find_best(curves, metric)
    dev = {role.removeprefix("dev."): curve for role, curve in curves.items() if role.startswith("dev.")}
    ends = {"best": best, "last": -1}
    scores = {
        end: {name: float(curve[at]) if np.isfinite(curve[at]) else None for name, curve in dev.items()}
        for end, at in ends.items()
    }
    return CellRecord(
        hash=f"{run.seed:064d}",
        variant=variant,
        seed=run.seed,
        state="done",
        outcome="logged",
        best_epoch=None if best < 0 else best,
        epochs=run.points,
        curves=curves,
        scores={"dev": scores} if dev else {},
    )


def _find_best(curves: dict[str, np.ndarray], metric: str) -> int:
    """The point with the lowest dev loss, else the best score; -1, the last one, where there is no dev curve."""
    name = LOSS if LOSS in curves else f"dev.{metric}"
    known = curves.get(name)
    if known is None or not np.isfinite(known).any():
        return -1
    falling = known if not metric_of(metric).higher_is_better or name == LOSS else -known
    return int(np.argmin(np.where(np.isfinite(falling), falling, np.inf)))


def choose_leaning(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Inconclusive findings whose effect in dev loss is at least twice its threshold; of overfitting those with a train
    loss that falls. No verdict: that takes five runs."""
    found: list[Finding] = []
    for one in findings:
        effect = one.evidence.get(EFFECTS.get(one.code, ""))
        fall = one.evidence.get("train_fall", {"falling": 1, "of": 1})
        if one.status == "inconclusive" and effect is not None and 2 * fall["falling"] > fall["of"]:
            found += [one] if effect["estimate"] >= CLEAR * effect["threshold"] else []
    return tuple(found)


def describe_runs(runs: Sequence[LoggedRun]) -> str:
    """What the curves show, without judging it: `dev loss is lowest at epoch 6 of 20, at 0.412, and ends at 0.655; …`,
    of several runs as medians, with the range of places and of the ends of a score."""
    roles = {"dev.loss": "lowest", "train.loss": "", **{f"dev.{metric}": "highest" for metric in HEADLINES}}
    parts = [part for role, best in roles.items() for part in _describe_role(runs, role, best)]
    return "; ".join(parts) + "." if parts else ""


def _describe_role(runs: Sequence[LoggedRun], role: str, best: str) -> Iterator[str]:
    """One curve in words; `best` says which end of it is good, empty where only its ends matter."""
    curves = [run.curves[role][1:] for run in runs if role in run.curves]
    finite = [curve for curve in curves if np.isfinite(curve).all()]
    words, unit = role.replace(".", " ").replace("_", " "), unit_of(role.partition(".")[2].replace("loss", "log_loss"))
    point = runs[0].unit
    lost = [(int(np.argmax(~np.isfinite(curve))), curve) for curve in curves if np.isinf(curve).any()]
    if lost:
        many = "" if len(curves) == 1 else f" in {len(lost)} of {len(curves)} runs"
        place, curve = min(lost, key=lambda one: one[0])
        before = f", where it was {unit.number(float(curve[place - 1]))} before" if place else ""
        yield f"{words} is not finite{many} from {point} {place + 1} on{before}"
    if not finite:
        return
    ends = [float(curve[-1]) for curve in finite]
    end = unit.number(float(np.median(ends)))
    if not best:
        yield f"{words} goes from {unit.number(float(np.median([curve[0] for curve in finite])))} to {end}"
        return
    pick = np.argmin if best == "lowest" else np.argmax
    places = [int(pick(curve)) for curve in finite]
    level = float(np.median([curve[place] for curve, place in zip(finite, places, strict=True)]))
    span = "" if len(set(places)) == 1 else f" ({min(places) + 1}–{max(places) + 1})"
    where = f"{point} {np.median(places) + 1:g}{span} of {max(curve.size for curve in finite)}"
    spread = f" ({unit.number(min(ends))} to {unit.number(max(ends))})" if best == "highest" and len(ends) > 1 else ""
    yield f"{words} is {best} at {where}, at {unit.number(level)}, and ends at {end}{spread}"
