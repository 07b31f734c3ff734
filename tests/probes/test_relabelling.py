"""True labels by a rule or by a function."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import brittlestar
from brittlestar.core.errors import InputError
from brittlestar.data.spr import Rule, parse_rule
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes import relabelling
from brittlestar.probes.relabelling import broken, by_function, by_rule, rule_beside
from tests.data.spr.labelling import label_rows
from tests.data.spr.test_spr_rule import RULES, SEQUENCES, plain_value

from .making import Rows

RULE = parse_rule("colour 2 is r AND at least 1 ▲")


@given(RULES, SEQUENCES)
def test_labels_by_rule_are_those_of_the_rule(rule: Rule, rows: Rows) -> None:
    made = rows_of_strings(rows, TOKENS[::-1])
    assert by_rule(rule, ["0", "1"])(made).tolist() == label_rows(rule, rows).tolist()
    wanted = [[not plain_value(predicate, row) for predicate in rule.predicates] for row in rows]
    assert broken(rule, made).tolist() == wanted


def test_rows_in_pieces_have_the_same_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    rows = [list(random.choice(TOKENS, int(random.integers(0, 9)))) for _ in range(50)]
    monkeypatch.setattr(relabelling, "LARGEST_BLOCK", 20)
    assert by_rule(RULE, ["0", "1"])(rows_of_strings(rows)).tolist() == label_rows(RULE, rows).tolist()


def test_a_token_of_another_alphabet_is_a_place_without_shape_or_colour() -> None:
    rows = rows_of_strings([["alien", "▲r"], ["▲r", "alien"], ["r", "▲r"], ["▲g▲r", "▲r"]])
    assert by_rule(RULE, ["0", "1"])(rows).tolist() == [1, 0, 1, 1]


@pytest.mark.parametrize("classes", [["no", "yes"], ["1", "0"], ["0", "1", "2"], ["0"]])
def test_a_rule_fits_its_own_classes_only(classes: list[str]) -> None:
    with pytest.raises(InputError, match=r"probes.rule: a rule gives labels 0 and 1, the data have"):
        by_rule(RULE, classes)


def test_labels_by_function() -> None:
    rows = rows_of_strings([["a"], ["b", "a"], [], ["c"]])
    given: list[Any] = [1, "x", None, "unheard of"]
    found = by_function(lambda _: given, ["1", "x"], "own:label")(rows)
    assert found.tolist() == [0, 1, -1, -1] and found.dtype == np.int32
    assert by_function(lambda rows: np.array([len(row) for row in rows]), ["0", "1"], "own:label")(rows).tolist() == [
        1, -1, 0, 1,
    ]  # fmt: skip


def leave(_: Rows) -> Any:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda _: 1 / 0, "probes.relabel: own:label raised ZeroDivisionError: division by zero"),
        (
            lambda rows: ["x"] * (len(rows) + 1),
            "own:label gave 3 labels for 2 rows; return one label a row, None where",
        ),
        (lambda _: None, "own:label gave 0 labels for 2 rows"),
        (lambda _: 5, "own:label raised TypeError"),
        (leave, "own:label raised SystemExit: 3"),
    ],
)
def test_functions_that_fail(function: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        by_function(function, ["x"], "own:label")(rows_of_strings([["a"], ["b"]]))
    assert message in str(caught.value)


def test_what_is_no_function() -> None:
    with pytest.raises(InputError, match=r"own:label is no function: it is a str; name a function from a list"):
        by_function("label", ["x"], "own:label")  # pyright: ignore[reportArgumentType]


def test_the_rule_beside_generated_data(tmp_path: Path) -> None:
    brittlestar.generate(tmp_path / "data", sizes="20/10/10", lengths="3-6", rule="at least 2 ▲")
    assert str(rule_beside(tmp_path / "data")) == "at least 2 ▲"
    assert rule_beside(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"task": "spr", "rule": {"text": "nonsense"}}', '{"task": "other"}', "\ufeff{"]
)
def test_another_file_of_that_name_states_no_rule(text: str, tmp_path: Path) -> None:
    (tmp_path / "generation.json").write_text(text, encoding="utf-8")
    assert rule_beside(tmp_path) is None
    (tmp_path / "generation.json").write_text(json.dumps({"task": "spr", "rule": 3}), encoding="utf-8")
    assert rule_beside(tmp_path) is None
