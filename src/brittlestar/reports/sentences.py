"""The sentences of the first screen: what was found, what one may write, three reasons, and what could not be seen."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

from brittlestar.core.findings import Finding, worst_first
from brittlestar.diagnosis.arms import again
from brittlestar.reports.claims import sentence
from brittlestar.reports.reading import FEWEST_SEEDS, Reading
from brittlestar.reports.units import count
from brittlestar.reports.verdict_tables import paragraph
from brittlestar.study.claims import format_claim
from brittlestar.verdicts.judgement import Judgement


@dataclass(frozen=True)
class Reason:
    """A number, what it says, and the command that shows it or changes it."""

    number: str
    text: str
    command: str


@dataclass(frozen=True)
class Unseen:
    """What could not be seen, and what it costs to see it."""

    what: str
    cost: str


@dataclass(frozen=True)
class ClaimText:
    """A claim as registered, its verdict (an empty text where nothing judged it), the sentence one may write from this
    record, what would settle it, and the sentence that one may not write."""

    claim: str
    verdict: str
    registered: str
    may: str
    may_not: str


def ranked(findings: tuple[Finding, ...]) -> list[Finding]:
    """Present findings first and worst first, then inconclusive, then absent; by code within each."""
    return worst_first(findings)


def score_sentence(reading: Reading) -> str:
    """The headline score with interval, n and population; says so when there is none."""
    unit, arm, split = reading.unit, reading.record.main, reading.split
    entry = reading.entry(arm, split) if split else None
    if entry is None or entry["mean"] is None:
        return f"No score yet: {arm} has no finished cell with {unit.name} on {split or 'any split'}."
    rows = reading.record.splits[split].rows
    seeds = count(len(entry["seeds"]), "seed")
    interval = (
        f"95 % interval {unit.number(entry['interval'][0])} to {unit.number(entry['interval'][1])} over {seeds}"
        if entry["interval"]
        else f"{seeds}: no interval"
    )
    return (
        f"{_named(reading)} scores {unit.number(entry['mean'])} {unit.unit} of {unit.name} on {split} "
        f"({interval}, for these {count(rows, 'row')})."
    )


def claim_texts(reading: Reading) -> list[ClaimText]:
    """Every claim on record with its verdict and what may be written about it; one general entry when there is none."""
    may = score_sentence(reading)
    if not reading.record.claims:
        nothing = f"That {reading.record.main} is better than anything: no claim was registered before training."
        return [ClaimText("No claim was registered.", "", "", may, nothing)]
    judged = {one.claim.hash: one for one in reading.judgements}
    texts: list[ClaimText] = []
    for claim in reading.record.claims:
        details = [f"{k} {claim[k]}" for k in ("population", "split", "alpha") if k in claim]
        if isinstance(claim.get("hash"), str):
            details.append(f"hash {str(claim['hash'])[:12]}")
        if claim.get("registered") is False:
            details.append("written after results existed: exploratory")
        if claim.get("withdrawn"):
            details.append("withdrawn after results existed")
        one = None if claim.get("withdrawn") else judged.get(str(claim.get("hash")))
        if one is None:
            may_not = f"“{sentence(claim)}” as supported or refuted: it was not judged."
            texts.append(ClaimText(sentence(claim), "", "; ".join(details), may, may_not))
        else:
            verdict = f"{one.verdict}, {one.relation}"
            texts.append(ClaimText(sentence(claim), verdict, "; ".join(details), paragraph(one), _may_not(one)))
    return texts


def _may_not(one: Judgement) -> str:
    """The sentence that the verdict does not carry."""
    said = format_claim(one.claim)
    if one.verdict == "inconclusive":
        return f"That “{said}” is so, or that it is not: this study cannot tell yet."
    if one.verdict == "refuted":
        return f"“{said}”, or that too few seeds were run to see it."
    beyond = {
        "fixed-test-set": "new examples or new training sets: these very rows were looked at",
        "new-examples": "new training sets: train was the same for every seed",
        "new-training-sets": "data from another source",
    }
    return f"“{said}” of {beyond.get(one.population, 'anything else')}."


def reasons(reading: Reading) -> list[Reason]:
    """Up to three: against the trivial scores, held-out against shifted (or train), and the worst finding."""
    unit, arm, split = reading.unit, reading.record.main, reading.split
    found: list[Reason] = []
    if split and reading.values(arm, split):
        bag, majority = reading.bag(), reading.majority(split)
        gain = reading.gain((arm, split), (bag, split)) if bag else None
        if bag and gain is not None:
            text = f"{arm} against {bag} on {split}, paired over {count(gain.n, 'seed')}"
            found.append(
                Reason(
                    _with_interval(reading, gain.mean, gain.interval), text, _query(reading, (arm, split), (bag, split))
                )
            )
        elif majority is not None and (entry := reading.entry(arm, split))["mean"] is not None:
            sign = -1 if unit.lower_is_better else 1
            number = f"{unit.number(sign * (entry['mean'] - majority), True)} {unit.unit}"
            text = f"{arm} against the majority class on {split}, {count(len(entry['seeds']), 'seed')}"
            found.append(Reason(number, text, _query(reading, (arm, split))))
        pairs = [(name, split) for name in reading.shifted] or ([(split, "train")] if split != "train" else [])
        changes = [
            (gap.mean, first, second, gap)
            for first, second in pairs
            if second in reading.record.splits and (gap := reading.gain((arm, first), (arm, second))) is not None
        ]
        if changes:
            _, first, second, gap = min(changes, key=lambda change: (change[0], change[1]))
            text = f"{arm}, {first} against {second}, paired over {count(gap.n, 'seed')}"
            found.append(
                Reason(
                    _with_interval(reading, gap.mean, gap.interval), text, _query(reading, (arm, first), (arm, second))
                )
            )
    worst = _worst(reading)
    if worst is not None:
        command = re.search(r"brittlestar [^\n;`]+", worst.remedy)
        text = f"{_stop(worst.summary)}"
        found.append(Reason(worst.code, text, command.group(0).rstrip(". ") if command else "brittlestar report STUDY"))
    elif split and (values := list(reading.values(arm, split).values())):
        spread = (max(values) - min(values)) * unit.scale
        number = f"{spread:.{unit.decimals}f} {unit.unit}"
        text = f"from the lowest to the highest of {count(len(values), 'seed')} of {arm} on {split}"
        found.append(Reason(number, text, f"brittlestar run STUDY --seeds {max(10, 2 * len(values))}"))
    return found


def unseen(reading: Reading) -> list[Unseen]:
    """What this record cannot answer, each with its price."""
    record = reading.record
    missing = [cell for cell in record.cells if cell.state != "done"]
    found: list[Unseen] = []
    if missing:
        states = ", ".join(
            f"{sum(cell.state == state for cell in missing)} {state}"
            for state in ("planned", "running", "failed", "lost")
            if any(cell.state == state for cell in missing)
        )
        cost = again(missing)
        found.append(Unseen(f"{count(len(missing), 'cell')} without a result ({states}).", cost))
    open_findings: dict[str, list[Finding]] = {}
    for finding in ranked(reading.of_training):
        if finding.status == "inconclusive":
            open_findings.setdefault(finding.code, []).append(finding)
    for code, group in open_findings.items():
        more = f" And {count(len(group) - 1, 'more finding')} of this code." if len(group) > 1 else ""
        found.append(Unseen(f"{code}: {_stop(group[0].summary)}{more}", group[0].remedy or "see the finding"))
    done = len(reading.done(record.main))
    if done < FEWEST_SEEDS:
        cost = f"brittlestar run STUDY --seeds {FEWEST_SEEDS} ({count(FEWEST_SEEDS - done, 'more cell')} per variant)"
        found.append(Unseen(f"Whether it is more than luck: {count(done, 'finished seed')}.", cost))
    if not reading.shifted:
        found.append(Unseen("Whether it holds on shifted data.", "one more file, shift_NAME; trains nothing again"))
    if reading.bag() is None:
        found.append(Unseen("What a bag of tokens reaches.", f"one more variant, {count(len(record.seeds), 'cell')}"))
    found.append(
        Unseen(
            "Other rows: every interval here is over seeds, for these very rows.",
            "more rows, or a later version's interval over rows and seeds",
        )
    )
    if record.streams.get("split", "off") == "off":
        cost = f"streams: {{split: varied}} in the study file, {count(len(record.cells), 'cell')} trained again"
        found.append(Unseen("Other training sets: train and dev stay the same for every seed.", cost))
    if record.audit is None:
        found.append(Unseen("Faults of the data: nobody looked.", "`brittlestar run` from the data: it audits first"))
    elif record.audit.failed:
        found.append(Unseen(record.audit.failed, "please report it; `brittlestar run` from the data tries again"))
    elif blind := {finding.code for finding in reading.of_audit if finding.status == "inconclusive"}:
        text = f"{count(len(blind), 'check')} of the data could not tell ({', '.join(sorted(blind))})."
        found.append(Unseen(text, "see Data and splits: what could not be looked at"))
    for one in reading.judgements:
        if one.verdict == "inconclusive":
            found.append(
                Unseen(f"Whether {format_claim(one.claim)}.", "`brittlestar judge STUDY` says what would settle it")
            )
    return found


def _worst(reading: Reading) -> Finding | None:
    """The present finding to act on first, data before training among equals; what is good to know of data is none."""
    ranks = ("error", "warning", "info")
    data = [finding for finding in ranked(reading.of_audit) if finding.severity != "info"]
    present = [finding for finding in [*data, *ranked(reading.of_training)] if finding.severity is not None]
    return min(present, key=lambda finding: ranks.index(finding.severity or "info"), default=None)


def _named(reading: Reading) -> str:
    subject = reading.subject
    return subject.name if subject.title == subject.name else f"{subject.name} ({subject.title})"


def _with_interval(reading: Reading, mean: float, interval: tuple[float, float] | None) -> str:
    unit = reading.unit
    return f"{unit.number(mean, sign=True)} {unit.unit} {unit.interval(interval, sign=True)}".strip()


def _query(reading: Reading, *places: tuple[str, str]) -> str:
    """The command that prints the headline metric at each (variant, split), from the JSON."""
    paths = [
        f".variants[{json.dumps(variant, ensure_ascii=False)}].splits[{json.dumps(split, ensure_ascii=False)}]"
        f".{reading.metric}"
        for variant, split in places
    ]
    return f"brittlestar report STUDY --json | jq {shlex.quote(', '.join(paths))}"


def _stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."
