"""Names of variants in claims, and which claims are judged on paired runs."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, SharedSeeds, check_claim, format_claim, settle_pairing
from brittlestar.study.sides import Term, all_terms, alternatives, arms_of, quote_name, splits_of, terms, with_names

ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("main", "main"), ("order-permuted_2.1", "order-permuted_2.1"), ("größe", "größe"), ("模型", "模型"),
        ("my model", '"my model"'), ("a - b", '"a - b"'), ("a or b", '"a or b"'), ("user@host", '"user@host"'),
        ("_hidden", '"_hidden"'), ("-x", '"-x"'), ('the "best"', '"the \\"best\\""'), ("C:\\runs", '"C:\\\\runs"'),
        ("two\nlines", '"two\\nlines"'), ("▲", '"▲"'), ("a>b", '"a>b"'), (" padded ", '" padded "'),
    ],
)  # fmt: skip
def test_names_are_quoted_where_they_need_it(name: str, written: str) -> None:
    assert quote_name(name) == written
    claim = parse_claim(f"{written} > old by 0.01 on accuracy")
    assert arms_of(claim.arm) == (name,)
    assert format_claim(claim) == f"{written} > old by 0.01 on accuracy"


@given(ANY, ANY, st.none() | ANY, st.none() | ANY)
def test_any_name_goes_round(variant: str, other: str, on: str | None, split: str | None) -> None:
    assume(variant != other)
    side = Term(1, variant, on or "").label
    sentence = f"{side} > {quote_name(other)} by 0.01 on accuracy"
    claim = parse_claim({"claim": sentence, "split": split} if split else sentence)
    assert [(term.variant, term.split) for term in all_terms(claim.arm, claim.other)] == [
        (variant, on or ""),
        (other, ""),
    ]
    assert claim.split == (split or "test")
    assert parse_claim(format_claim(claim)) == claim
    assert parse_claim({**claim.fields(), "looks": list(claim.looks)}) == claim


def test_marks_inside_quotes_are_part_of_the_name() -> None:
    side = '"a or b"@"in - domain" or c - "d - e"'
    assert alternatives(side) == ('"a or b"@"in - domain"', 'c - "d - e"')
    assert [(term.sign, term.variant, term.split) for term in terms('c - "d - e"')] == [(1, "c", ""), (-1, "d - e", "")]
    assert splits_of(side) == ("in - domain",)
    assert with_names('"baseline" or "x  y"  -  z', {"baseline": "main"}) == 'main or "x  y" - z'


def test_quotes_that_are_not_needed_make_no_other_claim() -> None:
    plain = parse_claim("a - b > c by 0.01 on accuracy on dev")
    quoted = parse_claim('"a"  - "b" > "c" by 0.01 on accuracy on "dev"')
    fields = parse_claim(
        {"arm": '"a" - b', "relation": ">", "other": '"c"', "threshold": 0.01, "metric": "accuracy", "split": "dev"}
    )
    assert plain == quoted == fields and isinstance(plain, Claim) and plain.hash == quoted.hash
    with pytest.raises(InputError, match="'a' is compared with itself"):
        parse_claim('"a" > a by 0.01 on accuracy')


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("my model > old by 0.01 on accuracy", 'between double quotes: "my model"'),
        ("old > new (v2) by 0.01 on accuracy", 'between double quotes: "new (v2)"'),
        ('"my model > old by 0.01 on accuracy', "is not a claim"),
        ('"" > old by 0.01 on accuracy', "is not a claim"),
        ('"half \\ud800" > old by 0.01 on accuracy', "arm is "),
        ('"bad \\q" > old by 0.01 on accuracy', "is not a claim"),
    ],
)
def test_what_is_no_name_is_told(sentence: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_claim(sentence)
    assert told in str(caught.value)


# Which claims are judged on paired runs: a rule on shapes and data, settled before the first cell


PLAIN = {"tokens": "whitespace", "order": "kept"}
LUCK = SharedSeeds(
    {"main": "x", "frozen": "x", "wide": "y", "permuted": "x", "fit": None, "other-fit": None},
    dict.fromkeys(("main", "frozen", "wide", "fit", "other-fit"), PLAIN) | {"permuted": {**PLAIN, "order": "permuted"}},
)


def paired(claim: Any, luck: SharedSeeds = LUCK) -> str | None:
    return settle_pairing(parse_claim(claim), luck).pairing


@pytest.mark.parametrize(
    ("sides", "pairing"),
    [
        ("main > frozen", "paired"), ("main > wide", "independent"), ("main > permuted", "independent"),
        ("fit > other-fit", "independent"), ("main > unknown", "independent"), ("main > best-trivial", "paired"),
        ("wide > wide@dev", "paired"), ("main - best-trivial > main@dev - best-trivial", "paired"),
        ("main - frozen > main@dev - frozen@dev", "paired"), ("main - wide > main@dev - wide@dev", "independent"),
        ("main or frozen > wide", "independent"),
    ],
)  # fmt: skip
def test_variants_of_the_same_shapes_and_data_are_paired(sides: str, pairing: str) -> None:
    assert paired(f"{sides} by 0.01 on accuracy") == pairing


def test_what_somebody_stated_stays_and_redrawn_rows_are_shared() -> None:
    with pytest.raises(InputError, match="pairing is 'both'"):
        parse_claim({"claim": "main > wide by 0.01 on accuracy", "pairing": "both"})
    fields = {"population": "new-training-sets", "pairing": "independent"}
    claim = parse_claim({"claim": "main > wide by 0.01 on accuracy", **fields})
    (problem,) = check_claim(claim, "here", metrics=["accuracy"], redraws=True)
    assert "read the same draw with each seed" in problem.what
    assert paired({"claim": "main > wide by 0.01 on accuracy", "pairing": "paired"}) == "paired"
    assert paired({"claim": "main > frozen by 0.01 on accuracy", "pairing": "independent"}) == "independent"
    redrawn = SharedSeeds(LUCK.shapes, LUCK.data, redrawn=True)
    assert paired("main > wide by 0.01 on accuracy", redrawn) == "paired"


def test_the_pairing_is_part_of_the_hash_where_it_is_settled_alone() -> None:
    claim = parse_claim("main > wide by 0.01 on accuracy")
    assert "pairing" not in claim.fields() and claim.pairing is None
    hashes = {claim.hash, *(settle_pairing(claim, one).hash for one in (LUCK, SharedSeeds({}, {}, True)))}
    assert len(hashes) == 3
    settled = settle_pairing(claim, LUCK)
    assert parse_claim(settled.fields()) == settled
