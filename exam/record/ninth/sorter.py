"""Reports of the regression on pieces of words, which is a fit function: its training has no other settings."""

from __future__ import annotations

from exam.record.ninth.complete import SORTER, SORTER_FIELDS, but
from exam.record.report import Report, as_csv, as_markdown, stated

NESTED = """{
  "model": {"own": "sorter:fit", "params": {"ngram": 2, "rate": 4e-1, "steps": 90, "ridge": 3e-3}},
  "data": {"spelling": "characters", "train_without": "leaks"},
  "seeds": [1, 2, 3],
  "results": {"test_accuracy": 0.52, "test_macro_f1": 0.38, "wall_time_seconds": 1.4}
}
"""
METHODS = """The baseline sorter:fit is a softmax regression on n-grams of characters (ngram = 2), with spelling set to
characters. It takes 90 steps (steps = 90) of gradient descent at a rate of 0.4 (rate = 0.4), with a ridge of 0.003
(ridge = 0.003). Training songs that stand in another split were taken out before (train_without: leaks). We ran it with
seeds 1, 2 and 3.
"""

SORTER_REPORTS = (
    Report("parameters and results", "sorter", ".json", NESTED, SORTER_FIELDS),
    Report("paragraph on the regression", "sorter", ".txt", METHODS, SORTER_FIELDS),
    Report(
        "ten times the ridge",
        "sorter",
        ".md",
        as_markdown(stated(SORTER, {"ridge": "3e-2"}), "Parameter", "Value"),
        but(SORTER_FIELDS, misstated=("model.params.ridge",)),
    ),
    Report(
        "batches of a fit on all rows",
        "sorter",
        ".csv",
        as_csv(stated(SORTER, {"batch size": "64", "max_grad_norm": "1.0"}), "hyperparameter", "value"),
        but(SORTER_FIELDS, idle=("training.batch_size", "training.clip")),
    ),
    Report(
        "leaks taken out in silence",
        "sorter",
        ".md",
        as_markdown(stated(SORTER, without=("data.train_without", "data.spelling"))),
        but(SORTER_FIELDS, omitted=("data.train_without", "data.spelling")),
    ),
)
