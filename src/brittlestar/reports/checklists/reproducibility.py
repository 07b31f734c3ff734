"""The machine learning reproducibility checklist, version 2.0 (Pineau et al. 2021)."""

from brittlestar.reports.checklists.facts import Facts
from brittlestar.reports.checklists.items import UNKNOWN, Answered, Item
from brittlestar.reports.checklists.shared import (
    answer_code,
    answer_dependencies,
    answer_script,
    leave_to_author,
    name_version,
)
from brittlestar.reports.checklists.shared_data import (
    answer_data_link,
    answer_excluded,
    answer_splits,
    answer_statistics,
    answer_transformations,
)
from brittlestar.reports.checklists.shared_findings import answer_metrics
from brittlestar.reports.checklists.shared_runs import (
    answer_infrastructure,
    answer_runs,
    answer_runtime,
    answer_search,
    answer_settings,
    answer_uncertainty,
)
from brittlestar.study.units import count

NO_THEORY = leave_to_author("A study records runs; theory stands in the paper.")


def answer_complexity(facts: Facts) -> Answered:
    """Parameters and time are measured; no analysis is."""
    sizes = [f"{name} {one.parameters:,}" for name, one in facts.variants.items() if one.parameters is not None]
    if not sizes:
        return Answered(UNKNOWN, "Parameters are not recorded, and no analysis is.")
    return Answered(
        "in part", f"Parameters: {', '.join(sizes)}. {answer_runtime(facts).evidence} No analysis is recorded."
    )


def answer_preparation(facts: Facts) -> Answered:
    """Rows that were left out, and what was done to the others."""
    excluded, changed = answer_excluded(facts), answer_transformations(facts)
    return Answered("in part", f"{excluded.evidence} {changed.evidence}")


def answer_evaluation_code(facts: Facts) -> Answered:
    """Scores are computed by this package from stored predictions."""
    if not any(facts.seeds.values()):
        return Answered("no", "No run is finished, so nothing was evaluated. Found in: study.json.")
    return Answered("yes", f"Scores are computed from stored predictions by {name_version(facts)}. Found in: cells/.")


def answer_weights(facts: Facts) -> Answered:
    """Whether trained weights are kept."""
    if facts.is_given or facts.own:
        return Answered(UNKNOWN, f"Weights of {facts.main} are kept only where the study trained it. See: cells/.")
    kept = f"; sealed in {facts.sealed.record} unless withheld" if facts.sealed is not None else ""
    seeds = count(facts.seeds[facts.main], "finished run")
    return Answered(
        "in part" if facts.seeds[facts.main] else "no",
        f"{seeds} of {facts.main}{kept}. A public address is not recorded. Found in: cells/ (weights).",
    )


REPRODUCIBILITY = (
    Item("1.1", "model described", answer_settings),
    Item("1.2", "assumptions explained", leave_to_author("Assumptions are the author's to state.")),
    Item("1.3", "cost of the algorithm", answer_complexity),
    Item("2.1", "theoretical claims", NO_THEORY),
    Item("2.2", "proofs", NO_THEORY),
    Item("3.1", "size of the data", answer_statistics),
    Item("3.2", "division into splits", answer_splits),
    Item("3.3", "rows left out, and preparation", answer_preparation),
    Item("3.4", "where the data are", answer_data_link),
    Item("3.5", "how new data were collected", leave_to_author("Who wrote or labelled rows is not recorded.")),
    Item("4.1", "software versions", answer_dependencies),
    Item("4.2", "code that trains", answer_code),
    Item("4.3", "code that evaluates", answer_evaluation_code),
    Item("4.4", "trained weights", answer_weights),
    Item("4.5", "results with the commands that make them", answer_script),
    Item("5.1", "settings tried, and the choice among them", answer_search),
    Item("5.2", "number of runs", answer_runs),
    Item("5.3", "what is measured", answer_metrics),
    Item("5.4", "means with their spread", answer_uncertainty),
    Item("5.5", "time that runs took", answer_runtime),
    Item("5.6", "machine", answer_infrastructure),
)
"""Its 21 items in their order."""
