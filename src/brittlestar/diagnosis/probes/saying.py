"""From questions to a finding: present, absent or inconclusive, with the worst condition in words."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence

from brittlestar.core.findings import Finding, Severity
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.effects import Effect
from brittlestar.diagnosis.probes.questions import Asked, worst
from brittlestar.diagnosis.probes.readings import answers

MOST_NAMED = 4
MOST_ROWS = 10


def points(value: float) -> str:
    """A fraction in points, with a sign that reads as one."""
    return f"{100 * value:.1f}".replace("-0.0", "0.0").replace("-", "\N{MINUS SIGN}")


def told(effect: Effect) -> str:
    """`12.3 points [8.1, 16.5]`, of accuracy."""
    return _told(effect, " points")


def share(effect: Effect) -> str:
    """`12.3 % [8.1, 16.5]`, of predictions."""
    return _told(effect, " %")


def ranged(interval: Sequence[float]) -> str:
    """`[8.1, 16.5]`, in points."""
    low, high = interval
    return f"[{points(low)}, {points(high)}]"


def _told(effect: Effect, unit: str) -> str:
    return f"{points(effect.estimate)}{unit} {ranged(effect.interval())}"


def seeds_told(effect: Effect, below: bool = False) -> str:
    """`over 5 seeds, the worst 14.0`, of a loss, or of what should be large (`below`); of one seed, what it speaks
    of."""
    if effect.seeds < 2:
        return "one seed: this speaks of these weights alone"
    return f"over {effect.seeds} seeds, the worst {points((min if below else max)(effect.by_seed.values()))}"


def finding(
    asked: Asked,
    code: str,
    arm: str,
    threshold: str,
    say: Callable[[Question], str],
    *,
    severity: Severity = "warning",
    remedy: str = "",
) -> Finding | None:
    """The finding `code` about a variant, None where nothing was asked. `say` puts one question into words."""
    questions = asked.of(code, arm)
    if not questions:
        return None
    one = worst(questions)
    where = {"variant": arm, "split": asked.split}
    present = [question for question in questions if question.status == "present"]
    evidence = {
        **_replay(asked, arm, one),
        "conditions": [question.as_json() for question in questions],
        "rows": _rows(asked, one),
        "present": [question.name for question in present],
    }
    words = f"{arm}: {say(one)}"
    if present:
        others = [name for name in dict.fromkeys(question.name for question in present) if name != one.name]
        more = f"; also {', '.join(others[:MOST_NAMED])}" if others else ""
        more += f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        return Finding(code, "present", f"{words}{more}.", threshold, severity, where, evidence, remedy)
    if all(question.status == "absent" for question in questions):
        return Finding(code, "absent", f"{words}; {_counted(questions)}.", threshold, where=where, evidence=evidence)
    open_ = [question for question in questions if question.status == "inconclusive"]
    names = list(dict.fromkeys(question.name for question in open_))
    named = ", ".join(names[:MOST_NAMED])
    named += f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    summary = f"{words}; not settled: {named} ({_why_open(open_)})."
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, what_would_tell(asked))


def _why_open(questions: Sequence[Question]) -> str:
    """Why so many questions are open."""
    beyond = [one for one in questions if one.beyond]
    if not beyond:
        return "intervals reach across the threshold"
    many = f"corrected for {questions[0].tests} questions"
    return f"beyond the threshold, but not {many}" if len(beyond) == len(questions) else f"by intervals, {many}"


def what_would_tell(asked: Asked) -> str:
    """More rows where there are some, and more seeds where the variant has seeds."""
    probes = asked.study.probes
    ways: list[str] = []
    if len(probes.sample) < probes.of:
        ways.append("more rows (`brittlestar probe STUDY --full`)")
    if asked.kept:
        ways.append("more seeds (`brittlestar run STUDY --seeds 10`)")
    if not ways:
        return "More rows of the split would tell."
    told = " or ".join(ways)
    return f"{told[0].upper()}{told[1:]} would tell."


def _replay(asked: Asked, arm: str, one: Question) -> dict[str, str]:
    """The command that lists the rows behind a question, where there are rows to list."""
    own = asked.study.of(arm)
    if not asked.kept or own is None:
        return {}
    if own.of(one.name) is None and one.name not in own.plain.by_slice:
        return {}
    study = shlex.quote(asked.study.record.folder)
    return {"replay": f"brittlestar probe {study} --show {shlex.quote(one.name)} --variant {shlex.quote(arm)}"}


def findings(asked: Asked, code: str, threshold: str, say: Callable[[Question], str], remedy: str) -> Iterator[Finding]:
    """The finding `code` about every variant of which something was asked."""
    for arm in asked.study.arms:
        found = finding(asked, code, arm.arm.name, threshold, say, remedy=remedy)
        if found is not None:
            yield found


def _counted(questions: Sequence[Question]) -> str:
    many = len(questions)
    return "the only condition" if many == 1 else f"the worst of {many} conditions"


def _rows(asked: Asked, one: Question) -> list[str]:
    """Up to ten rows whose prediction changed under the condition in most seeds, by their number in the split."""
    arm = next(own for own in asked.study.arms if own.arm.name == one.arm)
    reading = arm.of(one.name)
    if reading is None or not reading.condition.same_rows(asked.study.probes.conditions[0]):
        return []
    condition = reading.condition
    before, after = condition.before, condition.after
    changed = (answers(arm.cells, before) != answers(arm.cells, after)).sum(axis=0)
    order = (-changed).argsort(kind="stable")[:MOST_ROWS]
    return [f"row {asked.study.probes.sample[k] + 1}" for k in order.tolist() if changed[k] > 0]
