"""The four answers of `check`: real, hold, trust, settle; each a word and one sentence with its numbers."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.ladder import Ladder
from brittlestar.core.results import StudyRecord
from brittlestar.reports.units import count, unit_of
from brittlestar.study.claims import FEWEST_SEEDS, UNSEEN
from brittlestar.study.sides import SPLIT_MARK
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.sentences import POPULATIONS, about
from brittlestar.verdicts.standing import Standing

Word = Literal["yes", "no", "cannot say"]


@dataclass(frozen=True)
class Answer:
    """One line: `name` is real, hold, trust or settle; `question` as people read it."""

    name: str
    question: str
    word: Word
    text: str


def real(
    record: StudyRecord | None,
    judgements: Sequence[Judgement],
    findings: Sequence[Finding],
    ladder: Ladder | None,
    stands: Standing | None,
) -> Answer:
    """Whether the variant beats the best rung of the ladder, on all rows and on those that train does not have."""
    question = "REAL?"
    if record is None:
        text = "no predictions are given (--preds FILE)"
        if ladder is not None:
            rung = ladder.best("dev")
            split = next((name for name in ("test", "dev", "train") if name in ladder.rows), "train")
            score = rung.score(split, "accuracy").value
            text += (
                ""
                if score is None
                else f"; {rung.name} alone scores {100 * score:.1f} on {split}, a model must do more"
            )
        return Answer("real", question, "cannot say", f"{text}{_errors(findings)}.")
    asked = [one for one in judgements if SPLIT_MARK not in one.claim.arm + one.claim.other]
    if not asked:
        return Answer("real", question, "cannot say", "there is no held-out split with predictions.")
    parts = [*_which(record), *(_against_ladder(one) for one in asked)]
    parts.append(f"{POPULATIONS[asked[0].population]}; {count(asked[0].seeds, 'seed')}")
    if asked[0].seeds < FEWEST_SEEDS:
        parts.append(_few(asked[0]))
    if stands is not None:
        parts.append(stands.sentence)
    wrong = [one for one in findings if one.status == "present" and one.severity == "error" and not _shifted(one)]
    word: Word = "cannot say"
    if any(one.verdict == "refuted" for one in asked):
        word = "no"
    elif all(one.verdict == "supported" for one in asked):
        word = "cannot say" if wrong and len(asked) < 2 else "yes"
    return Answer("real", question, word, f"{'; '.join(parts)}{_errors(findings)}.")


def _which(record: StudyRecord) -> list[str]:
    """Which variant is meant, where the predictions have several."""
    if len(record.variants) < 2:
        return []
    others = ", ".join(name for name in record.variants if name != record.main)
    return [f"{record.variants[record.main].title or record.main} (others in the files: {others})"]


def _few(one: Judgement) -> str:
    """What so few seeds can show and what not."""
    seeds = count(one.seeds, "seed")
    told = f"{seeds} can show no spread" if one.seeds < 2 else f"{seeds} can show the size of an effect"
    if one.smallest_detectable is not None:
        unit = unit_of(one.claim.metric)
        size = f"{unit.number(one.smallest_detectable)} {unit.unit}"
        told = f"{seeds} would see {size} beyond the threshold four times in five"
    return f"{told}, and settle nothing: {FEWEST_SEEDS} are the least"


def _against_ladder(one: Judgement) -> str:
    unit = unit_of(one.claim.metric)
    where = one.claim.split
    if where.endswith(UNSEEN):
        where = f"the rows of {where.removesuffix(UNSEEN)} that train does not have"
    if one.estimate is None:
        return f"on {where}: {'; '.join(one.reasons)}"
    size = f"{unit.number(one.estimate, sign=True)} {unit.interval(one.interval, sign=True)}".strip()
    return f"{size} {unit.unit} of {unit.name} against the best rung of the ladder on {where} ({one.verdict})"


def hold(record: StudyRecord | None, judgements: Sequence[Judgement], findings: Sequence[Finding]) -> Answer:
    """Whether the variant stays within a point on each shifted split."""
    question = "HOLD?"
    asked = [one for one in judgements if SPLIT_MARK in one.claim.arm + one.claim.other]
    if not asked:
        missing = "no predictions are given" if record is None else "no shifted split has predictions"
        shifts = sorted({one.where["split"] for one in findings if _shifted(one)})
        also = f"; {', '.join(shifts)} would show it" if shifts else "; add shift_NAME.csv with data from elsewhere"
        return Answer("hold", question, "cannot say", f"{missing}{also}.")
    parts: list[str] = []
    for one in asked:
        unit = unit_of(one.claim.metric)
        if one.estimate is None:
            parts.append(f"{one.claim.split}: no predictions")
            continue
        size = f"{unit.number(one.estimate, sign=True)} {unit.interval(one.interval, sign=True)}".strip()
        parts.append(f"{one.claim.split} {size} {unit.unit} against {one.claim.other.partition(SPLIT_MARK)[2]}")
    words = {one.verdict for one in asked}
    word: Word = "no" if "refuted" in words else "yes" if words == {"supported"} else "cannot say"
    return Answer("hold", question, word, f"{'; '.join(parts)}; holds means within a point.")


def trust(findings: Sequence[Finding], limits: Mapping[str, Any] | None, place: str = "DATA") -> Answer:
    """What the audit found, and what it would have seen on these very rows."""
    question = "CAN YOU TRUST THIS?"
    errors = [one for one in findings if one.status == "present" and one.severity == "error"]
    warnings = [one for one in findings if one.status == "present" and one.severity == "warning"]
    parts: list[str] = []
    for kind, group in (("error", errors), ("warning", warnings)):
        if group:
            codes = ", ".join(dict.fromkeys(one.code for one in group))
            parts.append(f"{count(len(group), kind)} in the data ({codes})")
    if not parts:
        looked = len({one.code for one in findings if one.status != "inconclusive"})
        parts.append(f"{count(looked, 'check')} of the data found nothing against it")
    if limits is None:
        parts.append(
            f"from which dose faults are seen was not measured: `brittlestar audit {shlex.quote(place)} --limits`"
        )
    else:
        seen = [
            f"{one['code']} from {100 * one['dose']:.2g} %"
            if one["dose"] is not None
            else f"{one['code']} there already"
            if one["there_already"]
            else f"{one['code']} not even at {100 * one['largest']:.2g} %"
            for one in limits["limits"]
        ]
        alarms = limits["false_alarms"]
        parts.append(
            f"faults planted in these rows are seen: {', '.join(seen)}; {alarms['splits']} of {alarms['of']} clean "
            "splits alarmed"
        )
    word: Word = "no" if errors else "yes" if limits is not None and not warnings else "cannot say"
    return Answer("trust", question, word, f"{'; '.join(parts)}.")


def settle(record: StudyRecord | None, judgements: Sequence[Judgement], place: str) -> Answer:
    """Seeds and rows that would settle what is open, and the command."""
    question = "SETTLE"
    data = shlex.quote(place)
    if record is None:
        return Answer("settle", question, "cannot say", f"`brittlestar check {data} --preds FILE`, one file a seed.")
    open_ = [one for one in judgements if one.verdict == "inconclusive"]
    if not open_:
        return Answer("settle", question, "yes", "every claim has its verdict.")
    parts: list[str] = []
    for one in open_:
        needed = one.seeds_needed
        where = one.claim.split
        if one.seeds < FEWEST_SEEDS and (needed is None or needed[0] is None):
            parts.append(f"{where}: at least {FEWEST_SEEDS} seeds ({FEWEST_SEEDS - one.seeds} more)")
        elif needed is None or needed[0] is None:
            rows = (
                ""
                if one.rows_needed is None
                else f", {about(one.rows_needed)} rows and {one.claim.max_seeds} seeds would"
            )
            parts.append(f"{where}: no number of seeds on these rows{rows}")
        else:
            upper = "more than can be run" if needed[1] is None else f"{needed[1]:,}"
            parts.append(
                f"{where}: {needed[0]:,} seeds"
                if needed[0] == needed[1]
                else f"{where}: {needed[0]:,} to {upper} seeds"
            )
    hours = "a seed costs what one training took you"
    parts += [hours, f"then `brittlestar check {data} --preds FILE…`, or `brittlestar run {data} --model CODE`"]
    return Answer("settle", question, "cannot say", f"{'; '.join(parts)}.")


def _shifted(finding: Finding) -> bool:
    return finding.where.get("split", "").startswith("shift")


def _errors(findings: Sequence[Finding]) -> str:
    """The error that speaks most against the scores of the split, as a clause."""
    wrong = [one for one in worst_first(list(findings)) if one.status == "present" and one.severity == "error"]
    wrong = [one for one in wrong if not _shifted(one)]
    return f"; but {wrong[0].code}: {wrong[0].summary.rstrip('.')}" if wrong else ""
