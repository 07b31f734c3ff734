"""Fair? Did the variants that are compared get the same chance?"""

from __future__ import annotations

from collections import Counter

from brittlestar.core.headline import Decision, Ground
from brittlestar.core.read_back import differs
from brittlestar.reports.answers.evidence import Evidence, is_given
from brittlestar.study.units import count

MOST_NAMED = 4
"""So many variants are named, and the others counted."""


def decide_fair(evidence: Evidence) -> Decision | None:
    """Answer for the variants of a study; None where nothing is compared."""
    record = evidence.record
    if record is None or len(record.variants) < 2:
        return None
    grounds: list[Ground] = []
    unequal = [f for f in evidence.findings if f.code == "claim.unequal-budget" and f.status == "present"]
    stated = {name: one.unequal_budget for name, one in record.variants.items() if one.unequal_budget}
    grounds += [Ground("finding", one.code, one.summary) for one in unequal]
    without_reason = [one for one in unequal if one.where.get("variant") not in stated]
    wrong = {
        name: sum(differs(setting.value, setting.read_back) for setting in one.settings)
        for name, one in record.variants.items()
    }
    if any(wrong.values()):
        name, many = next((name, many) for name, many in wrong.items() if many)
        verb = "has another value" if many == 1 else "have other values"
        text = f"{count(many, 'setting')} of {name} {verb} in the built model than stated."
        return Decision("no", text, (*grounds, Ground("number", "settings", text)))
    gone = Counter(cell.variant for cell in record.cells if cell.state in ("failed", "lost"))
    if gone:
        text = f"runs are missing: {_format_counts(gone)} failed or lost."
        return Decision("no", text, (*grounds, Ground("number", "runs", text)))
    given = [name for name, one in record.variants.items() if is_given(one)]
    if given and len(given) < len(record.variants):
        text = (
            f"the predictions of {', '.join(given)} were given, so that their budget is not known; others were trained."
        )
        return Decision("cannot-say", text, (*grounds, Ground("number", "settings", text)))
    if without_reason:
        return Decision("no", without_reason[0].summary, tuple(grounds))
    waiting = Counter(cell.variant for cell in record.cells if cell.state != "done")
    if waiting:
        text = f"runs are still to come: {_format_counts(waiting)}."
        return Decision("cannot-say", text, (*grounds, Ground("number", "runs", text)), "brittlestar run STUDY")
    reasons = "".join(f" {name} differs for a stated reason: {why.rstrip('.')}." for name, why in stated.items())
    seeds = Counter(cell.variant for cell in record.cells)
    low, high = min(seeds.values()), max(seeds.values())
    each = count(high, "seed") if low == high else f"{low} to {high} seeds (as planned by the claims)"
    text = f"{count(len(record.variants), 'variant')} with equal budgets and {each} each, none missing."
    if stated:
        text = f"{count(len(record.variants), 'variant')} with {each} each, none missing.{reasons}"
    return Decision("yes", text, tuple(grounds))


def _format_counts(counts: Counter[str]) -> str:
    listed = [f"{many} of {name}" for name, many in counts.items()]
    more = f" and {len(listed) - MOST_NAMED} more variants" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
