"""The metrics of a study: those of all data, and those that its report or its claims ask for."""

from collections.abc import Iterable

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import is_asked, metric_names
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.settings import Study


def list_asked(study: Study) -> tuple[str, ...]:
    """The names of metrics that are computed since this study asks for them."""
    named = [study.report.metric or "", *study.report.metrics]
    for claim in study.claims:
        try:
            named.append(parse_claim(claim, "").metric)
        except InputError:
            continue  # which whoever judges claims says
    return keep_asked(named)


def keep_asked(names: Iterable[str]) -> tuple[str, ...]:
    """Those names that are of metrics that are computed only where they are asked for."""
    return tuple(dict.fromkeys(name for name in names if is_asked(name)))


def list_metrics_of(study: Study, factors: tuple[str, ...]) -> tuple[str, ...]:
    """All metrics of a study whose data have these factors, in the order in which they are shown."""
    return (*metric_names(factors), *list_asked(study))
