"""Files of given predictions: formats, names of columns, types, and what cannot be read."""

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.study.settings import Columns
from brittlestar.training.imported import ImportedVariant, read_predictions

FRAMES = {"test": pl.DataFrame({"id": ["0", "1", "2"], "sequence": ["a", "b", "c"], "label": ["1", "0", "1"]})}
CLASSES = ("0", "1")
WANTED = [1, 0, 1]


def read(path: Path, columns: Mapping[str, str] | None = None, data: Columns | None = None) -> ImportedVariant:
    (variant,) = read_predictions([path], FRAMES, CLASSES, columns, data)
    return variant


def refusal(path: Path, columns: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(path, columns)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def write(path: Path, frame: pl.DataFrame) -> Path:
    match path.suffix:
        case ".csv":
            frame.write_csv(path, include_bom=path.stem == "bom")
        case ".tsv":
            frame.write_csv(path, separator="\t")
        case ".jsonl" | ".ndjson":
            frame.write_ndjson(path)
            if path.stem == "bom":
                path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        case _:
            frame.write_parquet(path)
    return path


@pytest.mark.parametrize(
    "name", ["p.csv", "bom.csv", "p.tsv", "p.parquet", "p.pq", "p.jsonl", "p.ndjson", "bom.jsonl", "P.CSV"]
)
def test_every_format_of_data_is_one_of_predictions(name: str, tmp_path: Path) -> None:
    variant = read(write(tmp_path / name.lower(), pl.DataFrame({"id": [2, 0, 1], "prediction": [1, 1, 0]})))
    assert variant.probabilities["test"].argmax(1).tolist() == WANTED and variant.notes == ()


@pytest.mark.parametrize(
    ("ids", "predictions"),
    [
        (pl.Series([0.0, 1.0, 2.0]), pl.Series([1.0, 0.0, 1.0])),
        (pl.Series([0, 1, 2], dtype=pl.UInt8), pl.Series([1, 0, 1], dtype=pl.Int16)),
        (pl.Series(["0", "1", "2"], dtype=pl.Categorical), pl.Series(["1", "0", "1"], dtype=pl.Categorical)),
    ],
)
def test_numbers_and_categories_are_read_as_those_of_the_data(
    ids: pl.Series, predictions: pl.Series, tmp_path: Path
) -> None:
    variant = read(write(tmp_path / "p.parquet", pl.DataFrame({"id": ids, "prediction": predictions})))
    assert variant.probabilities["test"].argmax(1).tolist() == WANTED


def test_columns_are_named_by_role(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"uid": [0, 1, 2], "pred": WANTED, "prediction": [0, 0, 0], "run": [4] * 3, "yes": [0.9, 0.1, 0.8]}
    ).with_columns(p_0=1 - pl.col("yes"))
    names = {"id": "uid", "prediction": "pred", "seed": "run", "p_1": "yes"}
    variant = read(write(tmp_path / "p.csv", frame), names)
    assert variant.seed == 4 and variant.hard == frozenset()
    assert variant.probabilities["test"][:, 1].tolist() == pytest.approx([0.9, 0.1, 0.8])
    assert variant.notes == ("columns of the predictions that are not read: prediction",)


def test_names_of_the_data_are_known_where_nobody_gave_others(tmp_path: Path) -> None:
    frame = pl.DataFrame({"key": [0, 1, 2], "prediction": WANTED, "target": [1, 0, 1]})
    variant = read(write(tmp_path / "p.csv", frame), None, Columns(id="key", label="target"))
    assert variant.probabilities["test"].argmax(1).tolist() == WANTED and variant.notes == ()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"prediction": "prd"},
         "there is no column 'prd', which --preds-columns names as prediction; it has id, pred; "),
        ({"prediction": "prd"}, "did you mean 'pred'?"),
        ({"prediction": "pred", "p_7": "id"}, "--preds-columns: p_7 names no class of train (0, 1)"),
        ({}, "there is no column 'prediction'; did you mean 'pred'? --preds-columns prediction=pred"),
    ],
)  # fmt: skip
def test_names_that_are_not_there_are_refused_with_those_that_are(
    names: dict[str, str], expected: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "p.csv", pl.DataFrame({"id": [0, 1, 2], "pred": WANTED}))
    assert any(expected in one for one in refusal(path, names))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("p.csv", b"", "p.csv: the predictions cannot be read: is empty (0 bytes)"),
        ("p.csv", b"\n\n", "p.csv: the predictions cannot be read: is empty (blank lines only)"),
        ("p.csv", b"id,prediction\n", "p.csv: the predictions have no rows"),
        ("p.csv", b"id;prediction\n0;1\n", "its fields look separated by ';'"),
        ("p.csv", b"id,id,prediction\n0,0,1\n", "p.csv: two columns are named 'id'"),
        ("p.csv", b"id,prediction\n0,1\n1,caf\xe9\n", "p.csv:3: the predictions cannot be read: not UTF-8"),
        ("p.csv", b"id,prediction\n0,1\n1,\n2,1\n", "p.csv:3: column 'prediction' has 1 row without a value"),
        ("p.csv", b"id,prediction,seed\n0,1,1.5\n", "p.csv:2: column 'seed' has 1 row without a whole number from 0"),
        ("p.csv", b"id,prediction,seed\n0,1,-1\n", "p.csv:2: column 'seed' has 1 row without a whole number from 0"),
        ("p.csv", b"id,prediction\n0.0,1\n1.0,0\n2.0,1\n", "write ids as the data does: 0, not 0.0"),
        ("p.csv", b"id,prediction\n0,1\n1,0\n2,1\n2,1\n", "1 duplicate id: 2 (lines 4, 5)"),
        ("p.csv", b"id,prediction\n0,1\n1,0\nx,1\n", "ids of these data are row numbers from 0 to 2"),
        ("p.csv", b"id,split,prediction\n0,tset,1\n", "the data has no split 'tset' (line 2); did you mean 'test'?"),
        ("p.txt", b"id,prediction\n0,1\n", "'.txt' is no format that is read; use .csv, .tsv, .parquet, .jsonl"),
        ("p.jsonl", b'{"id": 0, "prediction": 1}\n{"id": 1\n', "p.jsonl:2: the predictions cannot be read"),
        ("p.jsonl", b'{"id": 0, "prediction": 1}\n\n{"id": 1}\n', "p.jsonl:3: column 'prediction' has 1 row without"),
        ("p.jsonl", b'{"id": 0, "prediction": [1]}\n', "1 probability in each row, and 2 classes (0, 1)"),
        ("p.parquet", b"PAR1", "is not a readable Parquet file"),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(
    name: str, content: bytes, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert any(expected in one for one in refusal(path)), refusal(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "p.csv").mkdir()
    assert refusal(tmp_path / "p.csv") == ["p.csv: the predictions cannot be read: is a folder, not a file"]


def test_missing_and_odd_values_are_refused_with_their_row(tmp_path: Path) -> None:
    path = write(tmp_path / "p.parquet", pl.DataFrame({"id": [0, 1, 2], "prediction": [1.0, float("nan"), 1.0]}))
    assert "1 row without a value: the first is row 1, nan" in refusal(path)[0]
    truths = write(tmp_path / "b.parquet", pl.DataFrame({"id": [0, 1, 2], "prediction": [True, False, True]}))
    assert "no split has ('true', 'false'), with ids: 0, 1, 2 (rows 0, 1, 2); labels are 0, 1" in refusal(truths)[0]


@pytest.mark.parametrize("name", ["validation", "valid", "VAL", "eval"])
def test_another_name_of_dev_is_dev(tmp_path: Path, name: str) -> None:
    path = tmp_path / "p.jsonl"
    lines = [json.dumps({"id": k, "split": name, "prediction": 1}) for k in range(3)]
    path.write_text("\n".join(lines), encoding="utf-8")
    (variant,) = read_predictions([path], {**FRAMES, "dev": FRAMES["test"]}, CLASSES)
    assert {split: table.argmax(1).tolist() for split, table in variant.probabilities.items()} == {"dev": [1, 1, 1]}
