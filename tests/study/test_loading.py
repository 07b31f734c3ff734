from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import ASKED, metric_names
from brittlestar.study.loading import load_study
from brittlestar.study.settings import Study
from tests.study.files import HEAD, load, problems


def test_a_small_study_with_defaults(tmp_path: Path) -> None:
    loaded = load(tmp_path, HEAD + "training:\n  learning_rate: 1e-4\nreport: {title: no}\nseeds: 3\n")
    assert loaded.study.training.learning_rate == 1e-4
    assert loaded.study.report.title == "no"
    assert loaded.study.seeds == (0, 1, 2)
    assert loaded.study.training.epochs == 20
    assert loaded.given["seeds"] == 3
    assert loaded.path == tmp_path / "study.yaml"


def test_origins_cover_every_leaf(tmp_path: Path) -> None:
    text = HEAD + "training:\n  schedule: {kind: cosine}\nseeds: [3, 7]\nmodel: {own: a:b, params: {width: {x: 3}}}\n"
    loaded = load(tmp_path, text, {"training.epochs": "3", "training.early_stopping": "{patience: 2}"})
    origins = loaded.origins
    assert origins["name"] == "study.yaml:1"
    assert origins["data.path"] == "study.yaml:2"
    assert origins["training.schedule.kind"] == "study.yaml:4"
    assert origins["training.schedule.gamma"] == "our default"
    assert origins["seeds"] == "study.yaml:5"
    assert origins["model.params.width.x"] == "study.yaml:6"
    assert origins["training.epochs"] == "--set"
    assert origins["training.early_stopping.patience"] == "--set"
    assert origins["training.early_stopping.split"] == "our default"
    assert loaded.where("seeds") == "study.yaml:5"
    assert loaded.where("training.clip") == "training.clip"


def test_other_names_of_dev_in_a_study_file_are_dev(tmp_path: Path) -> None:
    claim = "claims: ['main > bag by 0.1 on accuracy on dev']\nvariants: {bag: {model.family: bag}}\n"
    loaded = load(tmp_path, f"name: demo\ndata:\n  splits:\n    train: a.csv\n    validation: b.csv\n{claim}")
    assert loaded.study.data.splits == {"train": "a.csv", "dev": "b.csv"}
    assert loaded.origins["data.splits.dev"] == "study.yaml:5"
    typed = load(tmp_path, "name: demo\ndata: {splits: {train: a.csv}}\n", {"data.splits.val": "/b.csv"})
    assert typed.study.data.splits == {"train": "a.csv", "dev": "/b.csv"}
    assert problems(tmp_path, "name: demo\ndata:\n  splits: {train: a.csv, dev: b.csv, eval: c.csv}\n") == [
        "study.yaml:3:38: eval is another name of dev; keep one of them"
    ]


def test_all_problems_of_one_file_at_once(tmp_path: Path) -> None:
    text = """\
name: demo
data:
  path: spr
  tokens: words
training:
  epocs: 3
  epochs: three
  learning_rate: 0
  clip: "no"
  class_weights: heavy
  schedule: {kind: linear}
model: {bidirectional: yes, hidden: 2.5, layers: true, dropout: {head: 1}}
sedes: 5
seeds: [0, -1, 0]
"""
    assert problems(tmp_path, text) == [
        "study.yaml:4:3: data.tokens is 'words'; allowed: whitespace, characters, list or regex:PATTERN",
        "study.yaml:6:3: 'epocs' is unknown; did you mean 'epochs'?",
        "study.yaml:7:3: training.epochs is 'three'; allowed: a whole number of at least 0",
        "study.yaml:8:3: training.learning_rate is 0; allowed: a number of more than 0",
        "study.yaml:9:3: training.clip is 'no'; allowed: a number of more than 0 or null",
        "study.yaml:10:3: training.class_weights is 'heavy'; allowed: one of none, balanced or a mapping to a number "
        "of more than 0",
        "study.yaml:11:14: training.schedule.kind is 'linear'; allowed: one of constant, cosine, step",
        "study.yaml:12:9: model.bidirectional is 'yes'; allowed: true or false",
        "study.yaml:12:29: model.hidden is 2.5; allowed: a whole number of at least 1",
        "study.yaml:12:42: model.layers is true; allowed: a whole number of at least 1",
        "study.yaml:12:66: model.dropout.head is 1; allowed: a number of at least 0 and below 1",
        "study.yaml:13:1: 'sedes' is unknown; did you mean 'seeds'?",
        "study.yaml:14:1: the seed 0 is listed twice; list each seed once",
        "study.yaml:14:12: seeds.1 is -1; allowed: a whole number of at least 0",
    ]


def test_unknown_keys_get_the_best_suggestion(tmp_path: Path) -> None:
    assert problems(tmp_path, HEAD + "epochs: 3\nzzz: 1\n") == [
        "study.yaml:3:1: 'epochs' is unknown; the path is training.epochs",
        "study.yaml:4:1: 'zzz' is unknown; known here: name, data, model, training, seeds, streams, variants, claims, "
        "trivial, probes, report, execution",
    ]


def test_missing_keys_say_what_to_give(tmp_path: Path) -> None:
    assert problems(tmp_path, "seeds: 2\n") == [
        "study.yaml: 'name' is missing; give letters, digits, '.', '_' and '-', not starting with a mark",
        "study.yaml: 'data' is missing; give a mapping with path, splits, columns, tokens, factors, order, factor, "
        "spelling, train_rows, train_without",
    ]
    assert problems(tmp_path, "name: x\ndata: {}\n") == [
        "study.yaml:2:1: data names no source; give data.path (a folder) or data.splits (name: file)"
    ]
    assert problems(tmp_path, "name: x\ndata: {splits: {tran: a.csv}}\n") == [
        "study.yaml:2:8: there is no split 'train'; did you mean 'tran'?"
    ]


def test_emptied_sections_mean_their_defaults(tmp_path: Path) -> None:
    text = HEAD + "training:\n  # epochs: 3\nmodel:\n  embedding:\nvariants:\nclaims:\nprobes:\nreport:\n"
    assert load(tmp_path, text).study == load(tmp_path, HEAD).study


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"name: x\ndata: {path: caf\xe9}\n", "study.yaml:2:17: the byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"- a\n", "study.yaml:1:1: a study file is a mapping of settings; start with `name: …`"),
        (b"just words", "study.yaml:1:1: a study file is a mapping of settings; start with `name: …`"),
        (b"\xff\xfen\x00a\x00", "study.yaml:1:1: the byte 0xff is not UTF-8; save the file as UTF-8"),
    ],
)
def test_files_that_are_no_study(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "study.yaml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_study(tmp_path / "study.yaml")
    assert str(caught.value).replace(f"{tmp_path}/", "") == problem


def test_a_byte_order_mark_windows_lines_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert load_study(tmp_path / "study.yaml").study.name == "demo"
    with pytest.raises(InputError, match="cannot be read: No such file or directory; the new command writes"):
        load_study(tmp_path / "nothing.yaml")
    with pytest.raises(InputError, match="is a folder"):
        load_study(tmp_path)


def test_overrides_follow_the_rules_of_the_file(tmp_path: Path) -> None:
    text = HEAD + "training: {epochs: 7}\nvariants:\n  long: {training: {epochs: 40}, unequal_budget: slow}\n"
    loaded = load(
        tmp_path,
        text,
        {
            "training.learning_rate": "1e-2", "seeds": "2", "model.own": "package.module:factory",
            "model.params.width": "8", "variants.long.training.epochs": "50", "report.title": "no",
        },
    )  # fmt: skip
    study = loaded.study
    assert (study.training.learning_rate, study.seeds, study.model.own) == (0.01, (0, 1), "package.module:factory")
    assert study.model.params == {"width": 8}
    assert study.variants["long"].set == {"training.epochs": 50}
    assert study.report.title == "no"
    assert loaded.origins["model.params.width"] == "--set"
    assert loaded.given["training"] == {"epochs": 7}


def test_wrong_overrides(tmp_path: Path) -> None:
    given = {
        "training.epochz": "3", "epochs": "3", "training.epochs": "-3", "training.clip": "[1",
        "training.momentum": "&a 0.5", "variants.nobody.training.epochs": "3",
    }  # fmt: skip
    assert problems(tmp_path, HEAD + "variants: {bag: {model.family: bag}}\n", given) == [
        "--set training.epochz: 'training.epochz' is unknown; did you mean 'training.epochs'?",
        "--set epochs: 'epochs' is unknown; did you mean 'training.epochs'?",
        "--set training.clip: this is not valid YAML: expected ',' or ']', but got '<stream end>' (while parsing a "
        "flow sequence); text with : # [ { needs quotes",
        "--set training.momentum: the anchor &a is not allowed; write the value out",
        "--set variants.nobody.training.epochs: 'variants.nobody.training.epochs' names no variant; there are bag",
        "--set training.epochs: training.epochs is -3; allowed: a whole number of at least 0",
    ]


def test_paths_in_the_file_are_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "studies").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies" / "study.yaml").write_text(HEAD, encoding="utf-8")
    loaded = load_study("studies/study.yaml")
    assert loaded.study.data.path == "spr"
    assert loaded.resolve("spr") == Path("studies/spr")
    typed = load_study("studies/study.yaml", {"data.path": "elsewhere"})
    assert typed.study.data.path == "../elsewhere"
    assert typed.resolve("../elsewhere").resolve() == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("data: {path: a, tokens: 'regex:('}",
         "2:17: data.tokens is not a regular expression: missing ), unterminated subpattern at position 0"),
        ("data: {path: a, factors: '(.)'}",
         "2:17: data.factors has no named group; write (?P<shape>…)(?P<colour>…)"),
        ("data: {path: a, factors: '(?P<Shape>.)'}", "2:17: the factor name 'Shape' is not allowed; use small letters"),
        ("data: {path: a, factor: shape}", "2:17: there is no factor 'shape'; give data.factors"),
        ("data: {path: a}\nmodel: {kind: fit}",
         "3:9: model.kind is fit, but no own model is given; give model.own"),
        ("data: {path: a}\nmodel: {own: a:b, predictions: [p.csv]}",
         "3:19: both model.own and model.predictions are given; keep one of them"),
        ("data: {path: a}\nmodel: {embedding: {mode: fine-tuned}}",
         "3:21: fine-tuned needs a table; give model.embedding.table, a file of vectors"),
        ("data: {path: a}\nmodel: {embedding: {table: t.txt}}",
         "3:21: a table has no effect on a trained embedding; set model.embedding.mode to frozen-pretrained or "
         "fine-tuned"),
        ("data: {path: a}\nmodel: {embedding: {composition: factor-sum}}", "3:21: factor-sum needs factors; give "
         "data.factors"),
        ("data: {path: a}\nreport: {metric: hwa}", "3:10: there is no metric 'hwa'; known: "
         f"{', '.join((*metric_names(()), *ASKED))}, or module:function"),
        ("data: {path: a}\ntraining: {selection: {split: test}}",
         "3:24: training.selection.split is 'test', but a checkpoint may be chosen on dev or train only"),
        ("data: {path: a}\ntraining: {early_stopping: {metric: acuracy}}",
         "3:29: there is no metric 'acuracy'; did you mean 'accuracy'?"),
        ("data: {path: a}\nseeds: 0", "3:1: seeds is 0; allowed: a number of seeds from 1 to 10,000, or a list of "
         "seeds"),
        ("data: {path: a}\nseeds: 100000000",
         "3:1: seeds is 100000000; allowed: a number of seeds from 1 to 10,000, or a list of seeds"),
        ("data: {path: a}\nseeds: []", "3:1: seeds is empty; give at least one"),
        ("data: {path: a}\ntraining: {class_weights: {yes: 1, no: -1}}",
         "3:36: training.class_weights.no is -1; allowed: a number of more than 0"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_together(tmp_path: Path, lines: str, problem: str) -> None:
    assert problems(tmp_path, f"name: x\n{lines}\n") == [f"study.yaml:{problem}"]


def test_the_expanded_study_loads_again(tmp_path: Path) -> None:
    """What study.json records is itself a study file (JSON is YAML)."""
    import json

    text = HEAD + "variants: {bag: {model.family: bag}}\nclaims: [main > bag by 0.01 on hwa]\n"
    study = load(tmp_path, text).study
    again = load(tmp_path, json.dumps(study.model_dump(mode="json"), ensure_ascii=False))
    assert again.study == study


JUNK = st.recursive(
    st.sampled_from(["x", "", "1", "3", "-1", "1e-4", "true", "no", "null", "a:b", "'('", "[]", "{}", "1" * 399, "…"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["path", "epochs", "set", "split", "metric", "embedding.dim", "a.b", "claim", "arm"]),
            inner,
            max_size=3,
        ).map(lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}")
    ),
    max_leaves=6,
)
PATHS = st.sampled_from([*Study.model_fields, "training.epochs", "model.params", "variants", "claims", "data.splits"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(PATHS, JUNK, max_size=4))
def test_nothing_a_user_writes_ends_in_a_traceback(tmp_path: Path, content: dict[str, str]) -> None:
    """Whatever stands at any key, the answer is a study or an InputError, from the file and from --set alike."""
    top = {key: value for key, value in content.items() if "." not in key}
    text = "".join(f"{key}: {value}\n" for key, value in top.items())
    for attempt in (lambda: load(tmp_path, text), lambda: load(tmp_path, HEAD, content)):
        try:
            attempt()
        except InputError as error:
            assert all(problem.what for problem in error.problems)
