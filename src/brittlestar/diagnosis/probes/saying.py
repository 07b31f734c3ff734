"""From questions to a finding: present, absent or inconclusive, with the worst condition in words."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from brittlestar.core.checks import Check
from brittlestar.core.commands import Advice, Sentence, command
from brittlestar.core.findings import Finding, Severity
from brittlestar.diagnosis.arms import advise_seeds
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.phrasing import (
    describe_interval,
    format_effect,
    format_interval,
    format_points,
    list_some,
    write_summary,
)
from brittlestar.diagnosis.probes.questions import (
    FEWEST_TURNED,
    NEEDED,
    NOT_TESTED,
    Asked,
    Findings,
    blind_code,
    brittle_code,
    clear_of_majority,
    has_learned,
    worst,
)
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading, answers

MOST_ROWS = 10
SEEDS = 5
"""How many seeds a claim needs at least; more are suggested in doublings."""


def probe_check(code: str, threshold: str) -> Callable[[Callable[[Asked, str, str], Findings]], Check]:
    """A check from what reports the finding `code` under this rule; its docstring is the page of the code."""

    def make(report: Callable[[Asked, str, str], Findings]) -> Check:
        def check(asked: Asked) -> Findings:
            return report(asked, code, threshold)

        check.__doc__, check.__module__ = report.__doc__, report.__module__
        return Check(code, check, "probes")

    return make


def make_finding(
    asked: Asked,
    code: str,
    arm: ProbedArm,
    threshold: str,
    *,
    say: Callable[[Question], str] | None = None,
    severity: Severity = "warning",
    remedy: str = "",
) -> Finding | None:
    """The finding `code` about a variant, None where nothing was asked. `say` puts one question into words, those of a
    condition unless it is given."""
    questions = asked.of(code, arm.arm.name)
    if not questions:
        return None
    one = worst(questions)
    where = {"variant": arm.arm.name, "split": asked.split}
    present = [question for question in questions if question.status == "present"]
    evidence = {
        **_replay(asked, arm, one),
        "conditions": [tabulate_question(arm, question) for question in questions],
        "rows": _rows(asked, arm, one),
        "present": [question.name for question in present],
        "seeds": sorted(arm.cells),
    }
    reading = arm.of(one.name)
    said = write_summary(one, reading) if say is None else say(one)
    named = "" if reading is None else f" ({one.name})"
    words = f"{arm.arm.name}: {said}{named}. {describe_interval(one.effect, one.below)}"
    details = [_describe_accuracies(reading)] if reading is not None and one.measure == "accuracy lost" else []
    if present:
        others = [question.name for question in present if question.name != one.name]
        titles = [name_title(arm, name) for name in dict.fromkeys(others)]
        also = [f"Also present: {list_some(titles)}."] if titles else []
        summary = " ".join([words, *details, *also])
        return Finding(code, "present", summary, threshold, severity, where, evidence, remedy)
    if all(question.status == "absent" for question in questions):
        counted = [f"This is the worst of {len(questions)} tests."] if len(questions) > 1 else []
        summary = " ".join([words, *counted])
        return Finding(code, "absent", summary, threshold, where=where, evidence=evidence)
    open_ = [question for question in questions if question.status == "inconclusive"]
    names = dict.fromkeys(question.name for question in open_ if question.name != one.name)
    also = [f"Also open: {list_some([name_title(arm, name) for name in names])}."] if names else []
    summary = " ".join([words, *details, *_explain_open(open_), *also])
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, suggest_more(asked, arm))


def make_findings(
    asked: Asked, code: str, threshold: str, say: Callable[[ProbedArm, Question], str], remedy: str
) -> Iterator[Finding]:
    """The finding `code` about every variant of which something was asked."""
    for arm in asked.study.arms:

        def say_one(one: Question, arm: ProbedArm = arm) -> str:
            return say(arm, one)

        found = make_finding(asked, code, arm, threshold, say=say_one, remedy=remedy)
        if found is not None:
            yield found


def name_title(arm: ProbedArm, name: str) -> str:
    """A condition in words; a slice or a split has its name."""
    reading = arm.of(name)
    return name if reading is None else reading.condition.title


def tabulate_question(arm: ProbedArm, one: Question) -> dict[str, Any]:
    """One test as a row of a table: its numbers, the condition in words, and the accuracies it is about."""
    reading = arm.of(one.name)
    row = one.as_json()
    if reading is None:
        return {**row, "title": one.name}
    means = {name: getattr(reading, name) for name in ("before", "after")}
    accuracies = {name: None if effect is None else effect.estimate for name, effect in means.items()}
    return {**row, "title": reading.condition.title, **accuracies, "majority_after": reading.majority_after}


def suggest_more(asked: Asked, arm: ProbedArm) -> str:
    """More rows where the split has some, and more seeds where the variant is trained by us."""
    probes = asked.study.probes
    ways: list[Sentence] = []
    if len(probes.sample) < probes.of:
        full = command("probe", full=True) if asked.kept else "the same command with --full"
        ways.append((f"Probe all {probes.of:,} rows: ", full))
    if asked.kept:
        ways += advise_seeds(len(arm.cells), SEEDS, "Train more seeds").sentences
    return Advice(*ways or ["More rows in the split would be needed."])


def _describe_accuracies(reading: Reading) -> str:
    """`Accuracy is 97.0 before and 84.7 after; the majority class after is 50.1.`"""
    assert reading.before is not None and reading.after is not None and reading.majority_after is not None
    return (
        f"Accuracy is {format_points(reading.before.estimate)} before and {format_points(reading.after.estimate)} "
        f"after; the majority class after is {format_points(reading.majority_after)}."
    )


def _explain_open(questions: Sequence[Question]) -> Iterator[str]:
    beyond = [one for one in questions if one.beyond]
    trivial = [one.majority for one in questions if one.majority is not None]
    if beyond:
        many = f"{len(beyond)} of these are" if len(beyond) < len(questions) else "This is"
        yield f"{many} beyond the threshold, but not significant after Holm correction for {beyond[0].tests} tests."
    if trivial:
        yield f"Accuracy afterwards is not clearly above the majority class, which is {format_points(max(trivial))}."
    if len(beyond) + len(trivial) < len(questions):
        yield "Intervals cross the threshold."


def _replay(asked: Asked, arm: ProbedArm, one: Question) -> dict[str, str]:
    if not asked.kept or (arm.of(one.name) is None and one.name not in arm.plain.by_slice):
        return {}
    study, name = shlex.quote(asked.study.record.folder), shlex.quote(arm.arm.name)
    return {"replay": f"brittlestar probe {study} --show {shlex.quote(one.name)} --variant {name}"}


def _rows(asked: Asked, arm: ProbedArm, one: Question) -> list[str]:
    """Up to ten rows whose prediction changed under the condition in most seeds, by their number in the split."""
    reading = arm.of(one.name)
    if reading is None or not reading.condition.same_rows(asked.study.probes.conditions[0]):
        return []
    condition = reading.condition
    before, after = condition.before, condition.after
    changed = (answers(arm.cells, before) != answers(arm.cells, after)).sum(axis=0)
    order = (-changed).argsort(kind="stable")[:MOST_ROWS]
    return [f"row {asked.study.probes.sample[k] + 1}" for k in order.tolist() if changed[k] > 0]


LEARNED = "a model that has learned the task"
"""What is missing where a variant is not tested."""


def report_brittle(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant that the suite has probes for."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings if brittle_code(one.condition.probe) == code]
        found = make_finding(asked, code, arm, threshold, remedy=remedy)
        if found is not None:
            yield found
        elif readings and not has_learned(arm):
            yield report_untested(asked, code, arm, threshold)
        elif any(one.condition.expectation == "open" for one in readings):
            yield _report_unruled(asked, code, arm, readings, threshold)


def explain_untested(arm: ProbedArm) -> str:
    """Why a variant is not tested for brittleness: `accuracy 61.9 [58.7, 65.1], majority class 50.0`."""
    before, majority = arm.plain.before, arm.plain.majority_before
    assert before is not None and majority is not None
    accuracy = f"{format_points(before.estimate)} {format_interval(before.interval())}"
    return f"accuracy {accuracy}, majority class {format_points(majority)}"


def report_untested(asked: Asked, code: str, arm: ProbedArm, threshold: str) -> Finding:
    """The finding about a variant that has not learned the task."""
    before, clear = arm.plain.before, clear_of_majority(arm)
    accuracy = None if before is None else before.as_json()
    evidence = {"missing": LEARNED, "accuracy": accuracy, "majority": arm.plain.majority_before, "needed": clear}
    near = before is not None and clear is not None and before.estimate > clear
    remedy = suggest_more(asked, arm) if near else "Train it until it has learned; see the findings on training."
    where = {"variant": arm.arm.name, "split": asked.split}
    summary = f"{arm.arm.name} is not tested for brittleness: {explain_untested(arm)}. {NOT_TESTED}"
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)


def _tabulate(one: Reading) -> dict[str, Any]:
    effects = {name: getattr(one, name) for name in ("flips", "reliance")}
    told = {name: None if effect is None else effect.as_json() for name, effect in effects.items()}
    return {"condition": one.condition.name, "title": one.condition.title, **told}


def _report_unruled(asked: Asked, code: str, arm: ProbedArm, readings: Sequence[Reading], threshold: str) -> Finding:
    """Nobody knows what should hold: what was seen, and what would tell."""
    flips = [(one.flips.estimate, one) for one in readings if one.flips is not None]
    _, most = max(flips, key=lambda pair: pair[0], default=(0.0, readings[0]))
    seen = "no row was changed"
    if most.flips is not None:
        seen = f"{format_effect(most.flips, ' %')} of predictions change with {most.condition.title}"
    lost = f" Accuracy on the old labels falls by {format_effect(most.reliance)}." if most.reliance is not None else ""
    summary = f"{arm.arm.name}: {seen}.{lost} Whether they should change is not known."
    family = readings[0].condition.family
    remedy = (
        f"Declare what should hold (probes: {{expect: {{{family}: invariant}}}}), or give a function that labels "
        "changed rows (probes: {relabel: package.module:function})."
    )
    evidence = {"missing": "a rule", "conditions": [_tabulate(one) for one in readings]}
    where = {"variant": arm.arm.name, "split": asked.split}
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)


def report_blind(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant; where the rule does not need what is taken away, or nobody knows, that."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings[1:] if blind_code(one.condition.probe) == code]
        if not readings:
            continue
        bag = arm.arm.setting("model.family") == "bag" and not arm.arm.variant.own
        severity: Severity = "info" if bag else "warning"
        todo = CONSTANT if is_constant(arm) else remedy
        found = make_finding(asked, code, arm, threshold, severity=severity, remedy=todo)
        yield _report_unmeasured(asked, code, arm, readings, threshold) if found is None else found


CONSTANT = "It gives every row one class: see the findings on training first."


def is_constant(arm: ProbedArm) -> bool:
    """Whether every seed of a variant answers one class for all rows as they are."""
    return all(len(np.unique(cell.predictions[arm.plain.condition.before])) == 1 for cell in arm.cells.values())


def _report_unmeasured(asked: Asked, code: str, arm: ProbedArm, readings: Sequence[Reading], threshold: str) -> Finding:
    """The finding where nothing was asked: too few labels turn, none should, or nobody knows."""
    where, name = {"variant": arm.arm.name, "split": asked.split}, arm.arm.name
    turned = [one.turned for one in readings if one.turned is not None]
    few = [one.answered.rows for one in readings if one.answered is not None and (one.turned or 0.0) > NEEDED]
    if few:
        summary = f"{name}: the true label turns on {max(few)} rows, which are too few; {FEWEST_TURNED} are needed."
        evidence = {"missing": "rows", "rows": max(few), "needed": FEWEST_TURNED}
        return Finding(code, "inconclusive", summary, threshold, None, where, evidence, suggest_more(asked, arm))
    if turned and all(one.condition.family == "contrast" for one in readings):
        summary = f"{name}: both rows of each pair have one label, so that there is nothing to tell apart."
        evidence = {"missing": "pairs with two labels", "turned": max(turned)}
        remedy = "Give pairs whose two rows have two labels (probes: {pairs: FILE})."
        return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)
    if turned:
        most = format_points(max(turned))
        summary = f"{name}: the rule does not need it; at most {most} % of true labels turn."
        return Finding(code, "absent", summary, threshold, where=where, evidence={"turned": max(turned)})
    if all(one.condition.expectation == "invariant" for one in readings):
        summary = f"{name}: the study declares that predictions should stay, so that nothing is missed."
        return Finding(code, "absent", summary, threshold, where=where, evidence={"expectation": "invariant"})
    family = readings[0].condition.family
    summary = f"{name}: whether the task needs {SUBJECTS.get(family, 'it')} is not known."
    remedy = (
        f"Declare it (probes: {{expect: {{{family}: changes}}}}), or give a function that labels changed rows "
        "(probes: {relabel: package.module:function})."
    )
    return Finding(code, "inconclusive", summary, threshold, None, where, {"missing": "a rule"}, remedy)


SUBJECTS = {"order": "token order", "factors": "a factor"}
"""What a family takes away, in words."""
