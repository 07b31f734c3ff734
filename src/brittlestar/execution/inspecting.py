"""Before anything is trained: every variant's model, built once, and what people see of a variant."""

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.core.results import VariantRecord
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Inspection, InspectJob, Job, Lost, Run
from brittlestar.models.session_model import shown_name
from brittlestar.store.study_document import with_read_back
from brittlestar.study.names import MAIN
from brittlestar.study.settings import ModelSettings, VariantSettings
from brittlestar.study.variants import LoadedStudy, changes_of, settings_of

NOT_YOURS = "built-in reference, not yours"
YOURS = "yours"
_FAMILIES = {
    "lstm": "LSTM",
    "gru": "GRU",
    "transformer": "Transformer",
    "mean": "mean of embeddings",
    "bag": "trained bag of embeddings",
}


def run_one(executor: Executor, job: Job, interruption: Interruption | None = None) -> Finished:
    """Run a single job to its end. Raises what the job reported, or StoreError when it was lost or interrupted."""
    ends: list[Event] = []
    jobs = iter([job])
    try:
        executor.run(lambda: next(jobs, None), ends.append, interruption or Interruption())
    except Interrupted as wish:
        raise StoreError(f"{wish.reason} before the first cell", "", "the same command starts again") from None
    end = ends[-1]
    if isinstance(end, Finished):
        return end
    if isinstance(end, Failed):
        if isinstance(end.reported, BrittlestarError):
            raise end.reported
        lines = [line for line in end.log.splitlines() if line.strip().startswith('File "')]
        raise InputError(end.error, lines[-1].strip() if lines else "model", "mend the model's code and run again")
    reason = end.reason if isinstance(end, Lost) else "it gave no answer"
    raise StoreError(f"building the models failed: {reason}", "", "is there enough memory?")


def first_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The first cell of every variant, in their order."""
    found: dict[str, Cell] = {}
    for cell in cells:
        found.setdefault(cell.variant, cell)
    return tuple(found.values())


def inspect(
    cells: Sequence[Cell], run: Run, executor: Executor, interruption: Interruption | None = None
) -> Inspection:
    """Build the first cell of every variant of `cells`. Raises InputError for code that does not work."""
    first = first_cells(cells)
    return run_one(executor, InspectJob(run, first), interruption).value if first else Inspection()


def title(model: ModelSettings) -> str:
    """How a variant is titled wherever it appears."""
    if model.predictions:
        return f"predictions {model.variant} ({YOURS})" if model.variant else f"predictions ({YOURS})"
    if model.own is not None:
        return f"{shown_name(model.own)} ({YOURS})"
    name = _FAMILIES[model.family]
    if model.family in ("lstm", "gru"):
        name = f"{'bidirectional ' if model.bidirectional else ''}{model.layers}-layer {name}"
    elif model.family == "transformer":
        name = f"{model.layers}-layer {name}{'' if model.positions else ' without positions'}"
    return f"{name} ({NOT_YOURS})"


def variant_records(
    loaded: LoadedStudy,
    read_back: Mapping[str, Mapping[str, Any]],
    parameters: Mapping[str, int | None],
    shapes: Mapping[str, str | None],
) -> tuple[VariantRecord, ...]:
    """Every variant of a study, main first, with what its built objects told."""
    variants = {MAIN: VariantSettings(), **loaded.study.variants}
    return tuple(
        VariantRecord(
            name=name,
            title=variants[name].title or title(study.model),
            own=study.model.own is not None or bool(study.model.predictions),
            changes=dict(changes_of(loaded.study, name)),
            settings=with_read_back(settings_of(loaded, name), read_back.get(name, {})),
            parameters=parameters.get(name),
            unequal_budget=variants[name].unequal_budget,
            shapes=shapes.get(name),
        )
        for name, study in loaded.by_variant.items()
    )
