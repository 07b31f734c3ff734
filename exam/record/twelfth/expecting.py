"""What is expected of a report: fields that are stated as they were, and those that are not."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, matching

HARBOUR = matching(
    "model.family",
    "model.hidden",
    "model.pooling",
    "model.embedding.dim",
    "model.embedding.mode",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.class_weights.gale",
    "training.class_weights.calm",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.selection.metric",
    "seeds",
)
FERRY = matching(
    "data.train_rows",
    "model.family",
    "model.hidden",
    "model.heads",
    "model.layers",
    "model.positions",
    "model.pooling",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.label_smoothing",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.early_stopping.metric",
    "training.early_stopping.patience",
    "seeds",
)
ABACUS = matching(
    "data.tokens",
    "model.family",
    "model.embedding.dim",
    "model.embedding.scale",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.clip",
    "training.class_weights",
    "seeds",
    "streams.order",
)
LEDGER = matching("model.own", "model.params.rate", "model.params.rounds", "model.params.ridge", "seeds")
LOOM = matching(
    "model.own",
    "model.params.filters",
    "model.params.reach",
    "model.params.leak",
    "model.initial_scale",
    "model.batch_statistics",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "training.schedule.warmup",
    "training.selection.metric",
    "seeds",
)
"""What matters of each study: all that is not as it would be by default, and has an effect."""


def expect(
    fields: Mapping[str, Kind],
    *right: str,
    wrong: tuple[str, ...] = (),
    omitted: tuple[str, ...] = (),
    default: tuple[str, ...] = (),
    idle: tuple[str, ...] = (),
    unclear: tuple[str, ...] = (),
) -> dict[str, Kind]:
    """The fields with others that are `right`, and those that are of another kind."""
    assert set(omitted) <= set(fields)
    return {
        **fields,
        **matching(*right),
        **dict.fromkeys(wrong, "misstated"),
        **dict.fromkeys(omitted, "omitted"),
        **dict.fromkeys(default, "omitted-default"),
        **dict.fromkeys(idle, "without-effect"),
        **dict.fromkeys(unclear, "ambiguous"),
    }
