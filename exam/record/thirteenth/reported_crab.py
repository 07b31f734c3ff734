"""Reports of the study of a fit function, correct ones and those with one thing that is not as it should be."""

from __future__ import annotations

from exam.record.report import Report, as_csv, matching, stated
from exam.record.thirteenth.forms import as_latex, idle, omitted, wrong

CRAB_FIELDS = matching("model.own", "model.params.alpha", "model.params.order", "seeds")
PAPER = {"model.own": "grams:fit", "alpha": "0.3", "order": "2", "seeds": "5, 6, 7"}
FILE = """# naive Bayes on runs of up to two tokens
model:
  own: grams:fit
  params:
    alpha: 0.30   # added to every count
    order: 2
seeds: [5, 6, 7]
"""
NOTE = """Settings of the naive Bayes baseline, as run on 12 March:

| what | value |
| --- | --- |
| model.own | grams:fit |
| alpha | 3e-1 |
| order | 2 |
| seeds | 5–7 |
| test accuracy | 97.1 % |
| time per run | 0.2 s |
"""
CHANGED = """{"model": {"own": "grams:fit", "params": {"alpha": 1.0, "order": 2}}, "seeds": [5, 6, 7]}
"""
PARTIAL = """The baseline is the fit function grams:fit, a naive Bayes on runs of tokens. Its alpha is 0.3. It was run
from the seeds 5, 6 and 7.
"""

CRAB_REPORTS = (
    Report("file with comments", "crab", ".yaml", FILE, CRAB_FIELDS),
    Report("note with a date", "crab", ".md", NOTE, CRAB_FIELDS),
    Report("three rows and their seeds", "crab", ".tex", as_latex(PAPER), CRAB_FIELDS),
    Report(
        "counts with the usual one added",
        "crab",
        ".json",
        CHANGED,
        wrong("model.params.alpha", right=("model.params.order", "seeds")),
    ),
    Report(
        "rate and epochs of a count",
        "crab",
        ".csv",
        as_csv(stated(PAPER, {"epochs": "10", "learning rate": "0.01"})),
        idle("training.epochs", "training.learning_rate", right=("model.params.alpha",)),
    ),
    Report(
        "sentences without the order",
        "crab",
        ".txt",
        PARTIAL,
        omitted("model.params.order", right=("model.params.alpha", "seeds")),
    ),
)
