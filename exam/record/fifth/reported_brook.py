"""Correct reports of the recurrent study with one layer: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

BROOK_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.embedding",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.clip",
    "training.early_stopping.metric",
    "training.early_stopping.patience",
    "training.selection.metric",
    "seeds",
)
CONFIG = """# configs/bigru.yaml
model:
  cell: GRU
  embedding_dim: 20
  hidden_size: 24
  num_layers: 1
  bidirectional: true
  pooling: max
  embedding_dropout: 0.15
  classifier_dropout: 0.35
optimizer:
  name: torch.optim.Adam
  lr: 5.0e-3
  betas: [0.9, 0.999]
  eps: 1.0e-8
  weight_decay: 0
train:
  epochs: 4
  batch_size: 32
  max_grad_norm: 5
early_stopping:
  monitor: dev_accuracy
  mode: max
  patience: 2
checkpoint:
  monitor: dev_accuracy
  mode: max
seeds: [21, 22, 23]
"""
UNITS_IN_NAMES = """**Table 2.** Settings of the recurrent model. Dropout rates are in per cent.

| Setting | Value |
| --- | ---: |
| Encoder | bidirectional GRU |
| Number of layers | 1 |
| Hidden units (per direction) | 24 |
| Embedding size | 20 |
| Pooling | max |
| Embedding dropout (%) | 15 |
| Classifier dropout (%) | 35 |
| Loss | cross-entropy |
| Optimiser | Adam |
| Learning rate (×10⁻³) | 5 |
| Batch size (sequences) | 32 |
| Epochs (maximum) | 4 |
| Gradient clipping (max. norm) | 5.0 |
| Early stopping metric | dev accuracy |
| Early stopping patience (epochs) | 2 |
| Checkpoint selection metric | dev accuracy |
| Random seeds | 21, 22, 23 |
"""
KERAS = """model:
  architecture: BiGRU
  units: 24
  num_layers: 1
  embedding_dim: 20
  pooling: GlobalMaxPooling1D
  embedding_dropout: 0.15
  classifier_dropout: 0.35
compile:
  optimizer: {class_name: Adam, config: {learning_rate: 0.005, global_clipnorm: 5.0}}
  loss: sparse_categorical_crossentropy
fit:
  epochs: 4
  batch_size: 32
  shuffle: true
callbacks:
  EarlyStopping: {monitor: val_accuracy, patience: 2}
  ModelCheckpoint: {monitor: val_accuracy, save_best_only: true}
seeds: [21, 22, 23]
"""
PARAGRAPH = """## 3.2 Training

We classify sequences with a single-layer bidirectional GRU with a hidden size of 24 per direction and an embedding
size of 20. States are max-pooled. We apply dropout of 0.15 to the embeddings and dropout of 0.35 before the
classifier. We train for at most 4 epochs with Adam (learning rate 5e-3, batch size 32) and clip gradients to a norm
of 5. Training stops early when accuracy on dev has not improved for 2 epochs (patience 2), and we keep the checkpoint
with the best dev accuracy. All results are over three seeds (21, 22 and 23).
"""
SECTIONS = """section,parameter,value
model,architecture,GRU
model,num_layers,1
model,bidirectional,yes
model,hidden_size,24
model,embedding_size,20
model,pooling,max pooling
model,embedding_dropout,15%
model,classifier_dropout,35%
training,optimizer,Adam
training,learning_rate,5.0E-03
training,batch_size,32
training,max_epochs,4
training,max_grad_norm,5
training,early_stopping_metric,accuracy
training,early_stopping_patience,2 epochs
training,selection_metric,accuracy
training,seeds,21; 22; 23
"""

BROOK_RIGHT = (
    Report(
        "a file of settings, nested",
        "brook",
        ".yaml",
        CONFIG,
        {**BROOK_FIELDS, **matching("library.Adam.betas", "library.Adam.eps", "training.weight_decay")},
    ),
    Report("units in the names", "brook", ".md", UNITS_IN_NAMES, BROOK_FIELDS),
    Report("layers and callbacks of Keras", "brook", ".yaml", KERAS, BROOK_FIELDS),
    Report("a paragraph of methods", "brook", ".md", PARAGRAPH, BROOK_FIELDS),
    Report("a sheet with sections", "brook", ".csv", SECTIONS, BROOK_FIELDS),
)
