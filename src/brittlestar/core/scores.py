"""Scores of answers: every metric of them, by run and by row, and what train's most frequent class scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.core.answers import Answers, Rows, read_answers
from brittlestar.core.metric_kinds import is_given
from brittlestar.core.metrics import find_metric, metric_names, metric_of
from brittlestar.core.own_metrics import draw_blocks

SUM_TOLERANCE = 1e-3
"""How far probabilities of a row may sum from 1: rounded to four digits they pass, a forgotten softmax does not."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Class probabilities, float64 (n, C), from logits (n, C) of any float type, without overflow."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted


def ask_in_units(rows: Rows, metric: str) -> Rows:
    """The rows as a metric is asked of them: in blocks where it is called for each unit."""
    return draw_blocks(rows) if find_metric(metric, rows.weights).needs == "anything" else rows


def tabulate(answers: Answers, metric: str) -> np.ndarray:
    """What each row of each run adds to a metric, float64 (n, m), whose means over rows are the scores, and whose
    spread is theirs to first order. Raises ValueError where the metric cannot be computed from these answers."""
    if metric in answers.tables:
        return answers.tables[metric]
    known = find_metric(metric, answers.rows.weights)
    if known.rows is None or not all(is_given(known.needs, run) for run in answers.runs):
        of_factors = known.rows is None and metric_of(metric).needs == "predictions"
        raise ValueError(
            f"{metric} needs {'a column weight_FACTOR for each factor' if of_factors else 'probabilities'}"
        )
    table = np.stack([known.rows(run) for run in answers.runs])
    if np.isnan(table).any():
        raise ValueError(f"{metric} needs rows of its class, and of others")
    answers.tables[metric] = table
    return table


@dataclass(frozen=True)
class Table:
    """What each row of each run adds to a metric, float64 (n, m), with what was drawn together and what the metric can
    be."""

    values: np.ndarray
    units: np.ndarray | None
    reach: tuple[float, float]


def tabulate_all(answers: Answers, metrics: Sequence[str]) -> dict[str, Table]:
    """Every metric of some answers by row; one that cannot be computed is left out, and without rows all are."""
    found = dict[str, Table]()
    for metric in metrics if len(answers.rows.labels) else ():
        known = find_metric(metric, answers.rows.weights)
        if known.value is None or any(known.value(run) is None for run in answers.runs if not known.additive):
            continue
        asked = ask_in_units(answers.rows, metric)
        try:
            values = tabulate(answers if asked is answers.rows else replace(answers, rows=asked), metric)
        except ValueError:  # bare labels
            continue
        found[metric] = Table(values, asked.units, known.range)
    return found


def score_runs(answers: Answers, metric: str) -> list[float | None]:
    """The metric of each run; None where it cannot be computed."""
    value = find_metric(metric, answers.rows.weights).value
    return [None if value is None else value(run) for run in answers.runs]


def score(
    probabilities: np.ndarray,
    labels: np.ndarray,
    factor_weights: Mapping[str, np.ndarray],
    *,
    hard: bool = False,
    metrics: Sequence[str] | None = None,
    classes: tuple[str, ...] = (),
) -> dict[str, float | None]:
    """All metrics of one split, or `metrics`, as fractions (log loss in nats); None where one cannot be computed.

    `probabilities` float (n, C), rows summing to 1; `labels` int (n,), -1 for a label that train lacks;
    `factor_weights[factor]` int >= 0 (n,); `classes` the names of codes, which metrics of one class need. The
    prediction is the first of the most probable classes. `hard` says that the probabilities stand for bare predictions:
    log loss and calibration are then None.

    A row with label -1 is wrong whatever is predicted: it is in the denominator of every accuracy, the unknown labels
    together form one more class of recall 0 and F1 0 in balanced accuracy and macro-F1 (what scikit-learn gives when
    -1 is a class), and its log loss is that of the smallest probability, -ln(1e-7) = 16.1 nats.

    Raises ValueError on no rows, on shapes that do not fit, and on probabilities that are not finite.

    >>> score(np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0, 0]), {})["accuracy"]
    0.5
    """
    _check_rows(probabilities, labels, factor_weights)
    names = metric_names(tuple(factor_weights)) if metrics is None else metrics
    rows = Rows(labels=labels, n_classes=probabilities.shape[1], weights=factor_weights, classes=classes)
    answers = read_answers(rows, probabilities[None], bare=hard, keep=metrics is not None)
    return {name: score_runs(answers, name)[0] for name in names}


def majority_scores(
    train_labels: np.ndarray,
    labels: np.ndarray,
    factor_weights: Mapping[str, np.ndarray],
    n_classes: int,
    *,
    metrics: Sequence[str] | None = None,
    classes: tuple[str, ...] = (),
) -> dict[str, float | None]:
    """The trivial score under each metric: train's class shares as probabilities for every row of a split.

    The prediction is train's most frequent class, the first on ties. Labels of -1 in train are not counted. Raises
    ValueError when train has no known label, and where `score` does.
    """
    counts = np.bincount(train_labels[train_labels >= 0], minlength=n_classes)
    if counts.sum() == 0:
        raise ValueError("train has no row with a known label")
    shares = np.tile(counts / counts.sum(), (len(labels), 1))
    return score(shares, labels, factor_weights, metrics=metrics, classes=classes)


def _check_rows(probabilities: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray]) -> None:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise ValueError(f"probabilities {probabilities.shape} do not fit labels {labels.shape}")
    if labels.size == 0:
        raise ValueError("a split without rows has no score")
    if labels.min() < -1 or labels.max() >= probabilities.shape[1]:
        raise ValueError(f"labels must lie in -1..{probabilities.shape[1] - 1}")
    for factor, weights in factor_weights.items():
        if weights.shape != labels.shape:
            raise ValueError(f"weights of factor {factor!r} {weights.shape} do not fit labels {labels.shape}")
    if not np.isfinite(probabilities).all():
        raise ValueError("probabilities must be finite: a diverged model is scored at the majority class")
