from functools import reduce
from operator import getitem

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.study.yaml_reading import MAX_CHARACTERS, MAX_DEPTH, MAX_PROBLEMS, YamlDocument, read_yaml


def read(text: str) -> YamlDocument:
    return read_yaml(text, lambda line, column: f"f:{line}:{column}")


def told(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-4", 1e-4), ("1E5", 1e5), (".5", 0.5), ("5.", 5.0), ("-1.5e+3", -1500.0), ("007", 7), ("+3", 3),
        ("0x1F", 31), ("0o17", 15), ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"), ("1_000", "1_000"),
        ("12:30", "12:30"), ("2024-01-01", "2024-01-01"), ("'1e-4'", "1e-4"), ('"true"', "true"), ("1.2.3", "1.2.3"),
        ("=", "="), ("e5", "e5"), (".", "."), ("٣", "٣"),
    ],
)  # fmt: skip
def test_scalars_are_what_people_mean(written: str, value: object) -> None:
    document = read(f"key: {written}")
    assert document.problems == ()
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


def test_keys_are_text_and_have_places() -> None:
    document = read("a:\n  1: x\n  true: [5, {b: 6}]\n")
    assert document.value == {"a": {"1": "x", "true": [5, {"b": 6}]}}
    assert read("a: 1\na: {b: [2, {c: 3}]}\nd: 4\n").value == {"a": 1, "d": 4}, "a repeated key keeps its first value"
    assert document.places == {
        ("a",): (1, 1),
        ("a", "1"): (2, 3),
        ("a", "true"): (3, 3),
        ("a", "true", 0): (3, 10),
        ("a", "true", 1): (3, 13),
        ("a", "true", 1, "b"): (3, 14),
    }


def test_everything_forbidden_is_told_at_once() -> None:
    assert told("a: &x 1\nb: *x\nc: !!python/object/apply:os.system ['ls']\nd: 1\nd: 2\ne: .inf\nf: 1e999\n") == [
        "f:1:4: the anchor &x is not allowed; write the value out",
        "f:2:4: the alias *x is not allowed; write the value out",
        "f:3:4: the tag tag:yaml.org,2002:python/object/apply:os.system is not allowed; write the plain value",
        "f:5:1: 'd' is given twice; the first is in line 4",
        "f:6:4: .inf is not a finite number; give a finite number, or text in quotes",
        "f:7:4: 1e999 is too large a number; give a finite number",
    ]


def test_an_alias_bomb_stops_early_and_is_never_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    document = read("\n".join(lines))
    assert not document.complete
    assert len(document.problems) == MAX_PROBLEMS + 1
    assert str(document.problems[-1]).endswith("reading stopped here; mend the problems above first")


def test_depth_and_size_are_limited() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read(deepest).problems == ()
    assert told("[" * 100_000) == ["f:1:21: more than 20 levels are nested here; flatten the file"]
    assert told("x" * (MAX_CHARACTERS + 1)) == ["f:1:1: 1,000,001 characters are too many; at most 1,000,000"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a:\n\tb: 1\n", "f:2:1: a tab stands where YAML allows only spaces; indent with spaces"),
        ("a: {b: 1\n", "f:2:1: this is not valid YAML: expected ',' or '}', but got '<stream end>' (while parsing a "
         "flow mapping); text with : # [ { needs quotes"),
        ("a: b: c\n", "f:1:5: this is not valid YAML: mapping values are not allowed here; text with : # [ { needs "
         "quotes"),
        ("a: 1\n---\nb: 2\n", "f:2:1: a second document starts here; keep one document in a file"),
        ("a: 1\nb: \x07\n", "f:2:4: the character U+0007 is not allowed in YAML"),
        ("[a]: 1\n", "f:1:1: a key has to be text; put the list or mapping on the right of a key"),
        ('a: "\\ud800"\n', "f:1:4: half of a character (U+D800) stands here; write the character itself"),
        ('"\\ud800": 1\n', "f:1:1: half of a character (U+D800) stands here; write the character itself"),
    ],
)  # fmt: skip
def test_mistakes_have_their_place(text: str, problem: str) -> None:
    assert told(text) == [problem]


YAML_BITS = st.sampled_from(
    ["a", "b", ": ", ":", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ", ", "&x ", "*x", "!!str ", "'", '"', "#", "? ",
     "|\n", ">\n", "1e-4", ".inf", "true", "---\n", "%YAML 1.1\n", "<<", "\\ud800", "\x00", "▲", "…"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(YAML_BITS, max_size=25).map("".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    document = read(text)
    if not document.problems:
        assert document.complete
        for location in document.places:
            reduce(getitem, location, document.value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(
        st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcd", max_size=3), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(PLAIN)
def test_agrees_with_a_json_reader(value: object) -> None:
    """JSON is a subset of YAML 1.2, so what json writes has to be read back as it was."""
    import json

    text = json.dumps({"key": value}, ensure_ascii=False)
    assert read(text).value == {"key": value}
