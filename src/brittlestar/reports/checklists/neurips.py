"""The NeurIPS paper checklist."""

from brittlestar.reports.checklists.facts import Facts
from brittlestar.reports.checklists.items import Answered, Item
from brittlestar.reports.checklists.shared import (
    answer_claims,
    answer_code,
    answer_limitations,
    answer_reproduction,
    leave_to_author,
)
from brittlestar.reports.checklists.shared_data import answer_data_link
from brittlestar.reports.checklists.shared_runs import answer_compute, answer_settings, answer_uncertainty


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
