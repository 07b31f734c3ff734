"""Whether an own model sees the order of tokens at all, on a task that needs it."""

import numpy as np

from brittlestar.baselines.table import Reads, what_is_read
from brittlestar.core.probing import ProbedCell
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedStudy, ProbedVariant
from brittlestar.diagnosis.probes.results import probe_check
from brittlestar.diagnosis.probes.suite_tests import NEEDED, SuiteTests
from brittlestar.diagnosis.results import VariantResult

SHUFFLED = "order.shuffle@1"
SAME = 1e-4  # float noise of another order of summing
FEWEST_ROWS = 50  # convention: fewer rows may have one order by chance
ORDERED = 0.05  # convention: five points


@probe_check(
    "position.missing",
    "An own model answers every order of the same tokens alike, and labels turn with order, or a trivial baseline "
    "that reads it is 5 points better, or neither a bag of tokens nor the model beats one class.",
)
def position_missing(suite: SuiteTests, variant: ProbedVariant, code: str) -> VariantResult | None:
    """An own model that sees no order, on a task that needs it.

    **What it means.** What order carries is out of its reach. A transformer without positions, or whose positions do
    not reach it, is such a model.

    **How it is decided.** Rows are asked as they are and with their tokens in another order: a model that reads order
    moves its probabilities a little, at least. The task needs order where a rule turns labels with it. Else trivial
    baselines tell: those that read neighbours or places are better than those that read tokens alone by 5 points, and
    than the model; or neither these nor the model are 5 points better than naming one class.

    **What it cannot see.** A model that reads order and makes nothing of it (`probe.order-blind`); a task that no cheap
    look can tell to need order.

    **What to do.** Add information on positions where tokens become vectors (sinusoidal or learned), and see that it
    reaches the layers that follow; or take a recurrent or convolutional layer.
    """
    reading = variant.of(SHUFFLED)
    if reading is None or not variant.runs.record.own:
        return None
    changed = (reading.condition.before >= 0) & (reading.condition.before != reading.condition.after)
    rows = int(changed.sum())
    moved = max(_share_moved(cell, reading, changed) for cell in variant.cells.values()) if rows else 0.0
    evidence = {"rows": rows, "moved": moved}
    if rows < FEWEST_ROWS:
        summary = f"{variant.name}: {rows} rows change their order when shuffled; {FEWEST_ROWS} are needed."
        return VariantResult("inconclusive", summary, evidence | {"missing": "rows"})
    if moved > 0:
        summary = f"{variant.name}: in another order, probabilities of {100 * moved:.0f} % of {rows} rows move."
        return VariantResult("absent", summary, evidence)
    story = f"{variant.name} answers every order of the same tokens alike ({rows} rows)"
    if needs := _find_need(suite.study, variant, reading):
        return VariantResult("present", f"{story}; {needs}.", evidence)
    remedy = "Declare it (probes: {expect: {order: changes}}), or give a rule."
    summary = f"{story}; whether the task needs order is not known."
    return VariantResult("inconclusive", summary, evidence | {"missing": "a rule"}, remedy)


def _share_moved(cell: ProbedCell, reading: ConditionReading, changed: np.ndarray) -> float:
    """Of the rows that the shuffle changed, those that are answered otherwise, or with another probability."""
    before, after = reading.condition.before[changed], reading.condition.after[changed]
    other = cell.predictions[before] != cell.predictions[after]
    apart = np.abs(cell.confidence[before] - cell.confidence[after])
    return float((other | ~(apart <= SAME)).mean())


def _find_need(study: ProbedStudy, variant: ProbedVariant, reading: ConditionReading) -> str:
    """What says that the task needs order, in words; empty where nothing does."""
    if reading.turned is not None:
        turned = f"the true label of {100 * reading.turned:.0f} % of rows turns with the order"
        return turned if reading.turned > NEEDED else ""
    if reading.condition.expectation == "changes":
        return "the study declares that order matters"
    baselines = None if study.record.audit is None else study.record.audit.trivial_baselines
    split = study.probes.split
    if baselines is None:
        return ""

    def best(*reads: Reads) -> float | None:
        # linear is no naive Bayes, as the bag of tokens is: that it is better says nothing of order
        chosen = [one for one in baselines.members if what_is_read(one) in reads]
        chosen = [one for one in chosen if "order" not in reads or one.kind != "linear"]
        scores = (one.score(split, "accuracy").value for one in chosen)
        return max((one for one in scores if one is not None), default=None)

    one_class, bag, ordered = best("nothing"), best("tokens"), best("place", "order")
    if one_class is None or bag is None:
        return ""
    accuracy = list(variant.runs.scores(split, "accuracy").values())
    reached = float(np.mean(accuracy)) if accuracy else None
    if ordered is not None and ordered - bag >= ORDERED and (reached is None or reached < ordered):
        return f"trivial baselines that read order are {100 * (ordered - bag):.0f} points better than a bag of tokens"
    if reached is not None and max(reached, bag) - one_class < ORDERED:
        return "neither it nor a bag of tokens is better than naming one class, so that order must tell"
    return ""
