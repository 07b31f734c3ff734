"""Sides that are not paired: against SciPy, brute force, and from a study to its verdict."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_ind

import brittlestar as package
from brittlestar import run
from brittlestar.claims.judge import NO_COMMON_SEED
from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.statistics.crossed import estimate_components
from brittlestar.verbs.judge import judge
from tests.claims.test_judge import FIXED, drawn, of, of_given, scores
from tests.execution.tiny import write_study

FREE = {"pairing": "independent"}


def test_of_these_rows_it_is_welchs_interval() -> None:
    random = np.random.default_rng(0)
    a, b = 0.8 + random.normal(0.02, 0.02, 10), 0.8 + random.normal(0, 0.004, 10)
    found = of(scores(a, b), looks=[10], **FIXED, **FREE)
    expected = ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert found.p == pytest.approx(ttest_ind(a - 0.01, b, equal_var=False).pvalue)
    assert found.correlation is None and found.per_seed == {} and found["pairing"] == "independent"
    assert of(scores(a, b), looks=[10], **FIXED)["pairing"] == "paired"


@pytest.mark.parametrize("sizes", [(8, 8), (5, 20)])
def test_the_crossed_variance_is_that_of_redrawn_tables(sizes: tuple[int, int]) -> None:
    """Row effects shared in part, seeds of each side by themselves."""
    random = np.random.default_rng(2)
    m, values, errors, hits = 80, [], [], 0
    for _ in range(1_500):
        row = random.normal(0, 0.3, m)
        tables = [
            random.normal(0, spread, (n, 1)) + row * own + random.normal(0, 0.3, (n, m)) + random.normal(0, 0.2, m)
            for n, spread, own in zip(sizes, (0.05, 0.02), (1.0, 0.5), strict=True)
        ]
        found = estimate_components(tables[0], -tables[1]).estimate
        values.append(found.value)
        errors.append(found.se**2)
        low, high = found.interval(0.05)
        hits += low <= 0 <= high
    assert np.mean(errors) == pytest.approx(np.var(values), rel=0.12)
    assert 0.93 <= hits / 1_500 <= 0.975


def test_sides_may_have_other_seeds_and_numbers_of_them() -> None:
    outcomes = drawn(3, 12, 200, 0.1)
    outcomes["b"] = {
        name: value if name == "examples" else [100, 101, 102, 103, 104, 105] if name == "seeds" else value[:6]  # type: ignore[index]
        for name, value in outcomes["b"].items()
    }
    found = of(outcomes, looks=[5], **FREE)
    assert (found.seeds, found.seeds_at_hand, found.verdict, found.lost) == (5, 6, "supported", {})
    unsaid = of(outcomes, looks=[5])
    assert (unsaid.interval, unsaid["pairing"]) == (found.interval, "independent") and NO_COMMON_SEED in unsaid.reasons
    with pytest.raises(InputError, match="no seed in common"):
        of(outcomes, looks=[5], pairing="paired")


def test_arrays_without_seeds_are_no_pairs() -> None:
    random = np.random.default_rng(7)
    a, b = 0.8 + random.normal(0.02, 0.02, 10), 0.8 + random.normal(0, 0.02, 8)
    found = judge({"a": a, "b": b}, {"claim": "a > b by 0 on accuracy", **FIXED})
    assert found.p == pytest.approx(ttest_ind(a, b, equal_var=False).pvalue) and found["pairing"] == "independent"


def test_a_lost_run_is_filled_in_on_its_own_side() -> None:
    outcomes = of_given(drawn(5, 8, 300, 0.1))
    short = replace(outcomes.variants["b"], seeds=(0, 1, 2, 4, 5, 6, 7), lost=(3,))
    kept = np.asarray(outcomes.variants["b"].outcome)[[0, 1, 2, 4, 5, 6, 7]]
    given = Outcomes({"a": outcomes.variants["a"], "b": replace(short, outcome=kept)})
    found = judge(given, {"claim": "a > b by 0.01 on accuracy", "looks": [8], **FREE})
    assert found.lost == {"b": (3,)} and found.verdict == "inconclusive" and "b 3" in found.sentence
    large = of_given(drawn(5, 40, 300, 0.3))
    kept = np.asarray(large.variants["b"].outcome)[:39]
    given = Outcomes(
        {"a": large.variants["a"], "b": replace(large.variants["b"], seeds=tuple(range(39)), lost=(39,), outcome=kept)}
    )
    assert judge(given, {"claim": "a > b by 0.01 on accuracy", **FREE}).verdict == "supported"


MORE = """\
  slow: {training.learning_rate: 0.0001}
claims:
  - main > lstm by 0.01 on accuracy
  - main > slow by 0.01 on accuracy
  - {claim: main > bag by 0.01 on accuracy, pairing: paired}
  - main > best-trivial by 0.01 on accuracy
"""


def test_a_study_settles_and_registers_the_pairing_of_its_claims(tmp_path: Path) -> None:
    study = write_study(tmp_path, 2, MORE)
    first = run(study, out=tmp_path / "s", executor="serial", settle="no")
    path = tmp_path / "s" / "claims.json"
    written = json.loads(path.read_bytes())
    assert [one["pairing"] for one in written] == ["independent", "paired", "paired", "paired"]
    assert [judgement["pairing"] for judgement in first.judgements] == ["independent", "paired", "paired", "paired"]
    before = path.read_bytes()
    run(study, out=tmp_path / "s", executor="serial", settle="no")
    assert path.read_bytes() == before, "it is settled once"
    found = package.judge(tmp_path / "s", "main > lstm by 0.02 on accuracy")
    assert not found.registered and found["pairing"] == "independent", "the rule holds for exploratory claims too"
    known = package.judge(tmp_path / "s", "main > lstm by 0.01 on accuracy")
    assert known.registered and known["pairing"] == "independent"
