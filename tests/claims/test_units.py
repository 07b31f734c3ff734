"""What a metric is counted in, decided in one place and said alike everywhere."""

import pytest

from brittlestar.claims.sentences import describe_claim
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_names, metric_of
from brittlestar.reports.gate.scores import decide_score
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.units import about, unit_of

FRACTIONS = [
    *(name for name in metric_names(()) if metric_of(name).is_share),
    *("swa", "cwa", "hwa", "factor_hwa", "size_weighted_accuracy"),
]
OWN = ["bleu", "score", "perplexity", "f1", "rouge", "weighted_accuracy", "accuracy_", "Accuracy", "points"]


@pytest.mark.parametrize("metric", FRACTIONS)
def test_known_fractions_are_counted_in_points(metric: str) -> None:
    assert parse_claim(f"a > b by 0.01 on {metric}").threshold == 0.01
    assert metric_of(metric).is_share and metric_of(metric).is_known
    assert metric_of(metric).unit == unit_of(metric).unit == "points"
    assert unit_of(metric).amount(0.01) == "1.0 points" and unit_of(metric).amount(-0.2345, True) == "−23.4 points"
    with pytest.raises(InputError, match="fraction"):
        parse_claim(f"a > b by 2 on {metric}")


def test_every_metric_that_is_computed_is_known() -> None:
    for factors in ((), ("shape", "colour"), ("size",), ("a", "b", "c")):
        assert all(metric_of(name).is_known for name in metric_names(factors))


def test_log_loss_is_in_nats_and_has_no_upper_end() -> None:
    parse_claim("a > b by 3 on log_loss")
    loss = unit_of("log_loss")
    assert (metric_of("log_loss").is_share, metric_of("log_loss").unit, loss.unit) == (False, "nats", "nats")
    assert loss.amount(3.0) == "3.000 nats" and loss.amount(0.004) == "0.004 nats"


@pytest.mark.parametrize("metric", OWN)
def test_any_other_name_is_a_scale_of_its_own(metric: str) -> None:
    claim = parse_claim({"claim": f"a > b by 2 on {metric}", "higher_is_better": True, "chance": 60, "margin": 5})
    assert (claim.threshold, claim.chance) == (2.0, 60.0)
    assert not metric_of(metric).is_share and metric_of(metric).unit == unit_of(metric).unit == ""
    assert unit_of(metric).number(82.31) == "82.3" and "(" not in unit_of(metric).axis
    assert unit_of(metric).amount(2.0) == "2" and "point" not in unit_of(metric).amount(0.5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (82.0, "+82"), (-0.25, "−0.25"), (0.0123, "+0.0123"), (1234567.0, "+1.23e+06"), (1e300, "+1e+300"),
        (-3.456e-280, "−3.46e−280"), (0.0, "0"),
    ],
)  # fmt: skip
def test_numbers_of_an_own_scale_are_never_hidden_nor_endless(value: float, shown: str) -> None:
    assert unit_of("bleu").amount(value, True) == shown


@pytest.mark.parametrize(
    ("sentence", "said", "denied"),
    [
        (
            "old > new by -0.02 on log_loss",
            "new loses at most 0.020 nats of log loss",
            "new loses more than 0.020 nats",
        ),
        (
            "old > new by 0.02 on log_loss",
            "new is below old by at least 0.020 nats",
            "new is not below old by at least",
        ),
        (
            "new > old by -0.02 on accuracy",
            "new loses at most 2.0 points of accuracy",
            "new loses more than 2.0 points",
        ),
        ("new > old by 0 on ece", "old is below new in", "old is not below new in"),
    ],
)
def test_a_claim_on_a_loss_names_the_side_that_is_to_have_less_of_it(sentence: str, said: str, denied: str) -> None:
    claim = parse_claim(sentence)
    assert describe_claim(claim).startswith(said) and describe_claim(claim, denied=True).startswith(denied)


def test_the_bar_of_a_loss_is_a_maximum_in_its_unit() -> None:
    loss, score = decide_score(0.3, (0.2, 0.4), "log_loss", 0.5), decide_score(0.7, (0.6, 0.8), "accuracy", 0.5)
    assert (loss.name, loss.outcome, score.name) == ("maximum score 0.500 nats", "pass", "least score 50.0")


def test_an_interval_with_a_width_shows_it() -> None:
    points = unit_of("accuracy")
    assert (
        points.interval((-0.00015, 0.00015), True) == "[−0.01, +0.01]" and points.interval((0.5, 0.5)) == "[50.0, 50.0]"
    )
    assert (
        points.interval((0.99961, 0.99999)) == "[99.96, 100.00]"
        and points.interval((0.1, 0.1 + 1e-9)) == "[10.0, 10.0]"
    )


def test_rounding_is_no_difference_in_points() -> None:
    points = unit_of("accuracy")
    assert points.amount(1e-17, True) == "0.0 points" and points.amount(-0.0, True) == "0.0 points"


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        ("accuracy", 0.01, "1.0 points"), ("accuracy", 0.0125, "1.25 points"), ("accuracy", 0.2, "20.0 points"),
        ("log_loss", 0.01, "0.010 nats"), ("bleu", 2.0, "2"), ("bleu", 0.00012, "0.00012"),
    ],
)  # fmt: skip
def test_a_threshold_is_never_rounded(metric: str, value: float, shown: str) -> None:
    assert unit_of(metric).threshold(value) == shown


@pytest.mark.parametrize(
    ("number", "most", "shown"),
    [
        (8046, None, "about 8,000"), (127, None, "about 130"), (5, None, "about 5"), (14, 30, "about 14 to 30"),
        (1234, 1249, "about 1,200"), (98_765_432, None, "about 99,000,000"),
    ],
)  # fmt: skip
def test_counts_that_are_estimates_have_two_digits(number: int, most: int | None, shown: str) -> None:
    assert about(number, most) == shown
