"""Finding `embedding.frozen` of own models."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import WELL_FITTED, SeenRun, Told, judge_seen, list_drawn, train_skill

CODE = "embedding.frozen"
THRESHOLD = (
    "In every run seen, a table of embeddings asks for no gradient and has other values under another seed; a warning "
    "where train is not fitted, else info."
)
REMEDY = "Leave `requires_grad` of the table as it is, or load vectors that were trained elsewhere into it."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Token vectors of an own model that are drawn at random and never trained.

    **What it means.** The rest of the model has to work with whatever the draw gave.

    **How it is decided.** While the model trains, parameters that ask for no gradient are noted, with a digest of their
    values. Vectors that were loaded are the same under every seed; those that differ were drawn.

    **Thresholds.** As in the rule; train is fitted where train rows are answered 90 % of the way from naming one class
    to all of them right. Two seeds at least.

    **What it cannot see.** Vectors that a seed of their own draws alike for every run; other frameworks.

    **What to do.** Train the table, or load vectors.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "token vectors are random and never trained")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    frozen = [one for one in run.seen.still if one.why == "frozen" and one.table]
    tables = [one for one in list_drawn(record, run) if one.table]
    if not tables:
        story = f"{len(frozen)} frozen tables, none drawn at random" if frozen else "no table of embeddings is frozen"
        return Told(False, story, {"frozen": [one.name for one in frozen]})
    skill = train_skill(record, run.cell)
    first = tables[0]
    place = f" ({first.where})" if first.where else ""
    story = f"{first.name}{place} is frozen as it was drawn: its values differ between seeds, and no step moves them"
    severity = "info" if skill is not None and skill > WELL_FITTED else "warning"
    return Told(True, story, {"tables": [one.name for one in tables], "values": first.values}, severity)
