"""Which rows a claim is on: what is written, read back, and said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.claims.sentences import describe_claim
from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim, write_claim
from brittlestar.study.claims import format_claim
from brittlestar.study.row_filters import RowFilter, of_class, read_filter

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda one: one.strip() == one
)


@given(names, names)
def test_a_filter_is_read_back_as_it_was_written(column: str, value: str) -> None:
    one = RowFilter(column, "=", value)
    assert read_filter(str(one)) == one


@given(names)
def test_a_claim_on_a_class_is_read_back(name: str) -> None:
    claim = parse_claim({"claim": "new > old by -0.03 on accuracy on dev", "where": str(of_class(name))})
    assert parse_claim(format_claim(claim)) == claim == parse_claim(write_claim_text(claim))
    assert "recall[" in format_claim(claim) and "where" not in format_claim(claim)


def write_claim_text(claim: object) -> str:
    return write_claim(claim)  # type: ignore[arg-type]


def test_claims_of_all_rows_have_no_field_of_rows() -> None:
    assert "where" not in parse_claim("a > b by 0.01 on accuracy").fields()
    assert parse_claim("a > b by 0.01 on recall[yes]").fields()["where"] == "label = yes"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a > b by -0.03 on recall[billing]", "a loses at most 3.0 points of recall of billing on test against b"),
        (
            "a > b by 0.01 on accuracy where customer = dyn corp",
            "a exceeds b by at least 1.0 points of accuracy on rows with customer dyn corp of test",
        ),
        (
            "a == b within 0.02 on accuracy on dev where length > 30",
            "a and b differ by less than 2.0 points of accuracy on rows of more than 30 tokens of dev",
        ),
    ],
)
def test_a_claim_on_some_rows_says_which(written: str, said: str) -> None:
    assert describe_claim(parse_claim(written)) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a > b by 0.01 on recall", "recall[CLASS]"),
        ("a > b by 0.01 on accuracy[x]", "recall[CLASS]"),
        ("a > b by 0.01 on recall[x] where y = z", "says twice"),
        ("a > b by 0.01 on accuracy where length > x", "which rows"),
        ("a > b by 0.01 on accuracy where customer > 3", "which rows"),
    ],
)
def test_what_says_of_no_rows_which_they_are_is_refused(written: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        parse_claim(written)


def test_rows_by_value_and_by_length() -> None:
    lengths = np.array([3, 7, 30, 31])
    assert read_filter("length <= 30").choose(lengths).tolist() == [True, True, True, False]
    assert read_filter("length > 30").choose(lengths).tolist() == [False, False, False, True]
    assert read_filter("length = 7").choose(lengths).tolist() == [False, True, False, False]
    assert read_filter('"my column" = "a b"').choose(np.array(["a b", "a"])).tolist() == [True, False]
