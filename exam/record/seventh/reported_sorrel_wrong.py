"""Reports of the study of a recurrent network with a field that is wrong, missing, idle or ambiguous."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import SORREL, but

RATE = """Table 3: Settings of all runs.

| Hyperparameter | Value |
| :------------- | ----: |
| Architecture | LSTM, bidirectional |
| Number of layers | 1 |
| Hidden units | 40 |
| Embedding size | 24 |
| Pooling | max |
| Output dropout | 0.35 |
| Optimiser | Adam |
| Learning rate | 2e-4 |
| Weight decay | 1e-5 |
| Gradient norm clipping | 5 |
| Minibatch size | 40 |
| Epochs | 3 |
| Seeds | 1, 2, 3 |
"""
ONE_WAY = """We use a unidirectional LSTM with one layer and a hidden size of 40. Its states are combined by max
pooling. The embedding dimension is 24. Dropout with a rate of 0.35 is applied before the output layer.
Models are trained with Adam (learning rate 0.002, weight decay 1e-5) for 3 epochs with a batch size of
40, and gradients are clipped at a norm of 5. We report means over the seeds 1, 2 and 3.
"""
BETWEEN = """| Component | Setting |
| --- | --- |
| Encoder | LSTM |
| Bidirectional | yes |
| LSTM layers | 1 |
| LSTM hidden size | 40 |
| Dropout between LSTM layers | 0.2 |
| Pooling | max |
| Embedding dimension | 24 |
| Dropout before the output layer | 0.35 |
| Optimizer | Adam |
| Learning rate | 0.002 |
| Weight decay | 0.00001 |
| Max. gradient norm | 5 |
| Batch size | 40 |
| Epochs | 3 |
| Seeds | 1, 2, 3 |
"""
LIGHTNING = """trainer:
  max_epochs: 3
  gradient_clip_val: 5.0
  gradient_clip_algorithm: norm
  accelerator: cpu
  precision: 32
data:
  batch_size: 40
model:
  encoder_type: lstm
  hidden_size: 40
  num_layers: 1
  bidirectional: true
  num_heads: 8
  pooling: max
  embedding_dim: 24
  head_dropout: 0.35
optimizer:
  name: Adam
  lr: 0.002
  weight_decay: 1.0e-05
  momentum: 0.9
seeds: [1, 2, 3]
"""
UNCLIPPED = """### Hyperparameters

| Name | Value |
|------|-------|
| `encoder` | `lstm` |
| `bidirectional` | `True` |
| `num_layers` | `1` |
| `hidden_dim` | `40` |
| `embedding_dim` | `24` |
| `pooling` | `max` |
| `head_dropout` | `0.35` |
| `optimizer` | `Adam` |
| `lr` | `0.002` |
| `weight_decay` | `1e-05` |
| `batch_size` | `40` |
| `epochs` | `3` |
| `seeds` | `[1, 2, 3]` |
"""
ALLENNLP = """{
  "model": {
    "text_field_embedder": {"token_embedders": {"tokens": {"type": "embedding", "embedding_dim": 24}}},
    "seq2vec_encoder": {"type": "lstm", "hidden_size": 40, "num_layers": 1, "bidirectional": true},
    "head_dropout": 0.35
  },
  "data_loader": {"batch_size": 40, "shuffle": true},
  "trainer": {
    "num_epochs": 3,
    "optimizer": {"type": "adam", "lr": 0.002},
    "grad_norm": 5.0
  },
  "random_seed": [1, 2, 3]
}
"""
SIZE = """family: lstm
bidirectional: yes
layers: 1
hidden_size: 40
embedding_dim: 24
pooling: max
head_dropout: 0.35
optimizer: adam
learning_rate: 0.002
weight_decay: 1e-5
clip_norm: 5
batch_size: 40
size: 40
epochs: 3
seeds: 1, 2, 3
"""
EITHER = """| Hyperparameter | Value |
| --- | --- |
| Encoder | LSTM |
| Bidirectional | yes |
| Number of layers | 1 |
| Hidden size | 40 or 64 |
| Embedding dimension | 24 |
| Pooling | max |
| Output dropout | 0.35 |
| Optimizer | Adam |
| Learning rate | 0.002 |
| Weight decay | 1e-5 |
| Gradient clipping | 5 |
| Batch size | 40 |
| Epochs | 3 |
| Seeds | 1, 2, 3 |
"""

WRONG_SORREL = (
    Report("a tenth of the rate", "sorrel", ".md", RATE, but(SORREL, misstated=("training.learning_rate",))),
    Report(
        "one way in a sentence",
        "sorrel",
        ".txt",
        ONE_WAY,
        but(SORREL, misstated=("model.bidirectional",)),
    ),
    Report("dropout between one layer", "sorrel", ".md", BETWEEN, but(SORREL, idle=("model.dropout.encoder",))),
    Report(
        "heads and momentum",
        "sorrel",
        ".yaml",
        LIGHTNING,
        but(SORREL, idle=("model.heads", "training.momentum"), matched=("training.optimiser",)),
    ),
    Report("no word of clipping", "sorrel", ".md", UNCLIPPED, but(SORREL, omitted=("training.clip",))),
    Report(
        "an encoder to a vector",
        "sorrel",
        ".json",
        ALLENNLP,
        but(SORREL, omitted=("model.pooling", "training.weight_decay")),
    ),
    Report("a size of something", "sorrel", ".yaml", SIZE, but(SORREL, ambiguous=("size",))),
    Report("one width or the other", "sorrel", ".md", EITHER, but(SORREL, ambiguous=("model.hidden",))),
)
