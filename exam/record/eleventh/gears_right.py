"""Correct reports of the study of an own fit function of the eleventh set."""

from __future__ import annotations

from exam.record.eleventh.fields import GEARS
from exam.record.report import Report

NESTED = """study: gears
data:
  path: workshop
  train_without: leaks
model:
  own: gears:fit
  params:
    learning_rate: 4e-1
    rounds: 80
    l2: 0.001
    ngram: 2
    buckets: 128
seeds: [0, 1, 2, 3, 4, 5]
"""
METHODS = """Our model is the function `gears:fit`, a softmax regression on hashed n-grams. Its learning rate is 0.4. It
takes 80 rounds (rounds = 80) over all rows at once. The number of hash buckets is 128 (buckets = 128), the longest
n-gram has two tokens (ngram = 2), and the penalty l2 is 0.001. Rows of train whose tokens stand in another split are
taken out (train_without = leaks). Every number is the mean over 6 seeds.
"""
WIKI = """## gears

Owner: the drive group. Last edited in May.

| Setting | Value | Why |
| --- | --- | --- |
| own model | `gears:fit` | |
| learning_rate | 0.4 | larger ones swing |
| rounds | 80 | |
| l2 | 10⁻³ | |
| ngram | 2 | |
| buckets | 128 | 64 collide too often |
| train_without | leaks | copies of test rows |
| seeds | 0–5 | |
"""
LOGGED = """{
  "run": {"user": "mira", "git_commit": "b7c1e02", "duration_s": 1.9},
  "params": {
    "model.own": "gears:fit",
    "learning_rate": "0.4",
    "rounds": "80",
    "l2": "0.001",
    "ngram": "2",
    "buckets": "128",
    "train_without": "leaks",
    "seeds": "6"
  },
  "metrics": {"test_accuracy": 0.9333, "dev_accuracy": 0.95}
}
"""
DEFAULTS = """Argument,Default of the function,Used
model.own,,gears:fit
lr,0.1,0.4
rounds,50,80
l2,0.0,1e-3
ngram,1,2
buckets,64,128
data.train_without,,leaks
seeds,,0 to 5
"""
SMALL_TABLE = r"""\begin{center}
\begin{tabular}{lS}
\toprule
{Argument} & {Value} \\
\midrule
\texttt{model.own} & \texttt{gears:fit} \\
\texttt{learning\_rate} & \num{4e-1} \\
\texttt{rounds} & 80 \\
\texttt{l2} & \num{1e-3} \\
\texttt{ngram} & 2 \\
\texttt{buckets} & 128 \\
\texttt{train\_without} & leaks \\
Random seeds & {0, 1, 2, 3, 4, 5} \\
\bottomrule
\end{tabular}
\end{center}
"""
LOCKED = """# gears.lock.toml, written when the results were frozen
[model]
own = "gears:fit"

[model.params]
learning_rate = 0.4
rounds = 80
l2 = 1.0e-3
ngram = 2
buckets = 128

[data]
train_without = "leaks"

[repeat]
n_seeds = 6
"""

GEARS_RIGHT = (
    Report("gears: nested file", "gears", ".yaml", NESTED, {**GEARS, "data.tokens": "omitted-default"}),
    Report("gears: methods", "gears", ".md", METHODS, GEARS),
    Report("gears: page of a wiki", "gears", ".md", WIKI, {**GEARS, "data.train_rows": "omitted-default"}),
    Report("gears: logged parameters and scores", "gears", ".json", LOGGED, GEARS),
    Report("gears: column of defaults", "gears", ".csv", DEFAULTS, GEARS),
    Report("gears: small table", "gears", ".tex", SMALL_TABLE, GEARS),
    Report("gears: frozen settings", "gears", ".toml", LOCKED, {**GEARS, "data.order": "omitted-default"}),
)
