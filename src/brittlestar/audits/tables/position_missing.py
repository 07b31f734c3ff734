"""Finding `position.missing`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.rates import Paired
from brittlestar.audits.showing import Rule, percent
from brittlestar.baselines.bayes import MOST_HELD_OUT, answer_held_out, count_reading
from brittlestar.baselines.readings import neighbours, placed_tokens, tokens
from brittlestar.core.findings import Finding

CODE = "position.missing"
MARGIN = 0.05  # chosen, not measured
FEWEST_ROWS = 100  # chosen, not measured
THRESHOLD = (
    "Main cannot see order, and naive Bayes on neighbours or positions answers 5 points more of train's rows out of "
    "fold than on the bag of tokens (sign test over rows). A warning."
)
RULE = Rule(CODE, THRESHOLD, "Set model.positions: true, or model.family: lstm.")


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
    what = f"{model.family} without positions" if model.family == "transformer" else model.family
    if model.own is not None or model.predictions:
        yield RULE.abstain("Whether a model of your own sees order is found by permuting its input, not from the data.")
    elif not (model.family in ("mean", "bag") or (model.family == "transformer" and not model.positions)):
        yield RULE.conclude(f"main ({model.family}) sees the order of tokens.")
    elif analysis.train.n_rows < FEWEST_ROWS:
        told = f"main ({what}) sees no order; {FEWEST_ROWS} rows of train would tell whether the task needs it."
        yield RULE.abstain(told)
    else:
        yield _finding(analysis, what)


def _finding(dataset: AuditDataset, what: str) -> Finding:
    train, n = dataset.train.thin(MOST_HELD_OUT, CODE), len(dataset.tokens)
    right: dict[str, np.ndarray] = {}
    for name, reading in (("bag", tokens(n)), ("neighbours", neighbours(n)), ("places", placed_tokens(n))):
        counted = count_reading(train, reading, dataset.n_classes)
        if counted is not None:
            right[name] = answer_held_out(train, counted[0], dataset.n_classes) == train.labels
    if "bag" not in right or len(right) < 2:
        return RULE.abstain("There are too many tokens and classes to fit shallow models.")
    bag = right.pop("bag")
    best = max(right, key=lambda name: right[name].mean())
    accuracy, of_bag, pairs = float(right[best].mean()), float(bag.mean()), Paired.of(bag, right[best])
    evidence = {
        "rows": train.n_rows,
        "accuracy_bag": of_bag,
        f"accuracy_{best}": accuracy,
        "won": pairs.better,
        "lost": pairs.worse,
        "test": "sign test over rows, for two models",
        "p": min(1.0, 2 * pairs.p),
    }
    named = {"neighbours": "pairs of neighbours", "places": "tokens with their positions"}[best]
    story = (
        f"main ({what}) sees no order; out of fold, naive Bayes gets {percent(accuracy)} of {train.n_rows:,} "
        f"rows right from {named}, {percent(of_bag)} from the bag of tokens."
    )
    return RULE.conclude(story, "warning" if accuracy - of_bag >= MARGIN else None, {"variant": "main"}, evidence)
