"""How the headline writes a difference, a population and where more runs would help."""

from __future__ import annotations

from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.units import count, unit_of
from brittlestar.study.claims import FEWEST_SEEDS, UNSEEN
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.sources import crossed


def population_words(population: str, n_seeds: int) -> str:
    """What a number speaks of, as the glossary names it."""
    these = "this model" if n_seeds == 1 else f"these {n_seeds} models"
    return {
        "fixed-test-set": "these rows, new seeds",
        "new-examples": "new rows, new seeds",
        "new-training-sets": "new training sets",
        "this-model": f"{these}, new rows",
    }[population]


def level_words(level: float) -> str:
    """`95 %`, `98.5 %`."""
    return f"{100 * (1 - level):.3g} %"


def basis(one: Judgement) -> str:
    """What the interval of a difference rests on: `98.5 % interval; new rows, new seeds; 5 seeds, 1,000 rows`."""
    size = count(one.seeds, "seed")
    rows = "" if one.rows is None else f", {count(one.rows, 'row')}"
    return f"{level_words(one.level)} interval; {population_words(one.population, one.seeds)}; {size}{rows}"


def size(one: Judgement, sign: bool = True, gain: bool = True) -> str:
    """The difference with its interval, `+4.8 points [+1.2, +8.4]`; turned where lower is better, so that plus is
    better; `gain` False turns it once more, into a loss."""
    unit = unit_of(one.claim.metric)
    turn = (-1 if unit.lower_is_better else 1) * (1 if gain else -1)
    value = None if one.estimate is None else turn * one.estimate
    bounds = None if one.interval is None else sorted(turn * bound for bound in one.interval)
    return f"{unit.number(value, sign)} {unit.unit} {unit.interval(bounds, sign)}".strip()


def settled(one: Judgement) -> Judgement:
    """The judgement that answers for a claim: its own, or below 5 runs that of these very models on new rows."""
    model = one.this_model
    return model if one.verdict == "inconclusive" and one.seeds < FEWEST_SEEDS and model is not None else one


def rows_words(split: str) -> str:
    """`test`, or `the rows of test that are not in train`."""
    name = split.removesuffix(UNSEEN)
    return f"the rows of {name} that are not in train" if split.endswith(UNSEEN) else name


def more_seeds(evidence: Evidence, one: Judgement) -> str | None:
    """The command that brings the runs of the claim's next look, None where no runs of ours can settle it."""
    record = evidence.record
    if record is None or evidence.is_given or crossed(record) or one.verdict != "inconclusive":
        return None
    there = max(one.seeds, len([run for run in evidence.runs if run.state == "done"]))
    if any(run.state not in ("done", "failed") for run in evidence.runs):
        return "brittlestar run STUDY"
    ahead = [look for look in one.claim.looks if look > there]
    needed = one.seeds_needed
    if there >= FEWEST_SEEDS and (needed is None or needed[0] is None):
        return None
    return f"brittlestar run STUDY --seeds {ahead[0]}" if ahead else None


def needed_words(one: Judgement) -> str:
    """What would settle an open claim, in a sentence; empty where that is not known."""
    if one.seeds < FEWEST_SEEDS:
        return f"A verdict on the method needs {FEWEST_SEEDS} seeds; {count(one.seeds, 'seed is', 'seeds are')} there."
    low, high = one.seeds_needed or (None, None)
    if low is not None:
        upper = "" if high == low else f" to {high:,}" if high is not None else " or more"
        return f"About {low:,}{upper} seeds would settle it if the estimate is right."
    if one.rows_needed is not None:
        return f"More seeds do not settle it on these rows; about {one.rows_needed:,} rows would."
    return ""
