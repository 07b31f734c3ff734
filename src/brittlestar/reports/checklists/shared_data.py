"""Answers about rows and splits that several checklists ask for: each rule stands once."""

from collections.abc import Callable

from brittlestar.reports.checklists.facts import VARIED, Facts
from brittlestar.reports.checklists.items import UNKNOWN, Answered
from brittlestar.reports.checklists.shared import MOST_NAMED
from brittlestar.study.units import count


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
