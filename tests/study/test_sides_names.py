"""Names of variants in claims: as they are, or between double quotes; every one comes back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, format_claim
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
def test_any_name_goes_round(arm: str, other: str, on: str | None, split: str | None) -> None:
    assume(arm != other)
    side = Term(1, arm, on or "").label
    sentence = f"{side} > {quote_name(other)} by 0.01 on accuracy"
    claim = parse_claim({"claim": sentence, "split": split} if split else sentence)
    assert [(one.arm, one.split) for one in all_terms(claim.arm, claim.other)] == [(arm, on or ""), (other, "")]
    assert claim.split == (split or "test")
    assert parse_claim(format_claim(claim)) == claim
    assert parse_claim({**claim.fields(), "looks": list(claim.looks)}) == claim


def test_marks_inside_quotes_are_part_of_the_name() -> None:
    side = '"a or b"@"in - domain" or c - "d - e"'
    assert alternatives(side) == ('"a or b"@"in - domain"', 'c - "d - e"')
    assert [(one.sign, one.arm, one.split) for one in terms('c - "d - e"')] == [(1, "c", ""), (-1, "d - e", "")]
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
