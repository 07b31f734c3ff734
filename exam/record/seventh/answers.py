"""Which settings of each study somebody chose: a complete and correct report has a match for all of them."""

from __future__ import annotations

from exam.record.report import Kind, matching

SORREL = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "training.clip",
    "seeds",
)
FENNEL = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
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
    "seeds",
)
TANSY = matching(
    "data.train_rows",
    "model.family",
    "model.embedding.dim",
    "model.dropout.embedding",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.class_weights",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.early_stopping.patience",
    "training.selection.metric",
    "seeds",
)
BRACKEN = matching(
    "model.own",
    "model.params.embed_dim",
    "model.params.hidden_dim",
    "model.params.depth",
    "model.params.word_dropout",
    "training.epochs",
    "training.learning_rate",
    "training.clip",
    "training.selection.metric",
    "seeds",
)
YARROW = matching(
    "model.own",
    "model.params.C",
    "model.params.max_iter",
    "model.params.ngram_max",
    "model.params.class_weight",
    "seeds",
)
CICELY = matching("model.own", "data.train_rows", "seeds")


def but(
    right: dict[str, Kind],
    *,
    misstated: tuple[str, ...] = (),
    omitted: tuple[str, ...] = (),
    idle: tuple[str, ...] = (),
    ambiguous: tuple[str, ...] = (),
    default: tuple[str, ...] = (),
    matched: tuple[str, ...] = (),
) -> dict[str, Kind]:
    """The same with other answers for some fields."""
    return {
        **right,
        **matching(*matched),
        **_each("misstated", misstated),
        **_each("omitted", omitted),
        **_each("without-effect", idle),
        **_each("ambiguous", ambiguous),
        **_each("omitted-default", default),
    }


def _each(kind: Kind, paths: tuple[str, ...]) -> dict[str, Kind]:
    return dict.fromkeys(paths, kind)
