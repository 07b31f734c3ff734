"""Finding `position.missing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.bayes import folds_of, out_of_fold
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.shortcuts.occurrences import Columns, Reading, counts_of, neighbours, placed_tokens, tokens
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "position.missing"
MARGIN = 0.05  # chosen, not measured
FEWEST_ROWS = 100  # chosen, not measured
MOST_ROWS = 50_000  # budget: naive Bayes takes a second
MOST_CELLS = 20_000_000  # budget: weights of 160 MB
THRESHOLD = (
    "Main cannot see order, and naive Bayes on neighbours or positions answers 5 points more of train's rows out of "
    "fold than on the bag of tokens (sign test over rows). A warning."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """A model without order information, on a task that needs it.

    **What it means.** The model answers every order of the same tokens alike; what order carries is out of its reach.

    **How it is decided.** From the settings of main: the families `mean` and `bag`, and a `transformer` with
    `positions: false`, see no order. Then naive Bayes is fitted on train's rows out of fold three times: on the bag of
    tokens, on pairs of neighbours, and on tokens with their positions. (50,000 rows, drawn at random, where
    there are more.) What the better of the latter two gets right beyond the bag is what order carries, at least.

    **Thresholds.** 5 points of accuracy, and more rows won than lost against the bag by a sign test (McNemar 1947),
    for two models. A warning.

    **What it cannot see.** Order that pairs and positions do not show; the order that your own model uses.

    **What to do.** Set `model.positions: true`, or use a family that reads order (lstm, gru, transformer).
    """
    model = analysis.study.model
    if model.own is not None or model.predictions:
        summary = "Whether a model of your own sees order is found by permuting its input, not from the data."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD)
        return
    if not (model.family in ("mean", "bag") or (model.family == "transformer" and not model.positions)):
        yield Finding(CODE, "absent", f"main ({model.family}) sees the order of tokens.", THRESHOLD)
        return
    what = f"{model.family} without positions" if model.family == "transformer" else model.family
    if analysis.train.n_rows < FEWEST_ROWS:
        summary = f"main ({what}) sees no order; {FEWEST_ROWS} rows of train would tell whether the task needs it."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD)
        return
    yield _finding(analysis, what)


@dataclass(frozen=True)
class _Order:
    model: str
    bag: float
    accuracy: float
    won: int
    lost: int


def _finding(dataset: AuditDataset, what: str) -> Finding:
    train = dataset.train
    if train.n_rows > MOST_ROWS:
        train = train.take(np.sort(generator(0, CODE).choice(train.n_rows, MOST_ROWS, replace=False)))
    right = {
        name: _right(train, reading(len(dataset.tokens)), dataset.n_classes)
        for name, reading in (("bag", tokens), ("neighbours", neighbours), ("places", placed_tokens))
    }
    bag = right["bag"]
    if bag is None:
        return Finding(CODE, "inconclusive", "There are too many tokens and classes to fit shallow models.", THRESHOLD)
    found = [
        _Order(name, float(bag.mean()), float(one.mean()), int((one & ~bag).sum()), int((bag & ~one).sum()))
        for name, one in right.items()
        if name != "bag" and one is not None
    ]
    best = max(found, key=lambda one: one.accuracy, default=None)
    if best is None:
        return Finding(CODE, "inconclusive", "There are too many tokens and classes to fit shallow models.", THRESHOLD)
    named = {"neighbours": "pairs of neighbours", "places": "tokens with their positions"}[best.model]
    p = min(1.0, 2 * float(binom.sf(best.won - 1, best.won + best.lost, 0.5)))
    evidence = {
        "rows": train.n_rows,
        "accuracy_bag": best.bag,
        f"accuracy_{best.model}": best.accuracy,
        "won": best.won,
        "lost": best.lost,
        "test": "sign test over rows, for two models",
        "p": p,
    }
    story = (
        f"main ({what}) sees no order; out of fold, naive Bayes gets {percent(best.accuracy)} of {train.n_rows:,} "
        f"rows right from {named}, {percent(best.bag)} from the bag of tokens"
    )
    if best.accuracy - best.bag < MARGIN:
        return Finding(CODE, "absent", f"{story}.", THRESHOLD, where={"variant": "main"}, evidence=evidence)
    return Finding(
        CODE,
        "present",
        f"{story}.",
        THRESHOLD,
        "warning",
        {"variant": "main"},
        evidence,
        "Set model.positions: true, or model.family: lstm.",
    )


def _right(train: AuditSplit, reading: Reading, n_classes: int) -> np.ndarray | None:
    """bool (n_rows,): rows that naive Bayes on what is read answers correctly out of fold."""
    read = reading(train)
    columns = Columns.of(read, 1)
    if columns.n * n_classes > MOST_CELLS:
        return None
    logits = out_of_fold(counts_of(read, columns), train.labels, n_classes, folds_of(train.hashes))
    return logits.argmax(axis=1) == train.labels
