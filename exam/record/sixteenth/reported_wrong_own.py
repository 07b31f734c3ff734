"""Reports of the simpler studies in which one or two values are not those that were used."""

from __future__ import annotations

from exam.record.report import Report, as_yaml, stated
from exam.record.sixteenth.fields import kinds, swapped
from exam.record.sixteenth.reported_gravel import COMPILED, SUBSECTION
from exam.record.sixteenth.reported_own import ALIGNED, LIGHTNING, SHEET
from exam.record.sixteenth.studies import QUILL

WRONG_SIMPLE = (
    Report(
        "another kind of momentum",
        "gravel",
        ".json",
        swapped(COMPILED, ('"nesterov": false', '"nesterov": true')),
        kinds("misstated", "library.SGD.nesterov", right=("training.momentum", "training.optimiser")),
    ),
    Report(
        "items with all rows and a clip",
        "gravel",
        ".tex",
        swapped(SUBSECTION, ("Training rows: 800", "Training rows: 960"), ("clipping: none", "clipping: 1.0")),
        kinds("misstated", "data.train_rows", "training.clip", right=("training.epochs", "training.class_weights")),
    ),
    Report(
        "stronger decay",
        "quill",
        ".yaml",
        swapped(LIGHTNING, ("weight_decay: 0.0001", "weight_decay: 0.001")),
        kinds("misstated", "training.weight_decay", right=("training.learning_rate", "training.clip")),
    ),
    Report(
        "narrow windows",
        "quill",
        ".yaml",
        as_yaml(stated(QUILL, {"window": "3"})),
        kinds("misstated", "model.params.window", right=("model.params.filters", "model.params.drop")),
    ),
)
WRONG_CODE = (
    Report(
        "ridge of a sheet",
        "mortar",
        ".csv",
        swapped(SHEET, ("ridge,2.0e-3", "ridge,2.0e-2")),
        kinds("misstated", "model.params.ridge", right=("model.params.pull", "model.params.rounds")),
    ),
    Report(
        "wider log",
        "heron",
        ".txt",
        swapped(ALIGNED, ("hidden_size    = 64", "hidden_size    = 128")),
        kinds("misstated", "model.hidden", right=("model.layers", "training.batch_size")),
    ),
)

WRONG_OTHERS = (*WRONG_SIMPLE, *WRONG_CODE)
