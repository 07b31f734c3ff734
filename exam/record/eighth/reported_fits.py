"""Reports of the studies of fit functions: one around scikit-learn, one by hand."""

from __future__ import annotations

from exam.record.eighth.fields import FINCH, PLOVER, default, idle, misstated, omitted, unclear
from exam.record.report import Report

ESTIMATOR = """model.own: finch:fit
# sklearn.linear_model.LogisticRegression
C: 0.50
max_iter: 300
# sklearn.feature_extraction.text.CountVectorizer
min_df: 2
# data
train_rows: 500
random_state: [5, 6, 7]
"""
PIPELINE = """Best parameters of the pipeline:

| Parameter | Value |
| --- | --- |
| `model.own` | `finch:fit` |
| `logisticregression__C` | 0.5 |
| `logisticregression__max_iter` | 300 |
| `countvectorizer__min_df` | 2 |
| Training examples | 500 |
| Seeds | 5, 6, 7 |
"""
STRONGER = """parameter,value
model.own,finch:fit
C,5.0
max_iter,300
min_df,2
training examples,500
threshold,0.5
seeds,"5, 6, 7"
"""
RARE = """{
  "model": {"own": "finch:fit", "params": {"C": 0.5, "max_iter": 300}},
  "data": {"train_rows": 500},
  "seeds": [5, 6, 7]
}
"""
BORROWED = """All models share the settings of this table.

| Hyperparameter | Value |
| --- | --- |
| model.own | finch:fit |
| C | 0.5 |
| max_iter | 300 |
| min_df | 2 |
| Learning rate | 1e-3 |
| Batch size | 64 |
| Epochs | 20 |
| Training examples | 500 |
| Seeds | 5, 6, 7 |
"""
UNSAID = """seeds = [5, 6, 7]

[data]
train_rows = 500

[model]
own = "finch:fit"

[model.params]
C = 5e-1
max_iter = 300
min_df = 2
"""
BY_HAND = """# gradient descent on the whole of train
seeds = [0, 1]

[model]
own = "plover:fit"

[model.params]
rate = 0.80
steps = 150
penalty = 0.001
"""
LONGER = """| Parameter | Value |
| --- | --- |
| model.own | plover:fit |
| rate | 0.8 |
| steps | 1,500 |
| penalty | 1e-3 |
| seeds | 0, 1 |
"""
SMOOTHED = """model.own: plover:fit
model.params.rate: 8e-1
model.params.steps: 150
model.params.penalty: 1e-3
training.label_smoothing: 0.1
model.hidden: 64
seeds: [0, 1]
"""
UNSEEDED = """name,value
model.own,plover:fit
rate,0.8
steps,150
"""

FITS = (
    Report("names of an estimator", "finch", ".yaml", ESTIMATOR, FINCH),
    Report("names of a pipeline", "finch", ".md", PIPELINE, FINCH),
    Report(
        "a tenth of the penalty, and a threshold",
        "finch",
        ".csv",
        STRONGER,
        {**FINCH, **misstated("model.params.C"), **unclear("threshold")},
    ),
    Report(
        "no word of rare tokens",
        "finch",
        ".json",
        RARE,
        {**FINCH, **omitted("model.params.min_df")},
    ),
    Report(
        "settings of the networks beside it",
        "finch",
        ".md",
        BORROWED,
        {**FINCH, **idle("training.learning_rate", "training.batch_size", "training.epochs")},
    ),
    Report(
        "nothing of tokens and their order",
        "finch",
        ".toml",
        UNSAID,
        {**FINCH, **default("data.tokens", "data.order", "data.spelling")},
    ),
    Report(
        "parameters in a section",
        "plover",
        ".toml",
        BY_HAND,
        PLOVER,
    ),
    Report("ten times the steps", "plover", ".md", LONGER, {**PLOVER, **misstated("model.params.steps")}),
    Report(
        "smoothing and width of a regression",
        "plover",
        ".yaml",
        SMOOTHED,
        {**PLOVER, **idle("training.label_smoothing", "model.hidden")},
    ),
    Report(
        "no penalty and no seeds", "plover", ".csv", UNSEEDED, {**PLOVER, **omitted("model.params.penalty", "seeds")}
    ),
)
