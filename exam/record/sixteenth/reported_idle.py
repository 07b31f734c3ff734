"""Reports of the sixteenth set with a field that nothing reads, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated
from exam.record.sixteenth.fields import kinds
from exam.record.sixteenth.studies import GRAVEL, LANTERN, QUILL, TIDES

RATE = ("training.learning_rate",)
RUN = """Fit of 14 May

- model.own: mortar:fit
- rounds: 45
- pull: 0.6
- ridge: 0.002
- training rows: 600
- batch size: 32
- seeds: 8 and 9
"""

IDLE = (
    Report(
        "momentum beside AdamW",
        "tides",
        ".yaml",
        as_yaml(stated(TIDES, {"momentum": "0.9"})),
        kinds("without-effect", "training.momentum", right=("training.optimiser", *RATE)),
    ),
    Report(
        "directions of attention",
        "lantern",
        ".csv",
        as_csv(stated(LANTERN, {"bidirectional": "true"})),
        kinds("without-effect", "model.bidirectional", right=("model.heads", *RATE)),
    ),
    Report(
        "heads and layers of a mean",
        "gravel",
        ".md",
        as_markdown(stated(GRAVEL, {"attention heads": "8", "number of layers": "3"})),
        kinds("without-effect", "model.heads", "model.layers", right=("model.embedding.dim",)),
    ),
    Report(
        "factor of a rate that stays",
        "quill",
        ".yaml",
        as_yaml(stated(QUILL, {"training.schedule.gamma": "0.5"})),
        kinds("without-effect", "training.schedule.gamma", right=RATE),
    ),
    Report(
        "batches of a fit function",
        "mortar",
        ".md",
        RUN,
        kinds("without-effect", "training.batch_size", right=("model.params.rounds", "data.train_rows")),
    ),
)
AMBIGUOUS = (
    Report(
        "a Greek letter of tides",
        "tides",
        ".md",
        as_markdown(stated(TIDES, {"κ": "7"})),
        kinds("ambiguous", "κ", right=RATE),
    ),
    Report(
        "a letter of attention",
        "lantern",
        ".yaml",
        as_yaml(stated(LANTERN, {"Q": "12"})),
        kinds("ambiguous", "Q", right=("model.heads",)),
    ),
    Report(
        "sharpness of something",
        "gravel",
        ".csv",
        as_csv(stated(GRAVEL, {"sharpness": "0.65"})),
        kinds("ambiguous", "sharpness", right=("training.momentum",)),
    ),
    Report(
        "a constant with a number",
        "quill",
        ".md",
        as_markdown(stated(QUILL, {"c2": "17"}), "Parameter", "Value"),
        kinds("ambiguous", "c2", right=("model.params.window",)),
    ),
)
