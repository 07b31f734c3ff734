"""What a user gets wrong ends with exit code 2, every problem of the file in one message, and nothing written."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.pipeline.open import open_input, open_request
from brittlestar.pipeline.prepare import prepare
from brittlestar.pipeline.request import make_request
from brittlestar.study.settings import Study

from .command import ROWS, SMALL, TINY_MODEL, brittlestar, csv_text, folder, tree

GOOD = csv_text()
pytestmark = pytest.mark.usefixtures("in_own_folder")


def refused(arguments: Sequence[str | Path], expected: Sequence[str], here: Path) -> None:
    """Exit code 2, one line for each expected problem with its words, the same problems as JSON, and no file touched.

    An expected line is `where | part of what | part of hint`.
    """
    before = tree(here)
    said = brittlestar(*arguments)
    assert said.code == 2, said
    assert said.output == ""
    assert len(said.errors) == len(expected), said.errors
    lines = list(said.errors)
    for where, *parts in (one.split(" | ") for one in expected):
        fitting = [x for x in lines if x.startswith(f"brittlestar: {where}") and all(part in x for part in parts)]
        assert fitting, f"{where} {parts} is not in {lines}"
        lines.remove(fitting[0])
    told = brittlestar(*arguments, "--json")
    assert told.code == 2 and told.errors == said.errors
    problems = told.document["error"]
    assert [set(problem) for problem in problems] == [{"what", "where", "hint"}] * len(expected)
    assert all(problem["what"] for problem in problems)
    assert tree(here) == before


DATA = {
    "no-folder": ({}, ["d | no such folder"]),
    "no-file": ({"notes.txt": "x"}, ["d | no train file | it holds no file of a format that is read"]),
    "no-train": ({"test.csv": GOOD}, ["d | no train file | it holds test.csv | data.splits"]),
    "all-at-once": (
        {"train.csv": GOOD + "r1,a,1\nr2,a,\n", "dev.csv": GOOD.replace("sequence", "text"), "test.csv": b"\xff"},
        [
            "d/test.csv:1 | not UTF-8",
            "d/dev.csv | no column 'sequence'",
            "d/train.csv | 1 row without a label",
            "d/train.csv | 'r1' (lines 3, 32), 'r2' (lines 4, 33)",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "verb"), [*((case, "run") for case in DATA), ("all-at-once", "run --dry-run"), ("all-at-once", "new")]
)
def test_data_that_cannot_be_read(case: str, verb: str, tmp_path: Path) -> None:
    files, expected = DATA[case]
    if files:
        folder(tmp_path / "d", files)
    refused([*verb.split(), "d"], expected, tmp_path)


STUDIES = {
    "unknown-keys": (
        "name: x\ndata: {path: d}\ntraining:\n  epocs: 3\nsedes: 5\nmodel: {hiden: 4}\n",
        [
            "s.yaml:4:3 | 'epocs' is unknown | did you mean 'epochs'?",
            "s.yaml:5:1 | 'sedes' is unknown | did you mean 'seeds'?",
            "s.yaml:6:9 | 'hiden' is unknown | did you mean 'hidden'?",
        ],
    ),
    "no-data-folder": ("name: x\ndata: {path: dd}\n", ["s.yaml:2:8: there is no dd | did you mean d?; looked in "]),
    "no-data-file": ("name: x\ndata: {splits: {train: d/trian.csv, dev: d/dev.csv}}\n",
        ["s.yaml:2:17: there is no d/trian.csv | did you mean d/train.csv?"]),
    "several-kinds": ("name: x\ndata: {path: dd}\ntraining: {epocs: 3}\nreport: {metric: acuracy}\n"
        "model: {predictions: [p.csv]}\nclaims: [main > best-trivial by 0.01 on hwaa]\n",
        [
            "s.yaml:2:8: there is no dd",
            "s.yaml:3:12: 'epocs' is unknown",
            "s.yaml:4:10: there is no metric 'acuracy'",
            "s.yaml:5:9: there is no p.csv",
            "s.yaml:6:10: there is no metric 'hwaa'",
        ]),
    "model-no-mapping": ("name: x\ndata: {path: d}\nmodel: 3\nvariants: {bag: {model.family: bag}}\n",
        ["s.yaml:3:1 | model is 3 | a mapping with family"]),
    "own-model": ("name: x\ndata: {path: d}\nmodel:\n  own: nowhere:build\n",
        ["s.yaml:4 | module 'nowhere' does not exist"]),
}  # fmt: skip


@pytest.mark.parametrize(("case", "verb"), [*((case, "run") for case in STUDIES), ("unknown-keys", "run --dry-run")])
def test_a_study_file_that_cannot_be_used(case: str, verb: str, tmp_path: Path) -> None:
    content, expected = STUDIES[case]
    folder(tmp_path / "d")
    folder(tmp_path, {"s.yaml": content})
    refused([*verb.split(), "s.yaml"], expected, tmp_path)
    assert not (tmp_path / "made").exists()


def test_data_are_beside_the_study_file_else_in_the_working_folder(tmp_path: Path) -> None:
    folder(tmp_path / "sub", {"s.yaml": "name: x\ndata: {path: d}\nseeds: 1\n"})
    refused(
        ["run", "sub/s.yaml", "--dry-run"],
        [f"sub/s.yaml:2:8: there is no d | looked in {tmp_path / 'sub'} and {tmp_path}"],
        tmp_path,
    )
    for place, rows in ((tmp_path / "d", 24), (tmp_path / "sub" / "d", 12)):
        folder(place, train=ROWS[:rows])
        assert len(open_input("sub/s.yaml").frames["train"]) == rows


OPTIONS = {
    "set": (["--set", "training.epochs=x", "--set", "model.famly=lstm", "--set", "sedes=1"],
        ["--set model.famly | did you mean 'model.family'?", "--set sedes | 'seeds'", "--set training.epochs | 'x'"]),
    "set-form": (["--set", "training.epochs", "--set", "=3"], ["--set | not PATH=VALUE"] * 2),
    "set-no-mapping": (["--set", "model=lstm"], ["--set model | model is 'lstm' | a mapping with family"]),
    "columns": (
        ["--columns", "seq=text,label,id=a,id=b,group="],
        [
            "--columns | unknown role 'seq'",
            "--columns | 'label' is not ROLE=COLUMN",
            "--columns | 'id' is given twice",
            "--columns | 'group=' is not ROLE=COLUMN",
        ],
    ),
    "columns-absent": (["--columns", "group=family"], ["d/train.csv | no column 'family', which was named as group"]),
    "model-form": (["--model", "nets/mine.py:build"],
        ["--model must be package.module:name | 'nets/mine.py:build' | nets.mine:build"]),
}  # fmt: skip
RUN_OPTIONS = {
    "budget": (["--budget", "soon"], ["--budget must be a positive length of time (got 'soon') | 2h"]),
    "timeout": (["--timeout", "-3s"], ["--timeout must be a positive length of time (got '-3s')"]),
    "store": (["--out", "d"], ["d | exists and is not a study's folder | --out DIR"]),
    "preds-and-seeds": (["--preds", "p.csv", "--seeds", "5"], ["--seeds | given predictions have their own seeds"]),
    "preds-settled": (["--preds", "p.csv", "--settle", "claim"], ["p.csv | the predictions file does not exist"]),
    "preds-trained": (["--preds", "p.csv", "--set", "variants={}", "--set", "training.epochs=3"],
        ["--set | training.epochs has no effect on given predictions"]),
    "preds-columns-alone": (["--preds-columns", "id=a"], ["--preds-columns | no predictions | --preds FILE"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "case"),
    [
        *(("run", case) for case in OPTIONS | RUN_OPTIONS),
        ("run --dry-run", "set"),
        ("new", "columns-absent"),
    ],
)
def test_options_that_cannot_be_meant(verb: str, case: str, tmp_path: Path) -> None:
    arguments, expected = (OPTIONS | RUN_OPTIONS)[case]
    folder(tmp_path / "d")
    refused([*verb.split(), "d", *arguments], expected, tmp_path)


def test_what_is_no_store(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    for verb in ("status", "report"):
        refused([verb, "d"], ["d | a folder of splits (train.csv | brittlestar run d"], tmp_path)
        refused([verb, "nowhere"], ["nowhere | there is no such folder"], tmp_path)


NET = """import torch


class Net(torch.nn.Module):
    def __init__(self, info):
        super().__init__()
        self.embedding = torch.nn.Embedding(info.vocabulary_size, 7)

    def forward(self, tokens, lengths):
        return {returned}


def build(info):
    return {built}
"""
MODELS = {
    "attribute": ("def build(info): ...\n", "mine:biuld", ["mine.py | 'biuld' is not defined | did you mean 'build'?"]),
    "parameters": ("def build(): ...\n", "mine:build", ["mine.py:1 | too many positional arguments"]),
    "shape": (NET.format(returned="self.embedding(tokens).sum(1)", built="Net(info)"), "mine:build",
        ["mine.py:9 | returned shape (2, 7); expected logits (2, 2) | len(info.classes)"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MODELS)
def test_a_model_that_cannot_be_used(case: str, tmp_path: Path) -> None:
    source, reference, expected = MODELS[case]
    folder(tmp_path / "d")
    folder(tmp_path, {"mine.py": source})
    refused(["run", "d", "--model", reference, "--executor", "serial"], expected, tmp_path)


def test_a_model_that_raises_is_told_with_its_line_and_exit_1(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    folder(tmp_path, {"mine.py": NET.format(returned="1 / 0", built="Net(info)")})
    said = brittlestar("run", "d", "--model", "mine:build", "--executor", "serial", "--json")
    assert said.code == 1
    assert said.errors == ["brittlestar: mine.py:10: Net.forward raised ZeroDivisionError: division by zero"]
    assert said.document["error"][0]["where"] == "mine.py:10"


def test_a_refused_model_leaves_a_store_as_it_was(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    assert brittlestar("run", "d", *SMALL, *TINY_MODEL).code == 0
    folder(tmp_path, {"mine.py": NET.format(returned="self.embedding(tokens)", built="Net(info)")})
    refused(["run", "d", *SMALL, "--model", "mine:build"], ["mine.py:9 | returned shape"], tmp_path)


# Not errors: kept, scored, counted and reported.

TOKENS = ["▲r", "■g", "●b", "◆y"]
SPR = [(f"s{i}", " ".join(TOKENS[(i + j) % 4] for j in range(2 + i % 3)), str(i % 2)) for i in range(24)]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every split is odd in another way, run to the end with a factor pattern that fails on some."""
    here = tmp_path_factory.mktemp("odd")
    rows = [
        *SPR,
        ("none", "", "0"),
        ("blank", "   ", "1"),
        ("long", " ".join(["▲r"] * 100_000), "1"),
        ("wide", "x" * 10_000, "0"),
        ("strange", "▲r ?? 12", "1"),
    ]
    folder(
        here / "d",
        train=rows,
        dev=SPR,
        test=[*SPR, ("other", "▲r", "9"), ("empty", "", "1"), ("new", "▼r", "0")],
        shift_one=[row for row in SPR if row[2] == "1"],
        shift_alien=[(*row[:2], "7") for row in SPR[:5]],
    )
    changed = {
        "data.factors": "(?P<shape>[▲■●◆])(?P<colour>[rgby])",
        "model.family": "bag",
        "training.learning_rate": "1e-4",
    }
    given = [part for path, value in changed.items() for part in ("--set", f"{path}={value}")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        said = brittlestar("run", "d", *SMALL, *given, "--set", "variants={}", "--json")
        assert said.code == 0, said
        (here / "document.json").write_text(said.output, encoding="utf-8")
        (here / "text.txt").write_text(brittlestar("run", "d.study", "-v").output, encoding="utf-8")
    return here


def test_odd_rows_are_counted_in_the_document(odd: Path) -> None:
    splits = json.loads((odd / "document.json").read_bytes())["data"]["splits"]
    assert list(splits) == ["train", "dev", "test", "shift_alien", "shift_one"]
    assert (splits["train"]["rows"], splits["train"]["empty_rows"], splits["train"]["max_length"]) == (29, 2, 100_000)
    assert (splits["test"]["rows"], splits["test"]["empty_rows"], splits["test"]["unknown_label_rows"]) == (27, 1, 1)
    assert splits["test"]["classes"] == ["0", "1", "9"]
    tokens = sum(len(row[1].split()) for row in SPR) + 2
    assert splits["test"]["unseen_token_rate"] == pytest.approx(1 / tokens)
    assert splits["shift_one"]["classes"] == ["1"]
    assert (splits["shift_alien"]["unknown_label_rows"], splits["shift_alien"]["classes"]) == (5, ["7"])


def test_odd_rows_are_scored(odd: Path) -> None:
    document = json.loads((odd / "document.json").read_bytes())
    assert {cell["state"] for cell in document["cells"]} == {"done"}
    splits = document["variants"]["main"]["splits"]
    assert splits["shift_alien"]["accuracy"]["mean"] == 0
    assert 0 <= splits["shift_one"]["accuracy"]["mean"] <= 1
    assert 0 < splits["test"]["accuracy"]["mean"] <= 26 / 27


def test_odd_rows_are_told_to_people(odd: Path) -> None:
    text = " ".join((odd / "text.txt").read_text(encoding="utf-8").split())
    for sentence in (
        "2 empty rows, kept and scored",
        "1 row with a label that train lacks, counted as wrong",
        "5 rows with a label that train lacks, counted as wrong",
        "only one class",
        "of its tokens do not occur in train",
        "the factor pattern does not fit 4 distinct tokens",
        "'??'",
    ):
        assert sentence in text, sentence


def test_odd_rows_are_told_in_the_page(odd: Path) -> None:
    page = (odd / "d.study" / "report" / "report.html").read_text(encoding="utf-8")
    assert "the factor pattern does not fit" in page
    assert "x" * 1000 not in page


def test_a_lone_exponent_in_a_study_file_is_a_number(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    folder(tmp_path, {"s.yaml": "name: x\ndata: {path: d}\ntraining: {learning_rate: 1e-4, weight_decay: 1E3}\n"})
    assert brittlestar("run", "s.yaml", "--dry-run").code == 0


def test_a_model_that_raises_while_it_trains_fails_its_cells_alone(tmp_path: Path) -> None:
    folder(tmp_path / "d")
    steps = "self.__dict__.setdefault('steps', [0]).append(torch.is_grad_enabled())"  # it is tried with one
    late = f"self.embedding(tokens).sum(1)[:, :2] / (1 if {steps} or sum(self.steps) < 2 else 1 / 0)"
    folder(tmp_path, {"mine.py": NET.format(returned=late, built="Net(info)")})
    arguments = ("run", "d", *SMALL, "--set", "training.epochs=2", "--model", "mine:build", "--out", "a store")
    said = brittlestar(*arguments)
    assert said.code == 1
    assert said.errors[0] == "failed main seed 0: mine.py:10: ZeroDivisionError: division by zero"
    cell = json.loads((tmp_path / "a store" / "study.json").read_bytes())["cells"][0]["hash"][:12]
    alone = f"this run alone: brittlestar run 'a store' --cell {cell}"
    assert sum(line.strip() == alone for line in said.errors) == 1
    again = f"→ brittlestar run 'a store' --cell {cell}"
    assert (
        f"Failed     main, seed 0: mine.py:10: ZeroDivisionError: division by zero\n           {again}" in said.output
    )
    document = brittlestar(*arguments, "--json")
    assert document.code == 1
    assert {(one["variant"], one["state"]) for one in document.document["cells"]} == {
        ("main", "failed"),
        ("bag", "done"),
    }


# Whatever stands in a file, the answer is a plan or exit code 2.

HEAD = "name: x\ndata: {path: d}\n"
START = {"name": "x", "data": {"path": "d"}}
KEYS = st.sampled_from([*Study.model_fields, "path", "splits", "family", "epochs", "params", "set", "metric", "own"])
CELL = st.text(max_size=4) | st.sampled_from(["a", "1", "", '"', ",", "\n", "\r", "\t", " ", "nan", "\ufeff", "\x00"])
LINES = st.lists(st.lists(CELL, max_size=4).map(",".join), max_size=6).map("\n".join)
TABLES = (
    st.binary(max_size=80)
    | st.binary(max_size=40).map(lambda junk: GOOD.encode() + junk)
    | LINES.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | LINES.map(lambda text: ("sequence,label\n" + text).encode("utf-8", "surrogatepass"))
)
LEAF = st.sampled_from(
    ["d", "lstm", 1, 0, -1, 1e-4, "1e-4", "no", True, None, "regex:(", "dev", float("nan"), 10**30, "a > b"]
)
VALUE = st.recursive(
    LEAF | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
JUNK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@example(content=b"sequence,label\n\r\t", ending="csv", verb="run --dry-run")
@JUNK
@given(
    content=TABLES,
    ending=st.sampled_from(["csv", "tsv", "jsonl", "parquet"]),
    verb=st.sampled_from(["run --dry-run", "new"]),
)
def test_no_table_ends_in_a_traceback(content: bytes, ending: str, verb: str, tmp_path: Path) -> None:
    for old in (*tmp_path.glob("d/*"), *tmp_path.glob("*.yaml")):
        old.unlink()
    folder(tmp_path / "d", {f"train.{ending}": content, "dev.csv": GOOD})
    said = brittlestar(*verb.split(), "d")
    assert said.code in (0, 2), said.errors


@JUNK
@given(
    content=st.binary(max_size=60)
    | st.text(alphabet="ab:-[]{}&*!|>'\"\n #,?%@`~0\t", max_size=30).map(lambda text: f"{HEAD}{text}".encode())
    | st.dictionaries(KEYS, VALUE, max_size=4).map(lambda keys: yaml.safe_dump({**START, **keys}).encode())
)
def test_no_study_file_ends_in_a_traceback(content: bytes, tmp_path: Path) -> None:
    if not (tmp_path / "d").exists():
        folder(tmp_path / "d")
    (tmp_path / "s.yaml").write_bytes(content)
    said = brittlestar("run", "s.yaml", "--dry-run")
    assert said.code in (0, 2), said.errors


@JUNK
@given(content=st.binary(max_size=60) | LINES.map(lambda text: ("id,prediction\n" + text).encode("utf-8", "replace")))
def test_no_predictions_file_ends_in_a_traceback(content: bytes, tmp_path: Path) -> None:
    if not (tmp_path / "d").exists():
        folder(tmp_path / "d")
    (tmp_path / "p.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        prepare(open_request(make_request("d", predictions=["p.csv"])))
    assert all(problem.what and "p.csv" in problem.where for problem in caught.value.problems)
