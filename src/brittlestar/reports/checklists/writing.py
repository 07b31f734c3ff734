"""The page: three checklists filled from evidence, and the limits of a study."""

from collections.abc import Mapping, Sequence

from brittlestar.claims.number_phrases import describe_population
from brittlestar.reports.checklists.facts import UNKNOWN, Answered, Facts, Item, gather_facts
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.reports.checklists.shared import (
    answer_claims,
    answer_code,
    answer_compute,
    answer_dependencies,
    answer_infrastructure,
    answer_limitations,
    answer_reproduction,
    answer_runs,
    answer_runtime,
    answer_script,
    answer_search,
    answer_selection,
    answer_settings,
    answer_tests,
    answer_uncertainty,
    leave_to_author,
    name_version,
)
from brittlestar.reports.checklists.shared_findings import (
    answer_baselines,
    answer_copies,
    answer_corrupt,
    answer_data_link,
    answer_excluded,
    answer_inputs,
    answer_metric_choice,
    answer_metrics,
    answer_missing,
    answer_outcome,
    answer_preprocessing,
    answer_splits,
    answer_statistics,
    answer_transformations,
    answer_validity,
)
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import markdown_row, markdown_text
from brittlestar.study.units import count

SOURCES = {
    "NeurIPS paper checklist": "The 16 items of the NeurIPS paper checklist (2025), in our own words.",
    "Machine learning reproducibility checklist": "The 21 items of version 2.0 (Pineau et al. 2021), in our own words. "
    "It has no numbers; these follow its order.",
    "REFORMS": "The 32 items of REFORMS (Kapoor et al. 2024), in our own words.",
}
ABOUT = (
    "These answers follow from what the study did, and each names its evidence. An answer is about the study, and not "
    "about the text of a paper. What no study can know is marked so, and is for its author to answer."
)
NO_THEORY = leave_to_author("A study records runs; theory stands in the paper.")


def write_checklists(reading: Reading) -> str:
    """All checklists and the limits as one page of Markdown."""
    facts = gather_facts(reading)
    parts = [f"# Checklists for {markdown_text(reading.record.title or reading.record.name)}", ABOUT]
    for title, items in CHECKLISTS.items():
        parts += [f"## {title}", SOURCES[title], tabulate_items(items, facts)]
    limits = list_limits(facts)
    parts += ["## Limits", *_write_list("Not varied", limits.not_varied, "Every stream and setting was varied.")]
    parts += _write_list("Not probed", limits.not_probed, "Every family of probes was asked, and a shifted split.")
    parts += _write_list("Not powered", limits.not_powered, "No verdict and no finding is inconclusive.")
    return "\n\n".join(parts) + "\n"


def tabulate_items(items: Sequence[Item], facts: Facts) -> str:
    """A checklist as a table, a row for each item."""
    lines = [markdown_row(["item", "answer", "evidence"]), markdown_row(["---"] * 3)]
    for item in items:
        answered = item.answer(facts)
        cells = [f"{item.number} {item.label}", answered.answer, answered.evidence]
        lines.append(markdown_row(map(markdown_text, cells)))
    return "\n".join(lines)


def _write_list(title: str, sentences: Sequence[str], none: str) -> list[str]:
    listed = "\n".join(f"- {markdown_text(one)}" for one in sentences)
    return [f"### {title}", listed or none]


def answer_access(facts: Facts) -> Answered:
    """Data and code together."""
    data, code = answer_data_link(facts), answer_code(facts)
    return Answered("in part", f"Data: {data.evidence} Code: {code.evidence}")


NEURIPS = (
    Item("1", "claims match results", answer_claims),
    Item("2", "limits discussed", answer_limitations),
    Item("3", "assumptions and proofs", leave_to_author("A study records runs; theory stands in the paper.")),
    Item("4", "results can be reproduced", answer_reproduction),
    Item("5", "data and code to be had", answer_access),
    Item("6", "settings given", answer_settings),
    Item("7", "uncertainty of results", answer_uncertainty),
    Item("8", "compute", answer_compute),
    Item("9", "code of ethics", leave_to_author("Conduct leaves no trace in runs.")),
    Item("10", "effects on society", leave_to_author("What a model is used for is not recorded.")),
    Item("11", "guards against misuse", leave_to_author("How data and models are released is not recorded.")),
    Item(
        "12",
        "licences of what was used",
        leave_to_author("Versions are in study.json (environment); licences are not."),
    ),
    Item("13", "documentation of what is new", leave_to_author("Whether data or models are new is not recorded.")),
    Item("14", "crowd workers and participants", leave_to_author("Who wrote or labelled rows is not recorded.")),
    Item("15", "review board", leave_to_author("Approvals are not recorded.")),
    Item("16", "use of language models", leave_to_author("How text and code were written is not recorded.")),
)
"""Its 16 items, as of 2025."""


def answer_population(facts: Facts) -> Answered:
    """What verdicts speak of."""
    if not facts.judgements:
        return Answered(UNKNOWN, "No claim is on record that names a population.")
    named = dict.fromkeys(describe_population(one.population, one.seeds) for one in facts.judgements)
    return Answered(
        "in part",
        f"Verdicts speak of: {'; '.join(named)}. Where such rows come from is for the author. Found in: claims.json.",
    )


def answer_readme(facts: Facts) -> Answered:
    """A record has a README that says how to check it."""
    if facts.sealed is None:
        return Answered("no", "The study is not sealed, so it has no README. Found in: study folder.")
    return Answered("yes", f"README.md in {facts.sealed.record} says what each part is and how to check it.")


REFORMS = (
    Item("1a", "population of the claims", answer_population),
    Item("1b", "why this population", leave_to_author("Motives leave no trace in runs.")),
    Item("1c", "why machine learning", leave_to_author("Motives leave no trace in runs.")),
    Item("2a", "data and their address", answer_data_link),
    Item("2b", "code and its version", answer_code),
    Item("2c", "machine", answer_infrastructure),
    Item("2d", "README with instructions", answer_readme),
    Item("2e", "script that makes the results", answer_script),
    Item("3a", "sources, dates and labelling", leave_to_author("Where and when rows were collected is not recorded.")),
    Item("3b", "sampling frame", leave_to_author("What rows were drawn from is not recorded.")),
    Item("3c", "use of these data for the task", leave_to_author("Why these data were chosen is not recorded.")),
    Item("3d", "outcome, by class", answer_outcome),
    Item("3e", "number of rows", answer_statistics),
    Item("3f", "missing values", answer_missing),
    Item("3g", "whether rows represent the population", leave_to_author("The sampling frame is not recorded.")),
    Item("4a", "rows left out", answer_excluded),
    Item("4b", "corrupt or impossible rows", answer_corrupt),
    Item("4c", "changes from raw to model input", answer_transformations),
    Item("5a", "models in detail", answer_settings),
    Item("5b", "why these kinds of model", leave_to_author("Motives leave no trace in runs.")),
    Item("5c", "how models were evaluated", answer_splits),
    Item("5d", "how the reported model was chosen", answer_selection),
    Item("5e", "tuning of settings", answer_search),
    Item("5f", "suitable baselines", answer_baselines),
    Item("6a", "preparation from train alone", answer_preprocessing),
    Item("6b", "copies and dependent rows across splits", answer_copies),
    Item("6c", "inputs that give the label away", answer_inputs),
    Item("7a", "metrics, and whether they suit", answer_metric_choice),
    Item("7b", "uncertainty, and how it was computed", answer_uncertainty),
    Item("7c", "statistical tests", answer_tests),
    Item("8a", "evidence for other settings", answer_validity),
    Item("8b", "where results should not be expected to hold", answer_limitations),
)
"""Its 32 items in eight modules."""


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


CHECKLISTS: Mapping[str, tuple[Item, ...]] = {
    "NeurIPS paper checklist": NEURIPS,
    "Machine learning reproducibility checklist": REPRODUCIBILITY,
    "REFORMS": REFORMS,
}
