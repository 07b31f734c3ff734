"""Correct reports of the recurrent study of molecules: every field is a match."""

from __future__ import annotations

from exam.record.fourth.layouts import as_items, as_noted, as_ranged, as_sections
from exam.record.fourth.studies import CURLEW
from exam.record.report import Report, as_csv, as_markdown, matching, stated

CURLEW_FIELDS = matching(
    "data.tokens",
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.clip",
    "training.early_stopping.metric",
    "training.early_stopping.patience",
    "training.selection.metric",
    "seeds",
)
ESPNET = """# conf/train_gru.yaml
token_type: char
encoder: gru
encoder_conf:
  hidden_size: 28
  num_layers: 2
  bidirectional: true
  dropout: 0.25
embedding_dim: 20
pooling: max
head_dropout: 0.4
max_epoch: 6
batch_size: 30
optim: sgd
optim_conf:
  lr: 0.08
  momentum: 0.85
  weight_decay: 5.0e-4
scheduler: steplr
scheduler_conf:
  step_size: 2
  gamma: 0.5
grad_clip: 2.5
patience: 4
early_stopping_metric: accuracy
selection_metric: accuracy
seed: [7, 19, 23]
"""
BUILT = """data:
  tokenizer: characters
model:
  type: GRU
  hidden_size: 28
  num_layers: 2
  bidirectional: true
  pooling: max
  embedding_size: 20
  dropout: {encoder: 0.25, head: 0.4}
optimizer:
  type: SGD
  params: {lr: 0.08, momentum: 0.85, weight_decay: 0.0005, nesterov: false, dampening: 0}
lr_scheduler:
  type: StepLR
  params: {step_size: 2, gamma: 0.5}
trainer:
  epochs: 6
  batch_size: 30
  max_grad_norm: 2.5
  early_stopping: {metric: accuracy, patience: 4}
  selection: {metric: accuracy}
seeds: [7, 19, 23]
"""
PROSE = {
    "Tokenisation": "character-level SMILES",
    "Encoder": "2-layer bidirectional GRU",
    "Hidden units": "28 per direction",
    "Pooling": "max-pooling over time",
    "Embedding size": "20",
    "Encoder dropout": "0.25",
    "Classifier dropout": "0.4",
    "Optimiser": "SGD with momentum 0.85",
    "Initial learning rate": "0.08",
    "Weight decay": "$5 \\times 10^{-4}$",
    "LR schedule": "step decay, ×0.5 every 2 epochs",
    "Mini-batch size": "30 molecules",
    "Maximum number of epochs": "6",
    "Gradient norm clipping": "2.5",
    "Early stopping": "patience of 4 epochs on dev accuracy",
    "Model selection": "best dev accuracy",
    "Random seeds": "7, 19 and 23",
}
PARTS = {
    "Input": {"Tokenization": "characters", "Embedding dimension": "20"},
    "Encoder": {
        "Type": "GRU",
        "Hidden size": "28",
        "Number of layers": "2",
        "Bidirectional": "Yes",
        "Dropout": "0.25",
        "Pooling": "max",
    },
    "Classifier": {"Dropout": "0.4"},
    "Optimization": {
        "Optimizer": "SGD",
        "Learning rate": "0.08",
        "Momentum": "0.85",
        "Weight decay": "0.0005",
        "LR scheduler": "StepLR",
        "LR step size (epochs)": "2",
        "LR decay factor": "0.5",
        "Gradient clipping (norm)": "2.5",
    },
    "Training": {
        "Epochs": "6",
        "Batch size": "30",
        "Early stopping patience": "4",
        "Early stopping metric": "accuracy",
        "Selection metric": "accuracy",
        "Seeds": "7; 19; 23",
    },
}
NAMESPACE = {
    "tokenizer": "char",
    "rnn_type": "gru",
    "rnn_hidden": "28",
    "rnn_layers": "2",
    "bidirectional": "True",
    "pooling": "max",
    "emb_size": "20",
    "encoder_dropout": "0.25",
    "head_dropout": "0.4",
    "n_epochs": "6",
    "bsz": "30",
    "opt": "SGD",
    "lr": "8e-2",
    "momentum": "0.85",
    "wd": "5e-04",
    "lr_scheduler": "step",
    "lr_step_size": "2",
    "lr_gamma": "0.5",
    "clip_grad_norm": "2.5",
    "early_stopping_metric": "accuracy",
    "patience": "4",
    "selection_metric": "accuracy",
    "seeds": "[7, 19, 23]",
}
SYMBOLS = {
    "learning rate": "$\\eta_0 = 8\\cdot10^{-2}$",
    "momentum": "$\\mu = 0.85$",
    "weight decay": "$\\lambda = 5\\cdot10^{-4}$",
    "hidden size": "$d_h = 28$",
    "embedding dim": "$d_e = 20$",
    "model.dropout.encoder": "$25\\%$",
    "model.dropout.head": "$40\\%$",
    "seeds": "$\\{7, 19, 23\\}$",
}
RANGES = {
    "hidden size": "14–56",
    "layers": "1–3",
    "embedding dim": "{10, 20, 40}",
    "learning rate": "[0.01, 0.5] (log)",
    "momentum": "{0, 0.85, 0.9}",
    "weight decay": "[1e-6, 1e-2] (log)",
    "batch size": "{15, 30, 60}",
}
NOTES = {
    "tokenization": "one token per character of the SMILES string",
    "family": "Cho et al. (2014)",
    "hidden size": "per direction",
    "batch size": "the last batch is not dropped",
    "learning rate": "tuned on dev only",
    "gradient clipping": "global norm",
    "seeds": "three runs",
}
CALLED = {
    "family": "nn.GRU",
    "optimizer": "torch.optim.SGD",
    "schedule": "StepLR(step_size=2, gamma=0.5)",
    "early stopping patience": "4 epochs",
    "seeds": "7/19/23",
}
CALL = stated(CURLEW, CALLED, without=("training.schedule.every", "training.schedule.gamma"))

CURLEW_RIGHT = (
    Report("a recipe of speech", "curlew", ".yaml", ESPNET, CURLEW_FIELDS),
    Report(
        "types and params",
        "curlew",
        ".yaml",
        BUILT,
        {**CURLEW_FIELDS, **matching("library.SGD.nesterov", "library.SGD.dampening")},
    ),
    Report("rows that say several things", "curlew", ".md", as_markdown(PROSE, "Component", "Choice"), CURLEW_FIELDS),
    Report("parts of the system", "curlew", ".csv", as_sections(PARTS), CURLEW_FIELDS),
    Report("a namespace", "curlew", ".csv", as_csv(NAMESPACE, "argument", "value"), CURLEW_FIELDS),
    Report("equations", "curlew", ".md", as_markdown(stated(CURLEW, SYMBOLS)), CURLEW_FIELDS),
    Report("value before range", "curlew", ".md", as_ranged(CURLEW, RANGES), CURLEW_FIELDS),
    Report("remarks", "curlew", ".md", as_noted(CURLEW, NOTES), CURLEW_FIELDS),
    Report("names and values in a list", "curlew", ".yaml", as_items(stated(NAMESPACE)), CURLEW_FIELDS),
    Report("calls of a library", "curlew", ".md", as_markdown(CALL, "Setting", "Used"), CURLEW_FIELDS),
)
