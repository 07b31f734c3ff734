"""Reports of the fourteenth set with a field that nothing reads, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.fourteenth import forms
from exam.record.fourteenth.forms import idle, replaced, unclear
from exam.record.fourteenth.reported_small import ITEMS, LETTER
from exam.record.fourteenth.stating import FINCH, LICHEN, MOSS, OSPREY, TERN, WREN
from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated

IDLE = (
    Report(
        "layers of a mean",
        "moss",
        ".md",
        as_markdown(stated(MOSS, {"Hidden size": "64", "Layers": "1"}), "Hyperparameter", "Baseline"),
        idle("model.hidden", "model.layers", right=("model.embedding.dim", "training.epochs")),
    ),
    Report(
        "dropout between layers of which there is one",
        "wren",
        ".tex",
        replaced(
            ITEMS, ("  \\item Tokenization", "  \\item Dropout between recurrent layers: 0.2\n  \\item Tokenization")
        ),
        idle("model.dropout.encoder", right=("model.dropout.head", "model.layers")),
    ),
    Report(
        "factor of steps beside a cosine",
        "osprey",
        ".yaml",
        forms.as_wandb(stated(OSPREY, {"training.schedule.gamma": "0.1", "training.schedule.every": "10"})),
        idle("training.schedule.gamma", "training.schedule.every", right=("training.schedule.kind",)),
    ),
    Report(
        "heads of a convolution",
        "tern",
        ".json",
        forms.as_json(stated(TERN, {"num_attention_heads": "4"})),
        idle("model.heads", right=("model.params.channels", "training.momentum")),
    ),
    Report(
        "batches of a fit function",
        "finch",
        ".csv",
        as_csv(stated(FINCH, {"batch size": "64", "label smoothing": "0.1"})),
        idle("training.batch_size", "training.label_smoothing", right=("data.train_rows", "seeds")),
    ),
)

AMBIGUOUS = (
    Report(
        "a letter among arguments",
        "osprey",
        ".txt",
        forms.as_namespace(stated(OSPREY, {"tau": "0.7"})),
        unclear("tau", right=("training.label_smoothing", "training.learning_rate")),
    ),
    Report(
        "a ratio of something",
        "lichen",
        ".md",
        forms.as_bullets(stated(LICHEN, {"ratio": "0.25"})),
        unclear("ratio", right=("training.schedule.gamma", "model.heads")),
    ),
    Report(
        "a coefficient of something",
        "moss",
        ".txt",
        replaced(LETTER, ("learning rate: 0.01\n", "learning rate: 0.01\ncoefficient: 0.3\n")),
        unclear("coefficient", right=("training.learning_rate", "training.batch_size")),
    ),
    Report(
        "a numbered parameter",
        "wren",
        ".yaml",
        as_yaml(stated(WREN, {"param_3": "12"})),
        unclear("param_3", right=("model.hidden", "training.epochs")),
    ),
)
