"""What people see of an arm: its title, whose model it is, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brittlestar.core.results import VariantRecord
from brittlestar.execution.study_document import with_read_back
from brittlestar.study.loaded import LoadedStudy
from brittlestar.study.settings import ModelSettings
from brittlestar.study.settings_table import settings_of
from brittlestar.study.variants import BASELINE, changes_of, variant_settings

NOT_YOURS = "reference model, not yours"
_FAMILIES = {
    "lstm": "LSTM",
    "gru": "GRU",
    "transformer": "Transformer",
    "mean": "mean of embeddings",
    "bag": "bag of tokens",
}


def title(model: ModelSettings) -> str:
    """How an arm is titled wherever it appears."""
    if model.predictions:
        return f"given predictions: {model.arm}" if model.arm else "given predictions"
    if model.own is not None:
        return f"own model: {model.own}"
    name = _FAMILIES[model.family]
    if model.family in ("lstm", "gru"):
        name = f"{'bidirectional ' if model.bidirectional else ''}{model.layers}-layer {name}"
    elif model.family == "transformer":
        name = f"{model.layers}-layer {name}{'' if model.positions else ' without positions'}"
    return f"{NOT_YOURS}: {name}"


def variant_records(
    loaded: LoadedStudy, read_back: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, int | None]
) -> tuple[VariantRecord, ...]:
    """Every arm of a study, baseline first, with what its built objects told."""
    records: list[VariantRecord] = []
    for name, study in variant_settings(loaded.study).items():
        variant = loaded.study.variants.get(name)
        model = study.model
        records.append(
            VariantRecord(
                name=name,
                title=title(model),
                own=model.own is not None or bool(model.predictions),
                changes={} if name == BASELINE else dict(changes_of(loaded.study, name)),
                settings=with_read_back(settings_of(loaded, name), read_back.get(name, {})),
                parameters=parameters.get(name),
                unequal_budget=variant.unequal_budget if variant else None,
            )
        )
    return tuple(records)
