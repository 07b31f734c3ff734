"""Correct reports of the study of a fit function, in names of scikit-learn and of papers: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

FORD_FIELDS = matching(
    "model.own",
    "model.params.n_estimators",
    "model.params.criterion",
    "model.params.max_depth",
    "model.params.min_samples_leaf",
    "model.params.max_features",
    "seeds",
)
CLASS = """model: ford:fit
RandomForestClassifier:
  n_estimators: 40
  criterion: entropy
  max_depth: 12
  min_samples_leaf: 2
  max_features: 0.5
  random_state: [0, 1, 2, 3]
"""
BEST_PARAMS = """model.own: ford:fit
clf__n_estimators: 40
clf__criterion: 'entropy'
clf__max_depth: 12
clf__min_samples_leaf: 2
clf__max_features: 0.5
seeds: 0-3
"""
WORDS = """| Parameter | Value |
| --- | --- |
| Model | `ford:fit` |
| Number of trees (`n_estimators`) | 40 |
| Split criterion (`criterion`) | entropy |
| Maximum depth (`max_depth`) | 12 |
| Minimum samples per leaf (`min_samples_leaf`) | 2 |
| Features per split (`max_features`) | 50 % |
| Random seeds | 0, 1, 2, 3 |
"""
SHEET = """Parameter,Value
model,ford:fit
n_estimators,40
criterion,entropy
max depth,12
min samples leaf,2
max features,0.50
random_state,"0, 1, 2, 3"
"""
PARAGRAPH = """### Random forest

The model is `ford:fit`, a random forest on counts of tokens. We use n_estimators = 40, criterion = entropy,
max_depth = 12, min_samples_leaf = 2 and max_features = 0.5. Each forest is fitted from four seeds (0, 1, 2 and 3).
"""

FORD_RIGHT = (
    Report("parameters under a class", "ford", ".yaml", CLASS, FORD_FIELDS),
    Report("best parameters of a pipeline", "ford", ".yaml", BEST_PARAMS, FORD_FIELDS),
    Report("words with the names in brackets", "ford", ".md", WORDS, FORD_FIELDS),
    Report("names with blanks", "ford", ".csv", SHEET, FORD_FIELDS),
    Report("a paragraph with equals signs", "ford", ".md", PARAGRAPH, FORD_FIELDS),
)
