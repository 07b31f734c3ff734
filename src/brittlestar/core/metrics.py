"""Metrics: one record each, in tables; what is asked about a metric anywhere is read from its record.

A further metric is a line in METRICS, or in ALONE where it is computed only where somebody asks for it. Intervals,
claims, trivial baselines, tables and pages follow from the record.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, partial
from math import inf

from brittlestar.core import metric_rankings as rankings
from brittlestar.core import metric_values as values
from brittlestar.core.foreign_names import list_metric_names
from brittlestar.core.metric_kinds import (
    Metric,
    function_of_class,
    function_of_counts,
    mean_over_rows,
    rank_classes,
    weighted_by_factors,
)
from brittlestar.core.texts import suggest

METRICS = (
    mean_over_rows("accuracy", "accuracy", "the share of rows that are right", values.mark_correct),
    function_of_counts(
        "balanced_accuracy", "balanced accuracy", "the mean recall of classes", values.mean_recall, by_class=True
    ),
    function_of_counts("macro_f1", "macro-F1", "the mean F1 of classes", values.mean_f1, by_class=True),
    mean_over_rows(
        "log_loss",
        "log loss",
        "the mean negative log probability of the label",
        values.measure_losses,
        needs="label probability",
        unit="nats",
        reach=(0.0, inf),
        higher_is_better=False,
    ),
    Metric(
        "ece",
        "calibration error (ECE)",
        "points",
        (0.0, 1.0),
        higher_is_better=False,
        about="the calibration error over 15 bins of equal width",
        needs="confidence",
        value=values.average_calibration,
        rows=values.spread_calibration,
    ),
)
"""Those of all data, in the order in which they are shown; data with factors have `list_factor_metrics` too."""


ALONE = (
    function_of_counts(
        "mcc", "MCC", "Matthews' correlation", values.correlate_classes, by_class=False, reach=(-1.0, 1.0)
    ),
    mean_over_rows(
        "brier",
        "Brier score",
        "the squared distance of the probabilities from the label, of two classes that of the second",
        values.measure_squares,
        needs="all probabilities",
        unit="",
        reach=(0.0, 2.0),
        higher_is_better=False,
    ),
)
"""Those that are computed where they are asked for, `--metric NAME` or a claim on NAME, beside those with a part."""
ASKED = {
    **{metric.name: metric.about for metric in ALONE},
    "top_k:K": "the share of rows whose label is among the K most probable classes; top_k is of 2",
    "auc": "the area under the ROC curve: of two classes of the second, of more the mean of one against the rest",
    "average_precision": "average precision, of classes as auc",
    "auc:CLASS": "the area of one class against the rest",
    "average_precision:CLASS": "average precision of one class against the rest",
    "f1:CLASS": "F1 of one class",
    "precision:CLASS": "precision of one class",
    "recall:CLASS": "recall of one class",
}
"""What may be asked for, and what it is; CLASS and K stand for a part of the name."""
_OF_CLASS: Mapping[str, tuple[str, str, values.OfClass]] = {
    "f1": ("F1 of {}", "the harmonic mean of precision and recall of one class", values.balance_f1),
    "precision": ("precision of {}", "the share of the answers of a class that are right", values.share_precise),
    "recall": ("recall of {}", "the share of the rows of a class that are found", values.share_recalled),
}
_RANKED: Mapping[str, tuple[str, str, rankings.OfRanking]] = {
    "auc": ("AUC", "the area under the ROC curve", rankings.spread_area),
    "average_precision": ("average precision", ASKED["average_precision"], rankings.spread_average_precision),
}
DEFAULT_K = 2  # as scikit-learn's top_k_accuracy_score


def _make_asked(name: str) -> Metric | None:
    """The metric of a name that is computed where it is asked for; None of any other."""
    alone = {metric.name: metric for metric in ALONE}.get(name)
    if alone is not None:
        return alone
    kind, colon, part = name.partition(":")
    if kind == "top_k" and (not colon or (part.isdecimal() and int(part) > 0)):
        k = int(part or DEFAULT_K)
        rows, about = (
            partial(values.mark_among_first, k=k),
            f"the share of labels among the {k} most probable",
        )
        return mean_over_rows(name, f"top-{k} accuracy", about, rows, needs="all probabilities")
    if kind in _RANKED and (not colon or part):
        title, about, of_ranking = _RANKED[kind]
        return rank_classes(name, f"{title} of {part}" if part else title, about, of_ranking, part or None)
    if kind in _OF_CLASS and part:
        title, about, function = _OF_CLASS[kind]
        return function_of_class(name, title.format(part), about, function, part)
    return None


SPR_FACTORS = {"shape": "swa", "colour": "cwa"}
OF_A_FACTOR = "_weighted_accuracy"
"""How the name of a factor's weighted accuracy ends, whatever the factor."""
_TITLES = {
    "swa": "shape-weighted accuracy (SWA)",
    "cwa": "colour-weighted accuracy (CWA)",
    "hwa": "HWA",
    "factor_hwa": "harmonic mean of factor-weighted accuracies",
}


def list_factor_metrics(factors: Sequence[str]) -> tuple[Metric, ...]:
    """Metrics that weigh rows by factors: `swa, cwa, hwa` where the factors are exactly shape and colour, else
    `FACTOR_weighted_accuracy` for each and `factor_hwa`; none without factors."""
    if not factors:
        return ()
    spr = set(factors) == set(SPR_FACTORS)
    names = SPR_FACTORS if spr else {factor: f"{factor}{OF_A_FACTOR}" for factor in factors}
    each = [(name, (factor,)) for factor, name in names.items()]
    both = [*each, ("hwa" if spr else "factor_hwa", tuple(factors))]
    return tuple(weighted_by_factors(name, _TITLES.get(name, name.replace("_", " ")), used) for name, used in both)


@cache
def list_metrics(factors: tuple[str, ...]) -> tuple[Metric, ...]:
    """All metrics of data with these factors, in the order in which they are shown."""
    return (*METRICS, *list_factor_metrics(factors))


def metric_names(factors: Sequence[str]) -> tuple[str, ...]:
    """Their names."""
    return tuple(metric.name for metric in list_metrics(tuple(factors)))


def list_names_of_curves() -> tuple[str, ...]:
    """What curves of training may be scores of: every metric of predictions, and `f1`, which says not of what kind it
    is."""
    return (*(metric.name for metric in METRICS if metric.needs == "predictions"), "f1")


_BY_NAME = {metric.name: metric for metric in (*list_metrics(tuple(SPR_FACTORS)), *list_factor_metrics(("any",)))}


_OWN: dict[str, Metric] = {}
OWN_NAME = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def register_metric(metric: Metric) -> None:
    """Make a metric of the user's known by its name in this process: names are all that documents have."""
    _OWN[metric.name] = metric


def is_own(name: str) -> bool:
    """Whether it is the name of a metric of the user's, `module:function`."""
    return OWN_NAME.fullmatch(name) is not None and name.partition(":")[0] not in (*_OF_CLASS, *_RANKED, "top_k")


def metric_of(name: str) -> Metric:
    """The record of a metric by its name; of a name that is not known, one that assumes nothing."""
    return _OWN.get(name) or _find_metric(name)


@cache
def _find_metric(name: str) -> Metric:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith(OF_A_FACTOR):
        return list_factor_metrics((name.removesuffix(OF_A_FACTOR),))[0]
    return _make_asked(name) or Metric(name, name.replace("_", " "))


def is_asked(name: str) -> bool:
    """Whether it is the name of a metric that is computed where it is asked for."""
    return is_own(name) or _make_asked(name) is not None


_AVERAGED = {
    "mcc": "it is one number of all classes, and no average",
    "auc": "of two classes it is that of the second, of more the mean of one against the rest, each class alike",
}
_AVERAGED["average_precision"] = _AVERAGED["auc"]


def describe_average(name: str, computed: bool) -> str:
    """How a metric that may be averaged in several ways was averaged, where it was `computed` from rows; that nobody
    knows of a score that was given. Empty of other metrics."""
    if name not in _AVERAGED:
        return ""
    title = metric_of(name).title
    title = title if title.isupper() else f"{title[:1].upper()}{title[1:]}"
    if not computed:
        return f"{title}: how it was averaged over classes, a score does not say" if name != "mcc" else ""
    return f"{title}: {_AVERAGED[name]}"


def find_metric(name: str, factors: Collection[str]) -> Metric:
    """The record of a metric of data with these factors; of a factor that is not there, one that nothing computes."""
    known = {metric.name: metric for metric in list_metrics(tuple(factors))}.get(name)
    return known or (Metric(name, name) if name in _BY_NAME or name.endswith(OF_A_FACTOR) else metric_of(name))


def suggest_metric(name: str, known: Collection[str]) -> str:
    """`did you mean 'macro_f1'?` for `f1`; of a name that means nothing here, the known ones."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    of_k = re.fullmatch(r"top_?([0-9]+)(?:_acc(?:uracy)?)?", plain)
    every = (*known, *ASKED)
    meant = [one for one in every if plain in (one, *list_metric_names(one))]
    meant += [f"top_k:{of_k[1]}"] if of_k else []
    listed = f"known: {', '.join(every)}, or module:function"
    return f"did you mean {meant[0]!r}? {listed}" if meant else suggest(name, every) or listed


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    return () if pattern is None else tuple(re.compile(pattern).groupindex)


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if set(factors) == set(SPR_FACTORS) else "accuracy"
