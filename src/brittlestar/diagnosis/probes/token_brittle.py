"""Whether another spelling in tokens that a model can know changes its answers."""

from brittlestar.core.checks import Observed
from brittlestar.core.probing import MOST_FREQUENT
from brittlestar.diagnosis.probes.phrasing import format_points
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedVariant
from brittlestar.diagnosis.probes.results import judge_tests, probe_check, report_untested
from brittlestar.diagnosis.probes.suite_tests import FEWEST_TURNED, TOKEN, SuiteTests, has_learned


@probe_check(
    TOKEN,
    "On rows whose respelled tokens train has (30 at least), more than 5 points of accuracy are lost, or 5 % of "
    "predictions change, significant after Holm correction over all tests of the suite.",
)
def probe_token_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Another spelling in known tokens changes the result.

    **What it means.** The text says the same, train has every token of both spellings, and the model answers otherwise.

    **How it is decided.** Tokens are cut into characters or factor values, joined in twos, or written in another normal
    form of Unicode. The true label stays; without a rule, predictions that change are counted. Tested are changed rows
    of which every token that differs is familiar, before and after: train has it, and the respelled rows have it at
    most 10 times as often. So a model of whole words is not blamed for single letters, which stand 100 times as often
    in rows that are cut.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below that. Inconclusive: in between, or fewer than
    30 such rows, the usual case. A study that declares `expect: {tokenisation: invariant}` is held to that on all rows.
    Severity: warning.

    **What it cannot see.** Whether such a change will ever happen; what unknown tokens cost: see `probe.noise-brittle`
    and `token.unknown`.

    **What to do.** Normalise text where it comes in, or train on several tokenisations.
    """
    readings = [reading for reading in variant.readings if reading.condition.family == "tokenisation"]
    found = judge_tests(suite, variant, code)
    if found is not None or not readings:
        return found
    return _report_incomparable(suite, variant, readings) if has_learned(variant) else report_untested(variant)


def _report_incomparable(suite: SuiteTests, variant: ProbedVariant, readings: list[ConditionReading]) -> Observed:
    """No spelling leaves enough rows in tokens that the model can know."""

    def share(reading: ConditionReading) -> float:
        """Of the new tokens that are familiar; all, where there are none."""
        after = None if reading.familiar is None else reading.familiar["after"]
        return 1.0 if after is None else float(after)

    evidence = {"missing": f"{FEWEST_TURNED} rows in familiar tokens"}
    one = max(readings, key=lambda one: (one.moved, -share(one)))
    if not one.moved:
        return Observed("absent", f"{variant.name}: no other spelling changes a row of {suite.split}.", evidence)
    summary = (
        f"{variant.name}: nothing can be concluded; this model knows tokens only as train spells them. "
        f"With {one.condition.title}, {format_points(1 - share(one))} % of changed tokens are unknown, or over "
        f"{MOST_FREQUENT} times as frequent as in train."
    )
    remedy = (
        "If another spelling can occur, train on it too, or declare that answers must stay "
        "(probes: {expect: {tokenisation: invariant}})."
    )
    return Observed("inconclusive", summary, evidence, remedy=remedy)
