"""A verdict in short sentences of one fact each: what the console, pages, JSON, tables and notebooks print of it."""

from dataclasses import replace

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import (
    basis,
    describe_basis,
    describe_claim,
    describe_models,
    describe_side,
    settling_words,
    size,
)
from brittlestar.study.claims import Claim
from brittlestar.study.units import unit_of

CORRECTED = 0.05  # an overshoot is shown where it is this share of half the interval (convention)


def sentence_of(found: Judgement) -> str:
    """The verdict for people: the answer, the estimate, what qualifies it, and what would settle it."""
    return f"{answer_of(found)} {grounds_of(found)}".strip()


def answer_of(found: Judgement) -> str:
    """The verdict and what is claimed: `Supported: a exceeds b by at least 1.0 points of accuracy on test.`"""
    said = describe_claim(found.claim, denied=found.verdict == "refuted")
    if found.verdict != "inconclusive":
        return f"{found.verdict.capitalize()}: {said}."
    return f"{'Inconclusive' if found.registered else 'Exploratory'}: whether {said}."


def grounds_of(found: Judgement) -> str:
    """Everything behind the answer, a sentence each."""
    said = [
        *_estimate(found),
        *_relation(found),
        *(f"{reason[:1].upper()}{reason[1:].rstrip('.')}." for reason in found.reasons),
        *_collapses(found),
        *_pending(found),
        settling_words(found) if found.verdict == "inconclusive" else "",
        *_models(found),
    ]
    return " ".join(filter(None, said))


def _estimate(found: Judgement) -> list[str]:
    if found.estimate is None:
        return [] if found.reasons else ["Nothing was measured."]
    said = [f"{_difference(found)} is {size(found)} ({basis(found)})."]
    half = 0.0 if found.interval is None else (found.interval[1] - found.interval[0]) / 2
    if found.corrected is not None and abs(found.corrected - found.estimate) > CORRECTED * half:
        corrected = unit_of(found.claim.metric).amount(found.corrected, True)
        said.append(f"Corrected for stopping at this look, the difference is {corrected}.")
    return said


def _difference(found: Judgement) -> str:
    """Of which variant the difference is, where a claim names several to choose from, or to which trivial baseline."""
    if not found.members:
        if found.baseline is None:
            return "The difference"
        of_rivals = f", the hardest to beat of {found.rivals} that dev cannot tell apart," if found.rivals > 1 else ""
        return f"The difference to {found.baseline}{of_rivals}"
    lead = next(one.claim for one in found.members if one.estimate == found.estimate)
    mine = lead.arm if lead.arm != found.claim.arm else lead.other
    kind = "best" if found.verdict == "supported" else "furthest"
    return f"The difference of the {kind} of {len(found.members)}, {mine},"


def _relation(found: Judgement) -> list[str]:
    if found.relation == "equivalent":
        return [f"Both are equivalent within {unit_of(found.claim.metric).threshold(found.claim.margin)}."]
    if found.verdict == "inconclusive" or found.relation == "open":
        return []
    return [f"So {describe_side(found.claim.arm)} is {found.relation}."]


def _collapses(found: Judgement) -> list[str]:
    """Rates of collapsed runs, whether they differ, and the difference among the other runs."""
    rates = found.collapse_rates
    if not rates:
        return []
    shown = ", ".join(_rate(name, one.collapsed, one.runs, one.interval) for name, one in rates.items())
    said = [f"Collapsed, with 95 % intervals for new seeds: {shown}."]
    if found.collapse_p is not None:
        p = found.collapse_p
        shown = "p < .001" if p < 0.001 else f"p = {p:.{2 if p >= 0.01 else 3}f}".replace("0.", ".", 1)
        said.append(f"Equal rates: {shown} (exact test).")
    if (own := found.among_converged) is not None:
        unit = unit_of(found.claim.metric)
        number = f"{unit.amount(own.estimate, True)} {unit.interval(own.interval, True)}"
        rests = describe_basis(found.level, found.population, own.seeds, found.rows)
        said.append(f"Among converged seeds alone, conditional on that, the difference is {number} ({rests}).")
    return said


def _rate(name: str, collapsed: int, runs: int, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * bound:.0f}" for bound in interval)
    return f"{collapsed} of {runs} runs of {name} ({100 * collapsed / runs:.0f} % [{low}, {high}])"


def _pending(found: Judgement) -> list[str]:
    rest = found.seeds_at_hand - found.seeds
    if rest <= 0:
        return []
    many = f"{rest:,} further seed{'s are' if rest != 1 else ' is'}"
    if found.next_look is not None:
        return [f"{many} not yet judged: the next look is at {found.next_look} seeds."]
    return [f"{many} beyond the plan and not judged: a new plan would be exploratory."]


def _models(found: Judgement) -> list[str]:
    own = found.this_model
    if own is None:
        return []
    lead = f"For {describe_models(own.seeds)} the claim is {own.verdict}"
    if own.interval is not None:
        return [f"{lead}: {size(own)} ({basis(own)})."]
    return [f"{lead}: {own.reasons[0]}."] if own.reasons else [f"{lead}."]


def make_unmeasured(claim: Claim, reason: str, registered: bool) -> Judgement:
    """The judgement of a claim that was not measured, for this reason."""
    reasons = (reason,) if reason else ()
    found = Judgement(
        claim, "inconclusive", "open", None, None, claim.population, claim.alpha, reasons=reasons, registered=registered
    )
    return replace(found, sentence=sentence_of(found))
