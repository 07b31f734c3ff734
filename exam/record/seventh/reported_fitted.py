"""Reports of the studies of a fit function and of an estimator."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import CICELY, YARROW, but

STEPS = """model: yarrow:fit
logisticregression__C: 0.5
logisticregression__max_iter: 300
logisticregression__class_weight: balanced
ngram_max: 2
random_state: 0
"""
BEST = """{
  "model": "yarrow:fit",
  "best_params": {"C": 0.50, "class_weight": "balanced", "max_iter": 300, "ngram_max": 2},
  "random_state": 0
}
"""
WORDS = """Settings of logistic regression:

| Parameter | Value |
| --- | --- |
| Model | `yarrow:fit` |
| Inverse regularisation strength (`C`) | 0.5 |
| Maximum number of iterations (`max_iter`) | 300 |
| Longest n-gram (`ngram_max`) | 2 |
| Class weight | balanced |
| Random state | 0 |
"""
PARAGRAPH = r"""\subsection{Linear model}
We fit a logistic regression to counts of $n$-grams (\texttt{yarrow:fit}) with \texttt{C} $= 0.5$,
\texttt{max\_iter} $= 300$, \texttt{ngram\_max} $= 2$ and \texttt{class\_weight} $=$ balanced. The random seed is $0$.
"""
LIBRARY = """parameter,value
model,yarrow:fit
C,1.0
max_iter,300
ngram_max,2
class_weight,balanced
random_state,0
"""
UNWEIGHTED = """model:
  own: yarrow:fit
  params:
    C: 0.5
    max_iter: 300
    ngram_max: 2
seed: 0
"""
TEMPLATE = """| Hyperparameter | Value |
| --- | --- |
| Model | yarrow:fit |
| C | 0.5 |
| max_iter | 300 |
| ngram_max | 2 |
| class_weight | balanced |
| Epochs | 20 |
| Batch size | 64 |
| Random seed | 0 |
"""
TREES = """model = "cicely:model"
train_rows = 320
seeds = [0, 1]
"""
ROWS = """| Setting | Value |
| --- | --- |
| Model | cicely:model |
| Training examples | 640 |
| Seeds | 0 and 1 |
"""
LEARNED = """{
  "model": "cicely:model",
  "n_train": 320,
  "optimizer": "adam",
  "learning_rate": 0.001,
  "seeds": [0, 1]
}
"""

FITTED_REPORTS = (
    Report("names after a step of a pipeline", "yarrow", ".yaml", STEPS, YARROW),
    Report(
        "the best parameters of a search",
        "yarrow",
        ".json",
        BEST,
        YARROW,
    ),
    Report("parameters with their names in brackets", "yarrow", ".md", WORDS, YARROW),
    Report(
        "typewriter names",
        "yarrow",
        ".tex",
        PARAGRAPH,
        YARROW,
    ),
    Report("strength as it is by default", "yarrow", ".csv", LIBRARY, but(YARROW, misstated=("model.params.C",))),
    Report(
        "weights that go without saying",
        "yarrow",
        ".yaml",
        UNWEIGHTED,
        but(YARROW, omitted=("model.params.class_weight",)),
    ),
    Report(
        "a template filled in",
        "yarrow",
        ".md",
        TEMPLATE,
        but(YARROW, idle=("training.epochs", "training.batch_size")),
    ),
    Report(
        "an estimator and its rows",
        "cicely",
        ".toml",
        TREES,
        CICELY,
    ),
    Report("twice the rows", "cicely", ".md", ROWS, but(CICELY, misstated=("data.train_rows",))),
    Report(
        "a rate of trees",
        "cicely",
        ".json",
        LEARNED,
        but(CICELY, idle=("training.optimiser", "training.learning_rate")),
    ),
)
