"""Reports of networks in which one or two values are not those that were used, in the forms of the correct ones."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated
from exam.record.sixteenth.fields import kinds, swapped
from exam.record.sixteenth.reported_lantern import EXPORT, README, SEARCHED, TRACKED
from exam.record.sixteenth.reported_tides import BOOKTABS, CARD, DUMP, FLAGS, METHODS
from exam.record.sixteenth.studies import LANTERN, TIDES

ABSTRACT = """# Letters in the dark

We train a Transformer; each row is tokenised into characters. It has 3 layers with 8 attention heads and a hidden
size of 32; the dropout rate is 0.1. We use Adam with a learning rate of 6e-4 and a batch size of 64 for 12 epochs.
The learning rate is multiplied by 0.3 every 2 epochs (StepLR). We use label smoothing of 0.08. Results are averaged
over two seeds (0 and 1).
"""
SPLIT = """[tool.lantern]
tokens = "whitespace"
model = "transformer"
hidden_size = 32
num_attention_heads = 8
num_hidden_layers = 3
dropout = 0.1
learning_rate = 0.0006
label_smoothing = 0.08
lr_scheduler = "step"
step_size = 2
gamma = 0.3
epochs = 6
seeds = [0, 1]
"""

WRONG_TIDES = (
    Report(
        "rate of a thesis",
        "tides",
        ".tex",
        swapped(BOOKTABS, (r"$4 \times 10^{-3}$", r"$4 \times 10^{-4}$")),
        kinds("misstated", "training.learning_rate", right=("training.weight_decay", "training.clip")),
    ),
    Report(
        "steps of a card",
        "tides",
        ".md",
        swapped(CARD, ("warmup_steps: 40", "warmup_steps: 400")),
        kinds("misstated", "training.schedule.warmup", right=("training.schedule.kind", "training.epochs")),
    ),
    Report(
        "weight of a class",
        "tides",
        ".json",
        swapped(DUMP, ('"slack": 3.0', '"slack": 2.0')),
        kinds(
            "misstated",
            "training.class_weights.slack",
            right=("training.class_weights.ebb", "training.class_weights.flood"),
        ),
    ),
    Report(
        "batches and seeds in prose",
        "tides",
        ".txt",
        swapped(METHODS, ("batches of 24\nsequences", "batches of 32\nsequences"), ("5, 17 and 29", "5, 17 and 23")),
        kinds("misstated", "training.batch_size", "seeds", right=("training.learning_rate", "training.weight_decay")),
    ),
    Report(
        "ratio of a command",
        "tides",
        ".txt",
        swapped(FLAGS, ("--warmup_ratio 0.125", "--warmup_ratio 0.25")),
        kinds("misstated", "training.schedule.warmup", right=("training.schedule.kind", "model.bidirectional")),
    ),
    Report(
        "longer patience",
        "tides",
        ".yaml",
        as_yaml(stated(TIDES, {"early stopping patience": "5 epochs"})),
        kinds("misstated", "training.early_stopping.patience", right=("training.early_stopping.metric",)),
    ),
    Report(
        "kept by another metric",
        "tides",
        ".csv",
        as_csv(stated(TIDES, {"selection metric": "accuracy"}), "Setting", "Value"),
        kinds("misstated", "training.selection.metric", right=("training.early_stopping.metric",)),
    ),
    Report(
        "other pooling and other rate between layers",
        "tides",
        ".md",
        as_markdown(stated(TIDES, {"pooling": "mean", "model.dropout.encoder": "1.5 %"})),
        kinds("misstated", "model.pooling", "model.dropout.encoder", right=("model.dropout.head", "model.family")),
    ),
)
WRONG_LANTERN = (
    Report(
        "heads of a command",
        "lantern",
        ".md",
        swapped(README, ("--n-heads 8", "--n-heads 4")),
        kinds("misstated", "model.heads", right=("model.layers", "model.hidden")),
    ),
    Report(
        "factor of a tracker",
        "lantern",
        ".yaml",
        swapped(TRACKED, ("value: 0.3\n", "value: 0.03\n")),
        kinds("misstated", "training.schedule.gamma", right=("training.schedule.every", "training.schedule.kind")),
    ),
    Report(
        "smoothing of an export",
        "lantern",
        ".csv",
        EXPORT.replace(",0.08,", ",0.8,"),
        kinds("misstated", "training.label_smoothing", right=("training.learning_rate", "seeds")),
    ),
    Report(
        "choice among what was searched",
        "lantern",
        ".md",
        swapped(SEARCHED, ("1, 2, 3 | 3 |", "1, 2, 3 | 2 |"), ("[1e-4, 1e-2] | 6e-4", "[1e-4, 1e-2] | 6e-3")),
        kinds("misstated", "model.layers", "training.learning_rate", right=("model.heads", "data.tokens")),
    ),
    Report(
        "twice as long in prose",
        "lantern",
        ".md",
        ABSTRACT,
        kinds("misstated", "training.epochs", right=("model.layers", "model.heads", "training.learning_rate")),
    ),
    Report(
        "words of a config",
        "lantern",
        ".toml",
        SPLIT,
        kinds("misstated", "data.tokens", right=("model.hidden", "training.label_smoothing")),
    ),
    Report(
        "second moment",
        "lantern",
        ".yaml",
        as_yaml(stated(LANTERN, {"optim": "torch.optim.Adam", "adam_beta1": "0.9", "adam_beta2": "0.98"})),
        kinds("misstated", "library.Adam.betas", right=("training.optimiser", "training.learning_rate")),
    ),
)

WRONG_NETWORKS = (*WRONG_TIDES, *WRONG_LANTERN)
