"""Curves made elsewhere as the record of a study, so that the checks of studies speak of them, by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import run_checks
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import list_names_of_curves, metric_of
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord, VariantRecord
from brittlestar.study.units import Unit, count, unit_of
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
HEADLINES = list_names_of_curves()
LOSS = "dev.log_loss"
EFFECTS = {"train.overfit": "rise", "train.short": "gain"}
"""Under which name the evidence of a code holds the effect in dev loss that is held against a threshold."""
CLEAR = 2.0
"""Standard deviations of a point of the dev loss by which an effect exceeds its threshold to be shown as likely
(convention; the medians of three points that it is made of vary less)."""
STILL = 0.02
"""Nats within which a train loss that starts and ends there has not moved (convention: as in `train.short`)."""
MOST_CLASSES = 20
"""Classes whose uniform guess is named (convention: from here on neighbours are nearer than `STILL` allows)."""


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


def choose_leaning(findings: Sequence[Finding], runs: Sequence[LoggedRun]) -> tuple[Finding, ...]:
    """Inconclusive findings whose effect in dev loss exceeds its threshold clearly, for all that the curves waver; of
    overfitting those with a train loss that falls. No verdict: that takes five runs."""
    margin = CLEAR * _measure_noise(runs) / np.sqrt(len(runs))
    found: list[Finding] = []
    for one in findings:
        effect = one.evidence.get(EFFECTS.get(one.code, ""))
        fall = one.evidence.get("train_fall", {"falling": 1, "of": 1})
        if one.status == "inconclusive" and effect is not None and 2 * fall["falling"] > fall["of"]:
            found += [one] if effect["estimate"] > effect["threshold"] + margin else []
    return tuple(found)


def _measure_noise(runs: Sequence[LoggedRun]) -> float:
    """How far a point of the dev loss wavers about its course, in nats: from its second differences, whose standard
    deviation is the square root of 6 times as large, by their median size (Gaussian: 0.6745 of it)."""
    curves = [run.curves["dev.loss"][1:] for run in runs if "dev.loss" in run.curves]
    bends = [np.median(np.abs(np.diff(one, 2))) for one in curves if one.size > 2 and np.isfinite(one).all()]
    return float(np.median(bends)) / 0.6745 / 6**0.5 if bends else 0.0


def describe_runs(runs: Sequence[LoggedRun]) -> str:
    """What the curves show, without judging it: `dev loss is lowest at epoch 6 of 20, at 0.412, and ends at 0.655; …`,
    of several runs as medians, with the range of places."""
    parts = [
        *_describe_role(runs, "dev.loss", "lowest"),
        *_describe_role(runs, "train.loss", ""),
        *(part for metric in HEADLINES for part in _describe_role(runs, f"dev.{metric}", "highest")),
    ]
    return "; ".join(parts) + "." if parts else ""


def _describe_role(runs: Sequence[LoggedRun], role: str, best: str) -> Iterator[str]:
    """One curve in words; `best` says which end of it is good, empty where only its ends matter."""
    named = {run.name: run.curves[role][1:] for run in runs if role in run.curves}
    curves = [*named.values()]
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
    end = float(np.median([curve[-1] for curve in finite]))
    if not best:
        start = float(np.median([curve[0] for curve in finite]))
        yield f"{words} {_describe_ends(start, end, unit)}"
        return
    pick = np.argmin if best == "lowest" else np.argmax
    places = [int(pick(curve)) for curve in finite]
    level = float(np.median([curve[place] for curve, place in zip(finite, places, strict=True)]))
    span = "" if len(set(places)) == 1 else f" ({min(places) + 1}–{max(places) + 1})"
    where = f"{point} {np.median(places) + 1:g}{span} of {max(curve.size for curve in finite)}"
    ends = {name: float(curve[-1]) for name, curve in named.items() if np.isfinite(curve).all()}
    spread = f" ({_describe_spread(ends, unit)})" if best == "highest" and len(ends) > 1 else ""
    yield f"{words} is {best} at {where}, at {unit.number(level)}, and ends at {unit.number(end)}{spread}"


def _describe_spread(ends: Mapping[str, float], unit: Unit) -> str:
    """`50.0 in seed3.csv to 90.0 in seed0.csv`: where the worst and the best run of several end."""
    worst, best = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
    return f"{unit.number(ends[worst])} in {worst} to {unit.number(ends[best])} in {best}"


def _describe_ends(start: float, end: float, unit: Unit) -> str:
    """Where a train loss starts and ends, and that it stays at a uniform guess where it does."""
    said = f"{unit.number(start)} to {unit.number(end)}"
    if abs(end - start) > STILL:
        return f"goes from {said}"
    classes = next((n for n in range(2, MOST_CLASSES) if max(abs(start - np.log(n)), abs(end - np.log(n))) < STILL), 0)
    return f"hardly moves, {said}" + (f", which a uniform guess among {classes} classes costs" if classes else "")
