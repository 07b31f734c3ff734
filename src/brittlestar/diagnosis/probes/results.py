"""From the tests of a suite to what is said of a variant: present, absent or inconclusive, with the worst in words."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.checks import NONE, Check, CheckRule, Observed, Role, declare_check, read_remedy
from brittlestar.core.commands import Advice, Sentence, command
from brittlestar.diagnosis.probes.budget import SuiteTest, find_worst
from brittlestar.diagnosis.probes.phrasing import (
    describe_interval,
    format_effect,
    format_interval,
    format_points,
    list_some,
    write_summary,
)
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedVariant, answers
from brittlestar.diagnosis.probes.suite_tests import (
    FEWEST_TURNED,
    NEEDED,
    NOT_TESTED,
    SuiteTests,
    blind_code,
    brittle_code,
    has_learned,
)
from brittlestar.diagnosis.results import name_variant
from brittlestar.diagnosis.variant_runs import advise_seeds

MOST_CHANGED_ROWS = 10
SEEDS = 5
"""How many seeds a claim needs at least; more are suggested in doublings."""
LEARNED_MODEL = "a model that has learned the task"
"""What is missing where a variant is not tested."""
CONSTANT = "It gives every row one class: see the findings on training first."
RELABEL = "give a function that labels changed rows (probes: {relabel: package.module:function})."
SUBJECTS = {"order": "token order", "factors": "a factor"}
"""What a family takes away, in words."""

Judge = Callable[[SuiteTests, ProbedVariant, str], Observed | None]
"""From the tests of a suite, a variant and a code to what is said; None where nothing is."""


def probe_check(code: str, threshold: str, role: Role = NONE) -> Callable[[Judge], Check]:
    """A check from what judges one variant by the tests of a suite; its docstring is the page of the code. `role` is as
    in `Check`."""

    def make(judge: Judge) -> Check:
        def observe(suite: SuiteTests) -> Iterator[Observed]:
            for variant in suite.study.variants:
                seen = judge(suite, variant, code)
                if seen is not None:
                    yield name_variant(replace(seen, split=suite.split), variant.name)

        rule = CheckRule(code=code, threshold=threshold, remedy=read_remedy(judge.__doc__))
        return declare_check(rule, observe, judge, needs="probes", role=role)

    return make


def judge_tests(
    suite: SuiteTests, variant: ProbedVariant, code: str, say: Callable[[SuiteTest], str] | None = None
) -> Observed | None:
    """What the tests of a finding say of a variant, None where there are none. `say` puts one test into words, those of
    a condition unless it is given."""
    tests = suite.of(code, variant.name)
    if not tests:
        return None
    one = find_worst(tests)
    reading = variant.of(one.name)
    present = [test for test in tests if test.status == "present"]
    evidence = {
        **_replay(suite, variant, one),
        "conditions": [tabulate_test(variant, test) for test in tests],
        "rows": _list_rows(suite, variant, one),
        "present": [test.name for test in present],
        "seeds": sorted(variant.cells),
    }
    named = "" if reading is None else f" ({one.name})"
    said = write_summary(one, reading) if say is None else say(one)
    words = [f"{variant.name}: {said}{named}. {describe_interval(one.effect, one.below)}"]
    details = [_describe_accuracies(reading)] if reading is not None and one.measure == "accuracy lost" else []
    if present:
        also = _list_others("Also present", variant, present, one)
        return Observed("present", " ".join([*words, *details, *also]), evidence)
    if all(test.status == "absent" for test in tests):
        counted = [f"This is the worst of {len(tests)} tests."] if len(tests) > 1 else []
        return Observed("absent", " ".join([*words, *counted]), evidence)
    open_ = [test for test in tests if test.status == "inconclusive"]
    also = _list_others("Also open", variant, open_, one)
    summary = " ".join([*words, *details, *_explain_open(open_), *also])
    return Observed("inconclusive", summary, evidence, remedy=suggest_more(suite, variant))


def _list_others(lead: str, variant: ProbedVariant, tests: Sequence[SuiteTest], one: SuiteTest) -> list[str]:
    """The conditions of other tests of the same status, each once."""
    names = dict.fromkeys(test.name for test in tests if test.name != one.name)
    return [f"{lead}: {list_some([name_title(variant, name) for name in names])}."] if names else []


def name_title(variant: ProbedVariant, name: str) -> str:
    """A condition in words; a slice or a split has its name."""
    reading = variant.of(name)
    return name if reading is None else reading.condition.title


def tabulate_test(variant: ProbedVariant, one: SuiteTest) -> dict[str, Any]:
    """One test as a row of a table: its numbers, the condition in words, and the accuracies it is about."""
    reading = variant.of(one.name)
    row = one.as_json() | {"title": name_title(variant, one.name)}
    if reading is None:
        return row
    means = {name: getattr(reading, name) for name in ("before", "after")}
    accuracies = {name: None if effect is None else effect.estimate for name, effect in means.items()}
    return {**row, **accuracies, "majority_after": reading.majority_after}


def suggest_more(suite: SuiteTests, variant: ProbedVariant) -> Advice:
    """More rows where the split has some, and more seeds where the variant is trained by us."""
    probes = suite.study.probes
    ways: list[Sentence] = []
    if len(probes.sample) < probes.of:
        full = command("probe", full=True) if suite.kept else "the same command with --full"
        ways.append((f"Probe all {probes.of:,} rows: ", full))
    if suite.kept:
        ways += advise_seeds(len(variant.cells), SEEDS, "Train more seeds")
    return Advice(*ways or ["More rows in the split would be needed."])


def _describe_accuracies(reading: ConditionReading) -> str:
    """`Accuracy is 97.0 before and 84.7 after; the majority class after is 50.1.`"""
    assert reading.before is not None and reading.after is not None and reading.majority_after is not None
    return (
        f"Accuracy is {format_points(reading.before.estimate)} before and {format_points(reading.after.estimate)} "
        f"after; the majority class after is {format_points(reading.majority_after)}."
    )


def _explain_open(tests: Sequence[SuiteTest]) -> Iterator[str]:
    beyond = [test for test in tests if test.beyond]
    trivial = [test.majority for test in tests if test.majority is not None]
    if beyond:
        many = f"{len(beyond)} of these are" if len(beyond) < len(tests) else "This is"
        yield f"{many} beyond the threshold, but not significant after Holm correction for {beyond[0].tests} tests."
    if trivial:
        yield f"Accuracy afterwards is not clearly above the majority class, which is {format_points(max(trivial))}."
    if len(beyond) + len(trivial) < len(tests):
        yield "Intervals cross the threshold."


def _replay(suite: SuiteTests, variant: ProbedVariant, one: SuiteTest) -> dict[str, str]:
    if not suite.kept or (variant.of(one.name) is None and one.name not in variant.plain.by_slice):
        return {}
    study, name = shlex.quote(suite.study.record.folder), shlex.quote(variant.name)
    return {"replay": f"brittlestar probe {study} --show {shlex.quote(one.name)} --variant {name}"}


def _list_rows(suite: SuiteTests, variant: ProbedVariant, one: SuiteTest) -> list[str]:
    """Up to ten rows whose prediction changed under the condition in most seeds, by their number in the split."""
    reading = variant.of(one.name)
    if reading is None or not reading.condition.same_rows(suite.study.probes.conditions[0]):
        return []
    before, after = reading.condition.before, reading.condition.after
    changed = (answers(variant.cells, before) != answers(variant.cells, after)).sum(axis=0)
    order = (-changed).argsort(kind="stable")[:MOST_CHANGED_ROWS]
    return [f"row {suite.study.probes.sample[k] + 1}" for k in order.tolist() if changed[k] > 0]


def report_brittle(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """What breaks a variant, where the suite has probes for it."""
    readings = [reading for reading in variant.readings if brittle_code(reading.condition.probe) == code]
    found = judge_tests(suite, variant, code)
    if found is not None:
        return found
    if readings and not has_learned(variant):
        return report_untested(variant)
    unruled = any(reading.condition.expectation == "open" for reading in readings)
    return _report_unruled(variant, readings) if unruled else None


def explain_untested(variant: ProbedVariant) -> str:
    """Why a variant is not tested for brittleness: `accuracy 61.9 [58.7, 65.1], majority class 50.0`."""
    before, majority = variant.plain.before, variant.plain.majority_before
    assert before is not None and majority is not None
    accuracy = f"{format_points(before.estimate)} {format_interval(before.interval())}"
    return f"accuracy {accuracy}, majority class {format_points(majority)}"


def report_untested(variant: ProbedVariant) -> Observed:
    """What is said of a variant that has not learned the task."""
    summary = f"{variant.name} is not tested for brittleness: {explain_untested(variant)}. {NOT_TESTED}"
    remedy = "Train it until it has learned; see the findings on training."
    return Observed("inconclusive", summary, {"missing": LEARNED_MODEL}, remedy=remedy)


def _report_unruled(variant: ProbedVariant, readings: Sequence[ConditionReading]) -> Observed:
    """Nobody knows what should hold: what was seen, and what would tell."""
    flips = [(reading.flips.estimate, reading) for reading in readings if reading.flips is not None]
    _, most = max(flips, key=lambda pair: pair[0], default=(0.0, readings[0]))
    seen = "no row was changed"
    if most.flips is not None:
        seen = f"{format_effect(most.flips, ' %')} of predictions change with {most.condition.title}"
    lost = f" Accuracy on the old labels falls by {format_effect(most.reliance)}." if most.reliance is not None else ""
    summary = f"{variant.name}: {seen}.{lost} Whether they should change is not known."
    remedy = (
        f"Declare what should hold (probes: {{expect: {{{readings[0].condition.family}: invariant}}}}), or {RELABEL}"
    )
    return Observed("inconclusive", summary, {"missing": "a rule"}, remedy=remedy)


def report_blind(suite: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """What a variant ignores; where the rule does not need what is taken away, or nobody knows, that."""
    readings = [reading for reading in variant.readings[1:] if blind_code(reading.condition.probe) == code]
    if not readings:
        return None
    found = judge_tests(suite, variant, code)
    if found is None:
        return _report_unmeasured(suite, variant, readings)
    if found.status != "present":
        return found
    bag = variant.runs.setting("model.family") == "bag" and not variant.runs.record.own
    return replace(found, severity="info" if bag else None, remedy=CONSTANT if is_constant(variant) else None)


def is_constant(variant: ProbedVariant) -> bool:
    """Whether every seed of a variant answers one class for all rows as they are."""
    return all(len(np.unique(cell.predictions[variant.plain.condition.before])) == 1 for cell in variant.cells.values())


def _report_unmeasured(suite: SuiteTests, variant: ProbedVariant, readings: Sequence[ConditionReading]) -> Observed:
    """What is said where nothing was tested: too few labels turn, none should, or nobody knows."""
    turned = [reading.turned for reading in readings if reading.turned is not None]
    few = [
        reading.answered.rows
        for reading in readings
        if reading.answered is not None and (reading.turned or 0.0) > NEEDED
    ]
    if few:
        summary = (
            f"{variant.name}: the true label turns on {max(few)} rows, which are too few; {FEWEST_TURNED} are needed."
        )
        evidence = {"missing": "rows", "rows": max(few), "needed": FEWEST_TURNED}
        return Observed("inconclusive", summary, evidence, remedy=suggest_more(suite, variant))
    if turned:
        most = format_points(max(turned))
        summary = f"{variant.name}: the rule does not need it; at most {most} % of true labels turn."
        return Observed("absent", summary, {"turned": max(turned)})
    if all(reading.condition.expectation == "invariant" for reading in readings):
        summary = f"{variant.name}: the study declares that predictions should stay, so that nothing is missed."
        return Observed("absent", summary, {"expectation": "invariant"})
    family = readings[0].condition.family
    summary = f"{variant.name}: whether the task needs {SUBJECTS.get(family, 'it')} is not known."
    remedy = f"Declare it (probes: {{expect: {{{family}: changes}}}}), or {RELABEL}"
    return Observed("inconclusive", summary, {"missing": "a rule"}, remedy=remedy)
