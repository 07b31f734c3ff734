"""What conditions, and rows as they are, tell of a variant: a check each, by the one error budget of a suite.

The remedy is what the page says last."""

from dataclasses import replace

from brittlestar.core.checks import Observed, Role
from brittlestar.diagnosis.probes.budget import SuiteTest
from brittlestar.diagnosis.probes.phrasing import describe_loss, format_effect
from brittlestar.diagnosis.probes.readings import ProbedVariant
from brittlestar.diagnosis.probes.results import judge_tests, probe_check, report_blind, report_brittle, suggest_more
from brittlestar.diagnosis.probes.slices import OF_CLASS
from brittlestar.diagnosis.probes.suite_tests import (
    CALIBRATION,
    COMBINATION,
    EXPECTATION,
    FACTOR,
    FEWEST_TURNED,
    SLICE,
    SuiteTests,
    has_learned,
    is_declared,
)

STAYS = (
    "Fewer than 20 % of predictions change on rows whose true label turns (over 5 % of rows, 30 at least), significant "
    "after Holm correction over all tests of the suite."
)
FALLS = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


@probe_check("probe.order-blind", STAYS)
def probe_order_blind(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Order is destroyed and nothing changes, on a task that needs order.

    **What it means.** The score comes from which tokens a row has, and not from where they stand.

    **How it is decided.** Tokens of each row are put in random order. Predictions should change on the rows whose true
    label turned; on all rows where the study declares it (`expect: {order: changes}`).

    **Thresholds.** As in the rule (of all rows: 5 %). Absent: the 95 % interval is above that, or the rule does not
    need it. Inconclusive: in between, or nobody knows. Severity: warning; info for a bag of tokens, which is blind by
    construction.

    **What it cannot see.** A model that reads order and draws the wrong conclusion; its accuracy shows that.

    **What to do.** Use a model that reads order, such as an LSTM.
    """
    return report_blind(suite, variant, code)


@probe_check(
    "probe.order-brittle",
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where order "
    "should not matter), significant after Holm correction over all tests of the suite.",
)
def probe_order_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """The order of tokens changes, the true label does not, and accuracy falls.

    **What it means.** The model reads more from order than the rule puts there.

    **How it is decided.** Tokens are shuffled, also within windows or but for one position, rotated, reversed, or
    exchanged with a neighbour. Where a rule gives true labels, the accuracy lost among rows whose label stays is
    tested, on paired rows and seeds; without one only what the study declares (`expect: {order: invariant}`):
    predictions that change.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below that. Models within 10 points of the majority
    class, or half of what is left above it, are not tested. Severity: warning.

    **What it cannot see.** Without a rule, whether a model that reacts to order is right to do so.

    **What to do.** Where no label depends on order, train with tokens in random order (data.order: permuted).
    """
    return report_brittle(suite, variant, code)


@probe_check("probe.composition-brittle", FALLS)
def probe_composition_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Other symbols, or other shares of the same symbols, and accuracy falls.

    **What it means.** The score belongs to the mix of symbols that the split happens to have.

    **How it is decided.** Tokens that train lacks are inserted, tokens are renamed among themselves, and rows are
    weighted so that one symbol becomes more frequent by a stated number of nats, which needs no rule.

    **Thresholds.** As in `probe.order-brittle`; accuracy afterwards must be above the majority class of the changed
    rows, too.

    **What it cannot see.** Without a rule, rows whose tokens change. Weights by which one row counts more than fifty
    others are left out, and named.

    **What to do.** Train on more mixes of symbols, or report the score for the mix that you expect.
    """
    return report_brittle(suite, variant, code)


@probe_check(
    COMBINATION,
    "More than 5 points of accuracy are lost from test to a shifted split with combinations that train never shows, "
    "significant after Holm correction over all tests of the suite.",
)
def probe_combination_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Known parts in new combinations, and accuracy falls.

    **What it means.** The model has memorised combinations where the task is made of parts.

    **How it is decided.** Accuracy on test less that on each split in which the audit found new combinations of parts
    that are frequent in train (`shift.combination`), over seeds and rows.

    **What it cannot see.** Studies without such a split: `brittlestar split` makes some. Other shifts of the same
    split; the audit lists them.

    **What to do.** Show more combinations in train, or let the model see parts of tokens.
    """

    def say(test: SuiteTest) -> str:
        split = suite.study.record.held_out
        return f"{describe_loss(test.effect)} from {split} to {test.name}, which has new combinations"

    return judge_tests(suite, variant, code, say)


@probe_check("probe.length-brittle", FALLS)
def probe_length_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Rows of another length, and accuracy falls.

    **What it means.** What was learned holds for the lengths in train. A rule that counts, or a model whose state
    fades, often fails beyond them.

    **How it is decided.** Rows are cropped, repeated, extended by random tokens, or by train's most frequent one; the
    rule gives their true labels. Generated rows are also drawn anew at 2, 4 and 10 times train's longest row, half of
    them accepted.

    **What it cannot see.** Without a rule or a shifted split of longer rows, accuracy at other lengths.

    **What to do.** Train on the lengths that you expect; compare ways of pooling, and of positions.
    """
    return report_brittle(suite, variant, code)


def _report_no_factor(suite: SuiteTests, variant: ProbedVariant) -> Observed | None:
    """What is seen of factors where tokens have none, None where they have."""
    named = suite.study.record.factors or any(one.condition.family == "factors" for one in variant.readings)
    return None if named else Observed("not-applicable", f"{variant.name}: no factor of tokens is named")


@probe_check("probe.factor-blind", STAYS)
def probe_factor_blind(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A factor that the task needs is not used.

    **What it means.** A part of every token decides about the label, and the model ignores it.

    **How it is decided.** The values of one factor are shuffled within each row, or drawn anew. Predictions should
    change on the rows whose true label turned.

    **What it cannot see.** Anything where no rule is known, unless the study says `expect: {factors: changes}`.

    **What to do.** Let the model see the parts of tokens: a vector for each factor's value, and their sum.
    """
    return report_blind(suite, variant, code) or _report_no_factor(suite, variant)


@probe_check(
    FACTOR,
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where the "
    "factor should not matter), significant after Holm correction over all tests of the suite.",
)
def probe_factor_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A factor changes, the label does not, and the answer does.

    **What it means.** The model relies on a part of the tokens that does not decide about these rows: a shortcut that
    train allows.

    **How it is decided.** As in `probe.factor-blind`, on rows whose true label stays.
    Without a rule, only `expect: {factors: invariant}` has something to test: predictions that change.

    **What it cannot see.** Anything where nobody knows what should hold. Combinations that train lacks cost what new
    tokens cost.

    **What to do.** Vary the factor in train independently of the label, or leave it out (data.factor).
    """
    return report_brittle(suite, variant, code) or _report_no_factor(suite, variant)


@probe_check(
    "probe.contrast-blind",
    "Fewer than 20 % of pairs of nearly equal rows with two labels (30 pairs at least) get two predictions, "
    "significant after Holm correction over all tests of the suite.",
)
def probe_contrast_blind(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A minimal edit turns the label, and the prediction stays.

    **What it means.** What the edit touches decides about the label, and the model ignores it. Of a generated task the
    finding names the part of the rule that was not learned.

    **How it is decided.** Pairs of rows that differ in one token and have two labels get two predictions, or not: near
    misses of each part of a generated rule, one token replaced where a function gives true labels, or given pairs
    (`probes: {pairs: FILE}`).

    **What it cannot see.** Whether both predictions are right; the table has the accuracy on the edited rows. Rules
    that no single token decides.

    **What to do.** Put such pairs into train, or find out which part of a row the model ignores.
    """
    return report_blind(suite, variant, code)


@probe_check("probe.noise-brittle", FALLS)
def probe_noise_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A little noise, and accuracy falls.

    **What it means.** Scanners, keyboards and pipelines lose, double, replace or glue one token in ten, or write it
    with look-alike characters. This model does not stand that.

    **How it is decided.** The rule gives true labels of changed rows; look-alikes and lost separators keep them.
    Without a rule, only look-alikes have something to test: predictions that change. Look-alikes count on rows whose
    changed tokens train has (30 at least), as in `probe.token-brittle`: a model of words does not know others.

    **What it cannot see.** Without a rule, whether a lost token should have changed the answer.

    **What to do.** Train with the same noise, or clean rows before they are scored.
    """
    return report_brittle(suite, variant, code)


@probe_check(
    EXPECTATION,
    "Of the rows that a probe changed (30 at least), over 5 % of predictions break what was declared, or under 5 % of "
    "those that could follow it do; significant after Holm correction over all tests of the suite.",
)
def probe_expectation(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """What was declared of a probe does not hold.

    **What it means.** Where nobody knows true labels of changed rows, a person can still say that predictions stay,
    change, or that those that change become one class or leave it. The model does something else.

    **How it is decided.** By `expect: {own.negated: toward negative}` in the study file, or the expectation that an own
    probe declares. A direction has two tests: whether predictions go the other way, and whether any go that way. What
    another finding tests is left to it. Where true labels are known, probes of the family `own` are tested for lost
    accuracy.

    **What it cannot see.** Expectations that nobody wrote down, and variants that have not learned the task.

    **What to do.** Look at the rows; correct the model, or the expectation.
    """
    found = judge_tests(suite, variant, code)
    declared = [reading for reading in variant.readings[1:] if is_declared(reading)]
    if found is not None or not declared or not has_learned(variant):
        return found
    rows = max(0 if reading.followed is None else reading.followed.rows for reading in declared)
    summary = f"{variant.name}: {rows} rows change with {declared[0].condition.title}; {FEWEST_TURNED} are needed."
    evidence = {"missing": "rows", "rows": rows, "needed": FEWEST_TURNED}
    return Observed("inconclusive", summary, evidence, remedy=suggest_more(suite, variant))


@probe_check(
    SLICE,
    "A slice of 30 rows at least scores more than 10 points of accuracy below the other rows, significant after Holm "
    "correction over all tests of the suite.",
    role=Role(symptom="other", follows="any-failure", effect="split"),
)
def eval_slice(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A slice far below the rest.

    **What it means.** The mean hides rows on which the model is much worse: one class, short or long rows, one group.

    **How it is decided.** Accuracy of the rows outside a slice less that inside, over seeds and probed rows. Slices are
    each class, the shortest and the longest third of the rows, each number of distinct values of a factor, and the ten
    largest groups. A class alone is information: where shares differ, some class is named less often.

    **What it cannot see.** Slices of fewer than 30 rows, or that nobody named; a gap that another property explains.

    **What to do.** Report the slice beside the mean, or give it more weight in training.
    """

    def say(test: SuiteTest) -> str:
        own = variant.plain.by_slice.get(test.name)
        rows = "" if own is None else f" ({own.rows:,} rows)"
        return f"accuracy on {test.name}{rows} is {format_effect(test.effect)} below the other rows"

    found = judge_tests(suite, variant, code, say)
    if found is None or not all(name.startswith(OF_CLASS) for name in found.evidence.get("present", ("",))):
        return found
    return replace(found, severity="info")


@probe_check(
    CALIBRATION,
    "Mean confidence is more than 5 points above or below accuracy, significant after Holm correction over all tests "
    "of the suite.",
    role=Role(symptom="other", follows="always", effect="none"),
)
def eval_calibration(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """Confidence does not fit accuracy.

    **What it means.** A model that is 95 % sure and right on 80 % misleads whoever acts on its probabilities.

    **How it is decided.** The probability of the predicted class less whether it is right, mean over seeds and rows of
    the split (calibration in the large).

    **Thresholds.** As in the rule. Absent: the 95 % interval within 5 points. Severity: warning; information where a
    model is less sure than it could be, as label smoothing makes it.

    **What it cannot see.** Errors that cancel: too sure here and too unsure there. The metric `ece` counts them by bin.

    **What to do.** Fit a temperature on dev: one number that all logits are divided by.
    """

    def say(test: SuiteTest) -> str:
        side = "above" if test.name == "over-confident" else "below"
        return f"mean confidence is {format_effect(test.effect)} {side} accuracy"

    found = judge_tests(suite, variant, code, say)
    if found is None or "over-confident" in found.evidence["present"]:
        return found
    return replace(found, severity="info")
