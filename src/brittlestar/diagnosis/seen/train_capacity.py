"""Finding `train.capacity`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import SeenRun, Told, format_share, judge_seen, train_skill

CODE = "train.capacity"
FITTED = 0.8  # convention: of the way from naming one class to all train rows right
FEW = 2  # derived: a plane; what passes through it keeps two numbers of a row
THRESHOLD = (
    "In every run seen, train is not fitted (80 %), and a layer inside the model passes on two numbers or fewer, for "
    "as many classes or more."
)
REMEDY = "Make the narrowest layer wider, some 16 numbers at least, and see whether train is fitted then."


def check(record: StudyRecord) -> Iterator[Finding]:
    """The model is too small for the task: it underfits.

    **What it means.** Train and dev are alike and both are poor: more epochs, or another rate, change little.

    **How it is decided.** All that the model knows of a row must pass through the narrowest of the layers that steps
    move.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** A model that is too small in another way (`brittlestar diagnose STUDY --budget 10m` trains a
    wider one where the study file sets the width). Other frameworks.

    **What to do.** Make it wider.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "the model is too small")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    skill = train_skill(record, run.cell)
    if run.seen.narrowest is None or skill is None:
        return None
    name, units = run.seen.narrowest
    narrow = units <= FEW and units <= len(record.classes)
    story = (
        f"{name} passes on {units} number{'s' if units > 1 else ''}, the fewest, and train rows are answered "
        f"{format_share(skill)} of the way to all right"
    )
    return Told(narrow and skill <= FITTED, story, {"layer": name, "units": units, "train_skill": skill})
