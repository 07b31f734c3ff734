"""Reports with a field that has no effect on what was run, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.report import ATTENTION, PLAIN, RECURRENT, Report, as_csv, as_markdown, as_yaml, matching, stated

LEARNED = matching("training.learning_rate")
EPOCHS = matching("training.epochs")

IDLE = (
    Report(
        "attention heads of a recurrent network",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"num_attention_heads": "4"})),
        {"model.heads": "without-effect", **LEARNED},
    ),
    Report(
        "positions of a recurrent network",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"model.positions": "true"})),
        {"model.positions": "without-effect", **LEARNED},
    ),
    Report(
        "momentum of Adam",
        "recurrent",
        ".csv",
        as_csv(stated(RECURRENT, {"momentum": "0.0"})),
        {"training.momentum": "without-effect", **LEARNED},
    ),
    Report(
        "factor of a step that is never made",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"training.schedule.gamma": "0.1"})),
        {"training.schedule.gamma": "without-effect", **LEARNED},
    ),
    Report(
        "epochs between steps that are never made",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"training.schedule.every": "10"})),
        {"training.schedule.every": "without-effect", **LEARNED},
    ),
    Report(
        "direction of a transformer",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, {"bidirectional": "false"})),
        {"model.bidirectional": "without-effect", **LEARNED},
    ),
    Report(
        "dropout between layers of one layer",
        "plain",
        ".yaml",
        as_yaml(stated(PLAIN, {"model.dropout.encoder": "0.2"})),
        {"model.dropout.encoder": "without-effect", **EPOCHS},
    ),
    Report(
        "heads and momentum of a small network",
        "plain",
        ".md",
        as_markdown(stated(PLAIN, {"nhead": "4", "momentum": "0"}), "Setting", "Choice"),
        {"model.heads": "without-effect", "training.momentum": "without-effect", **EPOCHS},
    ),
)

AMBIGUOUS = (
    Report(
        "a rate of something",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"rate": "0.3"})),
        {"rate": "ambiguous", **LEARNED},
    ),
    Report(
        "a decay of something",
        "recurrent",
        ".csv",
        as_csv(stated(RECURRENT, {"decay": "1e-4"})),
        {"decay": "ambiguous", **matching("training.weight_decay")},
    ),
    Report(
        "a scale of something",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"scale": "1.0"})),
        {"scale": "ambiguous", **LEARNED},
    ),
    Report(
        "a size of something",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"size": "48"})),
        {"size": "ambiguous", **matching("model.hidden", "training.batch_size")},
    ),
    Report(
        "a letter",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, {"alpha": "0.1"})),
        {"alpha": "ambiguous", **matching("training.label_smoothing")},
    ),
    Report(
        "a name of nothing",
        "plain",
        ".csv",
        as_csv(stated(PLAIN, {"knob_7": "12"})),
        {"knob_7": "ambiguous", **EPOCHS},
    ),
)
