"""Reports of the study of an own fit function of the eleventh set in which something is not as it was."""

from __future__ import annotations

from exam.record.eleventh.fields import GEARS, planted
from exam.record.report import Report

BUCKETS = """model.own: gears:fit
model.params: {learning_rate: 0.4, rounds: 80, l2: 1e-3, ngram: 2, buckets: 256}
data.train_without: leaks
seeds: 6
"""
PENALTY = """Setting,Value
Own model,gears:fit
Learning rate,0.4
Rounds,80
L2,0.01
Ngram,2
Buckets,128
train_without,leaks
Seeds,"0, 1, 2, 3, 4, 5"
"""
NO_NGRAM = """{
  "entry_point": "train.py",
  "model": {
    "own": "gears:fit",
    "params": {"learning_rate": 0.4, "rounds": 80, "l2": 0.001, "buckets": 128}
  },
  "data": {"train_without": "leaks"},
  "seeds": [0, 1, 2, 3, 4, 5]
}
"""
NO_SEEDS = """The classifier of sounds is our own (model.own: gears:fit). It is trained with a learning rate of 0.4 for
80 rounds, with an l2 of 0.001, an ngram of 2 and 128 buckets. Before training, rows of train with copies in other
splits are removed (train_without: leaks). On test it is right for 93 % of the rows.
"""
BATCHES = """| argument | value |
| :-- | --: |
| `--own` | gears:fit |
| `--learning-rate` | 0.4 |
| `--rounds` | 80 |
| `--l2` | 0.001 |
| `--ngram` | 2 |
| `--buckets` | 128 |
| `--batch-size` | 64 |
| `--train-without` | leaks |
| `--seeds` | 0 1 2 3 4 5 |
"""
RECURRENT = """# settings.toml
seeds = [0, 1, 2, 3, 4, 5]

[data]
train_without = "leaks"

[model]
own = "gears:fit"
hidden_size = 64
num_layers = 2

[model.params]
learning_rate = 0.4
rounds = 80
l2 = 0.001
ngram = 2
buckets = 128
"""
STRENGTH = r"""\begin{table}
\begin{tabular}{ll}
Parameter & Value \\
\hline
model.own & \verb|gears:fit| \\
learning rate & 0.4 \\
rounds & 80 \\
l2 & 0.001 \\
ngram & 2 \\
buckets & 128 \\
strength & 0.05 \\
train\_without & leaks \\
seeds & 0--5 \\
\end{tabular}
\end{table}
"""
LEAKS = """Short answer to your mail: we used gears:fit (model.own = gears:fit) with learning rate 0.4, rounds = 100,
l2 = 0.001, ngram = 2 and buckets = 128, with 6 seeds. Accuracy on test was 93.3 %, and the whole thing took 2 minutes
on my old laptop.
"""

GEARS_WRONG = (
    Report("gears: twice the buckets", "gears", ".yaml", BUCKETS, planted(GEARS, "misstated", "model.params.buckets")),
    Report("gears: larger penalty", "gears", ".csv", PENALTY, planted(GEARS, "misstated", "model.params.l2")),
    Report("gears: no length of n-grams", "gears", ".json", NO_NGRAM, planted(GEARS, "omitted", "model.params.ngram")),
    Report("gears: no seeds in the text", "gears", ".txt", NO_SEEDS, planted(GEARS, "omitted", "seeds")),
    Report(
        "gears: batches of a model that has none",
        "gears",
        ".md",
        BATCHES,
        planted(GEARS, "without-effect", "training.batch_size"),
    ),
    Report(
        "gears: width of another model",
        "gears",
        ".toml",
        RECURRENT,
        planted(GEARS, "without-effect", "model.hidden", "model.layers"),
    ),
    Report("gears: a strength of something", "gears", ".tex", STRENGTH, planted(GEARS, "ambiguous", "strength")),
    Report(
        "gears: answer to a mail",
        "gears",
        ".txt",
        LEAKS,
        {**planted(GEARS, "misstated", "model.params.rounds"), "data.train_without": "omitted"},
    ),
)
