"""What a metric is counted in, decided in one place and said alike everywhere."""

from __future__ import annotations

import pytest

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_names
from brittlestar.core.results import METRICS
from brittlestar.reports.units import unit_of
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.metric_names import is_fraction, is_known, unit_name
from brittlestar.verdicts.sentences import amount

FRACTIONS = [
    *(name for name in METRICS if name != "log_loss"),
    *("swa", "cwa", "hwa", "factor_hwa", "size_weighted_accuracy"),
]
OWN = ["bleu", "score", "perplexity", "f1", "auc", "weighted_accuracy", "accuracy_", "Accuracy", "points"]


@pytest.mark.parametrize("metric", FRACTIONS)
def test_known_fractions_are_counted_in_points(metric: str) -> None:
    claim = parse_claim(f"a > b by 0.01 on {metric}")
    assert is_fraction(metric) and is_known(metric)
    assert unit_name(metric) == unit_of(metric).unit == "points"
    assert amount(claim, 0.01) == "1.0 points" and amount(claim, -0.2345, True) == "−23.4 points"
    with pytest.raises(InputError, match="fraction"):
        parse_claim(f"a > b by 2 on {metric}")


def test_every_metric_that_is_computed_is_known() -> None:
    for factors in ((), ("shape", "colour"), ("size",), ("a", "b", "c")):
        assert all(is_known(name) for name in metric_names(factors))


def test_log_loss_is_in_nats_and_has_no_upper_end() -> None:
    claim = parse_claim("a > b by 3 on log_loss")
    assert (is_fraction("log_loss"), unit_name("log_loss"), unit_of("log_loss").unit) == (False, "nats", "nats")
    assert amount(claim, 3.0) == "3.000 nats" and amount(claim, 0.004) == "0.004 nats"


@pytest.mark.parametrize("metric", OWN)
def test_any_other_name_is_a_scale_of_its_own(metric: str) -> None:
    claim = parse_claim({"claim": f"a > b by 2 on {metric}", "higher_is_better": True, "chance": 60, "margin": 5})
    assert (claim.threshold, claim.chance) == (2.0, 60.0)
    assert not is_fraction(metric) and unit_name(metric) == unit_of(metric).unit == ""
    assert unit_of(metric).number(82.31) == "82.310" and "(" not in unit_of(metric).axis
    assert amount(claim, 2.0) == "2" and "point" not in amount(claim, 0.5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (82.0, "+82"),
        (-0.25, "−0.25"),
        (0.0123, "+0.0123"),
        (1234567.0, "+1.23e+06"),
        (1e300, "+1e+300"),
        (-3.456e-280, "−3.46e−280"),
        (0.0, "0"),
    ],
)
def test_numbers_of_an_own_scale_are_never_hidden_nor_endless(value: float, shown: str) -> None:
    claim = parse_claim({"claim": "a > b by 1 on bleu", "higher_is_better": True})
    assert amount(claim, value, True) == shown


def test_rounding_is_no_difference_in_points() -> None:
    claim = parse_claim("a > b by 0.01 on accuracy")
    assert amount(claim, 1e-17, True) == "0.0 points" and amount(claim, -0.0, True) == "0.0 points"
