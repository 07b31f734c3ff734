"""Finding `train.unchanged`."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.seen_training import Still, StillParameter
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.unchanged"
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
        "frozen": ("asking for no gradient", "Set requires_grad where it is to be trained."),
        "unused": ("never used", "Use it in forward, or remove it."),
    }
)
"""{why: in words, and what to do}."""
THRESHOLD = (
    "In every run seen, no step moved parameters of used modules with 1 % of all values or more, which are not frozen; "
    "or only the first quarter did, or they are frozen as drawn, and train is not fitted."
)
STEP = "Call `optimiser.step()` after `loss.backward()`, in every batch."
REMEDY = "Follow the reason: it says where the way from the loss to the parameter ends."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Parameters that no step moves.

    **What it means.** A part of the model stays as it was drawn. The rest may learn around it, so that nothing is
    noticed.

    **How it is decided.** Values of each parameter before the first step (4,096 at most) are compared with those after
    the steps that are looked at (see `train.clip-bound`). Of those that stay the reason is told. Parameters that ask
    for no gradient, and those of modules that are never called, are not counted, but said. Frozen ones that another
    seed has with other values were drawn at random: they count where train is not fitted (90 %), and so do those that
    the first quarter of these steps moved alone. Tables of embeddings are `embedding.frozen`.

    **Thresholds.** As in the rule. Severity: warning; information where gradients of exactly zero keep less than half
    of a model that fits train: no answer may ask for that part.

    **What it cannot see.** Rows of a table that no token reaches (`embedding.unused`); optimisers and models of other
    frameworks.

    **What to do.** Follow the reason: it says where the way from the loss to the parameter ends.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell)


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    seen = run.seen
    if not seen.parameters:
        return None
    unfit = fits_poorly(record, run, looking.WELL_FITTED)
    drawn = [one for one in looking.list_drawn(record, run) if not one.table] if unfit else []
    counted = [one for one in seen.still if (one.why not in MEANT and (unfit or one.why != "stopped")) or one in drawn]
    values, still = sum(one.values for one in counted), sum(one.values for one in seen.still)
    nothing = still >= seen.parameters
    if not seen.steps:
        story = f"weights never move: gradients are computed {seen.backwards:,} times, and no optimiser takes a step"
        return Told(True, story, {"values": seen.parameters, "backwards": seen.backwards}, remedy=STEP)
    present = values >= SHARE * seen.parameters or nothing
    evidence = {
        "values": seen.parameters,
        "still": values,
        "meant": still - values,
        "parameters": [{"name": one.name, "why": one.why, "line": one.where} for one in seen.still[:10]],
    }
    if present:
        named = counted or list(seen.still)
        share = max(values, still if nothing else 0) / seen.parameters
        story = f"weights are not trained: no step moves {format_share(share)} of the model: {_name(named)}"
        spare = named[0].why == "zero gradient" and not unfit and values < looking.MOSTLY * seen.parameters
        return Told(True, story, evidence, "info" if spare else "warning", REASONS[named[0].why][1])
    aside = f"; {format_share((still - values) / seen.parameters)} are frozen or unused" if still > values else ""
    return Told(
        False, f"steps move {format_share(1 - still / seen.parameters)} of {seen.parameters:,} values{aside}", evidence
    )


def _name(still: Sequence[StillParameter]) -> str:
    """The first parameters with the reason of the largest, and how many more there are."""
    first = still[0]
    alike = [one for one in still if one.why == first.why]
    more = f" and {len(alike) - 2} more" if len(alike) > 2 else ""
    names = ", ".join(one.name for one in alike[:2])
    place = f" ({first.where})" if first.where else ""
    return f"{names}{more}{place}, {REASONS[first.why][0]}"
