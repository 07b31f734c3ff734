"""Reports of the fourteenth set that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from exam.record.fourteenth import forms
from exam.record.fourteenth.forms import default, omitted, replaced
from exam.record.fourteenth.reported_osprey import SENTENCES
from exam.record.fourteenth.reported_small import OVERRIDES, SESSION
from exam.record.fourteenth.reported_tern import TABLES
from exam.record.fourteenth.stating import LICHEN, MOSS, OSPREY, TERN
from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated

OMITTED = (
    Report(
        "sentences without smoothing",
        "osprey",
        ".md",
        replaced(SENTENCES, ("apply label smoothing of 0.05 and clip", "clip")),
        omitted("training.label_smoothing", right=("training.clip", "training.batch_size")),
    ),
    Report(
        "rate without its course",
        "osprey",
        ".tex",
        forms.as_latex(stated(OSPREY, without=("schedule", "warmup epochs"))),
        omitted("training.schedule.kind", "training.schedule.warmup", right=("training.learning_rate",)),
    ),
    Report(
        "loss without weights",
        "lichen",
        ".yaml",
        forms.as_wandb(stated(LICHEN, without=("class weights",))),
        omitted("training.class_weights", right=("training.optimiser", "training.weight_decay")),
    ),
    Report(
        "descent without momentum",
        "tern",
        ".toml",
        replaced(TABLES, ("momentum = 0.90\n", "")),
        omitted("training.momentum", right=("training.optimiser", "training.learning_rate")),
    ),
    Report(
        "vectors without a word on training",
        "moss",
        ".json",
        replaced(SESSION, ('    "embedding.mode": "frozen-random",\n', "")),
        omitted("model.embedding.mode", right=("model.embedding.dim", "training.epochs")),
    ),
    Report(
        "overrides without data",
        "wren",
        ".yaml",
        replaced(OVERRIDES, ("- data.tokens=characters\n", ""), ("- data.train_rows=800\n", "")),
        omitted("data.tokens", "data.train_rows", right=("model.family", "training.epochs")),
    ),
)

DEFAULT = (
    Report(
        "no optimiser and no family",
        "osprey",
        ".json",
        forms.as_json(stated(OSPREY, without=("optimizer", "family", "layers"))),
        default(
            "training.optimiser",
            "model.family",
            "model.layers",
            "training.class_weights",
            right=("training.learning_rate", "model.hidden"),
        ),
    ),
    Report(
        "no smoothing and no choice of a checkpoint",
        "lichen",
        ".csv",
        as_csv(LICHEN, "setting", "value"),
        default("training.label_smoothing", "training.selection.metric", "training.precision", right=("seeds",)),
    ),
    Report(
        "nothing inside an own network's optimiser",
        "tern",
        ".md",
        as_markdown(stated(TERN, {"device": "CPU"}), "Hyper-parameter", "Setting"),
        default(
            "library.SGD.nesterov",
            "library.SGD.dampening",
            "training.label_smoothing",
            right=("training.device", "training.momentum"),
        ),
    ),
    Report(
        "little of a small model",
        "moss",
        ".yaml",
        as_yaml(MOSS),
        default("training.optimiser", "training.clip", "training.weight_decay", right=("training.learning_rate",)),
    ),
)
