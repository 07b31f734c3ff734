"""Reports of the second set with a field that nothing reads, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.second.studies import COURIER, KITE, PIGEON

LEARNED = matching("training.learning_rate")

IDLE = (
    Report(
        "width of a bag",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, {"hidden size": "64"})),
        {"model.hidden": "without-effect", **LEARNED},
    ),
    Report(
        "vectors of a bag",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, {"embedding_dim": "32"})),
        {"model.embedding.dim": "without-effect", **LEARNED},
    ),
    Report(
        "pooling of a bag",
        "pigeon",
        ".csv",
        as_csv(stated(PIGEON, {"pooling": "mean"})),
        {"model.pooling": "without-effect", **LEARNED},
    ),
    Report(
        "dropout of a bag",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, {"model.dropout.head": "0.2"})),
        {"model.dropout.head": "without-effect", **matching("training.label_smoothing")},
    ),
    Report(
        "factor of a cosine",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, {"training.schedule.gamma": "0.1"}), "Setting", "Choice"),
        {"training.schedule.gamma": "without-effect", **matching("training.schedule.kind")},
    ),
    Report(
        "directions of an own model",
        "kite",
        ".yaml",
        as_yaml(stated(KITE, {"model.bidirectional": "false"})),
        {"model.bidirectional": "without-effect", **LEARNED},
    ),
    Report(
        "layers and heads of an own model",
        "kite",
        ".csv",
        as_csv(stated(KITE, {"model.layers": "2", "model.heads": "4"})),
        {"model.layers": "without-effect", "model.heads": "without-effect", **matching("model.params.width")},
    ),
    Report(
        "epochs between steps of a constant rate",
        "kite",
        ".md",
        as_markdown(stated(KITE, {"training.schedule.every": "10"})),
        {"training.schedule.every": "without-effect", **matching("training.schedule.warmup")},
    ),
)

AMBIGUOUS = (
    Report(
        "a Greek letter",
        "courier",
        ".md",
        as_markdown(stated(COURIER, {"λ": "0.05"})),
        {"λ": "ambiguous", **matching("training.weight_decay")},
    ),
    Report(
        "a threshold of something",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, {"threshold": "0.5"})),
        {"threshold": "ambiguous", **LEARNED},
    ),
    Report(
        "a number of something",
        "pigeon",
        ".csv",
        as_csv(stated(PIGEON, {"N": "4"})),
        {"N": "ambiguous", **matching("seeds")},
    ),
    Report(
        "a window of something",
        "kite",
        ".md",
        as_markdown(stated(KITE, {"window": "3"})),
        {"window": "ambiguous", **matching("model.params.kernel")},
    ),
)
