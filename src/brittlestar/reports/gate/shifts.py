"""A split that must not shift: the effects that the audit's shift checks measured, each with its interval."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.findings import Finding
from brittlestar.core.gating import Requirement
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.statistics.shift_bounds import bound_shift, count_rows_needed
from brittlestar.study.gate_values import ShiftBySplit
from brittlestar.study.units import count


@dataclass(frozen=True)
class _Effect:
    """How far a split differs in one respect: `size`, its mean by `chance`, the `rows` of train and the split that were
    compared, and the interval of what is beyond chance."""

    finding: Finding
    size: float
    chance: float
    rows: tuple[int, int]
    interval: tuple[float, float]

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.finding.code} {max(self.size - self.chance, 0):.2f} [{low:.2f}, {high:.2f}]"


@ask(
    key="no_shift",
    form=ShiftBySplit,
    must_be="SHARE=SPLIT with a share between 0 and 1",
    example="0.05=new_march",
    reads="findings",
)
def decide_all_shifts(most: Mapping[str, float], gated: Gated) -> Iterator[Requirement]:
    """No shift check shows an effect above this share on the split."""
    for split, effect in most.items():
        yield decide_no_shift(gated.read_findings, split, effect)


def decide_no_shift(findings: Sequence[Finding], split: str, most: float) -> Requirement:
    """No effect of a shift above `most`: total variation of classes, tokens and pairs, distance of lengths, shares of
    unseen tokens and of rows with unseen combinations, and the area above .5. One that is proven above fails; one that
    may be, or was not measured, is open."""
    name = f"no shift {split} {most:g}"
    mine = [
        finding for finding in findings if finding.code.startswith("shift.") and finding.where.get("split") == split
    ]
    if not mine:
        return Requirement(name, "cannot-say", f"No shift check looked at a split {split}.", f"Add {split}.csv.")
    measured = [one for one in (_measure(finding, mine) for finding in mine) if one is not None]
    found = sorted(measured, key=lambda one: -one.interval[1])
    if above := [one for one in found if one.interval[0] > most]:
        sentence = f"more than {most:g} is proven: {', '.join(map(str, above))}. {above[0].finding.summary}"
        return Requirement(name, "fail", sentence, str(above[0].finding.remedy), tuple(one.finding for one in above))
    maybe = [one for one in found if one.interval[1] > most]
    unmeasured = [finding.code for finding in mine if all(finding is not effect.finding for effect in found)]
    if not maybe and not unmeasured:
        return Requirement(name, "pass", f"{count(len(found), 'effect')} at most {most:g}; the largest is {found[0]}.")
    parts = [f"more than {most:g} is possible: {', '.join(map(str, maybe))}"] if maybe else []
    parts += [f"not measured: {', '.join(unmeasured)}"] if unmeasured else []
    needed = [count_rows_needed(one.size, one.chance, most, *one.rows) for one in maybe]
    many = [rows for rows in needed if rows is not None]
    if len(many) == len(needed) and not unmeasured:
        parts.append(f"about {max(many):,} rows of {split} would tell")
    return Requirement(name, "cannot-say", f"{'; '.join(parts)}.")


def _measure(finding: Finding, others: Sequence[Finding]) -> _Effect | None:
    """The effect that a finding's evidence has, of all its rows as the checks compared them; None without one."""
    evidence = finding.evidence
    chance = float(evidence.get("chance", 0.0))
    if "area" in evidence:
        size = evidence["area"] - evidence["by_chance"]
    elif "kinds" in evidence:
        size = max((one["excess"] for one in evidence["kinds"]), default=0.0)
    else:
        size = evidence["excess"] + chance if "excess" in evidence else None
    rows = next(filter(None, map(_count_rows, (finding, *others))), None)
    if size is None or rows is None:
        return None
    return _Effect(finding, size, chance, rows, bound_shift(size, chance, *rows, len(others)))


def _count_rows(finding: Finding) -> tuple[int, int] | None:
    """Rows of train and the split that were compared, or what they go back to, where the evidence has it."""
    known = [finding.evidence[name] for name in ("units", "sampled", "rows_compared") if name in finding.evidence]
    return min(((one["train"], one[finding.where["split"]]) for one in known), key=sum, default=None)


ASKS = (decide_all_shifts,)
