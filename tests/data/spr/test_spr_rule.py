"""Predicates, rules and their text, against an evaluator in plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.data.spr import PRESETS, ColourPosition, CountParity, FirstBefore, Rule, ShapeCount, parse_rule
from brittlestar.data.spr.automaton import Product
from brittlestar.data.spr.rule import Predicate
from brittlestar.data.spr.symbols import COLOURS, SHAPES, TOKENS, distinct_counts
from tests.data.spr.labelling import label_rows, rows_from_tokens

SHAPE = st.sampled_from(SHAPES)
COLOUR = st.sampled_from(COLOURS)
PREDICATES: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(ShapeCount, st.sampled_from(["exactly", "at least", "at most"]), st.integers(0, 5), SHAPE),
    st.builds(ColourPosition, st.integers(1, 7), COLOUR),
    st.builds(CountParity, st.sampled_from(["even", "odd"]), SHAPE | COLOUR),
    st.one_of(
        *(
            st.lists(st.sampled_from(kind), min_size=2, max_size=2, unique=True).map(lambda pair: FirstBefore(*pair))
            for kind in (SHAPES, COLOURS)
        )
    ),
)
RULES = st.lists(PREDICATES, min_size=1, max_size=4, unique=True).map(lambda parts: Rule(tuple(parts)))
SEQUENCES = st.lists(st.lists(st.sampled_from(TOKENS), max_size=9), min_size=1, max_size=8)


def plain_value(predicate: Predicate, sequence: list[str]) -> bool:
    """The predicate as its sentence says it, on strings."""
    match predicate:
        case ShapeCount(relation, n, shape):
            count = "".join(sequence).count(shape)
            return {"exactly": count == n, "at least": count >= n, "at most": count <= n}[relation]
        case ColourPosition(position, colour):
            return len(sequence) >= position and sequence[position - 1][1:] == colour
        case CountParity(parity, symbol):
            return "".join(sequence).count(symbol) % 2 == ["even", "odd"].index(parity)
        case FirstBefore(first, second):
            firsts = [i for i, token in enumerate(sequence) if first in token]
            seconds = [i for i, token in enumerate(sequence) if second in token]
            return bool(firsts) and bool(seconds) and firsts[0] < seconds[0]


@given(RULES, SEQUENCES)
def test_rule_agrees_with_a_plain_evaluator(rule: Rule, sequences: list[list[str]]) -> None:
    wanted = [[not plain_value(predicate, sequence) for predicate in rule.predicates] for sequence in sequences]
    assert rule.broken(rows_from_tokens(sequences)).tolist() == wanted
    assert label_rows(rule, sequences).tolist() == [int(not any(row)) for row in wanted]


@given(RULES, st.lists(st.sampled_from(TOKENS), max_size=9))
def test_automata_agree_with_the_predicates(rule: Rule, sequence: list[str]) -> None:
    product, state = Product(rule.predicates), 0
    for position, token in enumerate(sequence):
        state = int(product.step(position)[state, TOKENS.index(token)])
    assert product.find_satisfied()[state].tolist() == [
        plain_value(predicate, sequence) for predicate in rule.predicates
    ]


@given(RULES)
def test_text_reads_back_as_the_same_rule(rule: Rule) -> None:
    assert parse_rule(str(rule)) == rule
    assert str(parse_rule(str(rule))) == str(rule)


@given(st.text(alphabet="▲●rg 12AND exactlyfirstbefore", max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        rule = parse_rule(text)
    except InputError as error:
        assert all(problem.where.startswith("rule") for problem in error.problems)
    else:
        assert parse_rule(str(rule)) == rule


def test_presets_differ_by_the_parity_predicate_and_words_mean_symbols() -> None:
    words = parse_rule("colour 1 is red AND exactly 2 triangle AND first triangle before circle AND odd number of blue")
    assert str(words) == "colour 1 is r AND exactly 2 ▲ AND first ▲ before ● AND odd number of b"
    founding = parse_rule("founding")
    assert [predicate.family for predicate in founding.predicates] == [
        "colour-position",
        "shape-count",
        "order",
        "parity",
    ]
    assert parse_rule("founding-no-parity").predicates == founding.predicates[:3]
    assert str(founding) == PRESETS["founding"]
    assert all(str(parse_rule(name)) == text for name, text in PRESETS.items())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exacly 2 ▲", "rule, column 1: 'exacly' begins no predicate; did you mean 'exactly'?"),
        ("Colour 1 is r", "rule, column 1: 'Colour' begins no predicate; did you mean 'colour'?"),
        ("foundin", "rule, column 1: 'foundin' begins no predicate; did you mean 'founding'?"),
        ("exactly 2 triangles", "rule, column 11: 'triangles' is no shape; did you mean 'triangle'?"),
        ("exactly 2 r", "rule, column 11: 'r' is no shape; one of ▲"),
        ("exactly two ▲", "rule, column 9: 'two' is no whole number from 0 to 999; write it in digits"),
        ("exactly 1000 ▲", "rule, column 9: '1000' is no whole number"),
        ("colour 0 is r", "rule, column 8: '0' is no whole number from 1 to 999"),
        ("colour 1 = r", "rule, column 10: '=' where 'is' belongs; write 'colour P is COLOUR'"),
        ("at lest 2 ▲", "rule, column 4: 'at lest' is not a relation; 'at least' or 'at most'"),
        ("odd number of", "rule, column 14: the predicate stops before 'SYMBOL'"),
        ("odd number of ▲ and colour 1 is r", "rule, column 17: 'and' follows a complete predicate; join"),
        ("odd number of ▲ AND ", "rule, column 20: a predicate is missing"),
        ("", "rule, column 1: a predicate is missing"),
        ("first ▲ before ▲", "compares a symbol with itself"),
        ("first ▲ before r", "'▲' and 'r' are not of one kind"),
        ("odd number of ▲ AND odd number of triangle", "rule, column 20: 'odd number of ▲' is stated twice"),
        (" AND ".join(f"exactly {n} ▲" for n in range(5)), "a rule has at most four predicates, this one has 5"),
    ],
)
def test_what_cannot_be_read_is_placed(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rule(text)
    assert message in str(caught.value)


def test_all_problems_of_a_rule_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_rule("colour x is r AND even number of ▲ AND first ▲ before ♥")
    assert [problem.where for problem in caught.value.problems] == ["rule, column 8", "rule, column 55"]


def test_rows_with_content_beyond_their_length_are_refused() -> None:
    shapes = np.zeros((1, 3), dtype=np.int8)
    with pytest.raises(ValueError, match="beyond the length"):
        parse_rule("founding").holds(shapes, shapes, np.array([2]))


def test_distinct_values_leave_out_padding_and_missing_colours() -> None:
    rows = rows_from_tokens([["▲r", "▲", "●r"], []])
    assert distinct_counts(rows.shapes).tolist() == [2, 0]
    assert distinct_counts(rows.colours).tolist() == [1, 0]


def test_no_rows_is_no_labels() -> None:
    assert label_rows(parse_rule("founding"), []).tolist() == []
