"""Correct reports of the recurrent study, in layouts of papers and tools: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, as_markdown, matching, stated
from exam.record.third.layouts import as_exported, as_heads, as_pairs, as_searched, as_semicolons
from exam.record.third.studies import HERON

HERON_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.pooling",
    "model.embedding.dim",
    "model.embedding.mode",
    "model.dropout.embedding",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.label_smoothing",
    "training.class_weights",
    "training.clip",
    "training.early_stopping.metric",
    "training.early_stopping.patience",
    "training.selection.metric",
    "seeds",
)
ALLENNLP = """{
  "model": {
    "embedder": {"embedding_dim": 12, "mode": "frozen-random"},
    "encoder": {"type": "lstm", "hidden_size": 36, "num_layers": 2},
    "pooling": "last",
    "dropout": {"embedding": 0.05, "encoder": 0.15, "head": 0.35}
  },
  "data_loader": {"batch_size": 24},
  "trainer": {
    "num_epochs": 5,
    "optimizer": {"type": "adam", "lr": 0.004, "betas": [0.9, 0.999], "eps": 1e-08},
    "grad_norm": 0.75,
    "label_smoothing": 0.06,
    "class_weights": "balanced",
    "patience": 3
  },
  "training.early_stopping.metric": "macro_f1",
  "training.selection.metric": "macro_f1",
  "seeds": [13, 42, 1234]
}
"""
EXPORTED = {
    "rnn_type": "LSTM",
    "hidden_dim": "36",
    "n_layers": "2",
    "pooling": "last",
    "emb_dim": "12",
    "embedding_mode": "frozen-random",
    "embedding_dropout": "0.05",
    "encoder_dropout": "0.15",
    "head_dropout": "0.35",
    "num_epochs": "5",
    "train_batch_size": "24",
    "optimizer": "adam",
    "lr": "0.004",
    "label_smoothing": "0.06",
    "class_weights": "balanced",
    "grad_clip": "0.75",
    "early_stopping_metric": "macro_f1",
    "early_stopping_patience": "3",
    "selection_metric": "macro_f1",
    "seeds": "[13, 42, 1234]",
}
KERAS = """compile:
  optimizer:
    class_name: Adam
    config: {learning_rate: 0.004, beta_1: 0.9, beta_2: 0.999, epsilon: 1.0e-08, global_clipnorm: 0.75}
  loss: {label_smoothing: 0.06}
fit: {epochs: 5, batch_size: 24, class_weight: balanced}
callbacks:
  EarlyStopping: {monitor: val_macro_f1, patience: 3}
  ModelCheckpoint: {monitor: val_macro_f1}
model:
  family: lstm
  units: 36
  layers: 2
  pooling: last
  embedding: {dim: 12, mode: frozen-random}
  dropout: {embedding: 5.e-2, encoder: 15.e-2, head: 35.e-2}
seeds: [13, 42, 1234]
"""
TRIED = {
    "hidden size": "{18, 36, 72}",
    "layers": "{1, 2, 3}",
    "model.dropout.head": "U(0, 0.5)",
    "batch size": "{12, 24, 48}",
    "learning rate": "[1e-4, 1e-2], log-uniform",
    "label smoothing": "{0, 0.06, 0.1}",
    "gradient clipping": "{0.25, 0.75, none}",
}
SPOKEN = {
    "Encoder type": "LSTM",
    "Hidden size": "36 units",
    "Layers": "two",
    "Pooling": "last state",
    "Embedding dimension": "12-d",
    "Embeddings": "random, frozen",
    "Embedding dropout": "$p = 0.05$",
    "Encoder dropout": "$p = 0.15$",
    "Dropout (classifier)": "$p = 0.35$",
    "Max epochs": "5",
    "Minibatch": "24 examples",
    "Optimizer": "Adam [Kingma and Ba, 2015]",
    "Learning rate": "4e-3 (constant)",
    "Label smoothing": "$\\epsilon_{ls} = 0.06$",
    "Class weighting": "balanced",
    "Gradient clipping": "0.75 (global norm)",
    "Early stopping metric": "macro F1",
    "Early stopping patience": "3 epochs",
    "Selection metric": "macro F1",
    "Random seeds": "{13, 42, 1234}",
}
HEADS = {
    "model.dropout.embedding": "5e-2",
    "model.dropout.encoder": "15e-2",
    "model.dropout.head": "35e-2",
    "learning rate": "4E-03",
    "seeds": "13 / 42 / 1234",
}
COMMAS = {
    "model.dropout.embedding": "0,05",
    "model.dropout.encoder": "0,15",
    "model.dropout.head": "0,35",
    "learning rate": "0,004",
    "label smoothing": "0,06",
    "gradient clipping": "0,75",
    "seeds": "[13, 42, 1234]",
}
DUMPED = {
    "`--rnn-type`": "`lstm`",
    "`--hidden-dim`": "`36`",
    "`--num-layers`": "`2`",
    "`--pooling`": "`last`",
    "`--embed-dim`": "`12`",
    "`--embedding-mode`": "`frozen-random`",
    "`--embedding-dropout`": "`0.05`",
    "`--encoder-dropout`": "`0.15`",
    "`--head-dropout`": "`0.35`",
    "`--n-epochs`": "`5`",
    "`--batch-size`": "`24`",
    "`--optim`": "`adam`",
    "`--lr`": "`4e-3`",
    "`--label-smoothing`": "`6e-2`",
    "`--class-weights`": "`balanced`",
    "`--max-grad-norm`": "`7.5e-1`",
    "`--early-stopping-metric`": "`macro_f1`",
    "`--early-stopping-patience`": "`3`",
    "`--selection-metric`": "`macro_f1`",
    "`--seeds`": "`13 42 1234`",
}
TWO_TABLES = """## A.1 Architecture

| Component | Setting |
| --- | --- |
| Type of encoder | LSTM |
| Hidden dimension | 36 |
| Number of LSTM layers | 2 |
| Pooling | last |
| Dimension of embeddings | 12 |
| model.embedding.mode | frozen-random |
| model.dropout.embedding | 0.05 |
| model.dropout.encoder | 0.15 |
| model.dropout.head | 0.35 |

## A.2 Training

| Hyperparameter | Value |
| --- | --- |
| Number of epochs | 5 |
| Batch size | 24 |
| Optimizer | Adam ($\\beta_1 = 0.9$, $\\beta_2 = 0.999$) |
| Learning rate (LR) | 0.4e-2 |
| Label smoothing | 0.06 |
| Class weights | balanced |
| Gradient clipping (max norm) | 0.75 |
| training.early_stopping.metric | macro_f1 |
| Early stopping (patience) | 3 |
| training.selection.metric | macro_f1 |
| Seeds | 13, 42, 1234 |
"""

HERON_RIGHT = (
    Report(
        "blocks of AllenNLP",
        "heron",
        ".yaml",
        ALLENNLP,
        {**HERON_FIELDS, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("descriptions and values", "heron", ".yaml", as_exported(EXPORTED), HERON_FIELDS),
    Report("compile and fit", "heron", ".yaml", KERAS, {**HERON_FIELDS, **matching("library.Adam.eps")}),
    Report("search space beside the choice", "heron", ".md", as_searched(HERON, TRIED), HERON_FIELDS),
    Report("two settings a row", "heron", ".md", as_pairs(SPOKEN), HERON_FIELDS),
    Report("names in the heading", "heron", ".md", as_heads(stated(HERON, HEADS)), HERON_FIELDS),
    Report("decimal commas", "heron", ".csv", as_semicolons(stated(HERON, COMMAS)), HERON_FIELDS),
    Report("flags in a table", "heron", ".md", as_markdown(DUMPED, "Flag", "Value"), HERON_FIELDS),
    Report("two tables", "heron", ".md", TWO_TABLES, HERON_FIELDS),
)
