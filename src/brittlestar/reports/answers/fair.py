"""Fair? Did the variants that are compared get the same chance?"""

from collections import Counter

from brittlestar.core.commands import Advice, command
from brittlestar.core.headline import Answer, Decision, Ground
from brittlestar.core.plain import differs
from brittlestar.reports.answers.evidence import Evidence, is_given
from brittlestar.study.in_effect import fits_itself
from brittlestar.study.units import count

MOST_NAMED = 4
"""So many variants are named, and the others counted."""


def decide_fair(evidence: Evidence) -> Decision | None:
    """Answer for the variants of a study; None where nothing is compared."""
    record = evidence.record
    if record is None or len(record.variants) < 2:
        return None
    unequal = [f for f in evidence.findings if f.code == "claim.unequal-budget" and f.status == "present"]
    stated = {name: variant.unequal_budget for name, variant in record.variants.items() if variant.unequal_budget}
    grounds = tuple(Ground("finding", one.code, one.summary) for one in unequal)

    def decide(answer: Answer, ref: str, text: str, command: Advice | None = None) -> Decision:
        return Decision(answer, text, (*grounds, Ground("number", ref, text)), command)

    for name, variant in record.variants.items():
        if many := sum(differs(setting.value, setting.read_back) for setting in variant.settings):
            verb = "has another value" if many == 1 else "have other values"
            text = f"{count(many, 'setting')} of {name} {verb} in the built model than stated."
            return decide("no", "settings", text)
    gone = Counter(cell.variant for cell in record.cells if cell.state in ("failed", "lost"))
    if gone:
        return decide("no", "runs", f"runs are missing: {_format_counts(gone)} failed or lost.")
    given = ", ".join(name for name, variant in record.variants.items() if is_given(variant))
    if given and not all(map(is_given, record.variants.values())):
        text = f"the predictions of {given} were given, so that their budget is not known; others were trained."
        return decide("cannot-say", "settings", text)
    itself = [name for name, variant in record.variants.items() if fits_itself(variant, record.cells_of(name))]
    if itself and len(itself) < len(record.variants):
        text = f"the budget of {', '.join(itself)} is set in your own code, and others were trained by settings here."
        return decide("cannot-say", "settings", text)
    without_reason = [one for one in unequal if one.where.get("variant") not in stated]
    if without_reason:
        return Decision("no", without_reason[0].summary, grounds)
    waiting = Counter(cell.variant for cell in record.cells if cell.state != "done")
    if waiting:
        text = f"runs are still to come: {_format_counts(waiting)}."
        return decide("cannot-say", "runs", text, Advice(command("run")))
    reasons = "".join(f" {name} differs for a stated reason: {why.rstrip('.')}." for name, why in stated.items())
    seeds = Counter(cell.variant for cell in record.cells)
    if not seeds:
        return decide("cannot-say", "runs", "no run is planned.", Advice(command("run")))
    low, high = min(seeds.values()), max(seeds.values())
    each = count(high, "seed") if low == high else f"{low} to {high} seeds (as planned by the claims)"
    variants = count(len(record.variants), "variant")
    if given and not stated:
        text = f"{variants} with {each} each, none missing, but what was spent on given predictions is not known."
        return decide("cannot-say", "settings", text)
    with_equal = "" if stated else "equal budgets and "
    text = f"{variants} with {with_equal}{each} each, none missing.{reasons}"
    return Decision("yes", text, grounds)


def _format_counts(counts: Counter[str]) -> str:
    listed = [f"{many} of {name}" for name, many in counts.items()]
    more = f" and {len(listed) - MOST_NAMED} more variants" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
