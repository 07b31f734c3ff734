"""A verdict in short sentences of one fact each, with its population and its numbers in place."""

from __future__ import annotations

from math import floor, log10

from brittlestar.study.claims import Claim
from brittlestar.study.metric_names import is_fraction
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import alternatives, splits_of, terms
from brittlestar.verdicts.judgement import Judgement

MINUS = "−"
MOST_NAMED = 6
"""So many variants are named in a sentence, and the others counted."""
CORRECTED = 0.05
"""An overshoot is shown where it is this share of half the interval."""
MOST_SEEDS = 100
"""Where it takes more seeds than this, rows are named as another way."""
SMALL, LARGE = 1e-4, 1e6
"""Numbers beyond these are written with an exponent (convention)."""
_RIGHT = " if the estimate is right"
POPULATIONS = {
    "fixed-test-set": "these rows, new seeds",
    "new-examples": "new rows, new seeds",
    "new-training-sets": "new training sets of this size",
    "this-model": "this model, new rows",
}


def sentence_of(found: Judgement) -> str:
    """The verdict for people: the answer, the estimate, what qualifies it, and what would settle it."""
    said = [
        _lead(found),
        *_estimate(found),
        *_relation(found),
        *(_sentence(one) for one in found.reasons),
        *_collapses(found),
        *_pending(found),
        *_settling(found),
        *_models(found),
    ]
    return " ".join(said)


def amount(claim: Claim, value: float, sign: bool = False) -> str:
    """A measured difference or score for people: points with one decimal, nats with three, else three digits."""
    return f"{number(claim, value, sign)} {_unit(claim)}".strip()


def number(claim: Claim, value: float, sign: bool = False) -> str:
    """The same without its unit."""
    plus = "+" if sign else ""
    if is_fraction(claim.metric):
        shown = f"{100 * value:{plus}.1f}"
    elif claim.metric == "log_loss":
        shown = f"{value:{plus}.3f}"
    else:
        shown = _three_digits(value, plus)
    zero = shown.lstrip("+-")
    return zero if float(zero) == 0 else shown.replace("-", MINUS)


def about(number: int) -> str:
    """A number that is an estimate, to two digits: `about 120,000`."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return f"about {-(-number // step) * step:,}"


def interval_words(found: Judgement) -> str:
    """`+25.3 points [+21.7, +28.9] (98.5 % interval, 5 seeds × 600 rows)`; without an interval the estimate alone."""
    size, basis = amount(found.claim, found.estimate or 0.0, True), count_words(found)
    if found.interval is None:
        return f"{size} ({basis})"
    return f"{size} {_bounds(found.claim, found.interval)} ({100 * (1 - found.level):.3g} % interval, {basis})"


def count_words(found: Judgement) -> str:
    """`5 seeds × 600 rows`; runs where nothing is said of other seeds."""
    word = "run" if found.population == "this-model" else "seed"
    basis = f"{found.seeds:,} {word}{'s' if found.seeds != 1 else ''}"
    return basis if found.rows is None else f"{basis} × {found.rows:,} row{'s' if found.rows != 1 else ''}"


def population_words(found: Judgement) -> str:
    """What a verdict speaks of."""
    if found.population == "this-model" and found.seeds > 1:
        return f"these {found.seeds} models, new rows"
    return POPULATIONS[found.population]


def claimed(claim: Claim, denied: bool = False) -> str:
    """What a claim says, or its denial: `a exceeds b by at least 1 point of accuracy on test`."""
    across = bool(splits_of(claim.arm, claim.other))
    arm, other = (_side(side, claim.split if across else "") for side in (claim.arm, claim.other))
    where = claim.metric if across else f"{claim.metric} on {claim.split}"
    if denied and len(alternatives(claim.arm)) + len(alternatives(claim.other)) > 2:
        return f"that {claimed(claim)}"
    if claim.relation == "==":
        verb = "differ by" if denied else "differ by less than"
        return f"{arm} and {other} {verb} {_asked(claim, claim.margin)}{' or more' if denied else ''} of {where}"
    if claim.threshold < 0:
        verb = "loses more than" if denied else "loses at most"
        return f"{arm} {verb} {_asked(claim, -claim.threshold)} of {where} against {other}"
    verb = "does not exceed" if denied else "exceeds"
    if claim.threshold == 0:
        return f"{arm} {verb} {other} in {where}"
    return f"{arm} {verb} {other} by at least {_asked(claim, claim.threshold)} of {where}"


def _lead(found: Judgement) -> str:
    """The answer: verdict, population, and what is claimed."""
    said = claimed(found.claim, denied=found.verdict == "refuted")
    answer = found.verdict.capitalize()
    if found.verdict == "inconclusive":
        said = f"whether {said}"
        answer = answer if found.registered else "Exploratory"
    return f"{answer} for {population_words(found)}: {said}."


def _estimate(found: Judgement) -> list[str]:
    if found.estimate is None:
        return ["Nothing was measured."]
    said = [f"{_difference(found)} is {interval_words(found)}."]
    half = 0.0 if found.interval is None else (found.interval[1] - found.interval[0]) / 2
    if found.corrected is not None and abs(found.corrected - found.estimate) > CORRECTED * half:
        size = amount(found.claim, found.corrected, True)
        said.append(f"Without the overshoot of stopping there it is {size}.")
    return said


def _difference(found: Judgement) -> str:
    """Of which variant the difference is, where a claim names several to choose from."""
    if not found.members:
        return "The difference"
    lead = next(one.claim for one in found.members if one.estimate == found.estimate)
    mine = lead.arm if lead.arm != found.claim.arm else lead.other
    kind = "best" if found.verdict == "supported" else "furthest"
    return f"The difference of the {kind} of {len(found.members)}, {mine},"


def _relation(found: Judgement) -> list[str]:
    if found.relation == "equivalent":
        return [f"Both are equivalent within {_asked(found.claim, found.claim.margin)}."]
    if found.verdict == "inconclusive" or found.relation == "open":
        return []
    return [f"So {_side(found.claim.arm, '')} is {found.relation}."]


def _collapses(found: Judgement) -> list[str]:
    """Rates of collapsed runs, whether they differ, and the difference among the other runs."""
    rates = found.collapse_rates
    if not rates:
        return []
    shown = ", ".join(_rate(name, one.collapsed, one.runs, one.interval) for name, one in rates.items())
    said = [f"Collapsed: {shown}."]
    if found.collapse_p is not None:
        said.append(f"Equal rates: {_p_words(found.collapse_p)} (exact test).")
    if found.among_converged is not None:
        own = found.among_converged
        size = f"{amount(found.claim, own.estimate, True)} {_bounds(found.claim, own.interval)}"
        said.append(f"Among the {own.seeds} converged seeds alone, conditional on that, the difference is {size}.")
    return said


def _bounds(claim: Claim, interval: tuple[float, float]) -> str:
    low, high = (number(claim, bound, True) for bound in interval)
    return f"[{low}, {high}]"


def _rate(name: str, collapsed: int, runs: int, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * bound:.0f}" for bound in interval)
    return f"{collapsed} of {runs} runs of {name} ({100 * collapsed / runs:.0f} % [{low}, {high}])"


def _p_words(p: float) -> str:
    return "p < .001" if p < 0.001 else f"p = {p:.{2 if p >= 0.01 else 3}f}".replace("0.", ".", 1)


def _pending(found: Judgement) -> list[str]:
    """Seeds that are there and not judged."""
    rest = found.seeds_at_hand - found.seeds
    if rest <= 0:
        return []
    many = f"{rest:,} further seed{'s are' if rest != 1 else ' is'}"
    if found.next_look is not None:
        return [f"{many} not yet judged: the next look is at {found.next_look} seeds."]
    return [f"{many} beyond the plan and not judged: a new plan would be exploratory."]


def _settling(found: Judgement) -> list[str]:
    """What would settle the claim, if the estimate is right."""
    if found.verdict != "inconclusive":
        return []
    rows = "" if found.rows_needed is None else about(found.rows_needed)
    if found.seeds_needed is None:
        return [f"{_capital(rows)} rows would settle it{_RIGHT}."] if rows else []
    low, high = found.seeds_needed
    if low is None:
        most = found.claim.max_seeds
        if rows:
            return [f"No number of seeds settles it on these rows; {rows} rows and up to {most} seeds would{_RIGHT}."]
        also = "" if found.rows is None else f" on these rows, nor any number of rows with {most} seeds"
        return [f"No number of seeds would settle it{also}{_RIGHT}."]
    seeds = f"{low:,} or more" if high is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"
    more_rows = rows and found.rows is not None and found.rows < (found.rows_needed or 0)
    also = f", or {rows} rows" if more_rows and (high is None or high > MOST_SEEDS) else ""
    return [f"{seeds} seeds{also} would settle it{_RIGHT}."]


def _models(found: Judgement) -> list[str]:
    """The verdict on the models at hand, where there are too few seeds for more."""
    own = found.this_model
    if own is None:
        return []
    lead = f"For {population_words(own)} the claim is {own.verdict}"
    if own.interval is None:
        return [f"{lead}: {own.reasons[0]}."] if own.reasons else [f"{lead}."]
    return [f"{lead}: {interval_words(own)}."]


def _side(side: str, split: str) -> str:
    """One side in words; variants without a split of their own are on `split`, where it is not empty."""
    found = [" − ".join(_named(term.arm, term.split or split) for term in terms(one)) for one in alternatives(side)]
    found = [f"({one})" if " − " in one else one for one in found]
    if len(found) > MOST_NAMED:
        return f"one of {', '.join(found[:MOST_NAMED])} and {len(found) - MOST_NAMED} more"
    return found[0] if len(found) == 1 else f"one of {', '.join(found[:-1])} and {found[-1]}"


def _named(arm: str, split: str) -> str:
    name = "the best trivial baseline" if arm == BEST_TRIVIAL else arm
    return f"{name} on {split}" if split else name


def _asked(claim: Claim, value: float) -> str:
    """A threshold or a margin, with as many decimals as it has."""
    size = 100 * value if is_fraction(claim.metric) else value
    shown = f"{size:.4f}".rstrip("0").rstrip(".")
    unit = _unit(claim)
    return f"{shown} {unit.removesuffix('s') if shown == '1' else unit}".strip()


def _unit(claim: Claim) -> str:
    if is_fraction(claim.metric):
        return "points"
    return "nats" if claim.metric == "log_loss" else ""


def _three_digits(value: float, plus: str) -> str:
    """Three digits of a number on a scale of its own, without zeros at their end."""
    if value == 0 or not SMALL <= abs(value) < LARGE:
        return f"{value:{plus}.3g}"
    shown = f"{value:{plus}.{max(0, 2 - floor(log10(abs(value))))}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _sentence(reason: str) -> str:
    return f"{_capital(reason)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
