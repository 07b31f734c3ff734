import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import digest
from brittlestar.study.claim_parsing import GRAMMAR, parse_claim
from brittlestar.study.claims import Claim, claims_document, format_claim
from brittlestar.study.study_claims import claims_of
from tests.study.files import HEAD, load, problems


def told(written: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_claim(written, "f:1")
    return [str(problem) for problem in caught.value.problems]


def test_a_sentence_with_every_default() -> None:
    assert parse_claim("main > bag by 0.02 on hwa") == Claim(
        arm="main",
        other="bag",
        relation=">",
        threshold=0.02,
        metric="hwa",
        split="test",
        population="new-examples",
        margin=0.02,
        alpha=0.05,
        looks=(5, 10, 20, 40),
        max_seeds=40,
        settle="claim",
        higher_is_better=True,
        group=None,
        collapse_below=None,
        chance=None,
    )


def test_less_is_more_turned_round() -> None:
    assert parse_claim("a < b by .02 on log_loss on shift_x") == parse_claim("b > a by 0.02 on log_loss on shift_x")
    assert parse_claim({"arm": "a", "other": "b", "relation": "<", "threshold": 0.02, "metric": "ece"}) == parse_claim(
        "b > a by 0.02 on ece"
    )
    assert not parse_claim("a < b by .02 on log_loss").higher_is_better
    assert parse_claim("a > b by -0 on accuracy").hash == parse_claim("a > b by 0.0 on accuracy").hash


@pytest.mark.parametrize(
    ("sentence", "threshold", "margin"),
    [
        ("a > b by 0.05 on accuracy", 0.05, 0.05), ("a > b by 0 on accuracy", 0.0, 0.01),
        ("a > b by -0.02 on accuracy", -0.02, 0.01), ("a == b within 0.03 on accuracy", 0.0, 0.03),
        ("a>b   by 1e-2   on accuracy", 0.01, 0.01), ("a > b by 3 on log_loss", 3.0, 3.0),
    ],
)  # fmt: skip
def test_threshold_and_margin(sentence: str, threshold: float, margin: float) -> None:
    claim = parse_claim(sentence)
    assert (claim.threshold, claim.margin) == (threshold, margin)


def test_looks_end_at_the_most_seeds() -> None:
    sentence = "a > b by 0.02 on accuracy"
    assert parse_claim({"claim": sentence, "max_seeds": 12}).looks == (5, 10, 12)
    assert parse_claim({"claim": sentence, "max_seeds": 5}).looks == (5,)
    assert parse_claim({"claim": sentence, "max_seeds": 80}).looks == (5, 10, 20, 40, 80)
    assert parse_claim({"claim": sentence, "looks": [6, 9]}).max_seeds == 9


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a beats b", [f"'a beats b' is not a claim; {GRAMMAR}"]),
        ("a > b by 1% on accuracy",
         ["'a > b by 1% on accuracy' is not a claim; differences are fractions: write 0.01 for one point"]),
        ("a == b by 0.1 on accuracy", ["'a == b by 0.1 on accuracy' is not a claim; == takes 'within', not 'by'"]),
        ("a > b within 0.1 on accuracy", ["'a > b within 0.1 on accuracy' is not a claim; > takes 'by', not 'within'"]),
        ("a > a by 0.1 on accuracy", ["'a' is compared with itself; name two different variants"]),
        ("a == b within 0 on accuracy", ["margin is 0.0; allowed: a number of more than 0"]),
        ("a > b by 2 on accuracy", ["a threshold of 2 cannot be put to a test: no two variants can differ by that much"
                                    "; accuracy is a fraction, so 0.01 is one point"]),
        ("a > b by -1 on accuracy", ["a threshold of -1 cannot be put to a test: every two variants differ by more; "
                                     "accuracy is a fraction, so 0.01 is one point"]),
        ("a > b by 1e999 on log_loss", ["1e999 is too large a number", "threshold is inf; allowed: a finite number"]),
        (5, [f"a claim is 5; {GRAMMAR}"]),
        ({"claim": 5}, [f"claim is 5; {GRAMMAR}"]),
        ({"claim": "a > b by 0.1 on accuracy", "lookz": 3, "alpha": 2, "max_seeds": 4, "margin": 0, "settle": "yes",
          "population": "all", "looks": [10, 5], "higher_is_better": 1, "group": 3, "chance": "x"},
         ["'lookz' is no field of a claim; did you mean 'looks'?",
          "alpha is 2; allowed: a number from 0.000001 to 0.5",
          "max_seeds is 4; allowed: a whole number from 5 to 2,000: fewer seeds never settle a claim",
          "margin is 0; allowed: a number of more than 0",
          "settle is 'yes'; allowed: one of claim, relation",
          "population is 'all'; allowed: one of fixed-test-set, new-examples, new-training-sets, this-model",
          "looks is [10, 5]; allowed: a list of growing numbers of seeds, each at least 5, or anytime",
          "higher_is_better is 1; allowed: true or false",
          "group is 3; allowed: the name of a column, or null",
          "chance is 'x'; allowed: a score, or null"]),
        ({"claim": "a > b by 0.1 on accuracy", "threshold": 0.2},
         ["threshold is 0.2, and the sentence says 0.1; keep one of them"]),
        ({"claim": "a > b by 0.1 on accuracy", "looks": [5, 10], "max_seeds": 20},
         ["the last look is at 10 seeds and max_seeds is 20; make them equal, or leave one out"]),
        ({"claim": "a > b by 0.1 on accuracy", "chance": 2}, ["chance is 2; accuracy lies between 0 and 1"]),
        ({"arm": "a", "relation": "=="},
         ["a claim lacks other, metric, margin; give the sentence under `claim`, or every field"]),
    ],
)  # fmt: skip
def test_wrong_claims(written: object, expected: list[str]) -> None:
    assert told(written) == [f"f:1: {line}" for line in expected]


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)
METRICS = st.sampled_from(["accuracy", "hwa", "log_loss", "ece", "shape_weighted_accuracy"])
SIZES = st.floats(0.0001, 0.99)


@given(NAMES, NAMES, st.booleans(), SIZES, METRICS, st.none() | NAMES)
def test_sentences_and_claims_go_round(
    arm: str, other: str, equal: bool, size: float, metric: str, split: str | None
) -> None:
    assume(arm != other)
    middle = f"== {other} within" if equal else f"> {other} by"
    sentence = f"{arm} {middle} {size!r} on {metric}{f' on {split}' if split else ''}"
    claim = parse_claim(sentence)
    assert parse_claim(format_claim(claim)) == claim
    assert claim.margin == size
    assert parse_claim({"claim": sentence, **claim.fields()}) == claim
    assert parse_claim(json.loads(json.dumps(claim.fields()))).hash == claim.hash


@given(SIZES, st.integers(5, 100), st.sampled_from(["claim", "relation"]), st.floats(0.001, 0.5))
def test_the_hash_is_the_digest_of_every_field(size: float, seeds: int, settle: str, alpha: float) -> None:
    fields = {"claim": f"a > b by {size!r} on hwa", "max_seeds": seeds, "settle": settle, "alpha": alpha}
    claim = parse_claim(fields)
    assert claim.hash == digest(claim.fields())
    assert parse_claim({**fields, "group": "author"}).hash != claim.hash


def test_the_document_of_claims_holds_no_time() -> None:
    claims = [parse_claim("a > b by 0.1 on accuracy"), parse_claim("a == b within 0.01 on hwa on dev")]
    document = claims_document(claims, registered=True)
    assert [entry["claim"] for entry in document] == ["a > b by 0.1 on accuracy", "a == b within 0.01 on hwa on dev"]
    assert all(entry["registered"] is True and len(entry["hash"]) == 64 for entry in document)
    assert set(document[0]) == {"claim", "hash", "registered", *claims[0].fields()}
    assert claims_document(claims, registered=False)[0]["hash"] == document[0]["hash"]
    json.dumps(document)


def test_claims_of_a_file_are_checked_with_their_places(tmp_path: Path) -> None:
    text = """\
variants: {bag: {model.family: bag}}
claims:
  - main > bagg by 0.01 on hwa
  - main > bag by 0.01 on hwaa
  - main >> bag
  - claim: main > best-trivial by 0.02 on accuracy
    population: new-training-sets
  - main > bag by 0.01 on accuracy on shift_anything
"""
    assert problems(tmp_path, HEAD + text) == [
        "study.yaml:5:5: there is no variant 'bagg'; did you mean 'bag'?",
        "study.yaml:6:5: there is no metric 'hwaa'; did you mean 'hwa'?",
        f"study.yaml:7:5: 'main >> bag' is not a claim; {GRAMMAR}",
        "study.yaml:8:5: a claim about new training sets needs a study that redraws them; set streams.split: varied, "
        "or claim less: population: new-examples",
    ]


def test_claims_of_a_study(tmp_path: Path) -> None:
    text = "claims:\n  - main > best-trivial by 0.02 on accuracy\n"
    text += "  - {claim: main > bag by 0.01 on hwa, population: new-training-sets}\n"
    text += "streams: {split: varied}\nvariants: {bag: {model.family: bag}}\n"
    loaded = load(tmp_path, HEAD + text)
    first, second = claims_of(loaded, ("train", "test"))
    assert (first.other, second.population) == ("best-trivial", "new-training-sets")
    with pytest.raises(InputError, match=r"study\.yaml:4: there is no split 'test'; known: train, dev"):
        claims_of(loaded, ("train", "dev"))
    text = "name: x\ndata: {splits: {train: a.csv, tset: b.csv}}\nclaims: [main > best-trivial by 0.1 on ece]\n"
    assert problems(tmp_path, text) == ["study.yaml:3:10: there is no split 'test'; did you mean 'tset'?"]
    text = "model: {predictions: [p.csv]}\nclaims: [theirs > ours by 0.01 on hwa]\n"
    assert claims_of(load(tmp_path, HEAD + text))[0].arm == "theirs", "given predictions bring their own variants"
