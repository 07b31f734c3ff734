"""Correct reports of the study of a transformer: every field is a match."""

from __future__ import annotations

from exam.record.fourteenth.stating import LICHEN_FIELDS
from exam.record.report import Report, matching

CONFIGURATION = """{
  "architectures": ["EncoderForSequenceClassification"],
  "model_type": "transformer",
  "hidden_size": 48,
  "num_attention_heads": 6,
  "num_hidden_layers": 3,
  "embedding_size": 16,
  "embd_pdrop": 0.1,
  "hidden_dropout_prob": 0.1,
  "classifier_dropout": 0.1,
  "pooling": "max",
  "training_args": {
    "output_dir": "out/lichen",
    "per_device_train_batch_size": 32,
    "gradient_accumulation_steps": 1,
    "num_train_epochs": 6.0,
    "optim": "adamw_torch",
    "learning_rate": 0.0006,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-08,
    "weight_decay": 0.02,
    "max_grad_norm": 0.0,
    "label_smoothing_factor": 0.0,
    "warmup_steps": 0,
    "fp16": false,
    "bf16": false,
    "report_to": ["none"]
  },
  "lr_scheduler": {"name": "StepLR", "step_size": 2, "gamma": 0.5},
  "class_weight": "balanced",
  "seeds": [42, 43]
}
"""
BOTH = """# Reproducing the results

| | main | shallow |
|---|:-:|:-:|
| Model | Transformer | Transformer |
| Layers | 3 | 1 |
| d_model | 48 | 48 |
| Attention heads | 6 | 6 |
| Embedding dim | 16 | 16 |
| Embedding dropout | 0.1 | 0.1 |
| Encoder dropout | 0.1 | 0.1 |
| Classifier dropout | 0.1 | 0.1 |
| Pooling | max | max |
| Optimizer | AdamW | AdamW |
| LR | 6e-4 | 6e-4 |
| Weight decay | 2e-2 | 2e-2 |
| LR schedule | step | step |
| Step size (epochs) | 2 | 2 |
| LR decay factor | 0.5 | 0.5 |
| Warm-up | none | none |
| Gradient clipping | no | no |
| Class weights | balanced | balanced |
| Batch size | 32 | 32 |
| Epochs | 6 | 6 |
| Seeds | 42, 43 | 42, 43 |
"""
TARGETS = """defaults:
- _self_
model:
  name: transformer
  d_model: 48
  nhead: 6
  num_layers: 3
  pooling: max
  embedding: {dim: 16}
  dropout: {embedding: 0.1, encoder: 0.1, head: 0.1}
optimizer:
  _target_: torch.optim.AdamW
  lr: 6.0e-04
  weight_decay: 2.0e-02
  betas: [0.9, 0.999]
  eps: 1.0e-08
scheduler:
  _target_: torch.optim.lr_scheduler.StepLR
  step_size: 2
  gamma: 0.5
trainer:
  max_epochs: 6
  gradient_clip_val: null
  precision: 32
loss:
  class_weights: balanced
  label_smoothing: 0.0
datamodule:
  batch_size: 32
seeds: [42, 43]
"""
WIKI = """# Lichen: how it was trained

<p>Settings of the final runs; see the tracker for curves.</p>

<table>
  <thead><tr><th>Setting</th><th>Value</th></tr></thead>
  <tbody>
    <tr><td>Architecture</td><td>Transformer encoder</td></tr>
    <tr><td>Model dimension (d_model)</td><td>48</td></tr>
    <tr><td>Attention heads</td><td>6</td></tr>
    <tr><td>Encoder layers</td><td>3</td></tr>
    <tr><td>Pooling</td><td>max</td></tr>
    <tr><td>Embedding size</td><td>16</td></tr>
    <tr><td>Embedding dropout</td><td>10&nbsp;%</td></tr>
    <tr><td>Encoder dropout</td><td>10&nbsp;%</td></tr>
    <tr><td>Classifier dropout</td><td>10&nbsp;%</td></tr>
    <tr><td>Optimiser</td><td>AdamW</td></tr>
    <tr><td>Learning rate</td><td>6 &times; 10<sup>&minus;4</sup></td></tr>
    <tr><td>Weight decay</td><td>0.02</td></tr>
    <tr><td>Learning-rate schedule</td><td>step decay</td></tr>
    <tr><td>Step size</td><td>2 epochs</td></tr>
    <tr><td>Decay factor (gamma)</td><td>0.5</td></tr>
    <tr><td>Gradient clipping</td><td>off</td></tr>
    <tr><td>Class weights</td><td>balanced</td></tr>
    <tr><td>Batch size</td><td>32</td></tr>
    <tr><td>Epochs</td><td>6</td></tr>
    <tr><td>Seeds</td><td>42 and 43</td></tr>
  </tbody>
</table>
"""
CARD = """---
license: apache-2.0
tags:
- text-classification
---

# lichen-3l

## Model

- model_type: transformer
- hidden_size: 48
- num_attention_heads: 6
- num_hidden_layers: 3
- embedding_size: 16
- embedding_dropout: 0.1
- encoder_dropout: 0.1
- classifier_dropout: 0.1
- pooling: max

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 0.0006
- train_batch_size: 32
- seeds: 42, 43
- optimizer: AdamW with betas=(0.9,0.999) and epsilon=1e-08
- weight_decay: 0.02
- lr_scheduler_type: step
- lr_scheduler_step_size: 2
- lr_scheduler_gamma: 0.5
- max_grad_norm: None
- class_weights: balanced
- num_epochs: 6
"""

LICHEN_RIGHT = (
    Report(
        "configuration and arguments in one",
        "lichen",
        ".json",
        CONFIGURATION,
        {**LICHEN_FIELDS, **matching("training.label_smoothing", "training.schedule.warmup")},
    ),
    Report("both sizes side by side", "lichen", ".md", BOTH, LICHEN_FIELDS),
    Report(
        "targets of objects",
        "lichen",
        ".yaml",
        TARGETS,
        {**LICHEN_FIELDS, **matching("training.precision", "training.label_smoothing")},
    ),
    Report("table of a web page", "lichen", ".md", WIKI, LICHEN_FIELDS),
    Report("lists of a model card", "lichen", ".md", CARD, LICHEN_FIELDS),
)
