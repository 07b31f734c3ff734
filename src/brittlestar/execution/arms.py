"""What people see of a variant: its title, whose model it is, and what it changes."""

from collections.abc import Mapping
from typing import Any

from brittlestar.core.results import VariantRecord
from brittlestar.models.session_model import shown_name
from brittlestar.store.study_document import with_read_back
from brittlestar.study.names import MAIN
from brittlestar.study.settings import ModelSettings, VariantSettings
from brittlestar.study.variants import LoadedStudy, changes_of, settings_of, variant_settings

NOT_YOURS = "built-in reference, not yours"
YOURS = "yours"
_FAMILIES = {
    "lstm": "LSTM",
    "gru": "GRU",
    "transformer": "Transformer",
    "mean": "mean of embeddings",
    "bag": "bag of tokens",
}


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
        for name, study in variant_settings(loaded.study).items()
    )
