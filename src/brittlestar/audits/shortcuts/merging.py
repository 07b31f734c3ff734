"""Shortcuts of one split that tell the same fact, as one marker at one position does, told once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.shortcuts.hold import predict_class
from brittlestar.baselines.readings import Reading, at_position, lengths, presence
from brittlestar.core.findings import Finding

CODES = ("shortcut.token", "shortcut.position", "shortcut.length")
"""In the order in which they are preferred where they are as strong: what is simplest to look for comes first. A length
comes before the positions that only repeat it."""
BASELINE_NAMES = {"shortcut.token": "single token", "shortcut.position": "single position", "shortcut.length": "length"}
SAME_SHARE = 0.95
"""Convention: two that answer 95 % of the rows alike are one fact."""
AS_STRONG = 0.02
"""Convention: what differs by less than 2 points is as strong."""
AS_MUCH_LEFT = 0.10
"""Convention: of as strong ones the one leads without which 10 points less are left, as of two markers at one place."""


def merge_shortcuts(analysis: Analysis, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, each fact about one split told by the strongest alone, which names the others in its evidence."""
    present = [k for k, finding in enumerate(findings) if finding.code in CODES and finding.status == "present"]
    rank = {k: (*_rank(findings[k]), k) for k in present}
    merged: dict[int, list[int]] = {}
    for k in (k for k in present if findings[k].code == "shortcut.length"):
        merged[k] = [other for other in present if _repeats(analysis, findings[k], findings[other])]
    repeated = {k for others in merged.values() for k in others}
    for k in sorted(set(present) - set(merged) - repeated, key=lambda k: rank[k]):
        twin = next((first for first in merged if _same(analysis, findings[first], findings[k])), None)
        merged.setdefault(k if twin is None else twin, []).extend([] if twin is None else [k])
    gone = {k: first for first, others in merged.items() for k in others}
    told_still = {findings[k].code for k in range(len(findings)) if k not in gone}
    found: list[Finding] = []
    for k, finding in enumerate(findings):
        if k in gone and finding.code not in told_still:
            first = findings[gone[k]]
            evidence = {**finding.evidence, "told_by": {"code": first.code, "where": dict(first.where)}}
            sentence = f"{finding.where['split']}: nothing that {first.code} does not tell."
            found.append(
                replace(finding, status="absent", severity=None, summary=sentence, evidence=evidence, remedy="")
            )
            told_still.add(finding.code)
        elif k not in gone:
            others = [findings[other] for other in merged.get(k, [])]
            same = [{"code": it.code, "where": dict(it.where), "summary": it.summary} for it in others]
            found.append(replace(finding, evidence={**finding.evidence, "same_fact": same}) if same else finding)
    return tuple(found)


def _rank(finding: Finding) -> tuple[bool, int, int, int]:
    """Its place among those of one fact: a warning first, then the strongest, of as strong ones the one without which
    least is left."""
    left = finding.evidence.get("without_it", {"accuracy": 1.0})["accuracy"]
    strength = -round(_strength(finding) / AS_STRONG)
    return finding.severity != "warning", strength, round(left / AS_MUCH_LEFT), CODES.index(finding.code)


def _strength(finding: Finding) -> float:
    """By how much it tells, in shares of rows: the fall of what breaks, else the larger of gain and informedness."""
    evidence = finding.evidence
    if "here" in evidence:
        return float(evidence["train"]["informedness"] - evidence["here"]["informedness"])
    return max(float(evidence.get("gain", 0.0)), float(evidence.get("informedness", 0.0)))


def _repeats(analysis: Analysis, length: Finding, other: Finding) -> bool:
    """Whether a position says no more than the length: it answers as that does, or by whether a row reaches it."""
    if other.code != "shortcut.position" or not _is_alike(length, other):
        return False
    if _same(analysis, length, other):
        return True
    reached = analysis.splits[other.where["split"]].lengths >= abs(int(other.where["position"]))
    if "class" not in other.where:
        answers = _answers(analysis, other, None)
        sides = [np.bincount(answers[side]) for side in (reached, ~reached) if side.any()]
        differ = len({int(side.argmax()) for side in sides}) == 2
        return differ and sum(int(side.max()) for side in sides) >= SAME_SHARE * len(answers)
    says = _answers(analysis, other, analysis.labels.index(other.where["class"]))
    return any((says & has).sum() >= SAME_SHARE * max((says | has).sum(), 1) for has in (reached, ~reached))


def _is_alike(one: Finding, other: Finding) -> bool:
    """Whether both say of one split what works there, or both what breaks."""
    return one.where["split"] == other.where["split"] and ("here" in one.evidence) == ("here" in other.evidence)


def _same(analysis: Analysis, one: Finding, other: Finding) -> bool:
    """Whether both are about one split, say the same of it, and answer nearly all of its rows alike."""
    if not _is_alike(one, other):
        return False
    classes = {one.where.get("class"), other.where.get("class")} - {None}
    if len(classes) > 1:
        return False
    label = analysis.labels.index(classes.pop()) if classes else None
    answers = [_answers(analysis, finding, label) for finding in (one, other)]
    return bool((answers[0] == answers[1]).mean() >= SAME_SHARE) if len(answers[0]) else False


def _answers(analysis: Analysis, finding: Finding, label: int | None) -> np.ndarray:
    """What the finding's predictor says of each row of its split: whether it is of the class `label`, or its class."""
    split = finding.where["split"]
    if "class" in finding.where and label is not None:
        return predict_class(analysis.baselines, _reading(analysis, finding), label)[split].says
    predicted = analysis.baselines.answers[BASELINE_NAMES[finding.code]][split].predicted[0]
    return predicted if label is None else predicted == label


def _reading(dataset: AuditDataset, finding: Finding) -> Reading:
    if finding.code == "shortcut.token":
        return presence(dataset.tokens.index(finding.where["token"]))
    if finding.code == "shortcut.position":
        return at_position(int(finding.where["position"]), len(dataset.tokens))
    return lengths
