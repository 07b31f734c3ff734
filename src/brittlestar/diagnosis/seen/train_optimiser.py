"""Finding `train.optimiser`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import SeenTraining
from brittlestar.diagnosis.seen.looking import FITTED, SeenRun, Told, judge_seen, train_skill

CODE = "train.optimiser"
EPSILON = 1e-3  # convention: gradients of a mean loss are mostly smaller, and such a constant then sets the step
MOMENTUM = 0.98  # convention: a step then is the mean of 50
NO_MEMORY = 0.1  # convention: below it the second moment is that of the last gradient alone
THRESHOLD = (
    "In every run seen, train is not fitted (70 %), and the optimiser climbs (maximize), divides by 0.001 or more "
    "(eps), has a momentum of .98 or more, or forgets all gradients but the last (betas)."
)
REMEDY = "Leave the options of the optimiser at its defaults, and compare the loss of the first epochs."


def check(record: StudyRecord) -> Iterator[Finding]:
    """The optimiser is the reason why the model does not learn.

    **What it means.** An option of the optimiser turns steps around, or makes them far smaller or longer than the rate
    says.

    **How it is decided.** Options that its class does not have by default are read from it while it takes steps. Train
    rows are scored, too.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** An optimiser that is a poor choice with its defaults (`brittlestar diagnose STUDY --budget
    10m` tries Adam where main has SGD); other frameworks.

    **What to do.** Take the defaults first.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell)


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    skill = train_skill(record, run.cell)
    if run.seen.optimiser is None or skill is None:
        return None
    options = ", ".join(f"{name}={value:g}" for name, value in run.seen.options.items())
    wrong = _find_wrong(run.seen)
    story = f"{run.seen.optimiser} with {options or 'the options that it has by default'}"
    place = f" ({run.seen.stepped_at})" if run.seen.stepped_at else ""
    evidence = {"optimiser": run.seen.optimiser, "options": dict(run.seen.options), "train_skill": skill}
    return Told(bool(wrong) and skill <= FITTED, f"{story}{place}{wrong}", evidence)


def _find_wrong(seen: SeenTraining) -> str:
    """What an option does, in words; empty where none does harm."""
    options = seen.options
    if options.get("maximize"):
        return " climbs: it makes the loss larger"
    if options.get("eps", 0.0) >= EPSILON:
        return (
            f" divides by {options['eps']:g} and more, where gradients are small: steps are far shorter than the rate"
        )
    momentum = max(options.get("momentum", 0.0), options.get("betas.0", 0.0))
    if momentum >= MOMENTUM:
        return f" makes each step the mean of some {1 / max(1 - momentum, 1e-4):,.0f}: it overshoots"
    if options.get("betas.1", 1.0) <= NO_MEMORY:
        return " divides each gradient by itself: every weight moves by the whole rate in every step"
    return ""
