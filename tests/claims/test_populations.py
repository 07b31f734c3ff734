"""No claim is supported, or refuted, for a population that its outcomes do not reach."""

import re
import shlex
from typing import Any

import numpy as np
import pytest
import yaml

from brittlestar.claims.judgement import Judgement
from brittlestar.pipeline.more_seeds import is_open
from brittlestar.study.claim_parsing import parse_claim, write_claim
from brittlestar.verbs.judge import judge

CLAIM = "a > b by 0.01 on accuracy"
SAME_TRAIN = "train was the same for every seed, which says nothing about new training sets"
HERE = "for these rows, new seeds"


def scores(gap: float = 0.1, seeds: int = 10, noise: float = 0.004) -> dict[str, Any]:
    random = np.random.default_rng(0)
    return {
        name: {"seeds": range(seeds), "score": level + random.normal(0, noise, seeds)}
        for name, level in (("a", 0.7 + gap), ("b", 0.7))
    }


def rows(groups: int | None = None, many: int = 60) -> dict[str, Any]:
    random = np.random.default_rng(1)
    found: dict[str, Any] = {
        name: {"seeds": range(10), "outcome": (random.random((10, many)) < right).astype(float)}
        for name, right in (("a", 0.9), ("b", 0.6))
    }
    for one in found.values() if groups else ():
        one["group"] = [k % groups for k in range(many)]
    return found


def written_in(found: Judgement) -> Any:
    """The claim that the sentence says to write, as a shell takes it."""
    told = re.search(r"To claim that, write (--claim '.*')\.$", found.sentence)
    assert told is not None, found.sentence
    option, claim = shlex.split(told[1])
    assert option == "--claim"
    return yaml.safe_load(claim)


@pytest.mark.parametrize(
    ("outcomes", "population", "lacking"),
    [
        (scores(), "new-examples", "scores without rows say nothing about new examples"),
        (scores(), "new-training-sets",
         "train was the same for every seed, which says nothing about new training sets"),
        (rows(groups=1), "new-examples", "rows that are all of one group say nothing about new examples"),
        (rows(), "new-training-sets", SAME_TRAIN),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sentence", [CLAIM, "b > a by 0.01 on accuracy", "a == b within 0.01 on accuracy"])
def test_what_was_not_judged_is_inconclusive_and_what_was_is_named(
    outcomes: Any, population: str, lacking: str, sentence: str
) -> None:
    found = judge(outcomes, {"claim": sentence, "population": population})
    here = judge(outcomes, {"claim": sentence, "population": "fixed-test-set"})
    assert here.verdict in ("supported", "refuted") and "; these rows, new seeds; " in here.sentence
    assert (found.verdict, found.population) == ("inconclusive", "fixed-test-set")
    assert found.reasons[0] == lacking and found.sentence.startswith("Inconclusive for new ")
    said = f"{here.sentence[:1].lower()}{here.sentence[1:]}"
    assert f"{lacking}. For these rows, new seeds it is {said}" in found.sentence
    assert found.reasons[1].startswith(f"for these rows, new seeds it is {here.verdict}")
    assert (found.estimate, found.interval, found.relation) == (here.estimate, here.interval, here.relation)
    assert found.as_json()["seeds_needed"] == {"low": None, "high": None} and found.rows_needed is None
    if here.verdict == "supported":
        assert judge(outcomes, written_in(found)).as_json() == here.as_json()
    else:
        assert "To claim that" not in found.sentence
    assert not is_open(found, "claim") and not is_open(found, "relation")


def test_a_population_that_was_judged_keeps_its_verdict() -> None:
    found = judge(rows(), CLAIM)
    assert (found.verdict, found.population) == ("supported", "new-examples")
    assert found.sentence.startswith("Supported: ") and "; new rows, new seeds; " in found.sentence
    assert judge(rows(groups=7), CLAIM).verdict == "supported"


def test_fields_that_were_written_stay_in_the_claim_to_write() -> None:
    claim = {"claim": CLAIM, "looks": [10], "alpha": 0.01, "margin": 0.2, "chance": 0.5}
    found = judge(scores(), claim)
    assert written_in(found) == {**claim, "population": "fixed-test-set"}
    assert judge(scores(), written_in(found)).verdict == "supported"
    own = {"claim": "a > b by 2 on bleu", "higher_is_better": True}
    levels = {"a": {"seeds": range(6), "score": np.arange(6) + 80.5}, "b": {"seeds": range(6), "score": [70] * 6}}
    assert written_in(judge(levels, own)) == {**own, "population": "fixed-test-set", "looks": [6]}


def test_of_several_variants_each_is_held_to_the_population() -> None:
    outcomes = {**scores(), "c": scores(0.0)["b"]}
    found = judge(outcomes, "a or c > b by 0.01 on accuracy")
    assert (found.verdict, found.population) == ("inconclusive", "fixed-test-set")
    assert {member.verdict for member in found.members} == {"inconclusive"}
    here = judge(outcomes, written_in(found))
    assert here.verdict == "supported" and "the best of 2, a," in found.sentence


@pytest.mark.parametrize(
    "written",
    [
        CLAIM,
        {"claim": CLAIM, "population": "fixed-test-set"},
        {"claim": '"my \\"best\\" model" > b by 2 on bleu on "in domain"', "higher_is_better": False, "looks": [7]},
        {"claim": CLAIM, "looks": "anytime", "max_seeds": 50},
        {"claim": CLAIM, "pairing": "independent"},
        {"claim": CLAIM, "max_seeds": 80, "settle": "relation", "group": "author: name", "collapse_below": 0.4},
    ],
)
def test_a_claim_is_written_as_it_is_read(written: Any) -> None:
    claim = parse_claim(written)
    sentence = write_claim(claim)
    assert parse_claim(yaml.safe_load(sentence) if sentence.startswith("{") else sentence) == claim
