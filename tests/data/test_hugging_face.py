"""Splits of the real `datasets` library: what brittlestar reads is what the library says of its rows."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from brittlestar import InputError, audit, check, run, split

from .folders import read, refused

datasets = pytest.importorskip("datasets")

NAMES = ["neg", "pos"]


def make(rows: list[tuple[Any, int]], **features: Any) -> Any:
    """A dataset with a column of texts or tokens and one of class labels."""
    kinds = features or {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=NAMES)}
    columns = dict(zip(kinds, zip(*rows, strict=True), strict=True))
    return datasets.Dataset.from_dict(
        {name: list(column) for name, column in columns.items()}, features=datasets.Features(kinds)
    )


ROWS = [("a b", 0), ("c", 1), ("", 1), ("d e f", 0)]


def expected(dataset: Any, text: str = "text", label: str = "label") -> list[tuple[str, Any, str]]:
    """The rows by the library's own iteration and its own names of classes."""
    name = dataset.features[label].int2str
    return [(str(k), row[text], name(row[label])) for k, row in enumerate(dataset)]


def test_labels_are_names_and_the_only_text_column_is_the_sequence() -> None:
    splits = read(datasets.DatasetDict({"train": make(ROWS), "test": make(ROWS[:2])}))
    assert splits["train"].rows() == expected(make(ROWS))
    assert splits["test"].rows() == [("0", "a b", "neg"), ("1", "c", "pos")]
    assert splits.found == {"sequence": "text"}
    assert splits.notes == ("column 'text' is read as sequence",)


def test_rows_are_those_of_the_dataset_and_not_of_its_table() -> None:
    """Shuffling, selecting and formatting leave the table below as it is."""
    for changed in (
        make(ROWS).shuffle(seed=3),
        make(ROWS).select([3, 1]),
        datasets.concatenate_datasets([make(ROWS[2:]), make(ROWS[:2])]),
    ):
        assert read({"train": changed})["train"].rows() == expected(changed)
    formatted = make(ROWS).with_format("numpy", columns=["label"])
    assert read({"train": formatted})["train"].rows() == expected(make(ROWS))


def test_tokens_are_lists_and_another_class_label_is_the_label() -> None:
    made = make(
        [(["a", "b c"], 0), ([], 1), (["d"], 1)],
        tokens=datasets.List(datasets.Value("string")),
        sentiment=datasets.ClassLabel(names=NAMES),
    )
    splits = read({"train": made})
    assert splits["train"].rows() == [("0", ["a", "b c"], "neg"), ("1", [], "pos"), ("2", ["d"], "pos")]
    assert splits.found == {"label": "sentiment", "sequence": "tokens"}


def test_several_columns_that_could_be_meant_are_named() -> None:
    made = make([("a", "b", 0), ("c", "d", 1)], premise=datasets.Value("string"), hypothesis=datasets.Value("string"),
                label=datasets.ClassLabel(names=NAMES))  # fmt: skip
    assert refused({"train": made}) == [
        "data for train: no column 'sequence', and several could be it: premise, hypothesis; "
        "name it: columns={'sequence': 'premise'}"
    ]
    assert read({"train": made}, sequence="hypothesis")["train"]["sequence"].to_list() == ["b", "d"]


def test_a_column_that_is_called_so_or_named_is_never_replaced() -> None:
    both = make(ROWS).add_column("sequence", ["s"] * 4)
    assert read({"train": both})["train"]["sequence"].to_list() == ["s"] * 4
    assert read({"train": both}, sequence="text")["train"]["sequence"].to_list() == [text for text, _ in ROWS]


def test_a_split_whose_labels_are_kept_back_is_left_out_with_a_note_and_some_of_them_are_a_problem() -> None:
    hidden = make([("a", -1), ("b", -1)])
    splits = read(datasets.DatasetDict({"train": make(ROWS), "unsupervised": hidden, "test": hidden}))
    assert list(splits) == ["train"]
    assert "data for test has no label in any row: there is no test split" in splits.notes
    assert "data for unsupervised has no label in any row: there is no unsupervised split" in splits.notes
    partly = make([("a", -1), ("b", 1), ("c", 0)])
    assert "1 row without a label in column 'label' (row 0)" in refused({"train": make(ROWS), "test": partly})[0]


def test_names_of_splits_by_the_library_and_other_names_of_dev() -> None:
    given = {datasets.Split.TRAIN: make(ROWS), datasets.Split.VALIDATION: make(ROWS[:2])}
    result = audit(datasets.DatasetDict(given))
    assert list(result.splits) == ["train", "dev"]
    assert "validation is read as dev" in result.document["notes"]


def test_a_streaming_dataset_says_what_to_do() -> None:
    assert refused({"train": make(ROWS).to_iterable_dataset()}) == [
        "data for train: a streaming dataset has no number of rows; load it without streaming=True, or take rows: "
        "Dataset.from_list(list(dataset.take(10_000)))"
    ]


def test_pictures_are_not_read(tmp_path: Path) -> None:
    made = make(ROWS).add_column("picture", [{"bytes": b"x", "path": None}] * 4)
    made = made.cast_column("picture", datasets.Image()) if _has_pillow() else made
    assert read({"train": made})["train"].rows() == expected(make(ROWS))


def _has_pillow() -> bool:
    try:
        import PIL  # noqa: F401
    except ImportError:
        return False
    return True


def test_the_verbs_take_what_people_have() -> None:
    rows = [(f"a b{k % 7} c{k % 5} d{k % 3}", k % 2) for k in range(60)]
    whole = datasets.DatasetDict({"train": make(rows[:40]), "validation": make(rows[:5]), "test": make(rows[40:])})
    assert check(whole, limits=False).headline.sound.answer == "no"  # dev repeats train
    assert list(audit(make(rows)).splits) == ["train"]
    assert {*split(make(rows), sizes="60/20/20").frames} == {"train", "dev", "test"}
    with pytest.raises(InputError, match="one Dataset is one split") as caught:
        run(make(rows))
    assert "split(table) makes train, dev and test of one table" in str(caught.value)


def test_the_library_is_not_imported() -> None:
    code = "import sys, brittlestar as b; b.audit(train=(['a', 'b'], [0, 1])); assert 'datasets' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
