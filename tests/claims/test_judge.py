"""Verdicts: against other implementations, under every invariance, and on hostile input."""

import json
import warnings
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcome_table import read_outcomes
from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.statistics.crossed import estimate_components
from brittlestar.verbs.judge import judge

FIXED = {"population": "fixed-test-set"}


def scores(a: Any, b: Any) -> dict[str, dict[str, Any]]:
    return {name: {"seeds": list(range(len(x))), "score": list(x)} for name, x in (("a", a), ("b", b))}


def table(a: np.ndarray, b: np.ndarray) -> dict[str, dict[str, Any]]:
    n, m = a.shape
    return {
        name: {"seeds": list(range(n)), "examples": list(range(m)), "outcome": x} for name, x in (("a", a), ("b", b))
    }


def drawn(seed: int, n: int, m: int, shift: float = 0.0, seeds: float = 0.01) -> dict[str, dict[str, Any]]:
    """Two variants whose rows are right with probabilities that rows share."""
    random = np.random.default_rng(seed)
    row = random.uniform(0.5, 0.95, m)
    variants = [random.random((n, m)) < np.clip(row + s + random.normal(0, seeds, (n, 1)), 0, 1) for s in (shift, 0.0)]
    return table(*(variant.astype(float) for variant in variants))


def of_given(outcomes: Any) -> Outcomes:
    """Outcomes of a mapping without splits."""
    return read_outcomes(outcomes, "accuracy")[None]


def of(outcomes: Any, sentence: str = "a > b by 0.01 on accuracy", **fields: Any) -> Judgement:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return judge(outcomes, {"claim": sentence, **fields})


def test_equivalence_is_two_one_sided_tests() -> None:
    random = np.random.default_rng(0)
    for _ in range(1_000):
        n = int(random.integers(5, 30))
        a, b = 0.5 + random.normal(0, 0.01, (2, n)) + random.normal(0, 0.004)
        found = of(scores(a, b), "a == b within 0.008 on accuracy", looks=[n], **FIXED)
        p = ttost_paired(a, b, -0.008, 0.008)[0]
        assert (found.relation == "equivalent") == (p < 0.05) == (found.verdict == "supported")
        assert found.p == pytest.approx(p, abs=1e-9)


def test_a_clear_difference_is_supported_and_its_mirror_refuted() -> None:
    outcomes = drawn(1, 10, 2_000, 0.08)
    found = of(outcomes)
    assert (found.verdict, found.relation, found.population) == ("supported", "better", "new-examples")
    assert "Supported: a exceeds b" in found.sentence and "; new rows, new seeds; " in found.sentence
    assert of(outcomes, "b > a by 0.01 on accuracy").verdict == "refuted"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 14), st.sampled_from([0.0, 0.02, 0.06]))
def test_swapping_variants_mirrors_everything(seed: int, n: int, shift: float) -> None:
    outcomes = drawn(seed, n, 150, shift)
    here, there = (of(outcomes, text) for text in ("a == b within 0.02 on accuracy", "b == a within 0.02 on accuracy"))
    assert here.verdict == there.verdict and here.estimate == pytest.approx(-(there.estimate or 0))
    assert here.interval is not None and there.interval is not None
    assert here.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    turned = {"better": "worse", "worse": "better"}
    assert turned.get(here.relation, here.relation) == there.relation


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_seeds_and_rows_and_the_shape_of_the_input_do_not_matter(seed: int) -> None:
    outcomes = drawn(seed, 8, 60, 0.05)
    random = np.random.default_rng(seed)
    rows, runs = random.permutation(60), random.permutation(8)
    shuffled = {
        name: {
            "seeds": [outcome["seeds"][k] for k in runs],
            "examples": [outcome["examples"][k] for k in rows],
            "outcome": outcome["outcome"][runs][:, rows],
        }
        for name, outcome in outcomes.items()
    }
    lines = [
        {"arm": name, "seed": s, "example": e, "outcome": outcome["outcome"][s, e]}
        for name, outcome in outcomes.items()
        for s in range(8)
        for e in range(60)
    ]
    frame = pl.DataFrame([lines[k] for k in random.permutation(len(lines))])
    first = of(outcomes)
    for other in (of(shuffled), of(frame), of(frame.to_pandas())):
        assert first.as_json()["interval"] == pytest.approx(other.as_json()["interval"])
        assert (first.verdict, first.relation, first.sentence) == (other.verdict, other.relation, other.sentence)


def test_fewer_than_five_seeds_are_never_enough() -> None:
    found = of(drawn(3, 4, 2_000, 0.2))
    assert (found.verdict, found.relation) == ("inconclusive", "open")
    assert "5 seeds are needed, 4 are there" in found.sentence and found.estimate is not None


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (scores([0.8] * 6, [0.8] * 6), "same outcome in every run"),
        (scores([0.9] * 6, [0.8] * 6), "every seed shows the same difference"),
        (scores([0.9] * 6, [0.8] * 6), "give outcomes row by row"),
        (scores([0.9], [0.8]), "needs 5 seeds; 1 is there"),
        (scores([0.9, 0.91], [0.8, 0.83]), "needs 5 seeds; 2 are there"),
        (table(np.ones((6, 1)), np.asarray([[0.0], [1], [0], [1], [0], [0]])),
         "one row is no evidence about anything but itself"),
    ],
)  # fmt: skip
def test_degenerate_outcomes_are_inconclusive_with_a_reason(outcomes: Any, told: str) -> None:
    found = of(outcomes)
    assert found.verdict in ("inconclusive", "supported") and told in " ".join(found.reasons)
    assert "nan" not in str(found.as_json()).lower()


def test_lower_is_better_where_the_metric_is_a_loss() -> None:
    random = np.random.default_rng(4)
    a, b = 0.4 + random.normal(0, 0.01, 10), 0.6 + random.normal(0, 0.01, 10)
    found = of(scores(a, b), "b > a by 0.1 on log_loss", **FIXED)
    assert (found.verdict, found.relation) == ("supported", "worse") and "nats" in found.sentence


def test_a_variant_at_chance_in_every_run_is_unlearned() -> None:
    random = np.random.default_rng(6)
    found = of(table(*(random.random((2, 8, 500)) < np.asarray([0.9, 0.5])[:, None, None]).astype(float)), chance=0.5)
    assert found.collapsed == {} and "b is at chance in every run" in " ".join(found.reasons)
    assert found.verdict == "supported"


def test_a_missing_run_must_not_decide() -> None:
    random = np.random.default_rng(7)
    a, b = 0.82 + random.normal(0, 0.004, 8), 0.8 + random.normal(0, 0.004, 8)
    whole = of(scores(a, b), "a > b by 0.005 on accuracy", looks=[8], **FIXED)
    assert whole.verdict == "supported"
    holed = scores(a, b)
    holed["b"] = {"seeds": [0, 1, 2, 4, 5, 6, 7], "score": np.delete(b, 3).tolist()}
    found = of(holed, "a > b by 0.005 on accuracy", looks=[8], **FIXED)
    assert found.verdict == "inconclusive" and found.lost == {"b": (3,)} and "b 3" in found.sentence
    later = of(scores(a, b[:6]), "a > b by 0.005 on accuracy", looks=[8], **FIXED)
    assert later.lost == {"b": (6, 7)} and later.verdict == "inconclusive"
    behind = of(scores(a, b[:6]), "a > b by 0.005 on accuracy", looks=[6], **FIXED)
    assert behind.lost == {"b": (6, 7)} and behind.verdict == "supported", "the plan was over before they were lost"


def test_macro_f1_is_judged_from_predictions_and_refused_from_outcomes() -> None:
    random = np.random.default_rng(9)
    labels = random.integers(0, 3, 300)
    lines = [
        {
            "arm": variant,
            "seed": s,
            "example": e,
            "label": str(y),
            "prediction": str(y if random.random() < right else (y + 1) % 3),
        }
        for variant, right in (("a", 0.9), ("b", 0.7))
        for s in range(6)
        for e, y in enumerate(labels.tolist())
    ]
    found = of(pl.DataFrame(lines), "a > b by 0.05 on macro_f1")
    assert (found.verdict, found.population) == ("supported", "new-examples") and found.rows == 300
    assert found.as_json() == of(pl.DataFrame(lines), "a > b by 0.05 on macro_f1").as_json()
    with pytest.raises(InputError, match="macro_f1 is no mean over rows"):
        of(drawn(0, 6, 30), "a > b by 0.05 on macro_f1")


def test_rows_of_a_group_are_one_unit() -> None:
    outcomes = drawn(10, 8, 40, 0.06)
    wide = {
        name: {**outcome, "outcome": np.repeat(outcome["outcome"], 25, axis=1), "examples": list(range(1_000))}
        for name, outcome in outcomes.items()
    }
    for one in wide.values():
        one["group"] = np.repeat(np.arange(40), 25).tolist()
    alone, together = of(outcomes), of(wide)
    assert together.interval == pytest.approx(alone.interval)


@pytest.mark.parametrize(
    ("outcomes", "sentence", "told"),
    [
        (scores([0.9] * 5, [0.8] * 5), "a > c by 0.01 on accuracy", "no outcomes of a variant 'c'"),
        (scores([0.9] * 5, [0.8] * 5), "a > best-trivial by 0.01 on accuracy", "best-trivial"),
        (17, "a > b by 0 on accuracy", "outcomes: an object of type int is not read here"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_what_and_where(outcomes: Any, sentence: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        of(outcomes, sentence)


def test_a_hole_in_a_run_is_named() -> None:
    lines = [
        {"arm": variant, "seed": s, "example": e, "outcome": 1.0}
        for variant in "ab"
        for s in range(5)
        for e in range(4)
        if (variant, s, e) != ("b", 2, 3)
    ]
    with pytest.raises(InputError, match="variant b, seed 2 lacks 1 of 4 examples"):
        of(pl.DataFrame(lines))


def test_several_claims_share_alpha_and_exploratory_ones_are_never_supported() -> None:
    outcomes = drawn(12, 10, 500, 0.05)
    sentences = ["a > b by 0 on accuracy", "b > a by 0 on accuracy"]
    alone = judge(outcomes, sentences[0])
    both = judge(outcomes, sentences)
    assert both[0].level < alone.level
    (found, _) = judge(outcomes, sentences, registered=False)
    assert found.verdict == "inconclusive" and "exploratory" in found.sentence and not found.registered


def test_the_best_trivial_baseline_of_a_table_is_a_constant() -> None:
    outcomes = drawn(13, 6, 800, 0.1)
    found = judge({"a": outcomes["a"]}, "a > best-trivial by 0.02 on accuracy", best_trivial=0.6)
    assert found.verdict == "supported" and found.population == "new-examples"
    assert judge({"a": outcomes["a"]}, "best-trivial > a by 0 on accuracy", best_trivial=0.6).verdict == "refuted"


def test_an_inconclusive_claim_says_what_would_settle_it() -> None:
    outcomes = drawn(14, 5, 300, 0.03, 0.02)
    found = of(outcomes)
    assert found.verdict == "inconclusive"
    needed = found.as_json()["seeds_needed"]
    assert set(needed) == {"low", "high"} and found.smallest_detectable is not None
    assert "settle it" in found.sentence


def test_groups_of_very_unequal_size_tell_less_than_their_number() -> None:
    """Coverage for new groups, of 400 studies each; rows counted as independent would cover less than 20 %."""
    random = np.random.default_rng(11)
    for sizes in ([300] + [3] * 19, [max(1, int(200 * 0.7**k)) for k in range(20)], [20] * 20):
        groups = np.repeat(np.arange(len(sizes)), sizes)
        covered = 0
        for _ in range(400):
            of_groups_alone = random.normal(0, 0.1, len(sizes))[groups]
            table = random.normal(0, 0.05, (10, 1)) + of_groups_alone + random.normal(0, 0.2, (10, len(groups)))
            low, high = estimate_components(table, groups=groups).estimate.interval(0.05)
            covered += low <= 0 <= high
        assert covered >= 0.9 * 400


def test_an_interval_that_excludes_nothing_is_none_and_its_json_is_valid() -> None:
    random = np.random.default_rng(13)
    found = judge(scores(random.random(3), random.random(3)), "a > b by 0.01 on accuracy", anytime=True)
    assert found.interval is None and found.verdict == "inconclusive"
    json.dumps(found.as_json(), allow_nan=False)


def test_anytime_power_counts_the_wider_interval() -> None:
    random = np.random.default_rng(14)
    given = scores(0.8 + random.normal(0, 0.02, 12), 0.8 + random.normal(0, 0.02, 12))
    found = judge(given, "a > b by 0.01 on accuracy", anytime=True)
    assert found.interval is not None and found.smallest_detectable > (found.interval[1] - found.interval[0]) / 2


def frame_of(**columns: Any) -> pl.DataFrame:
    random = np.random.default_rng(15)
    lines = [(variant, seed, row) for variant in "ab" for seed in range(8) for row in range(60)]
    right = [float(random.random() < (0.9 if variant == "a" else 0.6)) for variant, _, _ in lines]
    variants, seeds, rows = zip(*lines, strict=True)
    return pl.DataFrame({"arm": variants, "seed": seeds, "example": rows, "outcome": right} | columns)


@pytest.mark.parametrize("metric", ["f1", "acuracy", "error_rate"])
def test_a_table_says_nothing_of_a_metric_whose_direction_nobody_named(metric: str) -> None:
    with pytest.raises(InputError, match=f"there is no metric '{metric}'"):
        judge(frame_of(), f"a > b by 0.01 on {metric}")
    told = {"claim": f"a > b by 0.01 on {metric}", "higher_is_better": False}
    assert judge(frame_of(), told).relation == "worse"


def test_a_column_of_splits_is_what_claims_are_judged_on() -> None:
    test = frame_of()
    shifted = test.with_columns(pl.col("arm").replace({"a": "b", "b": "a"}))
    both = pl.concat([test.with_columns(split=pl.lit("test")), shifted.with_columns(split=pl.lit("shift_x"))])
    here, there = judge(both, ["a > b by 0.01 on accuracy", "a > b by 0.01 on accuracy on shift_x"])
    assert here.verdict == "supported" and there.verdict == "refuted" and here.rows == 60
    lost = judge(both, "a > a@test by -0.01 on accuracy on shift_x")
    assert lost.verdict == "refuted"
    with pytest.raises(InputError, match="no outcomes on split 'dev'"):
        judge(both, "a > b by 0.01 on accuracy on dev")
    with pytest.raises(InputError, match="does not say which rows of test are unseen"):
        judge(test, "a > b by 0.01 on accuracy on test:unseen")


def test_a_collapse_is_looked_for_at_the_trivial_score_of_the_metric() -> None:
    """Labels 80/20: naming the larger class scores .8 of accuracy and .5 of balanced accuracy."""
    random = np.random.default_rng(16)
    label = (np.arange(200) % 5 == 0).astype(int)
    lines: list[dict[str, Any]] = []
    for variant, right in (("a", 0.9), ("b", 0.8)):
        for seed in range(20):
            predicted = np.where(random.random(200) < right, label, 1 - label)
            both = zip(label.tolist(), predicted.tolist(), strict=True)
            lines += [
                {"arm": variant, "seed": seed, "example": k, "label": one, "prediction": other}
                for k, (one, other) in enumerate(both)
            ]
    assert judge(pl.DataFrame(lines), "a > b by 0.01 on balanced_accuracy").collapsed == {}
