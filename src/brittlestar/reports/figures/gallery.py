"""All figures of a report, in the order a reader meets them."""

from __future__ import annotations

from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.summary import ProbeSummary
from brittlestar.reports.figures.axis import axis
from brittlestar.reports.figures.checkpoints import checkpoints
from brittlestar.reports.figures.context import ablations, context
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.gaps import gaps
from brittlestar.reports.figures.learning import bidirectional, has_curves, learning
from brittlestar.reports.figures.looks import looks, with_path
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.figures.power import power, with_power
from brittlestar.reports.figures.probed import probed
from brittlestar.reports.figures.results import results
from brittlestar.reports.figures.sources import sources
from brittlestar.reports.figures.strengths import strengths, with_strengths
from brittlestar.reports.figures.verdicts import drawable, verdicts
from brittlestar.reports.reading import Reading
from brittlestar.verdicts.sources import sources_of

MOST_BIDIRECTIONAL = 3
"""Learning figures of bidirectional variants; the page names the variants beyond."""


def gallery(reading: Reading) -> dict[str, Figure]:
    """Figures by name; a figure that the record cannot fill is left out, and the page says why."""
    found: dict[str, Figure] = {}

    def add(figure: Figure) -> None:
        found[figure.name] = figure

    first = axis(reading, "axis", "Main against the trivial baselines")
    if first is not None:
        add(first)
    scored = [name for name in reading.record.variants if reading.values(name, reading.split)] if reading.split else []
    main = reading.record.main
    if drawable(reading.judgements):
        add(verdicts(reading.judgements, "verdicts", "Every claim, and what became of it"))
    if with_path(reading.judgements):
        add(looks(reading.judgements, "looks", "How they came about, look by look"))
    if with_power(reading.judgements):
        add(power(reading.judgements, "power", "What this study could have seen"))
    spread = sources_of(reading.record)
    if any(not one.missing for one in spread):
        add(sources(spread, "sources", "Where the spread comes from"))
    both = [arm for arm in bidirectional(reading) if has_curves(reading, arm)]
    if has_curves(reading, main):
        add(learning(reading, main, "figure-1", "Figure 1. Learning curves of main", both))
    for index, arm in enumerate([arm for arm in both if arm != main][:MOST_BIDIRECTIONAL]):
        suffix, numeral = (f"-{index + 1}", f"2{'abc'[index]}") if index else ("", "2")
        beside = [main, *both]
        add(learning(reading, arm, f"figure-2{suffix}", f"Figure {numeral}. Reading both ways: {arm}", beside))
    column = f"{reading.curve_split}.{reading.metric}"
    if any(column in cell.curves for arm in ablations(reading) for cell in reading.done(arm)):
        add(context(reading, "figure-3", "Figure 3. What is left without context"))
    if reading.probed is not None:
        arms = probed_first(reading.probed)
        chance, rung = reading.majority(reading.probed.study.probes.split, "accuracy"), _rung(reading)
        add(probed(arms, chance, rung, "probes", "Under changes of the input"))
        if with_strengths(arms):
            add(strengths(arms, chance, "strengths", "The stronger the change"))
    found.update(audit_figures(reading.record.audit, tuple(reading.record.splits)))
    if scored:
        add(results(reading, "results", "Every variant, every seed"))
        add(gaps(reading, "gaps", "From train to shifted data"))
    if any(reading.values(name, reading.split, last=True) for name in scored):
        add(checkpoints(reading, "checkpoints", "Best against last checkpoint"))
    return found


def probed_first(found: ProbeSummary) -> tuple[ProbedArm, ...]:
    """Variants with answers to probes, main first."""
    return tuple(sorted(found.study.arms, key=lambda one: one.arm.name != found.study.record.main))


def _rung(reading: Reading) -> float | None:
    """The accuracy of the best rung of the ladder on the split that was probed."""
    audit, probes = reading.record.audit, reading.record.probes
    if audit is None or audit.ladder is None or probes is None:
        return None
    score = audit.ladder.best("dev", "accuracy").score(probes.split, "accuracy")
    return score.value
