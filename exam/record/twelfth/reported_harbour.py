"""Correct reports of the recurrent study."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import HARBOUR, expect

README = """# Harbour wind logs

Results are means over three seeds. Everything was run on one laptop.

| what | we used |
|---|---|
| Network | GRU, unidirectional |
| GRU units | 40 |
| Stacked layers | 2 |
| Sentence pooling | last hidden state |
| Embedding size | 24 |
| Embedding mode | random, frozen |
| Dropout between GRU layers | 0.35 |
| Dropout before the output layer | 0.1 |
| Epochs | 5 |
| Batch size | 25 |
| Optimizer | Adam |
| LR | 0.004 |
| LR schedule | step |
| LR step size | 3 epochs |
| LR gamma | 0.2 |
| Class weights | calm: 0.5, breeze: 1, gale: 3 |
| Max grad norm | 5 |
| Best checkpoint by | balanced accuracy on dev |
| Seeds | 3, 14, 15 |
| Parameters (all) | 18,771 |
| Wall time | 4 s per run |
| Laptop | ThinkPad X1, 16 GB |
"""
TRACKER = """{
  "_wandb": {"value": {"cli_version": "0.19.8", "python_version": "3.12.4"}},
  "model.family": {"desc": null, "value": "gru"},
  "model.hidden": {"desc": null, "value": 40},
  "model.layers": {"desc": null, "value": 2},
  "model.pooling": {"desc": null, "value": "last"},
  "model.embedding.dim": {"desc": null, "value": 24},
  "model.embedding.mode": {"desc": "never trained", "value": "frozen-random"},
  "model.dropout.encoder": {"desc": null, "value": 0.35},
  "model.dropout.head": {"desc": null, "value": 0.1},
  "epochs": {"desc": null, "value": 5},
  "batch_size": {"desc": null, "value": 25},
  "optimizer": {"desc": null, "value": "adam"},
  "learning_rate": {"desc": "before the first step down", "value": 0.004},
  "lr_scheduler": {"desc": null, "value": "StepLR"},
  "step_size": {"desc": "epochs", "value": 3},
  "gamma": {"desc": null, "value": 0.2},
  "class_weights": {"desc": null, "value": {"calm": 0.5, "gale": 3}},
  "grad_clip_norm": {"desc": null, "value": 5},
  "training.selection.metric": {"desc": null, "value": "balanced_accuracy"},
  "seeds": {"desc": null, "value": [3, 14, 15]}
}
"""
BOOKTABS = r"""\begin{table}[t]
\centering
\caption{Settings of the wind model. Values marked with $\ast$ were tuned on the development set.}
\label{tab:wind}
\begin{tabular}{@{}lr@{}}
\toprule
\textbf{Hyperparameter} & \textbf{Value} \\
\midrule
Encoder & GRU \\
Hidden dimension & 40 \\
Number of layers & 2 \\
Pooling & last state \\
Embedding dimension & 24 \\
Embedding mode & frozen-random \\
Encoder dropout$^\ast$ & 35\,\% \\
Head dropout & 10\,\% \\
\midrule
Epochs & 5 \\
Minibatch size & 25 \\
Learning rate$^\ast$ & $4\cdot 10^{-3}$ \\
Learning rate decay & step \\
\quad decay factor & $1/5$ \\
\quad decay every & 3 epochs \\
Class weight (\textit{gale}) & 3 \\
Class weight (\textit{calm}) & $1/2$ \\
Gradient clipping (norm) & 5.0 \\
Model selection metric & balanced accuracy \\
Random seeds & \{3, 14, 15\} \\
\bottomrule
\end{tabular}
\end{table}
"""
TOML = """title = "harbour, final"

[model]
family = "GRU"
hidden_size = 40
num_layers = 2
bidirectional = false
pooling = "last"

[model.embedding]
dim = 24
mode = "frozen-random"

[model.dropout]
embedding = 0.0
encoder = 3.5e-1
head = 0.10

[training]
epochs = 5
batch_size = 25
optimizer = "Adam"
lr = 4.0e-3
clip = 5
seeds = [15, 14, 3]

[training.schedule]
kind = "step"
every = 3
gamma = 0.20

[training.class_weights]
gale = 3.0
calm = 0.50
breeze = 1.0

[training.selection]
metric = "balanced_accuracy"
split = "dev"
"""
PROSE = """A.2 Training details

The classifier is a GRU with a hidden size of 40 and 2 layers, and the last hidden state is given to a linear layer.
Token embeddings have dimension 24; they are drawn at random and kept frozen. We apply dropout of 0.35 between the
layers of the encoder, and dropout of 0.1 before the output layer. Models are trained for 5 epochs with Adam in batches
of 25 and a learning rate of 0.004. The learning rate follows a step schedule: it is multiplied by 0.2 every 3 epochs.
As gales are rare, the class weight of gale is 3 and the class weight of calm is 0.5. Gradients are clipped to a norm
of 5. We keep the checkpoint with the best balanced accuracy on the development set, and repeat training with the
seeds 3, 14 and 15.
"""
SPARSE = r"""% supplementary.tex
\subsection*{Hyperparameters}
\begin{tabular}{|l|c|}
\hline
parameter & value \\ \hline\hline
\texttt{cell} & GRU \\ \hline
$d_{\mathrm{hidden}}$ & 40 \\ \hline
$d_{\mathrm{emb}}$ & 24 \\ \hline
\texttt{embedding.mode} & \texttt{frozen-random} \\ \hline
\texttt{pooling} & \texttt{last} \\ \hline
\texttt{dropout.encoder} & .35 \\ \hline
\texttt{dropout.head} & .1 \\ \hline
\texttt{epochs} & 5 \\ \hline
\texttt{batch\_size} & 25 \\ \hline
\texttt{lr} & \num{4e-3} \\ \hline
\texttt{schedule.kind} & \texttt{step} \\ \hline
\texttt{schedule.every} & 3 \\ \hline
\texttt{schedule.gamma} & .2 \\ \hline
\texttt{class\_weights} & calm 0.5, gale 3 \\ \hline
\texttt{clip} & 5 \\ \hline
\texttt{selection.metric} & \texttt{balanced\_accuracy} \\ \hline
number of seeds & 3 \\ \hline
\end{tabular}
"""

HARBOUR_RIGHT = (
    Report("readme of the harbour", "harbour", ".md", README, expect(HARBOUR, "model.layers", "training.optimiser")),
    Report(
        "configuration of a tracker",
        "harbour",
        ".json",
        TRACKER,
        expect(HARBOUR, "model.layers", "training.optimiser", default=("training.weight_decay",)),
    ),
    Report(
        "table with marks of tuning",
        "harbour",
        ".tex",
        BOOKTABS,
        expect(HARBOUR, "model.layers", default=("training.optimiser", "training.label_smoothing")),
    ),
    Report(
        "final file of the harbour",
        "harbour",
        ".toml",
        TOML,
        expect(
            HARBOUR,
            "model.layers",
            "model.bidirectional",
            "model.dropout.embedding",
            "training.optimiser",
            "training.selection.split",
        ),
    ),
    Report("training details of the harbour", "harbour", ".txt", PROSE, expect(HARBOUR, "model.layers")),
    Report(
        "only what is not by default",
        "harbour",
        ".tex",
        SPARSE,
        expect(HARBOUR, default=("model.layers", "training.optimiser", "model.bidirectional")),
    ),
)
