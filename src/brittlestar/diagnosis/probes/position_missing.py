"""Whether an own model sees the order of tokens at all, on a task that needs it."""

from collections.abc import Iterable

import numpy as np

from brittlestar.baselines.table import what_is_read
from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import LEAST_POINTS
from brittlestar.core.probing import ProbedCell
from brittlestar.core.trivial_baselines import TrivialBaseline
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedStudy, ProbedVariant
from brittlestar.diagnosis.probes.results import probe_check
from brittlestar.diagnosis.probes.suite_tests import NEEDED, SuiteTests

SHUFFLED = "order.shuffle@1"
ORDER_NOISE = 1e-4  # float noise of another order of summing
FEWEST_REORDERED = 50  # convention: fewer rows may have one order by chance
ERRORS_OF_BASELINES = 2.6  # derived: 95 % for five baselines together


@probe_check(
    "position.missing",
    "An own model answers every order of the same tokens alike, and labels turn with order, or a trivial baseline "
    "that reads it is a point better than a bag of tokens and than the model, proven.",
    role=Role("untaught", 120),
)
def position_missing(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """An own model that sees no order, on a task that needs it.

    **What it means.** What order carries is out of its reach. A transformer without positions, or whose positions do
    not reach it, is such a model.

    **How it is decided.** Rows are asked as they are and with their tokens in another order: a model that reads order
    moves its probabilities a little, at least. The task needs order where a rule turns labels with it. Else trivial
    baselines tell: the best of those that read neighbours or places is better than the bag of tokens and than the model
    by a point, at the lower end of an interval that holds for five of them together.

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
    if rows < FEWEST_REORDERED:
        summary = f"{variant.name}: {rows} rows change their order when shuffled; {FEWEST_REORDERED} are needed."
        return Observed("inconclusive", summary, evidence | {"missing": "rows"})
    if moved > 0:
        summary = f"{variant.name}: in another order, probabilities of {100 * moved:.0f} % of {rows} rows move."
        return Observed("absent", summary, evidence)
    if all(_is_one_answer(cell, reading.condition.before[changed]) for cell in variant.cells.values()):
        summary = f"{variant.name} answers all of {rows} rows alike, so that no change of a row is seen."
        return Observed("inconclusive", summary, evidence | {"missing": "answers that differ from row to row"})
    sentence = f"{variant.name} answers every order of the same tokens alike ({rows} rows)"
    if needs := _find_need(suite.study, variant, reading):
        return Observed("present", f"{sentence}; {needs}.", evidence)
    remedy = "Declare it (probes: {expect: {order: changes}}), or give a rule."
    summary = f"{sentence}; whether the task needs order is not known."
    return Observed("inconclusive", summary, evidence | {"missing": "a rule"}, remedy=remedy)


def _share_moved(cell: ProbedCell, reading: ConditionReading, changed: np.ndarray) -> float:
    """Of the rows that the shuffle changed, those that are answered otherwise, or with another probability."""
    before, after = reading.condition.before[changed], reading.condition.after[changed]
    other = cell.predictions[before] != cell.predictions[after]
    apart = np.abs(cell.confidence[before] - cell.confidence[after])
    return float((other | ~(apart <= ORDER_NOISE)).mean())


def _is_one_answer(cell: ProbedCell, rows: np.ndarray) -> bool:
    """Whether all these rows get one class, with one probability."""
    named, sure = cell.predictions[rows], cell.confidence[rows]
    return bool((named == named[0]).all() and np.ptp(sure) <= ORDER_NOISE)


def _find_need(study: ProbedStudy, variant: ProbedVariant, reading: ConditionReading) -> str:
    """What says that the task needs order, in words; empty where nothing does."""
    if reading.turned is not None:
        turned = f"the true label of {100 * reading.turned:.0f} % of rows turns with the order"
        return turned if reading.turned > NEEDED else ""
    if reading.condition.expectation == "changes":
        return "the study declares that order matters"
    baselines = None if study.record.audit is None else study.record.audit.trivial_baselines
    accuracy = list(variant.runs.scores(study.probes.split, "accuracy").values())
    if baselines is None or not accuracy:
        return ""
    reads = [(member, what_is_read(member)) for member in baselines.members]
    bag = _find_best(study, (one for one, read in reads if read == "tokens"))
    # linear is no naive Bayes, as the bag of tokens is: that it is better says nothing of order
    ordered = _find_best(study, (one for one, read in reads if read in ("place", "order") and one.kind != "linear"))
    if bag is None or ordered is None:
        return ""
    own = (float(np.mean(accuracy)), ordered[1])
    if min(_bound_lead(ordered, bag), _bound_lead(ordered, own)) < LEAST_POINTS / 100:
        return ""
    return (
        f"a trivial baseline that reads order is right on {100 * ordered[0]:.1f} %, a bag of tokens on "
        f"{100 * bag[0]:.1f} %, and it on {100 * own[0]:.1f} %"
    )


def _find_best(study: ProbedStudy, members: Iterable[TrivialBaseline]) -> tuple[float, int] | None:
    """The best accuracy of these on the rows that were probed, and on how many rows; None without any."""
    scores = (member.score(study.probes.split, "accuracy") for member in members)
    return max(((score.value, score.rows) for score in scores if score.value is not None), default=None)


def _bound_lead(first: tuple[float, int], second: tuple[float, int]) -> float:
    """The lower end of how much better the first is. As of rows of their own: the rows are the same, so that it is
    further below than need be."""
    spread = sum(share * (1 - share) / max(rows, 1) for share, rows in (first, second))
    return first[0] - second[0] - ERRORS_OF_BASELINES * spread**0.5
