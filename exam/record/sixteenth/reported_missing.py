"""Reports of the sixteenth set that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated
from exam.record.sixteenth.fields import kinds, swapped
from exam.record.sixteenth.reported_own import WIKI
from exam.record.sixteenth.studies import GRAVEL, HERON, LANTERN, MORTAR, TIDES

OMITTED = (
    Report(
        "neither clipping nor warm-up",
        "tides",
        ".md",
        as_markdown(stated(TIDES, without=("gradient clipping", "warmup epochs"))),
        kinds("omitted", "training.clip", "training.schedule.warmup", right=("training.schedule.kind",)),
    ),
    Report(
        "neither tokens nor smoothing",
        "lantern",
        ".yaml",
        as_yaml(stated(LANTERN, without=("tokens", "label smoothing"))),
        kinds("omitted", "data.tokens", "training.label_smoothing", right=("model.heads",)),
    ),
    Report(
        "neither rows nor momentum",
        "gravel",
        ".csv",
        as_csv(stated(GRAVEL, without=("training rows", "momentum")), "Name", "Value"),
        kinds("omitted", "data.train_rows", "training.momentum", right=("training.optimiser",)),
    ),
    Report(
        "page without stopping and dropout",
        "quill",
        ".txt",
        swapped(WIKI, ("early stopping: patience of 2 epochs\n", ""), ("drop: 35%\n", "")),
        kinds(
            "omitted",
            "training.early_stopping.patience",
            "model.params.drop",
            right=("model.params.filters", "training.weight_decay"),
        ),
    ),
    Report(
        "own function without a parameter",
        "mortar",
        ".md",
        as_markdown(stated(MORTAR, without=("pull",)), "Option", "Value"),
        kinds("omitted", "model.params.pull", right=("model.params.rounds", "model.params.ridge")),
    ),
    Report(
        "network without what it pools",
        "heron",
        ".yaml",
        as_yaml(stated(HERON, without=("pooling", "model.embedding.mode"))),
        kinds("omitted", "model.pooling", "model.embedding.mode", right=("training.epochs",)),
    ),
)
DEFAULT = (
    Report(
        "only what was chosen",
        "heron",
        ".csv",
        as_csv(HERON),
        kinds(
            "omitted-default",
            "model.family",
            "model.hidden",
            "training.optimiser",
            "training.clip",
            right=("training.learning_rate",),
        ),
    ),
    Report(
        "nothing of batches",
        "lantern",
        ".md",
        as_markdown(LANTERN, "Hyper-parameter", "Setting"),
        kinds("omitted-default", "training.batch_size", "training.optimiser", right=("training.epochs",)),
    ),
    Report(
        "nothing of a schedule's kind",
        "gravel",
        ".yaml",
        as_yaml(GRAVEL),
        kinds(
            "omitted-default",
            "training.schedule.kind",
            "training.label_smoothing",
            right=("training.schedule.warmup", "training.class_weights"),
        ),
    ),
    Report(
        "nothing of the optimiser",
        "quill",
        ".txt",
        swapped(WIKI, ("optimizer: Adam (PyTorch)\n", "")),
        kinds("omitted-default", "training.optimiser", "training.label_smoothing", right=("training.batch_size",)),
    ),
)
