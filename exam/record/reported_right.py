"""Correct reports in unusual spellings: every field is a match."""

from __future__ import annotations

from exam.record.report import ATTENTION, PLAIN, RECURRENT, Report, as_csv, as_markdown, as_yaml, matching, stated

RECURRENT_FIELDS = matching(
    "model.hidden",
    "model.layers",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "seeds",
)
ATTENTION_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
    "model.pooling",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.label_smoothing",
    "training.clip",
    "seeds",
)
PLAIN_FIELDS = matching(
    "data.train_rows",
    "model.family",
    "model.hidden",
    "model.layers",
    "training.epochs",
    "training.early_stopping.patience",
    "seeds",
)

DOTTED = """model.family: lstm
model.hidden: 48
model.layers: 3
model.dropout.encoder: 3.0e-1
model.dropout.head: .30
training.epochs: 4
training.batch_size: 32
training.learning_rate: 3.0E-3
training.weight_decay: 0.00010
seeds: 3
"""
NESTED = """model:
  type: LSTM
  hidden_size: 48
  num_layers: 3
  dropout: 0.3
optimizer:
  name: Adam
  lr: 3e-3
  weight_decay: 1e-4
  betas: [0.9, 0.999]
  eps: 1e-8
training:
  epochs: 4
  batch_size: 32
seeds: [0, 1, 2]
"""
TRAINER = """# TrainingArguments, and the encoder's config
per_device_train_batch_size: 32
num_train_epochs: 4.0
learning_rate: 0.0030
weight_decay: 1.0e-4
adam_beta1: 0.9
adam_beta2: 0.999
adam_epsilon: 1e-08
max_grad_norm: 1.0
lr_scheduler_type: constant
hidden_size: 48
num_hidden_layers: 3
dropout: 0.3
seed: [0, 1, 2]
"""
KERAS = """units: 48
num_layers: 3
dropout: 0.3
optimizer: Adam
learning_rate: 3e-03
weight_decay: 0.0001
beta_1: 0.9
beta_2: 0.999
epochs: 4
batch_size: 32
seeds: 0-2
"""
LIGHTNING = """max_epochs: 4
gradient_clip_val: 1.0
precision: 32
accelerator: cpu
batch_size: 32
lr: 0.003
weight_decay: 0.0001
hidden_dim: 48
num_layers: 3
dropout: 0.3
seeds: 0, 1, 2
"""
FAIRSEQ = """--arch: lstm
--encoder-layers: 3
--encoder-hidden-size: 48
--dropout: 0.3
--optimizer: adam
--adam-betas: (0.9, 0.999)
--lr: [0.003]
--max-epoch: 4
--batch-size: 32
--weight-decay: 0.0001
--clip-norm: 1.0
--seed: [0, 1, 2]
"""
SKLEARN = """parameter,value
hidden_layer_sizes,"(48, 48, 48)"
solver,adam
learning_rate_init,0.003
batch_size,32
max_iter,4
weight_decay,0.0001
dropout,0.3
random_state,"0, 1, 2"
"""
FORMULAS = {
    "Hidden units": "48",
    "Number of layers": "3",
    "Dropout": "30 %",
    "Epochs": "4",
    "Batch size": "32 sequences",
    "Learning rate": r"$3 \times 10^{-3}$",
    "Weight decay": "10⁻⁴",
    "Random seeds": "0, 1 and 2",
}
DECIMALS = {
    "lr": ".003",
    "wd": "1.00e-04",
    "dropout": "3/10",
    "n_epochs": "4",
    "bs": "32",
    "d_hidden": "48",
    "n_layers": "3",
    "seeds": "0;1;2",
}
WARMED = {
    "label smoothing": "10%",
    "gradient clipping": "5e-1",
    "momentum": "0.90",
    "learning rate": "5 · 10⁻²",
    "warmup ratio": "25 %",
}
WIDE = """model,hidden size,layers,heads,pooling,epochs,batch size,optimizer,lr,momentum,scheduler,warmup epochs,\
label smoothing,clip,seeds
transformer,32,1,2,max,4,40,sgd,0.05,0.9,cosine,1,0.1,0.5,"0, 1"
"""
RUN_OF_TRAINER = """per_device_train_batch_size: 40
num_train_epochs: 4
optim: sgd
momentum: 0.9
learning_rate: 5e-2
lr_scheduler_type: cosine
warmup_steps: 30
label_smoothing_factor: 0.1
max_grad_norm: 0.5
model_type: transformer
hidden_size: 32
num_hidden_layers: 1
num_attention_heads: 2
pooling: max
seeds: [0, 1]
"""
THOUSAND = {"training examples": "1k", "seeds": "4 and 5", "patience": "2 epochs", "epochs": "6 (at most)"}

RIGHT = (
    Report("names of the study file", "recurrent", ".yaml", DOTTED, {**RECURRENT_FIELDS, **matching("model.family")}),
    Report(
        "nested by part",
        "recurrent",
        ".yaml",
        NESTED,
        {**RECURRENT_FIELDS, **matching("training.optimiser", "library.Adam.betas", "library.Adam.eps")},
    ),
    Report(
        "arguments of a trainer",
        "recurrent",
        ".yaml",
        TRAINER,
        {**RECURRENT_FIELDS, **matching("library.Adam.eps", "training.clip", "training.schedule.kind")},
    ),
    Report("names of Keras", "recurrent", ".yaml", KERAS, {**RECURRENT_FIELDS, **matching("training.optimiser")}),
    Report(
        "names of Lightning",
        "recurrent",
        ".yaml",
        LIGHTNING,
        {**RECURRENT_FIELDS, **matching("training.clip", "training.precision", "training.device")},
    ),
    Report(
        "options of fairseq",
        "recurrent",
        ".yaml",
        FAIRSEQ,
        {**RECURRENT_FIELDS, **matching("model.family", "training.optimiser", "training.clip")},
    ),
    Report("names of scikit-learn", "recurrent", ".csv", SKLEARN, RECURRENT_FIELDS),
    Report("formulas and per cent", "recurrent", ".md", as_markdown(FORMULAS), RECURRENT_FIELDS),
    Report("short names and decimals", "recurrent", ".csv", as_csv(DECIMALS, "name", "setting"), RECURRENT_FIELDS),
    Report(
        "steps in place of epochs",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"max_steps": "152"}, without=("epochs",))),
        RECURRENT_FIELDS,
    ),
    Report("warm-up in steps", "attention", ".yaml", RUN_OF_TRAINER, ATTENTION_FIELDS),
    Report(
        "warm-up as a ratio",
        "attention",
        ".md",
        as_markdown(stated(ATTENTION, WARMED, without=("warmup epochs",)), "Setting", "Value"),
        ATTENTION_FIELDS,
    ),
    Report("names across", "attention", ".csv", WIDE, ATTENTION_FIELDS),
    Report("thousand and words", "plain", ".yaml", as_yaml(stated(PLAIN, THOUSAND)), PLAIN_FIELDS),
    Report(
        "code marks and bold",
        "plain",
        ".md",
        as_markdown({f"**{name}**": f"`{value}`" for name, value in PLAIN.items()}, "Option", "Ours"),
        PLAIN_FIELDS,
    ),
)
