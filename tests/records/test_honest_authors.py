"""Honest authors change their mind between a run and its record: none of them is accused."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from brittlestar import run, seal, verify
from brittlestar.verbs.seal import SealResult

STUDY = """name: mine
data: {path: data}
seeds: 2
model: {family: bag}
training: {epochs: 1}
variants: {slow: {training.learning_rate: 0.0001}}
probes: {suite: none}
"""
FIT = """def fit(train, dev, seed):
    words = {token for tokens, label in zip(train.tokens, train.labels) if label == "y" for token in tokens}
    return lambda rows: [[1 - p, p] for p in (sum(t in words for t in row) / len(row) for row in rows)]
"""
ROWS = {"train": 90, "dev": 40, "test": 40}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    for split, n in ROWS.items():
        rows = [f"a{k % 7} b{(k * k) % 11} {split}{k}" for k in range(n)]
        frame = {
            "id": [f"{split}{k}" for k in range(n)],
            "sequence": rows,
            "label": ["yn"[k % 7 < 3] for k in range(n)],
        }
        pl.DataFrame(frame).write_csv(f"data/{split}.csv")
    Path("mine.yaml").write_text(STUDY, encoding="utf-8")
    Path("own.py").write_text(FIT, encoding="utf-8")
    return tmp_path


def work(data: str = "mine.yaml", **more: object) -> None:
    run(data, executor="serial", progress=False, **more)  # pyright: ignore[reportArgumentType]


def correct_labels(split: str = "test") -> None:
    frame = pl.read_csv(f"data/{split}.csv")
    turned = pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("y")).otherwise(pl.col("label"))
    frame.with_columns(label=turned).write_csv(f"data/{split}.csv")


def edit(old: str, new: str) -> None:
    text = Path("mine.yaml").read_text(encoding="utf-8")
    assert old in text
    Path("mine.yaml").write_text(text.replace(old, new), encoding="utf-8")


def correct_and_run() -> None:
    correct_labels()
    work()


def edit_for_the_next() -> None:
    edit("epochs: 1", "epochs: 9")


def lose_the_file() -> None:
    Path("mine.yaml").unlink()


def add_seeds() -> None:
    work(seeds=4)


def drop_a_variant() -> None:
    edit("variants: {slow: {training.learning_rate: 0.0001}}\n", "")
    work()


def add_a_shift() -> None:
    pl.read_csv("data/test.csv").head(30).write_csv("data/shift_new.csv")
    work()


def add_rows_to_test() -> None:
    frame = pl.read_csv("data/test.csv")
    more = frame.head(5).with_columns(pl.format("{}x", "id"), pl.format("{} c", "sequence"))
    pl.concat([frame, more]).write_csv("data/test.csv")
    work()


def correct_and_forget() -> None:
    correct_labels()


def correct_train_and_forget() -> None:
    correct_labels("train")


def correct_train_and_run() -> None:
    correct_labels("train")
    work()


def edit_and_run() -> None:
    edit("epochs: 1", "epochs: 2")
    work()


def rename_a_variant() -> None:
    edit("slow:", "slower:")
    work()


def sort_test() -> None:
    pl.read_csv("data/test.csv").sort("sequence", descending=True).write_csv("data/test.csv")
    work()


def save_with_windows_line_ends() -> None:
    for split in ROWS:
        pl.read_csv(f"data/{split}.csv").write_csv(f"data/{split}.csv", line_terminator="\r\n")
    work()


def take_out_rows_of_test() -> None:
    pl.read_csv("data/test.csv").slice(5).write_csv("data/test.csv")
    work()


def move_the_data() -> None:
    Path("data").rename("reviews")
    edit("path: data", "path: reviews")
    work()


def report_another_metric() -> None:
    Path("mine.yaml").write_text(f"{STUDY}report: {{metric: balanced_accuracy}}\n", encoding="utf-8")
    work()


def claim_more() -> None:
    Path("mine.yaml").write_text(f"{STUDY}claims: [main > slow by 0 on accuracy]\n", encoding="utf-8")
    work()


def probe_later() -> None:
    edit("probes: {suite: none}\n", "")
    work()


def run_in_processes() -> None:
    """As on a machine with more cores: more seeds, trained beside each other."""
    run("mine.yaml", seeds=4, jobs=2, progress=False)


def lose_a_run() -> None:
    shutil.rmtree(next(Path("mine.study/cells").iterdir()))
    work()


def carry_it_elsewhere() -> None:
    """As to another machine: neither the study file nor the data stand where they stood."""
    Path("elsewhere").mkdir()
    for name in ("mine.study", "data", "mine.yaml"):
        Path(name).rename(f"elsewhere/{name}")
    os.chdir("elsewhere")


def nothing() -> None:
    pass


@pytest.mark.parametrize(
    "changes",
    [
        nothing, correct_and_run, edit_for_the_next, lose_the_file, add_seeds, drop_a_variant, add_a_shift,
        add_rows_to_test, correct_and_forget, correct_train_and_forget, correct_train_and_run, edit_and_run,
        rename_a_variant, sort_test, save_with_windows_line_ends, take_out_rows_of_test, move_the_data,
        report_another_metric, claim_more, probe_later, run_in_processes, lose_a_run, carry_it_elsewhere,
    ],
)  # fmt: skip
def test_nobody_who_changes_a_study_is_accused(place: Path, changes: Callable[[], None]) -> None:
    work()
    changes()
    sealed = seal("mine.study", with_data=True, out="mine.zip")
    assert [part for part in verify("mine.zip").checked if part.outcome == "differs"] == []
    forgotten = changes in (correct_and_forget, correct_train_and_forget)
    assert any("changed since" in note for note in sealed.notes) == forgotten
    assert any("edited since" in note for note in sealed.notes) == (changes in (edit_for_the_next, lose_the_file))


def test_a_model_that_left_no_weights_is_scored_again_by_corrected_labels(place: Path) -> None:
    def sealed(name: str) -> SealResult:
        work("data", model="own:fit", seeds=2)
        return seal("data.study", with_data=True, out=name)

    before = sealed("before.zip")
    correct_labels()
    after = sealed("after.zip")
    assert before.says != after.says and "accuracy on test" in after.says
    assert verify("after.zip").outcome == "identical"
