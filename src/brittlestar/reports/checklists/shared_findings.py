"""Answers about leaks, shortcuts, baselines and scope that several checklists ask for: each rule stands once."""

from collections import Counter

from brittlestar.core.findings import Finding
from brittlestar.reports.checklists.facts import Facts
from brittlestar.reports.checklists.items import UNKNOWN, Answer, Answered
from brittlestar.reports.checklists.shared import MOST_NAMED
from brittlestar.study.units import unit_of

GRAVE = ("error", "warning")
COPIES = ("leak.exact", "leak.near", "leak.group", "leak.selection")
"""Findings about rows of one split that stand, or nearly stand, in another."""


def answer_corrupt(facts: Facts) -> Answered:
    """Broken, duplicate, contradicting and wrongly labelled rows."""
    return answer_findings(facts, "data.encoding", "data.duplicates", "label.conflict", "label.noise", "label.missing")


def answer_copies(facts: Facts) -> Answered:
    """Rows, groups and near copies on both sides of a split."""
    return answer_findings(facts, *COPIES)


def answer_preprocessing(facts: Facts) -> Answered:
    """Whether anything but train went into preprocessing."""
    return answer_findings(facts, "leak.preprocess")


def answer_inputs(facts: Facts) -> Answered:
    """Whether an input gives the label away: shortcuts are found, whether one is legitimate is the author's."""
    found = answer_findings(facts, "shortcut.")
    answer = "in part" if found.answer == "yes" else found.answer
    return Answered(answer, f"{found.evidence} Whether an input is legitimate is for the author.")


def answer_baselines(facts: Facts) -> Answered:
    """What the model is compared with."""
    best = facts.headline.best_trivial
    others = [name for name in facts.variants if name != facts.main]
    if best is None and not others:
        return Answered("no", "No trivial baseline is scored and no variant stands beside main. Found in: report.")
    score = "not scored there" if best is None or best.score is None else unit_of(facts.metric).amount(best.score)
    trivial = "no trivial baseline" if best is None else f"best trivial baseline: {best.name} ({score})"
    unequal = [f"{name} ({one.unequal_budget})" for name, one in facts.variants.items() if one.unequal_budget]
    mark = f" Unequal budgets: {', '.join(unequal)}." if unequal else ""
    return Answered(
        "in part",
        f"{trivial[:1].upper()}{trivial[1:]}; variants beside {facts.main}: {', '.join(others) or 'none'}.{mark} "
        "Whether rivals from the literature are missing is for the author. Found in: report: Variants, Data.",
    )


def answer_metrics(facts: Facts) -> Answered:
    """What was measured."""
    named = ", ".join(unit_of(name).name for name in facts.metrics)
    grave = [one for one in facts.list_findings("eval.metric") if one.severity in GRAVE]
    quoted = "".join(f" {_quote_finding(one)}" for one in grave[:MOST_NAMED])
    return Answered(
        "in part" if grave else "yes",
        f"Headline: {unit_of(facts.metric).name}; all: {named}.{quoted} Found in: report: Findings, Appendix.",
    )


def answer_metric_choice(facts: Facts) -> Answered:
    """What was measured, and whether it tells the model from the majority class."""
    measured = answer_metrics(facts)
    statuses = ", ".join(dict.fromkeys(one.status for one in facts.list_findings("eval.metric"))) or "not looked for"
    return Answered(
        "in part",
        f"{measured.evidence} A metric that cannot tell the model from the majority class (eval.metric): {statuses}. "
        "Why it suits the task is for the author.",
    )


def answer_validity(facts: Facts) -> Answered:
    """Evidence beyond the rows at hand: shifted splits, and probes."""
    holds = facts.headline.holds
    asked = facts.probed
    suite = "no probe suite ran"
    if asked is not None:
        families = ", ".join(f"{name} {n}" for name, n in asked.families.items())
        suite = f"probes on {asked.rows:,} rows of {asked.split}, conditions by family: {families or 'none'}"
    answer = "in part" if facts.shifted or asked is not None else "no"
    shifted = f"Shifted splits: {', '.join(facts.shifted) or 'none'}; {suite}."
    return Answered(answer, f"{shifted} Holds? {holds.words} Found in: report, first screen and Probes.")


def answer_findings(facts: Facts, *codes: str) -> Answered:
    """What findings of these codes say: `no` where an error or a warning is present, `yes` where all are absent."""
    found = facts.list_findings(*codes)
    if not found:
        why = "No finding of this kind is on record" if facts.audited else "The data audit has not run to its end"
        return Answered(UNKNOWN, f"{why}: {', '.join(codes)}.")
    grave = [one for one in found if one.severity in GRAVE]
    statuses = Counter(one.status for one in found)
    told = ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
    shown = list(dict.fromkeys(one.code for one in found if one.status != "absent" or len(statuses) == 1))
    answer = "no" if grave else _weigh_statuses({*statuses})
    quoted = "".join(f" {_quote_finding(one)}" for one in grave[:MOST_NAMED])
    return Answered(answer, f"Findings: {told} ({', '.join(shown)}).{quoted} Found in: audit.json; report: Data.")


def _weigh_statuses(statuses: set[str]) -> Answer:
    if statuses == {"inconclusive"}:
        return UNKNOWN
    return "yes" if statuses == {"absent"} else "in part"


def _quote_finding(finding: Finding) -> str:
    return f"{finding.severity} {finding.code}: {finding.summary}"
