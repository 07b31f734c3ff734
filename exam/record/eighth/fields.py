"""What was set in each study and is to be stated of it, and kinds of fields by path."""

from __future__ import annotations

from exam.record.report import Kind, matching


def misstated(*paths: str) -> dict[str, Kind]:
    """These fields are stated as something that they were not."""
    return dict.fromkeys(paths, "misstated")


def omitted(*paths: str) -> dict[str, Kind]:
    """These were set in the study, to what is no default, and nobody reads of them."""
    return dict.fromkeys(paths, "omitted")


def default(*paths: str) -> dict[str, Kind]:
    """Nobody chose or stated these."""
    return dict.fromkeys(paths, "omitted-default")


def idle(*paths: str) -> dict[str, Kind]:
    """These are stated, and nothing in the study reads them."""
    return dict.fromkeys(paths, "without-effect")


def unclear(*names: str) -> dict[str, Kind]:
    """Nobody can say what these names mean."""
    return dict.fromkeys(names, "ambiguous")


HERON = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.pooling",
    "model.embedding.dim",
    "model.embedding.mode",
    "model.dropout.embedding",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.class_weights",
    "training.early_stopping.metric",
    "training.early_stopping.patience",
    "training.selection.metric",
    "seeds",
)
OSPREY = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
    "model.pooling",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.label_smoothing",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.warmup",
    "seeds",
)
WREN = matching(
    "data.tokens",
    "data.order",
    "data.train_rows",
    "model.family",
    "model.embedding.dim",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.selection.metric",
    "seeds",
)
FINCH = matching(
    "data.train_rows", "model.own", "model.params.C", "model.params.max_iter", "model.params.min_df", "seeds"
)
PLOVER = matching("model.own", "model.params.rate", "model.params.steps", "model.params.penalty", "seeds")
TERN = matching(
    "model.own",
    "model.params.width",
    "model.params.blocks",
    "model.params.drop",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.clip",
    "training.schedule.warmup",
    "seeds",
)
