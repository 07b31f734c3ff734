"""Answers about claims, code and records that several checklists ask for: each rule stands once."""

from collections.abc import Callable

from brittlestar.reports.checklists.facts import Facts
from brittlestar.reports.checklists.items import UNKNOWN, Answered
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count

MOST_NAMED = 3  # a cell of a table that a person reads (convention)


def leave_to_author(why: str) -> Callable[[Facts], Answered]:
    """The rule of an item that no study can know."""
    return lambda facts: Answered(UNKNOWN, why)


def answer_claims(facts: Facts) -> Answered:
    """Whether claims are on record, and what came of them."""
    if not facts.judgements:
        return Answered(UNKNOWN, "No claim is judged on record. The paper's claims are its author's to match.")
    before = sum(one.registered for one in facts.judgements)
    told = [f"{format_claim(one.claim)}: {one.verdict}" for one in facts.judgements[:MOST_NAMED]]
    more = len(facts.judgements) - len(told)
    listed = "; ".join([*told, *([f"{more} more"] if more else [])])
    return Answered(
        "in part",
        f"{before} of {count(len(facts.judgements), 'claim')} registered before the first run. {listed}. "
        "Whether the paper says the same is for its author. Found in: claims.json; report: Claims.",
    )


def answer_limitations(facts: Facts) -> Answered:
    """What follows from the study as its limits."""
    total = list_limits(facts).total
    return Answered(
        "in part",
        f"{count(total, 'limit')} of the study follow from its record. Assumptions and scope are for the author. "
        "Found in: Limits, below.",
    )


def answer_reproduction(facts: Facts) -> Answered:
    """Whether others can repeat and check the results."""
    if not any(facts.seeds.values()):
        return Answered("no", "No run is finished, so there is no result to reproduce. Found in: study.json.")
    if facts.sealed is not None:
        where = facts.sealed.evidence
        if facts.is_given:
            return Answered(
                "in part", f"{where} Predictions of {facts.main} were given: only scores can be recomputed."
            )
        return Answered("yes", f"{where} Found in: manifest.json, record.json, code/study.yaml.")
    return Answered(
        "in part", "Settings and root seeds are recorded, but the study is not sealed. Found in: study.json (settings)."
    )


def answer_script(facts: Facts) -> Answered:
    """Whether something makes the results again."""
    if facts.sealed is None or facts.is_given:
        return answer_reproduction(facts)
    return Answered(
        "in part",
        f"code/study.yaml in {facts.sealed.record} makes runs and report again; what else the paper has is not in it. "
        "Found in: code/study.yaml.",
    )


def answer_code(facts: Facts) -> Answered:
    """Which code trained and evaluated, and whether it can be had."""
    if facts.is_given:
        return Answered(
            "in part",
            f"Scores come from {name_version(facts)}; the code behind the given predictions is not recorded.",
        )
    whose = f"Own code ({facts.own})" if facts.own else "Built-in models"
    if facts.sealed is None:
        return Answered("in part", f"{whose} with {name_version(facts)}; not sealed. Found in: study.json (settings).")
    kept = "its files are in code/ of" if facts.own else "their settings are sealed in"
    return Answered(
        "in part",
        f"{whose} with {name_version(facts)}; {kept} {facts.sealed.record}. A public address is not recorded.",
    )


def answer_dependencies(facts: Facts) -> Answered:
    """Which software versions ran."""
    if not facts.software:
        return Answered("no", "No versions are recorded. Found in: study.json (environment).")
    return Answered("yes", f"{facts.software}. Found in: study.json (environment).")


def name_version(facts: Facts) -> str:
    """`brittlestar 0.1.0`, as it ran."""
    return next((one for one in facts.software.split(", ") if one.startswith("brittlestar ")), "brittlestar")
