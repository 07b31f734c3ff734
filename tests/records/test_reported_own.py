"""Reports of studies whose own code sets what they state: what was seen, read back or recorded is compared, and of the
rest nobody can tell."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brittlestar import compare, compare_reported, run, run_reported, seal
from brittlestar.core.results import Setting
from brittlestar.core.seen_training import SeenTraining
from brittlestar.models.declared import find_line
from brittlestar.records.reported.comparing import compare_settings
from brittlestar.records.reported.effect import InEffect, find_effect
from brittlestar.records.reported.reading import Stated
from brittlestar.records.reported_run import apply_reported
from tests.command import brittlestar
from tests.records.test_reported import compare as compare_fields
from tests.records.test_reported import kinds, record_of


def own_effect(outcome: str = "fitted", seen: SeenTraining | None = None, **settings: Any) -> InEffect:
    """A study with own code at own.py:7, of which `seen` was seen, and with settings read back or held."""
    record = record_of(own=True, outcome=outcome, **{"model.own": "own:fit"})
    main = record.variants["main"]
    extra = tuple(Setting(path, value, "library default", value) for path, value in settings.items())
    main = replace(main, settings=(*main.settings, *extra))
    cells = tuple(replace(cell, seen=seen) for cell in record.cells)
    return find_effect(replace(record, variants={"main": main}, cells=cells), {}, "own.py:7")


SEEN = SeenTraining(steps=9, parameters=12, optimiser="SGD", rate=(0.5, 0.5), batch=32.0, stepped_at="own.py:33")


def test_what_was_seen_of_own_training_is_compared_and_the_rest_is_not() -> None:
    stated = {"learning_rate": 0.5, "batch_size": 64, "optimiser": "sgd", "weight_decay": 0.1}
    found = compare_fields(own_effect(seen=SEEN), {"training": stated, "model": {"dropout": {"head": 0.2}}})
    assert {name.partition(".")[2]: one.kind for name, one in found.items()} == {
        "learning_rate": "match", "batch_size": "misstated", "optimiser": "match", "weight_decay": "cannot-tell",
        "dropout.head": "cannot-tell",
    }  # fmt: skip
    assert found["training.weight_decay"].why == "set in your code: own.py:7"
    assert found["training.batch_size"].why == "in effect is 32 (set in your code, as seen)"
    moving = own_effect(seen=replace(SEEN, rate=(0.5, 0.1)))
    assert kinds(moving, {"training.learning_rate": 0.1}) == {"training.learning_rate": "cannot-tell"}, (
        "nobody can say which of several rates is meant"
    )
    assert kinds(own_effect(seen=replace(SEEN, optimiser="RMSprop")), {"training.optimiser": "RMSprop"}) == {
        "training.optimiser": "match"
    }


def test_what_a_built_module_says_of_itself_is_compared_under_its_own_name() -> None:
    built: dict[str, Any] = {
        "library.rnn.hidden_size": 48,
        "library.rnn.bias": True,
        "library.drop.p": 0.2,
        "library.model": "Net",
    }
    effect = own_effect("trained", **built)
    stated = {"library.rnn.hidden_size": 48, "library.drop.p": 0.3, "model.hidden": 48, "hidden_size": 48}
    assert kinds(effect, stated) == {
        "library.rnn.hidden_size": "match", "library.drop.p": "misstated", "model.hidden": "cannot-tell",
        "hidden_size": "not-compared",
    }  # fmt: skip
    assert compare_fields(effect, stated)["hidden_size"].why.endswith("did you mean 'library.rnn.hidden_size'?")
    left = [field.name for field in compare_settings(effect, [Stated(("seeds",), 5)]) if field.stated is None]
    assert not {*left} & {*built, "library.threads"}, "nobody says by default what own code sets"


HELD: dict[str, Any] = {
    "estimator.tfidf.ngram_range": [1, 2],
    "estimator.tfidf.tokenizer": None,
    "estimator.clf.C": 1.0,
    "trainer.weight_decay": 0.1,
}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("estimator.clf.C", 1, "match"), ("estimator.clf.C", 10, "misstated"), ("estimator.clf.C", "1", "not-compared"),
        ("estimator.tfidf.ngram_range", [1, 2], "match"), ("estimator.tfidf.ngram_range", (1, 1), "misstated"),
        ("estimator.tfidf.tokenizer", None, "match"), ("trainer.weight_decay", 0.1, "match"),
        ("C", 1.0, "not-compared"), ("clf.C", 1.0, "not-compared"), ("training.batch_size", 32, "cannot-tell"),
    ],
)  # fmt: skip
def test_settings_of_own_objects_are_compared_by_their_paths(name: str, value: Any, kind: str) -> None:
    found = compare_fields(own_effect(**HELD), {name: value})[name]
    assert found.kind == kind and (name != "C" or found.why.endswith("did you mean 'estimator.clf.C'?"))


def test_seeds_that_failed_are_told_from_those_that_ran() -> None:
    record = record_of()
    cells = tuple(replace(cell, state="failed" if cell.seed == 3 else "done") for cell in record.cells)
    effect = find_effect(replace(record, cells=cells))
    asked = "5 were asked for: 4 finished, 1 failed (seed 3)"
    for value, kind in ((5, "misstated"), ([0, 1, 2, 3, 4], "misstated"), (4, "match"), ([0, 1, 2, 4], "match")):
        one = compare_fields(effect, {"seeds": value})["seeds"]
        assert (one.kind, one.why) == (kind, asked), value
        assert apply_reported(effect, [one] if kind == "misstated" else []).settings == {}, "seed 3 would fail again"
    assert compare_fields(find_effect(record), {"seeds": 5})["seeds"].why == ""


def test_the_line_of_a_name_is_that_of_what_it_stands_for(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("import os\n\nclass Net:\n    pass\n\nbuild = Net\nmodel = Net()\n")
    lines = {name: find_line(f"own:{name}", tmp_path) for name in ("Net", "build", "model", "none")}
    assert lines == {"Net": "own.py:3", "build": "own.py:3", "model": "own.py:7", "none": ""}


SOURCE = """from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
model = make_pipeline(CountVectorizer(), MultinomialNB(alpha=ALPHA))
"""


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies of an estimator whose source differs."""
    here = tmp_path_factory.mktemp("estimators")
    (here / "data").mkdir()
    for name, rows in (("train", 60), ("dev", 40), ("test", 40)):
        lines = [{"sequence": f"{'wxyz'[k % 4]}{k % 2} {name}{k}", "label": "ab"[k % 2]} for k in range(rows)]
        (here / "data" / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    settings = {"probes.suite": "none", "variants": "{}"}
    for name, alpha in (("one", "1.0"), ("two", "0.1")):
        (here / name).mkdir()
        (here / name / "nb.py").write_text(SOURCE.replace("ALPHA", alpha))
        (here / name / "study.yaml").write_text("name: nb\ndata: {path: ../data}\nmodel: {own: 'nb:model'}\nseeds: 3\n")
        run(here / name / "study.yaml", settings=settings, executor="serial", out=here / f"{name}.study")
    return here


def test_two_studies_of_own_code_say_that_it_differs_and_never_that_all_is_the_same(studies: Path) -> None:
    result = compare(studies / "one.study", studies / "two.study")
    (code,) = (setting for setting in result.settings if setting.what == "own code")
    assert code.first != code.second and code.first.startswith("nb.py:4 (source ") and code.variants == ("main",)
    assert result.settings_words.startswith("cannot tell all: own code of main sets what nobody recorded; own code: ")
    assert result.document["notes"] == ["cannot tell all: own code of main sets what nobody recorded"]
    said = brittlestar("compare", str(studies / "one.study"), str(studies / "two.study"), "-v")
    assert said.code == 0 and "cannot tell all" in said.output
    assert compare(studies / "one.study", studies / "one.study").settings_words == "the same"


def scored(value: Any) -> dict[str, Any]:
    return {"scores": {"main": {"test": {"accuracy": value}}}}


def test_a_report_is_as_run_only_if_all_that_it_states_was_compared(studies: Path, tmp_path: Path) -> None:
    record = seal(studies / "one.study", with_data=True, out=tmp_path / "one.record.zip").place
    mean = compare_reported(record, {"seeds": 3, **scored(0.5)}).scores[0].actual
    assert mean is not None
    right = {"seeds": 3, **scored(round(mean, 3))}
    for stated, answer, words in (
        (right, "yes", "Yes: "),
        ({**right, "gizmo": 3}, "cannot-say", "not compared: gizmo"),
        ({**right, "training.batch_size": 32}, "cannot-say", "not compared: training.batch_size"),
        ({"gizmo": 3, "whirl": 2}, "cannot-say", "Cannot tell: 2 not compared; not compared: gizmo, whirl"),
        ({"seeds": 3, **scored({"sd": 0.5})}, "no", "1 score with another spread"),
        ({**right, "seeds": 4, "gizmo": 3}, "no", "not compared: gizmo"),
    ):
        found = compare_reported(record, stated)
        assert found.as_run == found.document["as_run"] == answer and words in found.answer, stated
    (tmp_path / "r.yaml").write_text("training:\n  batch_size: 32\n  learning_rate: 0.1\nseeds: 3\n")
    lines = " ".join(brittlestar("compare", str(record), str(tmp_path / "r.yaml")).output.split())
    assert "training.batch_size stated as 32 (line 2): set in your code: nb.py:4" in lines
    assert "As run? Cannot tell: " in lines


@pytest.mark.parametrize("name", ["r.md", "r.tex", "r.txt"])
def test_another_file_is_answered_with_the_yaml_to_fill_in(name: str, studies: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text("setting,value\nseeds,3\n")
    said = brittlestar("compare", str(studies / "one.study"), str(tmp_path / name))
    assert said.code == 2 and "reports in this format are not read; read are YAML, JSON, TOML and CSV" in said.errors[0]
    lines = [line for line in "\n".join(said.errors).splitlines() if line.startswith("  ")]
    assert "  seeds: [0, 1, 2]" in lines and lines[-1] == "  scores: {main: {test: {accuracy: …}}}"
    (tmp_path / "r.yaml").write_text("\n".join(lines), encoding="utf-8")
    found = compare_reported(studies / "one.study", tmp_path / "r.yaml")
    assert {field.kind for field in found.fields if field.stated is not None} == {"match"}
    assert [score.why for score in found.scores] == [
        "it is no number: write 0.83, or 83.0 in points; a spread is `83.0 ± 1.2 (SD)`"
    ]


def test_the_score_of_a_trivial_baseline_is_compared(studies: Path) -> None:
    study = studies / "one.study"
    scores = {"best-trivial": {"test": {"accuracy": 12.5}}, "majority class": {"test": {"accuracy": 50.0}}}
    best, lowest = compare_reported(study, {"scores": scores}).scores
    assert best.variant == "best-trivial" and best.kind == "outside" and best.why.startswith("the score is ")
    assert (lowest.variant, lowest.kind) == ("majority class", "match")
    again = compare_reported(study, {"scores": {"best-trivial": {"test": {"accuracy": best.actual}}}})
    assert [score.kind for score in again.scores] == ["match"]


def test_what_own_code_sets_cannot_be_run_as_stated(studies: Path, tmp_path: Path) -> None:
    study, out = studies / "one.study", tmp_path / "x.study"
    done = run_reported(study, {"training.batch_size": 32, "seeds": 3}, out=out)
    assert done.matters == "cannot-say" and done.study is None and "nothing that differs can be run" in done.answer
    assert done.configuration.kept == ("training.batch_size",)
    right = run_reported(study, {"seeds": 3}, out=out)
    assert right.matters == "no" and right.study is None
