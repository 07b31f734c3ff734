"""Reports of the study of a fit function, which no setting of training has an effect on."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import LEDGER, expect

MINIMAL = """# all that one needs to call tally.fit again
model:
  own: tally:fit
  params:
    rate: 0.8
    rounds: 60
    ridge: 2.0e-3
seeds: [5, 6, 7]
"""
DEFAULTS = """The baseline is plain softmax regression on runs of tokens (`tally.py`).

| Argument | Value | |
|:--|--:|:--|
| `model.own` | `tally:fit` | |
| `rate` | 0.80 | tuned |
| `rounds` | 60 | tuned |
| `ridge` | 0.002 | tuned |
| `span` | 2 | default |
| seeds | 5, 6, 7 | |
"""
RESULTS = """quantity,value
model.own,tally:fit
rate,8e-1
rounds,60
ridge,2e-3
seeds,3
dev accuracy,0.742
test accuracy,0.733
test log loss,0.611
fit time,0.4 s
cores,1
"""
STIFF = r"""\begin{table}[h]
  \small
  \begin{tabular}{lc}
    \toprule
    & \textbf{Baseline} \\
    \midrule
    \texttt{model.own} & \texttt{tally:fit} \\
    \texttt{rate} & 0.8 \\
    \texttt{rounds} & 60 \\
    \texttt{ridge} & $2\times10^{-2}$ \\
    Seeds & 5, 6, 7 \\
    \bottomrule
  \end{tabular}
  \caption{Settings of softmax regression.}
\end{table}
"""
BATCHES = """{
  "model.own": "tally:fit",
  "model.params": {"rate": 0.8, "rounds": 60, "ridge": 0.002},
  "training.batch_size": 64,
  "training.clip": 1.0,
  "training.label_smoothing": 0.1,
  "seeds": [5, 6, 7]
}
"""
NOTE = """Note on the baseline, for whoever takes this over

The baseline is `tally:fit`, softmax regression by plain gradient descent on all rows at once. Its rate is 0.8, its
ridge is 0.002, and it descends for 60 rounds (rounds = 60). Three seeds were run: 5, 6 and 7. It takes no time worth
mentioning, so feel free to run more.
"""
ROUNDLESS = r"""\section{Baseline}
As a baseline we fit softmax regression to counts of token runs (\texttt{tally:fit}). The rate is set to 0.8 and the
ridge to 0.002. Results are averaged over the seeds 5, 6 and 7.
"""
LONGER = """[model]
own = "tally:fit"

[model.params]
rate = 0.8
rounds = 60
ridge = 0.002
span = 3

[run]
seeds = [5, 6, 7]
started = "2025-12-01 08:30"
"""
TAU = """estimator: softmax regression on counts
model.own: tally:fit
rate: 0.8
rounds: 60
ridge: 0.002
tau: 0.9
seeds: 5, 6, 7
"""
ACROSS = """model.own,rate,rounds,ridge,seeds
tally:fit,.8,60,.0020,"5, 6, 7"
"""

LEDGER_REPORTS = (
    Report("call of a fit function", "ledger", ".yaml", MINIMAL, expect(LEDGER)),
    Report("arguments with a default", "ledger", ".md", DEFAULTS, expect(LEDGER, "model.params.span")),
    Report("quantities of a baseline", "ledger", ".csv", RESULTS, expect(LEDGER)),
    Report("a stiffer ridge", "ledger", ".tex", STIFF, expect(LEDGER, wrong=("model.params.ridge",))),
    Report(
        "batches of all rows at once",
        "ledger",
        ".json",
        BATCHES,
        expect(LEDGER, idle=("training.batch_size", "training.clip", "training.label_smoothing")),
    ),
    Report("note on the baseline", "ledger", ".txt", NOTE, expect(LEDGER)),
    Report("baseline without rounds", "ledger", ".tex", ROUNDLESS, expect(LEDGER, omitted=("model.params.rounds",))),
    Report("longer runs of tokens", "ledger", ".toml", LONGER, expect(LEDGER, wrong=("model.params.span",))),
    Report("another Greek letter by name", "ledger", ".yaml", TAU, expect(LEDGER, unclear=("tau",))),
    Report("arguments across", "ledger", ".csv", ACROSS, expect(LEDGER)),
)
