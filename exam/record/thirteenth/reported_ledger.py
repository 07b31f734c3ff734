"""Reports of the study of a bag of letters, correct ones and those with one thing that is not as it should be."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.thirteenth.forms import as_json, as_latex, default, idle, omitted, unclear, wrong

LEDGER_FIELDS = matching(
    "model.family",
    "data.tokens",
    "data.train_rows",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.class_weights",
    "training.clip",
    "seeds",
)
PAPER = {
    "Model": "bag",
    "Tokens": "characters",
    "Training examples": "240",
    "Epochs": "5",
    "Batch size": "16",
    "Optimizer": "SGD",
    "Learning rate": "0.2",
    "Momentum": "0.9",
    "Weight decay": "1e-4",
    "Class weights": "balanced",
    "Gradient clipping": "none",
    "Seeds": "0-3",
}
KEYS: dict[str, object] = {
    "model": "bag",
    "tokens": "characters",
    "n_train": 240,
    "epochs": 5,
    "batch_size": 16,
    "optimizer": "sgd",
    "lr": 0.2,
    "momentum": 0.9,
    "weight_decay": 0.0001,
    "class_weight": "balanced",
    "max_grad_norm": None,
    "seeds": [0, 1, 2, 3],
}
README = """# Notes classifier

A bag of characters, trained on a part of the notes. To reproduce Table 2:

| Setting | Value | Comment |
| :-- | --: | :-- |
| model | bag | logistic regression on counts |
| tokens | characters | |
| training rows | 240 | drawn by class |
| epochs | 5 | |
| batch size | 16 | |
| optimizer | SGD | no Nesterov |
| learning rate | 2e-1 | constant |
| momentum | 0.9 | |
| L2 regularization (weight decay) | 1e-4 | |
| class weights | balanced | debits are rare |
| gradient clipping | off | |
| seeds | 4 | |
"""
KERAS = """{
  "model": "bag",
  "tokens": "characters",
  "train_rows": 240,
  "compile": {
    "optimizer": {
      "class_name": "SGD",
      "config": {"learning_rate": 0.2, "momentum": 0.9, "nesterov": false, "weight_decay": 0.0001, "clipnorm": null}
    }
  },
  "fit": {"epochs": 5, "batch_size": 16, "class_weight": "balanced", "verbose": 2},
  "seeds": [0, 1, 2, 3]
}
"""
TOML = """seeds = [0, 1, 2, 3]

[data]
path = "notes"
tokens = "characters"
train_rows = 240

[model]
family = "bag"

[training]
epochs = 5
batch_size = 16
class_weights = "balanced"
clip = "none"

[training.optimizer]
name = "torch.optim.SGD"
lr = 0.20
momentum = 0.90
dampening = 0
nesterov = false
weight_decay = 1.0e-4
"""
SHEET = """Parameter,Value
Model,bag
Tokenization,characters
Number of training examples,240
Number of epochs,5
Minibatch size,16
Optimiser,SGD with momentum
Learning rate,0.200
Momentum,0.90
Weight decay,1.0E-04
Class weights,balanced
Gradient clipping,no
Seeds,"0, 1, 2, 3"
Test accuracy,0.91 ± 0.02
Training time,2 s
CPU,AMD EPYC 7763
"""
PAGE = """Setup. Notes are tokenized into characters. The model is a bag of tokens, trained on 240 training examples. We
use SGD with a learning rate of 0.2 and a weight decay of 1e-4, for 5 epochs with a batch size of 16. Class weights are
balanced. We use no gradient clipping. We average over four seeds.
"""

LEDGER_REPORTS = (
    Report("table of a readme with comments", "ledger", ".md", README, LEDGER_FIELDS),
    Report("optimiser as it is serialised", "ledger", ".json", KERAS, LEDGER_FIELDS),
    Report(
        "optimiser in a section",
        "ledger",
        ".toml",
        TOML,
        {**LEDGER_FIELDS, **default("training.schedule.kind", "training.label_smoothing")},
    ),
    Report("settings above results", "ledger", ".csv", SHEET, LEDGER_FIELDS),
    Report(
        "nothing of the schedule",
        "ledger",
        ".yaml",
        as_yaml(stated(PAPER, {"Scores": "see Table 3"})),
        {**LEDGER_FIELDS, **default("training.schedule.kind", "training.selection.metric", "training.early_stopping")},
    ),
    Report(
        "more momentum",
        "ledger",
        ".md",
        as_markdown(stated(PAPER, {"Momentum": "0.99", "Weight decay": "10⁻⁴", "Seeds": "0 to 3"})),
        wrong("training.momentum", right=("training.learning_rate", "training.optimiser")),
    ),
    Report(
        "all rows of the file",
        "ledger",
        ".yaml",
        as_yaml(stated(PAPER, {"Training examples": "320"})),
        wrong("data.train_rows", right=("training.epochs", "data.tokens")),
    ),
    Report(
        "powers of ten in mathematics",
        "ledger",
        ".tex",
        as_latex(stated(PAPER, {"Weight decay": "$10^{-4}$", "Learning rate": "$2\\cdot10^{-1}$", "Seeds": "0--3"})),
        LEDGER_FIELDS,
    ),
    Report(
        "no word of letters",
        "ledger",
        ".csv",
        as_csv(
            stated(
                PAPER, {"Learning rate": "2.0E-01"}, {"Optimizer": "optim", "Epochs": "n_epochs"}, without=("Tokens",)
            )
        ),
        omitted("data.tokens", right=("model.family", "data.train_rows")),
    ),
    Report(
        "no balance of classes",
        "ledger",
        ".json",
        as_json({name: value for name, value in KEYS.items() if name != "class_weight"}),
        omitted("training.class_weights", right=("training.momentum", "training.learning_rate")),
    ),
    Report(
        "page without momentum",
        "ledger",
        ".txt",
        PAGE,
        omitted("training.momentum", right=("training.learning_rate", "training.batch_size", "training.epochs")),
    ),
    Report(
        "units of a model that has none",
        "ledger",
        ".md",
        as_markdown(stated(PAPER, {"Hidden size": "64"}), "Setting", "Value"),
        idle("model.hidden", right=("model.family", "training.momentum")),
    ),
    Report(
        "margin of something",
        "ledger",
        ".json",
        as_json({**KEYS, "margin": 0.2}),
        unclear("margin", right=("training.learning_rate", "training.class_weights")),
    ),
)
