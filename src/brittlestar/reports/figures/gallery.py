"""All figures of a report, in the order a reader meets them."""

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.reports.figures.axis import draw_axis
from brittlestar.reports.figures.confusions import draw_confusions
from brittlestar.reports.figures.differences import draw_verdicts
from brittlestar.reports.figures.forecasts import draw_forecasts
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.learning import draw_curves
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.figures.probes import draw_conditions, draw_strengths
from brittlestar.reports.figures.variants import draw_checkpoints, draw_gaps, draw_results
from brittlestar.reports.study_view import StudyView


def gallery(reading: StudyView) -> dict[str, Figure]:
    """Figures by name; a figure that the record cannot fill is left out, and the page says why."""
    first = draw_axis(reading)
    drawn = [
        first,
        *draw_curves(reading),
        *_draw_scores(reading, first is None),
        _draw_confusions(reading),
        draw_forecasts(reading.forecasts, reading.record.mean_accuracies),
        draw_verdicts(list_judged(reading.judgements, reading.numbers)),
        *audit_figures(reading.record.audit, tuple(reading.record.splits)).values(),
        *_draw_probes(reading),
    ]
    return {one.name: one for one in drawn if one is not None}


def _draw_confusions(reading: StudyView) -> Figure | None:
    numbers = reading.numbers
    if numbers is None or numbers.all.score is None:
        return None
    return draw_confusions(numbers.confusions, reading.record.classes, numbers.all.split, numbers.all.score.n_seeds)


def _draw_scores(reading: StudyView, alone: bool) -> list[Figure]:
    """Every variant and split with a score; of one variant only where nothing else shows it (`alone`)."""
    splits = reading.record.splits
    scored = [name for name in reading.record.variants if reading.values(name, reading.split)] if reading.split else []
    found: list[Figure] = []
    if len(scored) > 1 or (scored and alone):
        found.append(draw_results(reading, scored))
    if sum(any(reading.values(name, split) for name in scored) for split in splits) > 1:
        found.append(draw_gaps(reading))
    if any(_differs_from_last(reading, name) for name in scored):
        found.append(draw_checkpoints(reading))
    return found


def _differs_from_last(reading: StudyView, variant: str) -> bool:
    """Whether the selected checkpoint scores otherwise than the last one: neither predictions that were given nor a
    model that is fitted at once have two."""
    last = reading.values(variant, reading.split, last=True)
    return bool(last) and last != reading.values(variant, reading.split)


def _draw_probes(reading: StudyView) -> list[Figure | None]:
    if reading.probed is None:
        return []
    variants, audit, probes = reading.probed.variants, reading.record.audit, reading.record.probes
    majority = reading.majority(reading.probed.study.probes.split, "accuracy")
    trivial = None
    if audit is not None and audit.trivial_baselines is not None and probes is not None:
        trivial = audit.trivial_baselines.best(probes.split).score(probes.split, "accuracy").value
    return [draw_conditions(variants, majority, trivial), draw_strengths(variants, majority)]
