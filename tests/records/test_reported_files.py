"""Files that state settings and scores: YAML, JSON and TOML, as hostile as they come; any other is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.models.declared import read_declared
from brittlestar.records.reported.effect import write_example
from brittlestar.records.reported.reading import Stated, is_reported, read_report, read_tree
from tests.records.test_reported import effect_of

TEXTS = {
    "a.yaml": "training:\n  epochs: 12\ntraining.clip: null\nseeds: [0, 1]\nscores: {main: {test: {hwa: 0.80}}}\n",
    "a.json": '{"training": {"epochs": 12}, "training.clip": null, "seeds": [0, 1],'
    '\n "scores": {"main": {"test": {"hwa": 0.80}}}}',
    "a.toml": "seeds = [0, 1]\n[training]\nepochs = 12\n[scores]\nmain.test.hwa = 0.80\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_one_report_is_the_same_in_every_form(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    place.write_text(TEXTS[name], encoding="utf-8")
    found = read_report(place)
    stated = {one.path: one.value for one in found.settings}
    clip = {} if name == "a.toml" else {"training.clip": None}  # TOML has no null
    assert stated == {"training.epochs": 12, "seeds": [0, 1], **clip}
    (score,) = found.scores
    assert score.keys == ("scores", "main", "test", "hwa") and score.value == 0.8
    assert str(score.value) == "0.80", "digits as they were written say how far a score was rounded"
    assert is_reported(place)


def test_yaml_knows_its_lines_and_types(tmp_path: Path) -> None:
    place = tmp_path / "a.yml"
    place.write_text("a: 1e-3\nb: {c: yes,\n  d: -.5E+1}\ne: '7'\n", encoding="utf-8")
    listed = read_report(place).settings
    assert listed == (Stated(("a",), 1e-3, 1), Stated(("b", "c"), "yes", 2), Stated(("b", "d"), -5.0, 3),
                      Stated(("e",), "7", 4))  # fmt: skip
    assert [str(one.value) for one in listed] == ["1e-3", "yes", "-.5E+1", "7"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"- 1\n", "no names with values"), ("a.yaml", b"a: [1\n", "not valid YAML"),
        ("a.yaml", b"lr: 1\nlr: 2\n", "'lr' is given twice"), ("a.yaml", b"\xff\xfe", "no text in UTF-8"),
        ("a.yaml", b"a.b: 1\na:\n  b: 2\n", r"a\.yaml:3: 'a\.b' is stated twice"),
        ("a.yaml", b"", "no names with values"), ("a.yaml", b"a: {}\n", "it states no values"),
        ("a.yaml", b"a: " + b"{a: " * 3000, "more than 20 levels"),
        ("a.yaml", b"a: &a {lr: 1e-3}\nb: *a\n", r"the alias \*a is not allowed"),
        ("a.yaml", b"a: &a\n  b: *a\n", r"the alias \*a is not allowed"),
        ("a.yaml", b"a: !!python/object/apply:os.system ['ls']\n", "the tag .* is not allowed"),
        ("a.yaml", b"a: .nan\n", "not a finite number"), ("a.yaml", b"a: 0x" + b"f" * 380, "not finite, or too large"),
        ("a.yaml", b"a: 1\n" * 250_000, "more than 1,000,000 bytes"),
        ("a.yaml", b"".join(b"a%d: 1\n" % k for k in range(1001)), "it states 1001 values"),
        ("a.json", b'{"a": 1, "a": 2}', "'a' is stated twice"), ("a.json", b'{"a": ', "it is no JSON"),
        ("a.json", b'{"a": ' + b"[" * 100_000, "it is no JSON"),
        ("a.json", b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}", "more than 20 levels"),
        ("a.json", b'{"a": NaN}', "not finite"), ("a.json", b'{"a": 1e999}', "not finite"),
        ("a.json", b'{"a": 1' + b"0" * 5000 + b"}", "it is no JSON"),
        ("a.json", b"[1]", "no names with values"), ("a.toml", b"a = ", "it is no TOML"),
        ("a.toml", b"a=0x" + b"f" * 5000, "not finite, or too large"), ("a.toml", b"a = inf", "not finite"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_ends_in_one_error(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as told:
        read_report(tmp_path / name)
    assert name in str(told.value) and len(str(told.value)) < 2000


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md", "a.tex", "a.log", "a.py", "a.ipynb", "a.ini"])
def test_another_file_is_refused_with_what_would_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("setting,value\ntraining.epochs,12\n", encoding="utf-8")
    assert is_reported(tmp_path / name)
    with pytest.raises(InputError, match="this format are not read; read are YAML, JSON, TOML and CSV") as told:
        read_report(tmp_path / name, f". Write:{write_example(effect_of())}")
    assert "\n  training.epochs: 12\n" in str(told.value)


def test_a_csv_has_settings_or_scores_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("setting,value\ntraining.epochs,12\ntraining.clip,null\nmodel.family,lstm\n")
    settings = read_report(tmp_path / "a.csv").settings
    assert [(one.path, one.value, one.line) for one in settings] == [
        ("training.epochs", 12, 2), ("training.clip", None, 3), ("model.family", "lstm", 4)
    ]  # fmt: skip
    (tmp_path / "b.tsv").write_text(
        "variant\tsplit\tmetric\tmean\tsd\nmain\ttest\taccuracy\t83.10\t1.2\nbag\tdev\tmcc\t.5\t\n"
    )
    assert is_reported(tmp_path / "b.tsv")
    scores = read_report(tmp_path / "b.tsv").scores
    assert [(one.keys[1:], str(one.value), one.line) for one in scores] == [
        (("main", "test", "accuracy", "mean"), "83.10", 2), (("main", "test", "accuracy", "sd"), "1.2", 2),
        (("bag", "dev", "mcc", "mean"), ".5", 3),
    ]  # fmt: skip
    for text, told in (
        ("setting,value,more\na,1,2\n", "columns are setting,value"),
        ("variant,metric,score\na,b,1\na,b,2\n", "a test b is stated twice"),
        ("setting,value\n", "it states no values"),
    ):
        (tmp_path / "c.csv").write_text(text)
        with pytest.raises(InputError, match=told):
            read_report(tmp_path / "c.csv")


def test_a_table_of_outcomes_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("variant,seed,score\nmain,0,0.5\n")
    assert not is_reported(tmp_path / "o.csv") and not is_reported(tmp_path / "none.yaml") and not is_reported(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "none.yaml")


def test_a_large_report_on_one_line_is_refused_at_once(tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(f"{{{', '.join(f'a{k}: .5' for k in range(50_000))}}}", encoding="utf-8")
    with pytest.raises(InputError, match="it states 50000 values, and 1 to 1000 are read"):
        read_report(place)


def test_a_mapping_that_holds_itself_is_refused() -> None:
    mine: dict[str, object] = {}
    mine["a"] = mine
    with pytest.raises(InputError, match="more than 20 levels"):
        read_tree(mine, {})


def test_defaults_of_a_class_and_of_its_other_name_are_declared(tmp_path: Path) -> None:
    made = "def __init__(self, info, drop=0.1, *, wide=True, late=None or 2):\n        pass"
    source = f"class Net:\n    {made}\n\nbuild = Net\n"
    (tmp_path / "nets.py").write_text(source + "loop = loop\n")
    for name in ("Net", "build"):
        assert read_declared(f"nets:{name}", tmp_path) == {"drop": 0.1, "wide": True}
    for name in ("loop", "none"):
        assert read_declared(f"nets:{name}", tmp_path) == {}


@given(st.sampled_from([".toml", ".yaml", ".json"]), st.text(max_size=300))
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str) -> None:
    place = tmp_path_factory.mktemp("any") / f"reported{suffix}"
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        found = read_report(place)
    except InputError:
        return
    assert found.settings or found.scores
