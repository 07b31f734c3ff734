"""Weights: those that nothing moves, that stay equal, that are too few, and that are held too small."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import choose_status
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import Still, StillParameter
from brittlestar.diagnosis.seen import watched_runs
from brittlestar.diagnosis.seen.watched_runs import SeenRun, fits_poorly, format_share, seen_check

SHARE = 0.01  # convention: of all values
MEANT: tuple[Still, ...] = ("frozen", "unused")
REASONS: Mapping[Still, tuple[str, str]] = MappingProxyType(
    {
        "not registered": (
            "kept in a list or dict that PyTorch does not look into",
            "Keep modules in nn.ModuleList or nn.ModuleDict, and parameters in nn.ParameterList.",
        ),
        "not given": (
            "given to no optimiser that took a step",
            "Make the optimiser of the parameters of the very model that is trained, after that was made.",
        ),
        "no gradient": (
            "used, and no gradient reaches it",
            "Look for detach, no_grad, item, argmax and copies through NumPy between this part and the loss.",
        ),
        "zero gradient": (
            "with gradients of exactly zero, as behind dead units",
            "Look for inputs and weights that are all zero, for a factor of zero, and for activations that cut all.",
        ),
        "not moved": (
            "with gradients, and the steps do not change it",
            "Look at the learning rate of its group, and at weights that are put back after each step.",
        ),
        "stopped": (
            "moved by the first steps, and by no later one",
            "Look for `requires_grad = False`, or an optimiser that is replaced, inside the loop.",
        ),
        "frozen": (
            "asking for no gradient, or used without any",
            "Set requires_grad where it is to be trained, call it with gradients, and give it to the optimiser.",
        ),
        "unused": ("never used", "Use it in forward, or remove it."),
    }
)
"""{why: in words, and what to do}."""
TAKE_A_STEP = "Call `optimiser.step()` after `loss.backward()`, in every batch."
FITTED = 0.8  # convention: of the way from naming one class to all train rows right
HOW = "its values differ between seeds"
NARROW = 2  # derived: a plane; what passes through it keeps two numbers of a row
SHRUNK = 0.5  # convention: weights of half their size


@seen_check(
    "train.unchanged",
    "In every run seen, no step moved parameters of used modules with 1 % of all values or more, which are not "
    "frozen; or only the first quarter did, or they are frozen as drawn, and train is not fitted.",
    role=Role("untaught", 20),
)
def train_unchanged(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Parameters that no step moves.

    **What it means.** A part of the model stays as it was drawn. The rest may learn around it, so that nothing is
    noticed.

    **How it is decided.** Values of each parameter before the first step (4,096 at most) are compared with those after
    the steps that are looked at (see `train.clip-bound`). Of those that stay the reason is told. Parameters that ask
    for no gradient, and those of modules that are never called, are not counted, but said. Frozen ones that another
    seed has with other values were drawn at random, and so were all where every run begins with the same weights
    (`seed.inert`): they count where train is not fitted (90 %), and so do those that the first quarter of these steps
    moved alone. Tables of embeddings are `embedding.frozen`.

    **Thresholds.** As in the rule. Severity: warning. Information where gradients of exactly zero keep less than half
    of a model that fits train, since no answer may ask for that part; and where half of a model that does not is frozen
    with the same values under every seed: they may have been loaded.

    **What it cannot see.** Rows of a table that no token reaches (`embedding.unused`); optimisers and models of other
    frameworks.

    **What to do.** Follow the reason: it says where the way from the loss to the parameter ends.
    """
    seen = run.seen
    if not seen.parameters:
        return None
    unfit = fits_poorly(record, run, watched_runs.WELL_FITTED)
    drawn = [parameter for parameter in watched_runs.list_drawn(record, run) if not parameter.table] if unfit else []
    counted = [
        parameter
        for parameter in seen.still
        if (parameter.why not in MEANT and (unfit or parameter.why != "stopped")) or parameter in drawn
    ]
    frozen = [parameter for parameter in seen.still if parameter.why == "frozen" and not parameter.table]
    loaded = (
        sum(parameter.values for parameter in frozen) >= watched_runs.MOSTLY * seen.parameters and unfit and not counted
    )
    counted = frozen if loaded else counted
    values, still = sum(parameter.values for parameter in counted), sum(parameter.values for parameter in seen.still)
    nothing = still >= seen.parameters
    if not seen.steps:
        sentence = f"weights never move: gradients are computed {seen.backwards:,} times, and no optimiser takes a step"
        return Observed(
            "present", sentence, {"values": seen.parameters, "backwards": seen.backwards}, remedy=TAKE_A_STEP
        )
    evidence = {
        "values": seen.parameters,
        "trainable": seen.trainable,
        "still": values,
        "meant": still - values,
        "parameters": [
            {"name": parameter.name, "why": parameter.why, "line": parameter.where} for parameter in seen.still[:10]
        ],
    }
    if values < SHARE * seen.parameters and not nothing:
        aside = f"; {format_share((still - values) / seen.parameters)} are frozen or unused" if still > values else ""
        sentence = f"steps move {format_share(1 - still / seen.parameters)} of {seen.parameters:,} values{aside}"
        return Observed("absent", sentence, evidence)
    named = counted or list(seen.still)
    moved = f"{seen.parameters - still:,} of {seen.parameters:,} values"
    sentence = f"weights are not trained: steps move {moved} of the model, and not {_name(named)}"
    sentence += ", with the same values under every seed, as if they were loaded" if loaded else ""
    zeros = named[0].why == "zero gradient" and not unfit and values < watched_runs.MOSTLY * seen.parameters
    spare = loaded or zeros
    return Observed(
        "present", sentence, evidence, severity="info" if spare else "warning", remedy=REASONS[named[0].why][1]
    )


def _name(still: Sequence[StillParameter]) -> str:
    """The first parameters with the reason of the largest, and how many more there are."""
    first = still[0]
    alike = [parameter for parameter in still if parameter.why == first.why]
    more = f" and {len(alike) - 2} more" if len(alike) > 2 else ""
    names = ", ".join(parameter.name for parameter in alike[:2])
    place = watched_runs.name_place(first.where)
    return f"{names}{more}{place}, {REASONS[first.why][0]}"


@seen_check(
    "embedding.frozen",
    "In every run seen, a table of embeddings asks for no gradient and has other values under another seed; a "
    "warning where train is not fitted, else info.",
    "token vectors are random and never trained",
    role=Role("untaught", 230, mild=40),
)
def embedding_frozen(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Token vectors of an own model that are drawn at random and never trained.

    **What it means.** The rest of the model has to work with whatever the draw gave.

    **How it is decided.** While the model trains, parameters that ask for no gradient are noted, with a digest of their
    values. Vectors that were loaded are the same under every seed; those that differ were drawn, and so were those of a
    model that begins with the same weights under every seed (`seed.inert`).

    **Thresholds.** As in the rule; train is fitted where train rows are answered 90 % of the way from naming one class
    to all of them right. Two seeds at least.

    **What it cannot see.** Vectors that a seed of their own draws alike for every run; other frameworks.

    **What to do.** Leave `requires_grad` of the table as it is, or load vectors that were trained elsewhere into
    it.
    """
    frozen = [parameter for parameter in run.seen.still if parameter.why == "frozen" and parameter.table]
    tables = [parameter for parameter in watched_runs.list_drawn(record, run) if parameter.table]
    if not tables:
        sentence = (
            f"{len(frozen)} frozen tables, none drawn at random" if frozen else "no table of embeddings is frozen"
        )
        return Observed("absent", sentence, {"frozen": [parameter.name for parameter in frozen]})
    skill = watched_runs.train_skill(record, run.cell)
    first = tables[0]
    place = watched_runs.name_place(first.where)
    how = "every run draws the same values" if watched_runs.begins_alike(record, run.cell.variant) else HOW
    sentence = f"{first.name}{place} is frozen as it was drawn: {how}, and no step moves them"
    severity = "info" if skill is not None and skill > watched_runs.WELL_FITTED else "warning"
    return Observed(
        "present", sentence, {"tables": [table.name for table in tables], "values": first.values}, severity=severity
    )


@seen_check(
    "train.symmetric",
    "In every run that was seen, all units of a layer have the same weights at the end, and steps moved them.",
    "units of a layer start and stay equal",
    role=Role("untaught", 30),
)
def train_symmetric(_: StudyRecord, run: SeenRun) -> Observed | None:
    """Units start equal and stay equal.

    **What it means.** Units with the same weights get the same gradients: a layer of any width computes one number.

    **How it is decided.** After training, the rows of each table of weights (four rows and two columns or more, no
    embeddings) are compared: all must be the same, to a millionth of the largest weight.

    **What it cannot see.** Groups of equal units beside others; other frameworks.

    **What to do.** Draw the weights of the layer at random: constants leave all its units equal, and they stay so.
    """
    if not run.seen.parameters:
        return None
    equal = run.seen.equal
    more = f" and {len(equal) - 2} more" if len(equal) > 2 else ""
    sentence = f"all units of {', '.join(equal[:2])}{more} are the same" if equal else "units of every layer differ"
    return Observed(choose_status(bool(equal)), sentence, {"layers": list(equal[:10])})


@seen_check(
    "train.capacity",
    "In every run seen, train is not fitted (80 %), and a layer inside the model passes on two numbers or fewer, "
    "for as many classes or more.",
    "the model is too small",
    role=Role("untaught", 220),
)
def train_capacity(record: StudyRecord, run: SeenRun) -> Observed | None:
    """The model is too small for the task: it underfits.

    **What it means.** Train and dev are alike and both are poor: more epochs, or another rate, change little.

    **How it is decided.** All that the model knows of a row must pass through the narrowest of the layers that steps
    move.

    **What it cannot see.** A model that is too small in another way (`brittlestar diagnose STUDY --budget 10m` trains a
    wider one where the study file sets the width). Other frameworks.

    **What to do.** Make the narrowest layer wider, some 16 numbers at least, and see whether train is fitted then.
    """
    skill = watched_runs.train_skill(record, run.cell)
    if run.seen.narrowest is None or skill is None:
        return None
    name, units = run.seen.narrowest
    narrow = units <= NARROW and units <= len(record.classes)
    sentence = (
        f"{name} passes on {units} number{'s' if units > 1 else ''}, the fewest, and train rows are answered "
        f"{format_share(skill)} of the way to all right"
    )
    return Observed(
        choose_status(narrow and skill <= FITTED), sentence, {"layer": name, "units": units, "train_skill": skill}
    )


@seen_check(
    "train.over-regularised",
    "In every run seen, train's loss stays above 70 % of class shares, and 80 % of values are dropped, or decay "
    "takes 1 % of the weights in each step, or halved all and nothing is learned.",
    "regularisation is too strong",
    role=Role("untaught", 90, mild=60),
)
def train_over_regularised(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Regularisation is so strong that the model cannot fit train.

    **What it means.** Train and dev are alike and both are poor, which looks like a model that is too small.

    **How it is decided.** The largest dropout of the modules, the weight decay of the optimiser (times the rate it is
    the share that a step takes away) and the size of all weights at the end over that at the start are read. They count
    where train's loss hardly falls; of a loss that is no log loss, where train rows are answered hardly better than by
    naming one class.

    **What it cannot see.** Functional dropout; penalties in the loss that do not shrink the weights; other frameworks.

    **What to do.** Train once without dropout and weight decay: a model must be able to fit train before it is held
    back.
    """
    seen, shares, learned = run.seen, watched_runs.class_share_loss(record), watched_runs.has_learned(record, run.cell)
    if seen.course is None or learned is None or not np.isfinite([shares, seen.course.late]).all():
        return None
    dropout, decay, size = seen.dropout or 0.0, seen.decay or 0.0, seen.course.size
    unfit = (
        seen.course.late >= watched_runs.HIGH_LOSS * shares
        if watched_runs.is_log_loss(seen)
        else fits_poorly(record, run)
    )
    each = watched_runs.decay_of_step(seen)
    shrunk = size <= SHRUNK and not learned
    takes = f", which takes {format_share(each, 1)} of all weights in each step" if each >= watched_runs.SHRINKS else ""
    ends = f"; the weights end at {format_share(size)} of their size" if np.isfinite(size) else ""
    sentence = f"dropout is {dropout:g}, weight decay {decay:g}{takes}{ends}"
    evidence = {"dropout": dropout, "weight_decay": decay, "size": size if np.isfinite(size) else None}
    strong = dropout >= watched_runs.DROPOUT or shrunk or each >= watched_runs.SHRINKS
    return Observed(choose_status(unfit and strong), sentence, evidence | {"late_loss": seen.course.late})
