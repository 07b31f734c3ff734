"""Claims about several variants, several splits, and differences of differences: against brute force."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.several import judge_all
from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import format_claim
from brittlestar.study.sides import all_terms, alternatives, arms_of, splits_of, terms
from brittlestar.verbs.judge import judge
from tests.claims.test_judge import of, of_given

SENTENCES = [
    "a > b by 0.01 on accuracy",
    "a or b - c or d > e by 0.01 on accuracy on shift_x",
    "a@train - a@test > b@train - b@test by 0.01 on accuracy",
    "order-permuted - a == b-2 - best-trivial within 0.02 on hwa",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_comes_back(sentence: str) -> None:
    claim = parse_claim(sentence)
    assert format_claim(claim) == sentence
    assert parse_claim(sentence.replace(" - ", "  -\t").replace(" or ", "   or ")) == claim


def test_what_a_side_is_made_of() -> None:
    assert alternatives("a or b - c@x or d") == ("a", "b - c@x", "d")
    assert [(term.sign, term.variant, term.split) for term in terms("b - c@x:unseen")] == [
        (1, "b", ""),
        (-1, "c", "x:unseen"),
    ]
    assert arms_of("a or b - c", "a@x") == ("a", "b", "c") and splits_of("a or b - c@y", "a@x") == ("y", "x")
    assert [term.label for term in all_terms("a@x - b", "c")] == ["a@x", "b", "c"]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("a or b == c within 0.1 on accuracy", "two things"),
        ("a or b > c or d by 0.1 on accuracy", "both sides"),
        ("a or a > b by 0.1 on accuracy", "named twice"),
        ("a or b > b by 0.1 on accuracy", "compared with itself"),
        ("a - b - c > d by 0.1 on accuracy", "not a claim"),
    ],
)
def test_what_cannot_be_claimed(sentence: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_claim(sentence)


def list_variant_runs(seed: int, n: int = 8, m: int = 120, **skills: float) -> dict[str, dict[str, object]]:
    random = np.random.default_rng(seed)
    row = random.normal(0, 0.1, m)
    return {
        name: {
            "seeds": list(range(n)),
            "examples": list(range(m)),
            "outcome": (random.random((n, m)) < skill + row + random.normal(0, 0.01, (n, 1))).astype(float),
        }
        for name, skill in skills.items()
    }


def test_the_best_of_several_is_named_and_wider_than_alone() -> None:
    outcomes = list_variant_runs(0, a=0.6, b=0.85, c=0.6, base=0.6)
    found = of(outcomes, "a or b or c > base by 0.05 on accuracy")
    alone = of(outcomes, "b > base by 0.05 on accuracy")
    assert found.verdict == "supported" and "the best of 3, b," in found.sentence
    assert found.estimate == alone.estimate and found.interval is not None and alone.interval is not None
    assert found.interval[0] < alone.interval[0] and found.interval[1] > alone.interval[1]
    assert [member.claim.arm for member in found.members] == ["a", "b", "c"]
    document = found.as_json()
    assert [one["claim"].split()[0] for one in document["members"]] == ["a", "b", "c"]


def test_that_none_helps_is_the_refuted_claim_that_one_does() -> None:
    outcomes = list_variant_runs(1, n=20, m=400, a=0.6, b=0.6, c=0.6, base=0.6)
    found = of(outcomes, "a or b or c > base by 0.06 on accuracy")
    assert found.verdict == "refuted" == of(outcomes, "base < a or b or c by 0.06 on accuracy").verdict
    assert {member.verdict for member in found.members} == {"refuted"}
    open_ = of(outcomes, "a or b or c > base by 0.005 on accuracy")
    assert open_.verdict == "inconclusive" and open_.seeds_needed is not None


# Differences of differences


def test_an_interaction_is_the_verdict_on_the_differences_row_by_row() -> None:
    outcomes = list_variant_runs(2, a=0.8, b=0.6, c=0.7, d=0.6)
    found = of(outcomes, "a - b > c - d by 0.02 on accuracy")
    lost = {name: np.asarray(outcome["outcome"]) for name, outcome in outcomes.items()}
    made = {
        name: {"seeds": range(8), "examples": range(120), "outcome": lost[first] - lost[second]}
        for name, first, second in (("x", "a", "b"), ("y", "c", "d"))
    }
    whole = judge(made, {"claim": "x > y by 0.02 on gain", "higher_is_better": True})
    assert found.estimate == pytest.approx(whole.estimate) and found.interval == pytest.approx(whole.interval)
    assert found.verdict == whole.verdict and "(a − b) exceeds (c − d)" in found.sentence
    turned = of(outcomes, "c - d > a - b by 0.02 on accuracy")
    assert found.interval is not None and turned.interval == pytest.approx((-found.interval[1], -found.interval[0]))


# Several splits


def two_splits(seed: int) -> Outcomes:
    random = np.random.default_rng(seed)

    def split(m: int, **skills: float) -> Outcomes:
        return of_given(
            {
                name: {
                    "seeds": range(10),
                    "examples": range(m),
                    "outcome": (random.random((10, m)) < skill + random.normal(0, 0.01, (10, 1))).astype(float),
                }
                for name, skill in skills.items()
            }
        )

    here, there = split(300, a=0.8, b=0.7), split(100, a=0.6, b=0.65)
    return replace(here, elsewhere={"there": there})


def test_one_variant_on_two_splits_has_the_variance_of_both() -> None:
    outcomes = two_splits(4)
    (found,) = judge_all([(outcomes, parse_claim("a > a@there by 0.1 on accuracy"))])
    here, there = outcomes.variants["a"].outcome, outcomes.elsewhere["there"].variants["a"].outcome
    assert here is not None and there is not None and found.interval is not None
    assert found.estimate == pytest.approx(here.mean() - there.mean()) and found.rows == 400
    random = np.random.default_rng(5)
    drawn = np.empty(4_000)
    for k in range(len(drawn)):  # brute force: rows of each split by themselves, seeds together
        seeds = random.integers(0, 10, 10)
        mine = here[seeds][:, random.integers(0, 300, 300)].mean()
        drawn[k] = mine - there[seeds][:, random.integers(0, 100, 100)].mean()
    half = (found.interval[1] - found.interval[0]) / 2
    assert half / t.ppf(1 - found.level / 2, 30) == pytest.approx(drawn.std(), rel=0.25)


def test_a_difference_over_two_variants_and_two_splits() -> None:
    outcomes = two_splits(6)
    (found,) = judge_all([(outcomes, parse_claim("a - a@there > b - b@there by 0.05 on accuracy"))])
    means = {
        (name, place): np.asarray(one.variants[name].outcome).mean()
        for place, one in (("here", outcomes), ("there", outcomes.elsewhere["there"]))
        for name in "ab"
    }
    expected = means["a", "here"] - means["a", "there"] - means["b", "here"] + means["b", "there"]
    assert found.estimate == pytest.approx(expected)
    assert "a on test − a on there" in found.sentence
    with pytest.raises(InputError, match="only a study has several splits"):
        judge_all([(outcomes, parse_claim("a > a@elsewhere by 0.05 on accuracy"))])


def test_a_run_that_fails_on_one_of_two_splits_has_not_collapsed() -> None:
    random = np.random.default_rng(7)

    def split(m: int, skill: list[float]) -> Outcomes:
        table = (random.random((8, m)) < np.asarray(skill)[:, None]).astype(float)
        variant = {"a": {"seeds": range(8), "examples": range(m), "outcome": table}}
        return replace(of_given(variant), chance=0.5)

    fine, mixed = [0.95] * 8, [0.5] * 3 + [0.95] * 5
    outcomes = replace(split(300, fine), elsewhere={"far": split(300, mixed)})
    (found,) = judge_all([(outcomes, parse_claim("a > a@far by 0.01 on accuracy"))])
    assert found.collapsed == {}
    both = replace(split(300, mixed), elsewhere={"far": split(300, mixed)})
    (found,) = judge_all([(both, parse_claim("a > a@far by 0.01 on accuracy"))])
    assert found.collapsed == {"a": (0, 1, 2)} and found.verdict == "inconclusive"


def test_two_hundred_variants_are_counted_and_a_wrong_name_is_suggested() -> None:
    random = np.random.default_rng(8)
    many = {f"v{k}": {"seeds": range(6), "score": random.normal(0.8, 0.01, 6)} for k in range(200)}
    many["base"] = {"seeds": range(6), "score": random.normal(0.8, 0.01, 6)}
    fields = {"population": "fixed-test-set"}
    found = of(many, f"{' or '.join(f'v{k}' for k in range(200))} > base by 0.2 on accuracy", **fields)
    assert len(found.members) == 200 and "v5 and 194 more exceeds base" in found.sentence
    with pytest.raises(InputError, match=r"no outcomes of a variant 'bse'; did you mean 'base'\?"):
        judge(many, "v1 > bse by 0.01 on accuracy")
