"""What would settle a claim: in words, and on rows against how often as many rows do settle it."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.measuring import measure
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.pairing import pair_runs
from brittlestar.claims.sentences import needed_words, settling_words, too_few_seeds
from brittlestar.claims.settling import settle_by_seeds
from brittlestar.claims.several import judge_all
from brittlestar.claims.variance_sources import Sources, VarianceSource
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import DEFAULT_LOOKS
from tests.claims.test_this_model import of, one_each


@pytest.fixture(scope="module")
def open_claim() -> Judgement:
    found = of(one_each(60, 40, 400), "a > b by 0.01 on accuracy")
    assert found.verdict == "inconclusive" and found.rows_needed is not None
    return found


def test_as_many_rows_as_it_says_settle_a_claim_about_models_in_four_of_five_draws(open_claim: Judgement) -> None:
    random = np.random.default_rng(0)
    rows = open_claim.rows_needed
    assert rows is not None and rows > 400
    settled = 0
    for _ in range(200):
        gained, lost, _ = random.multinomial(rows, [60 / 400, 40 / 400, 300 / 400])
        difference = (gained - lost) / rows
        deviation = np.sqrt((gained + lost) / rows - difference**2)
        settled += difference - 1.96 * deviation / np.sqrt(rows) > 0.01
    assert 0.7 <= settled / 200 <= 0.9


@pytest.mark.parametrize(
    ("gained", "lost", "rows", "sentence", "verdict"),
    [
        (4, 3, 500, "a == b within 0.015 on accuracy", "supported"),  # few rows differ: exact intervals
        (45, 44, 500, "a == b within 0.03 on accuracy", "supported"),  # both ends have to lie inside
        (5, 2, 500, "a > b by 0.01 on accuracy", "refuted"),
    ],
)
def test_rows_needed_have_the_power_that_they_promise_by_the_interval_that_decides(
    gained: int, lost: int, rows: int, sentence: str, verdict: str
) -> None:
    found, random = of(one_each(gained, lost, rows), sentence), np.random.default_rng(2)
    assert found.verdict == "inconclusive" and found.rows_needed is not None and f"as {verdict}" in found.sentence
    many, settled = found.rows_needed, 0
    for _ in range(150):
        more, less, _ = random.multinomial(many, [gained / rows, lost / rows, 1 - (gained + lost) / rows])
        settled += of(one_each(more, less, many), sentence).verdict == verdict
    assert 0.7 <= settled / 150 <= 0.95


def test_two_models_that_agree_everywhere_need_the_rows_of_an_exact_interval() -> None:
    found = of(one_each(0, 0, 90), "a == b within 0.02 on accuracy")
    assert found.verdict == "inconclusive" and found.rows_needed is not None
    assert of(one_each(0, 0, found.rows_needed), "a == b within 0.02 on accuracy").verdict == "supported"


def test_as_many_rows_as_it_says_settle_a_claim_about_seeds_in_most_draws() -> None:
    random = np.random.default_rng(1)
    claim = parse_claim({"claim": "a > b by 0.01 on accuracy", "looks": [5]})

    def draw(rows: int) -> Outcomes:
        """Five seeds a side with luck of their own, rows of unlike difficulty, and 5 points between the sides."""
        ease, luck = random.normal(0, 0.25, rows), random.normal(0, 0.004, (2, 5, 1))
        chance = np.clip(np.array([0.75, 0.70])[:, None, None] + luck + ease, 0.02, 0.98)
        outcome = (random.random((2, 5, rows)) < chance).astype(float)
        return Outcomes({name: Runs(tuple(range(5)), outcome=outcome[k]) for k, name in enumerate("ab")})

    needed: list[int] = []
    for _ in range(40):
        found = measure(pair_runs(draw(200), "a", "b", "accuracy"), "new-examples", None)
        known = replace(found, estimate=replace(found.estimate, value=0.05))  # as if the estimate were right
        needed.append(settle_by_seeds(claim, known, "inconclusive", 0.05, 5, 1).rows or 10_000)
    rows = int(np.median(needed))
    verdicts = [judge_all([(draw(rows), claim)])[0].verdict for _ in range(150)]
    assert 200 < rows < 2_000 and 0.5 <= verdicts.count("supported") / 150 <= 0.93


@pytest.mark.parametrize(("gained", "lost"), [(120, 20), (20, 120)])
def test_a_settled_claim_needs_no_rows(gained: int, lost: int) -> None:
    found = of(one_each(gained, lost, 400), "a > b by 0.01 on accuracy")
    assert found.verdict in {"supported", "refuted"}
    assert found.rows_needed is None and found.smallest_detectable is not None


def test_words_name_seeds_and_rows_only_where_they_settle_something(open_claim: Judgement) -> None:
    method = replace(open_claim, population="new-examples", seeds=3, seeds_needed=(8, 12), rows_needed=None)
    assert needed_words(method).startswith(too_few_seeds(3)[:1].upper() + too_few_seeds(3)[1:])
    assert "3 are there" in too_few_seeds(3) and "1 is there" in too_few_seeds(1)
    enough = replace(method, seeds=10)
    assert needed_words(enough).startswith("About 8 to 12 seeds would settle it")
    assert needed_words(replace(enough, seeds_needed=(None, None))) == ""
    assert needed_words(open_claim) == settling_words(open_claim) and "rows would settle it" in needed_words(open_claim)
    endless = replace(enough, seeds_needed=(8, None), rows=400, rows_needed=4_000)
    assert "8 or more seeds, or about 4,000 rows, would settle it" in needed_words(endless)
    assert "rows" not in needed_words(replace(endless, rows_needed=300))
    assert "settle it as supported if" in needed_words(endless)
    assert "as refuted" in needed_words(replace(endless, estimate=0.0))
    scattered = replace(endless, seeds_needed=(8, 12), variance=(1e-4, 1e-3))
    assert needed_words(scattered).startswith(
        "Rows bring most of its variance. About 8 to 12 seeds, or about 4,000 rows,"
    )
    assert needed_words(replace(scattered, variance=(1e-2, 1e-5))).startswith(
        "Seeds bring most of its variance. About 8"
    )
    never = replace(enough, seeds_needed=(None, None), rows_needed=4_000)
    assert needed_words(never) == (
        f"More seeds do not settle it on these rows. About 4,000 rows with up to {DEFAULT_LOOKS[-1]} seeds would "
        f"settle it as supported if the estimate is right (80 % power)."
    )
    nothing = replace(never, rows_needed=None)
    scores = replace(nothing, rows=None, population=nothing.claim.population)
    assert settling_words(scores) == "No number of seeds settles it if the estimate is right (80 % power)."
    assert settling_words(replace(scores, population="fixed-test-set")) == "", "it is rows that would"
    assert "nor any number of rows" in settling_words(replace(nothing, rows=400))


def test_which_stream_brings_most_is_said_only_where_intervals_lie_apart() -> None:
    first = VarianceSource(0.04, 0.04, (0.02, 0.09), "init")
    apart = Sources("a", "accuracy", "test", 12, (first, VarianceSource(0.005, 0.005, (0.001, 0.01), "order")), 0.0)
    assert "init brings most: average over it first" in apart.sentence
    overlap = Sources("a", "accuracy", "test", 12, (first, VarianceSource(0.03, 0.03, (0.01, 0.08), "order")), 0.0)
    assert "init is the largest estimate, but the intervals overlap" in overlap.sentence
    assert "init brings most" in Sources("a", "accuracy", "test", 12, (first,), 0.0).sentence
