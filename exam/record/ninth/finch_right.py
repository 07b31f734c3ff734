"""Correct reports of the bidirectional LSTM."""

from __future__ import annotations

from exam.record.ninth.complete import FINCH, FINCH_FIELDS, but
from exam.record.report import Report, matching

BOOKTABS = r"""\begin{table}[t]
  \centering
  \caption{Settings of the recurrent classifier. All were fixed before the first run.}
  \label{tab:settings}
  \begin{tabular}{@{}llr@{}}
    \toprule
    Part & Hyperparameter & Value \\
    \midrule
    \multirow{5}{*}{Encoder} & Architecture & \textsc{lstm} \\
     & Number of layers & 3 \\
     & Hidden units per direction & 44 \\
     & Bidirectional & yes \\
     & Pooling & last state \\
    \midrule
    \multirow{3}{*}{Embeddings} & Embedding dimension & 18 \\
     & \texttt{model.embedding.mode} & frozen-random \\
     & \texttt{model.embedding.scale} & 0.30 \\
    \midrule
    \multirow{3}{*}{Dropout} & Embedding dropout & 5\,\% \\
     & Dropout between layers & 15\,\% \\
     & Dropout before the output layer & 45\,\% \\
    \midrule
    \multirow{9}{*}{Training} & Optimizer & Adam~\citep{kingma2015adam} \\
     & Peak learning rate & $6\cdot10^{-3}$ \\
     & Learning rate schedule & cosine \\
     & Warm-up & 12 steps \\
     & Weight decay & $3\times10^{-5}$ \\
     & Label smoothing & 0.03 \\
     & Max.\ gradient norm & 0.5 \\
     & Batch size & 40 \\
     & Max.\ epochs & 5 \\
     & Early stopping patience & 3 epochs \\
    \midrule
    Runs & Random seeds & 5, 6, 7 \\
    \bottomrule
  \end{tabular}
\end{table}
"""
HYDRA = """# outputs/2026-03-02/14-05-11/.hydra/config.yaml
encoder:
  _target_: torch.nn.LSTM
  hidden_size: 44
  num_layers: 3
  bidirectional: true
  dropout: 0.15
  batch_first: true
embedding:
  dim: 18
  mode: frozen-random
  scale: 0.3
  dropout: 0.05
head:
  dropout: 0.45
pooling: last
optimizer:
  _target_: torch.optim.Adam
  lr: 0.006
  weight_decay: 3.0e-05
  betas: [0.9, 0.999]
scheduler:
  name: cosine
  warmup_steps: 12
criterion:
  _target_: torch.nn.CrossEntropyLoss
  label_smoothing: 0.03
trainer:
  max_epochs: 5
  gradient_clip_val: 0.5
early_stopping:
  patience: 3
batch_size: 40
seeds: [5, 6, 7]
"""
TRACKED = (
    "wandb_version: 1\n\n_wandb:\n  desc: null\n  value:\n    cli_version: 0.17.4\n    framework: torch\n"
    + "".join(
        f"{name}:\n  desc: null\n  value: {f'[{value}]' if name == 'seeds' else value}\n"
        for name, value in FINCH.items()
    )
)
METHODS = """Model and training.

We encode each song with a bidirectional LSTM of 3 layers with 44 hidden units per direction, and classify its last
state (last pooling). Embeddings of syllables have dimension 18; they are drawn at random at a scale of 0.3 and stay
frozen. The embedding dropout is 0.05, the encoder dropout between layers 0.15, and the dropout before the output
layer 0.45. We train with Adam for at most 5 epochs with a batch size of 40. The learning rate rises to 6e-3 over 12
warm-up steps and then follows a cosine schedule. We use a weight decay of 3e-5 and label smoothing of 0.03, and clip
gradients to a norm of 0.5. Training is stopped early, with a patience of 3 epochs. We repeat it with the seeds 5, 6
and 7.
"""
CARD = """---
license: cc-by-4.0
tags: [bioacoustics, sequence-classification]
---

# finch-lstm

Names the kind of a song from its syllables.

## Training procedure

| Setting | Value | Comment |
| :--- | :---: | :--- |
| Architecture | LSTM | |
| Parameters | 117,347 | frozen ones included |
| Bidirectional | ✓ | both directions are concatenated |
| Hidden size | 44 | per direction |
| Num. layers | 3 | |
| Pooling | last | |
| Embedding size | 18 | |
| `model.embedding.mode` | frozen-random | never updated |
| `model.embedding.scale` | .3 | |
| Dropout (embedding) | .05 | |
| Dropout (encoder) | .15 | between layers |
| Dropout (head) | .45 | |
| Optimizer | Adam | β₁ = 0.9, β₂ = 0.999 |
| Learning rate | 6 × 10⁻³ | peak |
| LR schedule | cosine | |
| Warmup ratio | 0.16 | |
| Weight decay | 0.00003 | |
| Label smoothing | 3 % | |
| Gradient clipping | 0.5 | global norm |
| Batch size | 40 | |
| Epochs | 5 | at most |
| Early stopping patience | 3 | |
| Seeds | 5, 6, 7 | |
| Hardware | 2-core laptop CPU | |
| Training time | 6 s per run | |
| Energy | < 1 Wh | |
"""
RUNS = (
    "Name,State,Runtime,model,hidden_size,num_layers,bidirectional,pooling,embedding_dim,model.embedding.mode,"
    "model.embedding.scale,model.dropout.embedding,model.dropout.encoder,model.dropout.head,max_epochs,batch_size,"
    "optimizer,lr,weight_decay,label_smoothing,max_grad_norm,lr_scheduler_type,warmup_steps,early_stopping_patience,"
    "seed,test_accuracy\n"
) + "".join(
    f"{name},finished,{seconds},LSTM,44,3,true,last,18,frozen-random,0.3,0.05,0.15,0.45,5,40,adam,0.006,0.00003,0.03,"
    f"0.5,cosine,12,3,{seed},{score}\n"
    for name, seconds, seed, score in (
        ("dainty-frost-4", 6, 5, 0.61),
        ("lucky-plant-5", 7, 6, 0.58),
        ("vivid-moon-6", 6, 7, 0.64),
    )
)

FINCH_RIGHT = (
    Report("groups with rows in LaTeX", "finch", ".tex", BOOKTABS, FINCH_FIELDS),
    Report("configuration of Hydra", "finch", ".yaml", HYDRA, {**FINCH_FIELDS, **matching("library.Adam.betas")}),
    Report("values with descriptions of a tracker", "finch", ".yaml", TRACKED, FINCH_FIELDS),
    Report("paragraph on the LSTM", "finch", ".txt", METHODS, but(FINCH_FIELDS)),
    Report("card of a model", "finch", ".md", CARD, FINCH_FIELDS),
    Report("a row for each run", "finch", ".csv", RUNS, FINCH_FIELDS),
)
