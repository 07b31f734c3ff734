import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from brittlestar.data.sources import KNOWN
from brittlestar.data.unpacking import find_stem

from .folders import HEADER, TRAIN, read, refused, write

ROWS = [("a", "x y x", "1"), ("b", "y", "0")]


def test_a_folder_gives_its_splits_in_order_and_names_what_it_leaves_aside(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN, shift_b_csv=TRAIN, shift_a_csv=TRAIN, test_csv=TRAIN, more_csv=TRAIN, notes_md="x")
    splits = read(tmp_path)
    assert list(splits) == ["train", "test", "shift_a", "shift_b"]
    assert splits["train"].rows() == ROWS
    assert splits.files == {name: f"{name}.csv" for name in splits}
    assert splits.notes == (f"left aside in {tmp_path.name}: more.csv ({KNOWN})",)


def test_every_format_gives_the_same_frame(tmp_path: Path):
    frame = pl.DataFrame({"id": ["a", "b"], "sequence": ["x y x", "y"], "label": [1, 0]})
    frame.write_csv(tmp_path / "train.csv")
    frame.write_csv(tmp_path / "dev.tsv", separator="\t")
    frame.write_parquet(tmp_path / "test.parquet")
    frame.write_ndjson(tmp_path / "shift_json.jsonl")
    assert {name: split.rows() for name, split in read(tmp_path).items()} == dict.fromkeys(
        ["train", "dev", "test", "shift_json"], ROWS
    )


def test_packed_files_and_other_separators_give_the_same_frame_and_are_told(tmp_path: Path):
    text = "id{0}sequence{0}label\na{0}x y x{0}1\nb{0}y{0}0\n"
    record = '{{"id": "{}", "sequence": "{}", "label": {}}}\n'
    records = "".join(record.format(*row) for row in ROWS)
    for name, content in (
        ("train.csv.gz", text.format(",")),
        ("dev.TSV.gz", text.format("\t")),
        ("shift_json.jsonl.gz", records),
        ("test.csv.gz", text.format(";")),
    ):
        (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    write(tmp_path, shift_tab_csv=text.format("\t"), shift_comma_csv=text.format(","))
    write(tmp_path, shift_both_csv=text.format(";").replace("x y x", "x y, x"))
    splits = read(tmp_path)
    assert {name: split.rows() for name, split in splits.items() if name != "shift_both"} == dict.fromkeys(
        ["train", "dev", "test", "shift_comma", "shift_json", "shift_tab"], ROWS
    )
    assert splits["shift_both"]["sequence"].to_list() == ["x y, x", "y"]
    assert splits.files["train"] == "train.csv.gz"
    assert sorted(splits.notes) == [
        f"{tmp_path}/shift_both.csv, {tmp_path}/test.csv.gz: fields are separated by semicolons",
        f"{tmp_path}/shift_tab.csv: fields are separated by tabs",
    ]


def test_objects_in_memory_give_the_same_frame():
    columns = {"id": ["a", "b"], "sequence": ["x y x", "y"], "label": [1, 0]}
    splits = read(
        {
            "train": pd.DataFrame(columns),
            "dev": pl.DataFrame(columns),
            "test": pa.table(columns),
            "shift_records": [{"id": "a", "sequence": "x y x", "label": 1}, {"id": "b", "sequence": "y", "label": 0}],
            "shift_lazy": pl.LazyFrame(columns),
        }
    )
    assert all(split.rows() == ROWS for split in splits.values())
    assert splits.files == {}


@pytest.mark.parametrize(
    ("labels", "texts"),
    [
        ([1, 2], ["1", "2"]),
        ([1.0, 2.0], ["1", "2"]),
        ([1.0, 2.5], ["1", "2.5"]),
        ([True, False], ["true", "false"]),
        ([1, "x"], ["1", "x"]),
        (["01", "1.0"], ["01", "1.0"]),
    ],
)
def test_labels_become_text(labels: list[object], texts: list[str]):
    assert read({"train": (["a", "b"], labels)})["train"]["label"].to_list() == texts
    assert read({"train": pd.DataFrame({"sequence": ["a", "b"], "label": labels})})["train"]["label"].to_list() == texts


def test_lists_and_arrays_of_any_kind_are_values_and_rows_are_numbered_from_zero():
    splits = read({"train": ([["x", "y"], [], [1, 2]], [True, False, True])})
    assert splits["train"].rows() == [("0", ["x", "y"], "true"), ("1", [], "false"), ("2", ["1", "2"], "true")]
    frame = pd.DataFrame({"sequence": [np.array(["a"]), ["b", "c"]], "label": pd.array([1, 2], dtype="Int64")})
    assert read({"train": frame})["train"].rows() == [("0", ["a"], "1"), ("1", ["b", "c"], "2")]
    pair = (np.array([[1, 2], [3, 4]]), np.array([0.0, 1.0]))
    assert read({"train": pair})["train"].rows() == [("0", ["1", "2"], "0"), ("1", ["3", "4"], "1")]
    texts = pd.DataFrame({"sequence": pd.array(["a", pd.NA], dtype="string"), "label": pd.Categorical(["x", "y"])})
    assert read({"train": texts})["train"].rows() == [("0", "a", "x"), ("1", "", "y")]


def test_objects_that_are_no_data_are_refused():
    doubled = pd.DataFrame([["a", "b", 1]], columns=["sequence", "sequence", "label"])
    assert "data for train: two columns have the same name" in refused({"train": doubled})[0]
    assert "column 'sequence' holds Binary, not text" in refused({"train": ([b"a", b"b"], [0, 1])})[0]
    assert "a pair is (sequences, labels)" in refused({"train": ("ab", [0, 1])})[0]
    assert (
        "data for 1: an object of type NoneType is not read here"
        in refused({"train": (["a", "b"], [0, 1]), 1: None})[0]
    )


def test_bom_crlf_blank_lines_quotes_and_empty_sequences_are_read_and_no_value_is_converted(tmp_path: Path):
    write(tmp_path, train_csv=HEADER + "007,1e5,1.0\n008,NA,01\n")
    assert read(tmp_path)["train"].rows() == [("007", "1e5", "1.0"), ("008", "NA", "01")]
    text = '\ufeffid,sequence,label\r\n1,"x, ""y""",0\r\n\r\n2,,1\r\n3,"",1\r\n'
    write(tmp_path, train_csv=text)
    assert read(tmp_path)["train"].rows() == [("1", 'x, "y"', "0"), ("2", "", "1"), ("3", "", "1")]


def test_missing_sequences_and_groups_are_empty():
    frame = pl.DataFrame({"sequence": ["a", None], "label": [0, 1], "group": [None, "g"]})
    assert read({"train": frame})["train"].select("sequence", "group").rows() == [("a", ""), ("", "g")]
    lists = pl.DataFrame({"sequence": [["a"], None], "label": [0, 1]})
    assert read({"train": lists})["train"]["sequence"].to_list() == [["a"], []]


def test_columns_are_found_by_the_names_they_are_given(tmp_path: Path):
    write(tmp_path, train_csv="nr,text,target,author\n7,a,0,me\n8,b,1,you\n")
    frame = read(tmp_path, id="nr", sequence="text", label="target", group="author")["train"]
    assert frame.columns == ["id", "sequence", "label", "group"]
    assert frame.rows() == [("7", "a", "0", "me"), ("8", "b", "1", "you")]


@pytest.mark.parametrize("name", ["validation", "valid", "val", "development", "eval", "Validation"])
def test_other_names_of_dev_are_dev_and_said(tmp_path: Path, name: str):
    write(tmp_path, train_csv=TRAIN, **{f"{name}_csv": TRAIN})
    splits = read(tmp_path)
    assert list(splits) == ["train", "dev"] and splits.files["dev"] == f"{name}.csv"
    assert splits.notes == (f"{name}.csv is read as dev",)
    in_memory = read({"train": (["a", "b"], [0, 1]), name: (["a"], [0])})
    assert list(in_memory) == ["train", "dev"] and in_memory.notes == (f"{name} is read as dev",)


def test_two_files_or_splits_of_one_name_are_not_chosen_between(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN, train_tsv=TRAIN, dev_csv=TRAIN, valid_csv=TRAIN)
    told = refused(tmp_path)
    assert "two files for split 'dev': dev.csv and valid.csv" in told[0]
    assert "two files for split 'train': train.csv and train.tsv" in told[1]
    pair = (["a", "b"], [0, 1])
    assert refused({"train": pair, "val": pair, "dev": pair}) == [
        "data: two splits are dev: val and dev; leave one of them out, or name it shift_NAME"
    ]


def test_a_split_of_an_unknown_name_is_said():
    pair = (["a", "b"], [0, 1])
    splits = read({"train": pair, "holdout": pair, "shift_x": pair})
    assert list(splits) == ["train", "holdout", "shift_x"]
    assert splits.notes == (
        "holdout: splits are train, dev, test, shift_NAME, and new_NAME without labels. Another one is audited and "
        "scored, and 'Holds?' does not read it; call it shift_NAME where its rows come from elsewhere",
    )


def test_a_split_without_any_label_is_left_out_and_said(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN, test_csv="id,sequence,label\na,x,\nb,y, \n")
    splits = read(tmp_path)
    assert list(splits) == list(splits.files) == ["train"]
    assert splits.notes == (f"{tmp_path / 'test.csv'} has no label in any row: there is no test split",)
    write(tmp_path, train_csv="id,sequence,label\na,x,\nb,y,\n")
    assert "2 rows without a label in column 'label'" in refused(tmp_path)[0]


def test_a_mapping_may_name_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, a_csv=TRAIN, b_tsv=TRAIN.replace(",", "\t"))
    monkeypatch.chdir(tmp_path)
    splits = read({"dev": "b.tsv", "train": tmp_path / "a.csv"})
    assert splits["dev"].rows() == ROWS
    assert splits.files == {"train": "a.csv", "dev": "b.tsv"}


def test_a_column_some_splits_lack_is_a_note_and_one_that_all_lack_a_problem(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN, dev_csv="sequence,label\nx,1\n")
    splits = read(tmp_path)
    assert splits["dev"]["id"].to_list() == ["0"]
    assert splits.notes == ("dev: no column 'id' (its rows are numbered), although other splits have it",)
    assert refused(tmp_path, group="author")[0].endswith(
        "no column 'author', which was named as group; it has id, sequence, label"
    )


def test_what_is_no_folder(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN)
    (tmp_path / "names").mkdir()
    assert refused(tmp_path / "nams") == [f"{tmp_path / 'nams'}: no such folder; did you mean {tmp_path / 'names'}?"]
    assert "is a file, not a folder of splits" in refused(tmp_path / "train.csv")[0]
    assert "no train file" in refused(tmp_path / "names")[0]


def test_a_mapping_with_everything_wrong_says_everything(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN, notes_md="x")
    problems = refused(
        {
            "dev": tmp_path / "dev.csv",
            "../x": tmp_path / "train.csv",
            "test": 3,
            "shift_pair": (["a"], [1, 2]),
            "shift_text": tmp_path / "notes.md",
        }
    )
    assert len(problems) == 6
    text = "\n".join(problems)
    assert "data: no split named 'train'" in text
    assert "dev.csv: no such file; the folder holds train.csv" in text
    assert "'../x' is no name of a split" in text
    assert "data for test: an object of type int is not read here; give a path, a pandas, Polars or Arrow frame" in text
    assert "data for shift_pair: its columns have different numbers of rows (sequence 1, label 2)" in text
    assert "'.md' is no format that is read; use .csv, .tsv, .parquet, .jsonl" in text


def test_a_packed_file_of_rows_is_named_as_what_is_inside(tmp_path: Path):
    (tmp_path / "march.csv.gz").write_bytes(b"x")
    assert find_stem(str(tmp_path / "march.csv.gz")) == "march"
