"""The four badges of the first screen: Real? Holds? Fair? Check me.

They read what the record and its findings hold and nothing more; no claim is judged here. A badge says yes only when
everything it could look at agrees, and every badge says what it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from brittlestar.core.findings import Finding
from brittlestar.core.intervals import Summary, t_interval
from brittlestar.reports.reading import FEWEST_SEEDS, MARGIN, Reading
from brittlestar.reports.units import count
from brittlestar.verdicts.sources import crossed

RESOLVED = ("auto", "balanced")
"""Values of settings that name a rule for the value."""

State = Literal["yes", "no", "cannot say yet"]


@dataclass(frozen=True)
class Badge:
    """One badge: its name, the question it answers, the answer, and the sentences it rests on."""

    name: str
    question: str
    state: State
    grounds: tuple[str, ...]
    reservation: str = ""

    @property
    def answer(self) -> str:
        """The state as it is written; a yes carries its reservation."""
        return f"{self.state}, {self.reservation}" if self.state == "yes" and self.reservation else self.state


def badges(reading: Reading) -> tuple[Badge, ...]:
    """Real? Holds? Fair? Check me, in this order."""
    return real(reading), holds(reading), fair(reading), check_me(reading)


def real(reading: Reading) -> Badge:
    """Whether the headline score stands above the trivial ones, over enough seeds, with no finding against it."""
    question = "Is the score more than chance, a bag of tokens, or one lucky seed?"
    unit, split, arm = reading.unit, reading.split, reading.record.main
    against = [f for f in _concerning(reading) if f.severity == "error" and not f.code.startswith("claim.")]
    grounds = [f"{finding.code}: {finding.summary}" for finding in against]
    verdicts: list[State] = ["no"] * len(against)
    values = list(reading.values(arm, split).values()) if split else []
    if not values:
        return Badge("Real?", question, "cannot say yet", ("No finished cell of main has a score.",))
    if len(values) < FEWEST_SEEDS:
        verdicts.append("cannot say yet")
        grounds.append(f"{count(len(values), 'seed')} finished; below {FEWEST_SEEDS} nothing is called settled.")
    for told in _inert(reading):
        verdicts.append("cannot say yet")
        grounds.append(told)
    collapsed = sum(cell.outcome == "diverged" for cell in reading.done(arm))
    if collapsed and len(values) < 20:
        verdicts.append("cannot say yet")
        grounds.append(f"{collapsed} of {count(len(values), 'seed')} diverged; an interval then needs 20 seeds.")
    if split == "train":
        verdicts.append("cannot say yet")
        grounds.append("There is no held-out split: the score is on the rows the model was trained on.")
    majority = reading.majority(split)
    sign = -1 if unit.lower_is_better else 1
    above = None if majority is None else t_interval([sign * (value - majority) for value in values])
    if above is not None and crossed(reading.record):
        above = replace(above, interval=None)
    verdicts.append(_above(above))
    grounds.append(
        "The majority score is not recorded." if above is None else f"{_size(reading, above)} the majority class."
    )
    bag = reading.bag()
    if bag is None:
        verdicts.append("cannot say yet")
        grounds.append("No finished bag-of-tokens variant: what a model without order reaches is unknown.")
    else:
        gain = reading.gain((arm, split), (bag, split))
        verdicts.append(_above(gain))
        grounds.append(
            f"No seed is shared with {bag}."
            if gain is None
            else f"{_size(reading, gain)} {bag}, paired over {count(gain.n, 'seed')}."
        )
    if any(finding.code.startswith("leak.") for finding in reading.findings):
        return Badge("Real?", question, _worst(verdicts), tuple(grounds))
    grounds.append("Nobody looked for rows that cross splits, label errors or other shortcuts.")
    return Badge("Real?", question, _worst(verdicts), tuple(grounds), "as far as seen")


def holds(reading: Reading) -> Badge:
    """Whether the score stays within the margin on every shifted split."""
    question = "Does it survive the shifts that deployment brings?"
    if not reading.shifted:
        ground = "No shifted split: cannot say. Add shift_NAME beside the data; it trains nothing again."
        return Badge("Holds?", question, "cannot say yet", (ground,))
    arm, unit = reading.record.main, reading.unit
    verdicts: list[State] = []
    grounds: list[str] = []
    for told in _inert(reading):
        verdicts.append("cannot say yet")
        grounds.append(told)
    for split in reading.shifted:
        told = [f for f in reading.of_audit if f.severity == "error" and f.where.get("split") == split]
        if told:
            verdicts.append("cannot say yet")
        grounds += [f"{finding.code}: {finding.summary}" for finding in told]
        change = reading.gain((arm, split), (arm, reading.split))
        if change is None or change.interval is None or change.n < FEWEST_SEEDS:
            verdicts.append("cannot say yet")
            grounds.append(f"{split}: fewer than {FEWEST_SEEDS} finished seeds.")
            continue
        low, high = change.interval
        verdicts.append("yes" if low >= -MARGIN else "no" if high < -MARGIN else "cannot say yet")
        text = f"{split}: {unit.number(change.mean, True)} {unit.unit} {unit.interval(change.interval, True)} against "
        grounds.append(text + f"{reading.split}{' (positive is better)' if unit.lower_is_better else ''}.")
    grounds.append(
        "Holds means: the 95 % interval over seeds, for these very rows, "
        f"loses at most {unit.number(MARGIN)} {unit.unit}."
    )
    return Badge("Holds?", question, _worst(verdicts), tuple(grounds), "on these shifts")


def fair(reading: Reading) -> Badge:
    """Whether the variants had the same budget: epochs and data as declared, and finished seeds."""
    question = "Did all variants get the same chance?"
    verdicts: list[State] = ["yes"]
    grounds: list[str] = []
    variants = reading.record.variants
    if len(variants) < 2:
        return Badge("Fair?", question, "cannot say yet", ("Only one variant: there is nothing to compare it with.",))
    unequal = [v for v in variants.values() if v.unequal_budget]
    for variant in unequal:
        verdicts.append("no")
        grounds.append(f"{variant.name} ran on an unequal budget: {variant.unequal_budget}.")
    for finding in reading.findings:
        if finding.code == "claim.unequal-budget" and finding.status == "present":
            verdicts.append("no")
            grounds.append(finding.summary)
    planned = Counter(cell.variant for cell in reading.record.cells)
    short = {name: len(reading.done(name)) for name in variants if len(reading.done(name)) < max(planned[name], 1)}
    if short:
        verdicts.append("cannot say yet")
        listed = ", ".join(f"{name} {n} of {planned[name]}" for name, n in list(short.items())[:4])
        more = f" and {len(short) - 4} more" if len(short) > 4 else ""
        grounds.append(f"Not every variant has all its seeds: {listed}{more}.")
    if not unequal:
        grounds.append("No variant declares an unequal budget.")
    grounds.append("How long each variant was tuned is not on record.")
    return Badge("Fair?", question, _worst(verdicts), tuple(grounds), "as declared")


def check_me(reading: Reading) -> Badge:
    """Whether a stranger has what is needed to repeat the study: every cell finished, environment, read-back."""
    question = "Can somebody else repeat it?"
    verdicts: list[State] = ["yes"]
    grounds: list[str] = []
    unfinished = sum(cell.state != "done" for cell in reading.record.cells)
    total = len(reading.record.cells)
    if unfinished or not total:
        verdicts.append("cannot say yet")
    grounds.append(f"{total - unfinished} of {count(total, 'cell')} finished.")
    if not reading.record.environment:
        verdicts.append("cannot say yet")
        grounds.append("The environment is not on record.")
    wrong = sum(
        mismatch(setting.value, setting.read_back) for v in reading.record.variants.values() for setting in v.settings
    )
    if wrong:
        verdicts.append("no")
        verb = "differs" if wrong == 1 else "differ"
        grounds.append(f"{count(wrong, 'setting')} read back from the built objects {verb} from what was stated.")
    return Badge("Check me", question, _worst(verdicts), tuple(grounds))


def mismatch(value: object, read_back: object) -> bool:
    """Whether a built object carries another value than the stated one; None read back means that nothing carries it.

    Numbers may differ by float32 rounding (1e-6, relative). `auto` and `balanced` leave the value to be worked out, and
    weights by class name are read back as a list, in which those that are not 1 must stand.
    """
    if read_back is None or value in RESOLVED:
        return False
    if isinstance(value, Mapping) and isinstance(read_back, list | tuple):
        stated, built = (sorted(float(w) for w in weights if w != 1) for weights in (value.values(), read_back))
        return mismatch(stated, built)
    if isinstance(value, bool) or isinstance(read_back, bool):
        return value is not read_back
    if isinstance(value, int | float) and isinstance(read_back, int | float):
        return abs(value - read_back) > 1e-6 * max(abs(value), abs(read_back))
    if isinstance(value, list | tuple) and isinstance(read_back, list | tuple):
        return len(value) != len(read_back) or any(mismatch(a, b) for a, b in zip(value, read_back, strict=True))
    return value != read_back


def _concerning(reading: Reading) -> list[Finding]:
    """Present findings about the headline variant or no variant in particular, and about no shifted split."""
    subject = (None, reading.record.main)
    present = [f for f in reading.findings if f.status == "present" and f.where.get("variant") in subject]
    return [f for f in present if f.where.get("split") not in reading.shifted]


def _inert(reading: Reading) -> list[str]:
    """What says that seeds of the headline variant are one result, so that no interval over them counts."""
    return [finding.summary for finding in _concerning(reading) if finding.code == "seed.inert"]


def _above(gain: Summary | None) -> State:
    if gain is None or gain.interval is None:
        return "cannot say yet"
    return "yes" if gain.interval[0] > 0 else "no" if gain.interval[1] <= 0 else "cannot say yet"


def _size(reading: Reading, gain: Summary) -> str:
    unit = reading.unit
    interval = unit.interval(gain.interval, sign=True)
    words = ("better than", "worse than") if unit.lower_is_better else ("above", "against")
    direction = words[gain.mean < 0]
    return f"{unit.number(gain.mean, sign=True)} {unit.unit} {interval} {direction}".replace("  ", " ")


def _worst(verdicts: list[State]) -> State:
    return "no" if "no" in verdicts else "cannot say yet" if "cannot say yet" in verdicts else "yes"
