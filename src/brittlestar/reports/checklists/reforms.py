"""REFORMS: reporting standards for science that is based on machine learning (Kapoor et al. 2024)."""

from brittlestar.claims.number_phrases import describe_population
from brittlestar.reports.checklists.facts import Facts
from brittlestar.reports.checklists.items import UNKNOWN, Answered, Item
from brittlestar.reports.checklists.shared import answer_code, answer_limitations, answer_script, leave_to_author
from brittlestar.reports.checklists.shared_data import (
    answer_data_link,
    answer_excluded,
    answer_missing,
    answer_outcome,
    answer_splits,
    answer_statistics,
    answer_transformations,
)
from brittlestar.reports.checklists.shared_findings import (
    answer_baselines,
    answer_copies,
    answer_corrupt,
    answer_inputs,
    answer_metric_choice,
    answer_preprocessing,
    answer_validity,
)
from brittlestar.reports.checklists.shared_runs import (
    answer_infrastructure,
    answer_search,
    answer_selection,
    answer_settings,
    answer_tests,
    answer_uncertainty,
)


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
