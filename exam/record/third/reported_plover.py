"""Correct reports of the study of a fit function, in names of scikit-learn: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, as_yaml, matching, stated
from exam.record.third.layouts import as_exported, as_searched
from exam.record.third.studies import PLOVER

PLOVER_FIELDS = matching(
    "data.train_rows",
    "model.own",
    "model.params.n_estimators",
    "model.params.max_depth",
    "model.params.learning_rate",
    "model.params.subsample",
    "seeds",
)
STEPS = {
    "n_train": "600",
    "model.own": "plover:fit",
    "gradientboostingclassifier__n_estimators": "15",
    "gradientboostingclassifier__max_depth": "3",
    "gradientboostingclassifier__learning_rate": "0.2",
    "gradientboostingclassifier__subsample": "0.8",
    "random_state": "[0, 1, 2]",
}
RESULTS = """model.own,train rows,param_n_estimators,param_max_depth,param_learning_rate,param_subsample,seeds
plover:fit,600,15,3,0.2,0.8,"0, 1, 2"
"""
NESTED = """data: {train_rows: 600}
model:
  own: plover:fit
  params: {n_estimators: 15, max_depth: 3.0, learning_rate: 2.0e-1, subsample: 8.0e-1}
seeds: range(3)
"""
GRID = {
    "model.params.n_estimators": "5, 10, 15, 20",
    "model.params.max_depth": "2–5",
    "model.params.learning_rate": "0.05–0.5",
    "model.params.subsample": "0.5–1.0",
}
EXPORTED = {
    "max_train_samples": "600",
    "model.own": "plover:fit",
    "n_estimators": "15",
    "max_depth": "3",
    "learning_rate": "0.2",
    "subsample": "0.8",
    "seeds": "[0, 1, 2]",
}

PLOVER_RIGHT = (
    Report("steps of a pipeline", "plover", ".yaml", as_yaml(STEPS), PLOVER_FIELDS),
    Report("results of a grid search", "plover", ".csv", RESULTS, PLOVER_FIELDS),
    Report("a range of Python", "plover", ".yaml", NESTED, PLOVER_FIELDS),
    Report("grid and choice", "plover", ".md", as_searched(stated(PLOVER), GRID, "Selected value"), PLOVER_FIELDS),
    Report("the rate of the fit itself", "plover", ".yaml", as_exported(EXPORTED), PLOVER_FIELDS),
)
