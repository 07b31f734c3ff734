"""Reports of the study of a recurrent network that have no error."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import SORREL, but

ARGUMENTS = """# config of the final runs
model: lstm
bidirectional: true
emb_dim: 24
hid_dim: 40
n_layers: 1
pooling: max
output_dropout: 0.35
optim: adam
lr: 2e-3
wd: 1e-5
grad_clip: 5
bs: 40
n_epochs: 3
seeds: [1, 2, 3]
"""
KERAS = """{
  "model": {
    "embedding": {"output_dim": 24},
    "rnn": {"type": "LSTM", "units": 40, "num_layers": 1, "bidirectional": true},
    "pooling": "max",
    "output_dropout": 0.35
  },
  "compile": {
    "optimizer": "adam",
    "learning_rate": 0.0020000000,
    "beta_1": 0.9,
    "beta_2": 0.999,
    "weight_decay": 1e-05,
    "global_clipnorm": 5.0
  },
  "fit": {"batch_size": 40, "epochs": 3},
  "seeds": [1, 2, 3]
}
"""
TABLES_OF_TOML = """title = "Bitter or sweet"
seeds = [1, 2, 3]

[model]
encoder = "BiLSTM"
hidden_size = 40
num_layers = 1
pooling = "max"
embedding_size = 24
dropout_head = 0.35

[optimizer]
name = "Adam"
lr = 0.002
weight_decay = 0.00001

[training]
max_epochs = 3
batch_size = 40
max_grad_norm = 5.0
"""
PARAGRAPH = """## Training details

Tokens are mapped to 24-dimensional embeddings, which are read by a bidirectional LSTM with one layer
and a hidden size of 40 per direction. Its states are max-pooled over time. We apply dropout of 0.35
before the output layer. We train for three epochs with Adam, a learning rate of 2e-3, a weight decay of
1e-5 and a batch size of 40. Gradients are clipped to a norm of 5. All experiments were repeated with
the random seeds 1, 2 and 3.
"""
TABULAR = r"""\begin{table}[t]
\centering
\caption{Hyperparameters of the recurrent model.}
\label{tab:hyper}
\begin{tabular}{lr}
\toprule
Hyperparameter & Value \\
\midrule
Encoder & LSTM \\
Bidirectional & yes \\
Layers & 1 \\
Hidden size (per direction) & 40 \\
Embedding dimension & 24 \\
Pooling & max \\
Dropout (output layer) & 35\,\% \\
\midrule
Optimizer & Adam \\
Learning rate & $2 \times 10^{-3}$ \\
$L_2$ weight decay & $10^{-5}$ \\
Gradient clipping (norm) & 5.0 \\
Batch size & 40 \\
Epochs & 3 \\
Random seeds & 1, 2, 3 \\
\bottomrule
\end{tabular}
\end{table}
"""
_RUN = "finished,118,lstm,true,40,1,max,24,0.35,adam,0.002,1e-05,5,40,3"
RUNS = f"""Name,State,Runtime,rnn_type,bidirectional,hidden_size,num_layers,pooling,embedding_dim,head_dropout,\
optimizer,lr,weight_decay,grad_clip,batch_size,epochs,seed,test_accuracy
bilstm-1,{_RUN},1,0.8125
bilstm-2,{_RUN},2,0.8250
bilstm-3,{_RUN},3,0.8000
"""
SHORT = """model.family: lstm
model.hidden: 40
model.layers: 1
model.bidirectional: true
model.pooling: max
model.embedding.dim: 24
model.dropout.head: 0.35
training.epochs: 3
training.batch_size: 40
training.learning_rate: 0.002
training.weight_decay: 0.00001
training.clip: 5.0
seeds: [1, 2, 3]
"""

RIGHT_SORREL = (
    Report("short names of arguments", "sorrel", ".yaml", ARGUMENTS, but(SORREL, matched=("training.optimiser",))),
    Report(
        "compile and fit as JSON",
        "sorrel",
        ".json",
        KERAS,
        but(SORREL, matched=("training.optimiser", "library.Adam.betas")),
    ),
    Report(
        "sections of TOML",
        "sorrel",
        ".toml",
        TABLES_OF_TOML,
        but(SORREL, matched=("training.optimiser",)),
    ),
    Report("a paragraph of methods", "sorrel", ".md", PARAGRAPH, but(SORREL, matched=("training.optimiser",))),
    Report(
        "a table of LaTeX",
        "sorrel",
        ".tex",
        TABULAR,
        but(SORREL, matched=("training.optimiser",)),
    ),
    Report("a row for each run", "sorrel", ".csv", RUNS, but(SORREL, matched=("training.optimiser",))),
    Report(
        "only what was chosen",
        "sorrel",
        ".yaml",
        SHORT,
        but(
            SORREL,
            default=(
                "training.optimiser",
                "training.schedule.kind",
                "training.label_smoothing",
                "training.selection.metric",
                "library.Adam.betas",
            ),
        ),
    ),
)
