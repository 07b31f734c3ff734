"""All figures of a report, in the order a reader meets them."""

from brittlestar.claims.sources import sources_of
from brittlestar.reports.claim_cards import drawn_claims
from brittlestar.reports.figures.axis import axis
from brittlestar.reports.figures.claims import drawable, looks, power, verdicts, with_path, with_power
from brittlestar.reports.figures.context import ablations, context
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.learning import bidirectional, has_curves, learning
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.figures.probes import draw_conditions, strengths, with_strengths
from brittlestar.reports.figures.sources import sources
from brittlestar.reports.figures.variants import checkpoints, gaps, results
from brittlestar.reports.reading import CURVE_SPLIT, Reading

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
    main = reading.record.main
    both = [name for name in bidirectional(reading) if has_curves(reading, name)]
    if has_curves(reading, main):
        add(learning(reading, main, "figure-1", "Figure 1. Learning curves of main", both))
    for index, variant in enumerate([name for name in both if name != main][:MOST_BIDIRECTIONAL]):
        suffix, numeral = (f"-{index + 1}", f"2{'abc'[index]}") if index else ("", "2")
        beside = [main, *both]
        add(learning(reading, variant, f"figure-2{suffix}", f"Figure {numeral}. Reading both ways: {variant}", beside))
    column = f"{CURVE_SPLIT}.{reading.metric}"
    if any(column in cell.curves for name in ablations(reading) for cell in reading.done(name)):
        add(context(reading, "figure-3", "Figure 3. What is left without context"))
    scored = [name for name in reading.record.variants if reading.values(name, reading.split)] if reading.split else []
    if len(scored) > 1 or (scored and first is None):
        add(results(reading, "results", "Every variant, every seed"))
    if sum(any(reading.values(name, split) for name in scored) for split in reading.record.splits) > 1:
        add(gaps(reading, "gaps", "Score on every split"))
    if any(_differs_from_last(reading, name) for name in scored):
        add(checkpoints(reading, "checkpoints", "Best against last checkpoint"))
    spread = sources_of(reading.record)
    if any(not one.missing for one in spread):
        add(sources(spread, "sources", "Where the spread comes from"))
    judged = drawn_claims(reading)
    if drawable(judged):
        add(verdicts(judged, "verdicts", "Every claim against its threshold"))
    if with_path(reading.judgements):
        add(looks(reading.judgements, "looks", "Claims at each look: the interim analyses at planned numbers of seeds"))
    if with_power(reading.judgements):
        add(power(reading.judgements, "power", "What so many seeds can find"))
    found.update(audit_figures(reading.record.audit, tuple(reading.record.splits)))
    if reading.probed is not None:
        arms = reading.probed.arms
        majority = reading.majority(reading.probed.study.probes.split, "accuracy")
        add(draw_conditions(arms, majority, _best_trivial(reading), "probes", "Under changes of the input"))
        if with_strengths(arms):
            add(strengths(arms, majority, "strengths", "The stronger the change"))
    return found


def _differs_from_last(reading: Reading, variant: str) -> bool:
    """Whether the selected checkpoint scores otherwise than the last one: neither predictions that were given nor a
    model that is fitted at once have two."""
    last = reading.values(variant, reading.split, last=True)
    return bool(last) and last != reading.values(variant, reading.split)


def _best_trivial(reading: Reading) -> float | None:
    """The accuracy of the best trivial baseline on the split that was probed."""
    audit, probes = reading.record.audit, reading.record.probes
    if audit is None or audit.ladder is None or probes is None:
        return None
    score = audit.ladder.best("dev", "accuracy").score(probes.split, "accuracy")
    return score.value
