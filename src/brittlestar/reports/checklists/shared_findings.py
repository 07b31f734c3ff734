"""Answers about rows, splits, leaks, shortcuts, baselines and scope that several checklists ask for."""

from collections import Counter
from collections.abc import Callable, Sequence

from brittlestar.core.findings import Finding
from brittlestar.reports.checklists.facts import UNKNOWN, VARIED, Answer, Answered, Facts
from brittlestar.reports.checklists.shared import MOST_NAMED, answer_code
from brittlestar.study.units import count, unit_of

GRAVE = ("error", "warning")


def answer_inputs(facts: Facts) -> Answered:
    """Whether an input gives the label away: shortcuts are found, whether one is legitimate is the author's."""
    found = answer_findings(facts, ["shortcut."])
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


def answer_findings(facts: Facts, codes: Sequence[str]) -> Answered:
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


def answer_data_link(facts: Facts) -> Answered:
    """Whether the very rows can be named and had."""
    prints = ", ".join(f"{name} {one.fingerprint[:12]}" for name, one in facts.splits.items())
    kept = f" Sealed in {facts.sealed.record}, rows/ unless withheld." if facts.sealed is not None else ""
    return Answered(
        "in part",
        f"Fingerprints name the rows: {prints}.{kept} A public address is not recorded. Found in: report: Data.",
    )


def answer_statistics(facts: Facts) -> Answered:
    """Rows and classes of each split."""
    return _describe_splits(facts, lambda name: f"{name} {facts.splits[name].rows:,}", "Rows by split")


def answer_outcome(facts: Facts) -> Answered:
    """The label, and how often each class stands in each split."""

    def list_classes(name: str) -> str:
        counts = sorted(facts.splits[name].class_counts.items(), key=lambda one: -one[1])
        more = [f"{len(counts) - MOST_NAMED} more classes"] if len(counts) > MOST_NAMED else []
        return f"{name} {', '.join([*(f'{label}: {n:,}' for label, n in counts[:MOST_NAMED]), *more])}"

    return _describe_splits(facts, list_classes, f"{count(len(facts.classes), 'class', 'classes')}; rows by class")


def answer_splits(facts: Facts) -> Answered:
    """How rows were divided."""
    redrawn = facts.streams.get("split") in VARIED
    how = "each seed draws train and dev anew" if redrawn else "one division for all seeds"
    told = ", ".join(f"{name} {one.rows:,}" for name, one in facts.splits.items())
    why = "" if redrawn else " How rows came into the given splits is for the author."
    answer = "yes" if redrawn else "in part"
    return Answered(answer, f"{told} rows; {how}.{why} Found in: study.json (settings); report: Data.")


def answer_missing(facts: Facts) -> Answered:
    """How many rows lack a sequence or a known label."""
    empty = sum(one.empty_rows for one in facts.splits.values())
    unknown = sum(one.unknown_label_rows for one in facts.splits.values())
    rows = sum(one.rows for one in facts.splits.values())
    return Answered(
        "in part",
        f"Of {rows:,} rows, {empty:,} have an empty sequence and {unknown:,} a label that train lacks. What was "
        "missing before is not recorded. Found in: report: Data.",
    )


def answer_excluded(facts: Facts) -> Answered:
    """Which rows the study left out."""
    rows, without = facts.settings.get("data.train_rows"), facts.settings.get("data.train_without") or "none"
    taken = "all rows of train" if rows is None else f"{rows} rows of train"
    return Answered(
        "in part",
        f"{facts.main} takes {taken}; left out of train by setting: {without}. Rows removed before the study are not "
        "recorded. Found in: study.json (settings, data.train_rows and data.train_without).",
    )


def answer_transformations(facts: Facts) -> Answered:
    """How text became what the model read."""
    names = ("data.tokens", "data.spelling", "data.order", "data.factor")
    told = [f"{name} = {facts.settings[name]}" for name in names if facts.settings.get(name) is not None]
    if not told or facts.is_given:
        return Answered(UNKNOWN, f"How rows were prepared for {facts.main} is not recorded.")
    return Answered(
        "in part",
        f"{', '.join(told)}. What was done to the files before is not recorded. Found in: study.json (settings).",
    )


def _describe_splits(facts: Facts, describe: Callable[[str], str], title: str) -> Answered:
    told = "; ".join(describe(name) for name in facts.splits)
    if not told:
        return Answered("no", "No split is recorded.")
    return Answered("yes", f"{title}: {told}. Found in: report: Data.")


def answer_access(facts: Facts) -> Answered:
    """Data and code together."""
    data, code = answer_data_link(facts), answer_code(facts)
    return Answered("in part", f"Data: {data.evidence} Code: {code.evidence}")


def answer_preparation(facts: Facts) -> Answered:
    """Rows that were left out, and what was done to the others."""
    excluded, changed = answer_excluded(facts), answer_transformations(facts)
    return Answered("in part", f"{excluded.evidence} {changed.evidence}")
