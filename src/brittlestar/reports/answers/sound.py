"""Sound? Did the audit find anything wrong with the data that the score rests on?"""

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.core.commands import DATA, Advice, command
from brittlestar.core.findings import LEAST_POINTS, Finding
from brittlestar.core.headline import Decision, Ground
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.answers.vetoes import blocks, tell_again
from brittlestar.study.units import count


def decide_sound(evidence: Evidence) -> Decision:
    """Answer for train, dev and the headline split: an error says no, a warning leaves it open."""
    audit = evidence.audit
    if audit is None:
        return Decision("cannot-say", "the data were not audited.", (), Advice(command("audit", DATA)))
    if audit.failed:
        return Decision("cannot-say", audit.failed, (), Advice(command("audit", DATA)))
    splits = [name for name in dict.fromkeys(("train", "dev", evidence.split)) if name]
    own = None if evidence.main is None else evidence.main.name
    mine = [  # what main did with rows that it must not see is about the soundness of its data, too
        finding
        for finding in evidence.findings
        if (finding in audit.findings and finding.where.get("split") in (None, *splits))
        or (own and finding.where.get("variant") == own and blocks(finding, "sound") is not None)
    ]
    errors, warnings = (
        [finding for finding in mine if finding.severity == severity] for severity in ("error", "warning")
    )
    grounds = tuple(Ground("finding", one.code, one.summary) for one in [*errors, *warnings])
    if errors or warnings:
        counts = [count(len(group), word) for group, word in ((errors, "error"), (warnings, "warning")) if group]
        worst = (errors or warnings)[0]
        faulty = {one.where.get("split", "train") for one in [*errors, *warnings]}
        about = _join_names([name for name in splits if name in faulty])
        effect = "" if worst.effect is None else f" Effect: {worst.effect.words}."
        text = f"{' and '.join(counts)} about {about}. {tell_again(evidence, worst)}{effect}"
        open_ = all(blocks(one, "sound") == "cannot-say" for one in errors)
        return Decision("cannot-say" if open_ else "no", text, grounds)
    about = _join_names([name for name in splits if not audit.profiles or name in audit.profiles])
    looked = len({finding.code for finding in mine if finding.status == "absent"})
    if not looked:
        told = count(len({finding.code for finding in mine}), "check")
        return Decision("cannot-say", f"none of {told} could decide anything about {about}.")
    text = f"{count(looked, 'check')} found no error and no warning about {about}."
    return Decision("yes", f"{text}{_describe_harmless(mine)}{_describe_limits(audit.limits)}", grounds)


def _describe_harmless(findings: Sequence[Finding]) -> str:
    """What was found that moves the score by less than a point, the largest first."""
    weighed = [
        (finding, finding.effect)
        for finding in findings
        if finding.effect is not None and "explained_by" not in finding.evidence
    ]
    found = [(one, effect) for one, effect in weighed if effect.possible < LEAST_POINTS]
    if not found:
        return ""
    one, effect = max(found, key=lambda pair: pair[1].possible)
    more = f"; {len(found) - 1} more move it less" if len(found) > 1 else ""
    rows = f"concerns {count(effect.n, 'row')} of {one.where.get('split', 'train')}"
    return f" {one.code} {rows}, and the score moves by {effect.words}{more}."


def _join_names(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _describe_limits(limits: Mapping[str, Any] | None) -> str:
    """What planted faults of these very rows would have been found, where that was measured."""
    if limits is None:
        return ""
    notes = [
        f"{one['code']} from {100 * one['dose']:.2g} %"
        if one["dose"] is not None
        else f"{one['code']} not even at {100 * one['largest']:.2g} %"
        for one in limits["limits"]
        if not one["there_already"]
    ]
    return f" Planted in these rows, it finds {', '.join(notes)}." if notes else ""
