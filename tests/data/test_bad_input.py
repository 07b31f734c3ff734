"""Everything that stops a run before it starts: what is said, where, and what to try."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.data.sources import read_splits
from brittlestar.study.settings import Columns

from .folders import HEADER, TRAIN, read, refused, write

SEPARATED = "use commas in .csv and tabs in .tsv"


def test_problems_of_all_files_come_at_once_with_file_and_line(tmp_path: Path):
    write(
        tmp_path,
        train_csv=HEADER + "1,a,0\n2,b,0\n",
        dev_csv=HEADER + "1,a,\n2,b,0\n1,c,0\n",
        test_csv=HEADER.encode() + b"1,a\xff,0\n2,\xe9,0\n",
        shift_a_tsv="",
    )
    assert refused(tmp_path) == [
        f"{tmp_path}/dev.csv:2: 1 row without a label in column 'label' (line 2); "
        "label these rows or leave them out, as `split --drop-missing` does",
        f"{tmp_path}/dev.csv:2: ids stand more than once: '1' (lines 2, 4); an id is unique within one split",
        f"{tmp_path}/shift_a.tsv: is empty (0 bytes)",
        f"{tmp_path}/test.csv:2: not UTF-8: byte 0xff at byte 4 of the line; so on 1 more line; "
        "save it as UTF-8, for example: iconv -f LATIN1 -t UTF-8 test.csv",
        f"{tmp_path}/train.csv: train has one class, '0'; a classifier needs two; is 'label' the label column?",
    ]


def test_a_missing_column_comes_with_the_option_that_names_it(tmp_path: Path):
    write(
        tmp_path,
        train_csv="id,text,target\n1,a,b\n",
        dev_csv="nr|sequence|label\n1|2|3\n",
        test_csv="id,sequense,label\n1,a,b\n",
    )
    problems = refused(tmp_path)
    assert problems[:2] == [
        f"{tmp_path}/dev.csv: no column '{name}'; its fields look separated by '|': {SEPARATED}"
        for name in ("sequence", "label")
    ]
    assert problems[2].endswith("it has id, sequense, label; did you mean 'sequense'? --columns sequence=sequense")
    assert problems[3].endswith("it has id, text, target; did you mean 'text'? --columns sequence=text")
    assert problems[4].endswith("it has id, text, target; did you mean 'target'? --columns label=target")


def test_a_column_that_is_there_under_its_own_name_needs_no_option(tmp_path: Path):
    write(tmp_path, train_csv="id,sequence,label\n1,a,x\n2,b,y\n")
    with pytest.raises(InputError, match=r"no column 'text'.*; leave sequence out of --columns"):
        read_splits(tmp_path, Columns(sequence="text"))


def test_another_separator_is_told_in_place_of_ragged_rows(tmp_path: Path):
    write(tmp_path, train_csv="id|sequence|label\n1|a, b|0\n2|b|1\n", dev_tsv="id,sequence,label\n1,a\tb,0\n")
    assert refused(tmp_path) == [
        f"{tmp_path}/{name}:1: the header is one field: {sign.join(HEADER.strip().split(','))!r}; "
        f"its fields look separated by {sign!r}: {SEPARATED}"
        for name, sign in (("dev.tsv", ","), ("train.csv", "|"))
    ]


def test_a_header_that_two_signs_part_is_refused_with_what_to_write(tmp_path: Path):
    write(tmp_path, train_csv="id;text,label\n1;a,0\n2;b,1\n")
    assert refused(tmp_path) == [
        f"{tmp_path}/train.csv:1: the header can be separated by commas or by semicolons; "
        "write names of columns that hold such a sign between double quotes, or save it with tabs as .tsv"
    ]


def test_fields_between_semicolons_are_told_to_have_other_numbers(tmp_path: Path):
    write(tmp_path, train_csv="id;sequence;label\n1;a; b;0\n2;b;1\n")
    (problem,) = refused(tmp_path)
    assert "train.csv:2: the header has 3 fields, line 2 has 4; put fields that hold a semicolon" in problem


@pytest.mark.parametrize("cut", [10, -6])
def test_a_packed_file_that_is_cut_is_refused(tmp_path: Path, cut: int):
    packed = gzip.compress(f"{HEADER}1,a,0\n2,b,1\n".encode())
    (tmp_path / "train.csv.gz").write_bytes(packed[:cut])
    (tmp_path / "dev.parquet.gz").write_bytes(packed)
    first, second = refused(tmp_path)
    assert "dev.parquet.gz: Parquet is compressed itself" in first and "is no whole gzip file" in second


def test_lines_of_a_packed_file_are_those_inside(tmp_path: Path):
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress(f"{HEADER}1,a,0\n\n2,b,\n3,b,1\n".encode()))
    assert refused(tmp_path)[0].startswith(f"{tmp_path}/train.csv.gz:4: 1 row without a label")


@pytest.mark.parametrize(("inside", "line"), [("\r", 3), ("\n", 4), ("\r\n", 4)])
def test_lines_are_counted_as_editors_do_behind_a_line_break_in_quotes(tmp_path: Path, inside: str, line: int):
    """A carriage return alone ends no line: places in SARIF would lie behind the end of the file."""
    write(tmp_path, train_csv=f'id,sequence,label\n1,"a{inside}b",0\n2,b,\n3,c,1\n')
    assert refused(tmp_path)[0].startswith(f"{tmp_path}/train.csv:{line}: 1 row without a label")


def test_exchanged_columns_are_told_from_labels_like_ids(tmp_path: Path):
    write(tmp_path, train_csv=HEADER + "".join(f"{k},a{k},{k % 2}\n" for k in range(30)))
    assert refused(tmp_path, sequence="label", label="sequence") == [
        f"{tmp_path}/train.csv: label column 'sequence' has 30 different values in 30 rows, like an id, and sequence "
        "column 'label' has 2: they look exchanged; exchange them: --columns sequence=sequence,label=label"
    ]


@pytest.mark.parametrize("rows", ["1,a,0\n2,b\n3,c,1,5\n4,5,6,7,8\n5\n6,a,2\n", "1,a,0\n2,b\n3,c,1\n"])
def test_ragged_rows_are_found_whether_short_or_long(tmp_path: Path, rows: str):
    write(tmp_path, train_csv=HEADER + rows)
    (problem,) = refused(tmp_path)
    assert f"{tmp_path}/train.csv:3: the header has 3 fields, line 3 has 2" in problem
    assert ("line 4 has 4, line 5 has 5 and 1 more;" in problem) == ("4,5,6" in rows)


def test_a_short_row_is_found_behind_an_optional_column_that_may_be_empty(tmp_path: Path):
    write(tmp_path, train_csv="sequence,label,extra\na,0,\nb,1,x\n")
    assert read(tmp_path)["train"].height == 2
    write(tmp_path, train_csv="sequence,label,extra\na,0,\nb,1\n")
    assert "train.csv:3: the header has 3 fields, line 3 has 2" in refused(tmp_path)[0]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path):
    write(tmp_path, train_csv=HEADER + '\n1,a,0\n\n2,b,\n3,"x\ny",1\n4,c,\n')
    assert "2 rows without a label in column 'label' (lines 5, 8)" in refused(tmp_path)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,sequence\x00,label\n1,a,0\n", ":1: a NUL byte in the header (byte 12 of the file); is this a text file?"),
        (b"id,sequence,label\n1,a,0\x00\n", ":2: a NUL character in column 'label' (line 2)"),
        (b'id,sequence,label\n1,"a b,0\n2,c,1\n', ":2: a quoted field that starts here is never closed"),
        (b'id,sequence,label\n0,b,1\n1,"a"x,b\n', ":3: the quotes of this record make no sense"),
        ("id,sequence,label\n1,a,0\n".encode("utf-16"), ":1: is UTF-16 text; save it as UTF-8"),
        (b"id,sequence,label,n\xe9e\n1,a,0,2\n", ":1: not UTF-8: byte 0xe9 at byte 20 of the line"),
        (b"id,sequence,label\r1,a,0\r2,b,1\r", ": its lines end in a carriage return alone"),
        (b"id,label,sequence,label\n1,a,0,2\n", ": two columns are named 'label'"),
        (b"id,sequence,label\n", ": has no rows"),
        (b"\n\n", ": is empty (blank lines only)"),
        (b"id,sequence,label\n,a,0\n2,b,1\n", ":2: 1 row without an id in column 'id' (line 2)"),
    ],
)
def test_broken_csv(tmp_path: Path, content: bytes, said: str):
    write(tmp_path, train_csv=content)
    assert any(said in problem for problem in refused(tmp_path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train_csv", b"id,sequence,label\n1,a \x00b,0\n2,c,1\n"),
        ("train_jsonl", b'{"id":1,"sequence":"a \x00b","label":0}\n{"id":2,"sequence":"c","label":1}\n'),
        ("train_jsonl", b'{"id":1,"sequence":"a \\u0000b","label":0}\n{"id":2,"sequence":"c","label":1}\n'),
    ],
)
def test_a_nul_in_one_text_is_a_character_of_its_row(tmp_path: Path, name: str, content: bytes):
    write(tmp_path, **{name: content})
    assert read(tmp_path)["train"].rows() == [("1", "a \0b", "0"), ("2", "c", "1")]


def test_a_label_column_that_is_an_id_and_an_id_that_is_none(tmp_path: Path):
    write(tmp_path, train_csv=HEADER + "".join(f"{i // 2},a,{i % 2}\n" for i in range(12)))
    assert "'0' (lines 2, 3), '1' (lines 4, 5), '2' (lines 6, 7) and 3 more" in refused(tmp_path)[0]
    write(tmp_path, train_csv="sequence,label,intent\n" + "".join(f"a b,row{i},x\n" for i in range(30)))
    assert refused(tmp_path)[0].endswith(
        "label column 'label' has 30 different values in 30 rows, like an id; "
        "did you mean 'intent'? --columns label=intent"
    )
    write(tmp_path, train_csv=HEADER + "".join(f"{i},a,{i}\n" for i in range(19)))
    assert read(tmp_path)["train"]["label"].n_unique() == 19, "few rows may all differ"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"sequence":"a","label":1}\n{"sequence":\n[1]\n',
         ":2: the line is no JSON (Expecting value at column 13); malformed too: line 3"),
        ('{"sequence":"a","label":1}\n[1]\n', ":2: the line holds a list, not an object"),
        ('{"sequence":["a"],"label":1}\n{"sequence":"a","label":0}\n',
         ": column 'sequence' holds values of several kinds"),
        ('{"sequence":"a","label":[1]}\n', ": column 'label' holds List(Int64), not text"),
        ('\n{"sequence":"a","label":1}\n\n{"sequence":"a"}\n', ":4: 1 row without a label in column 'label' (line 4)"),
        ('{"sequence":"[\\ud800","label":1}\n', ": column 'sequence' holds half a surrogate pair"),
        ('{"sequence":"a","label":"1\\u0000"}\n', ":1: a NUL character in column 'label'"),
        ('{"sequence":["a",null],"label":1}\n', ":1: lists with missing tokens in column 'sequence' (line 1)"),
        ("\n", ": has no rows"),
    ],
)  # fmt: skip
def test_broken_json_lines(tmp_path: Path, content: str, said: str):
    write(tmp_path, train_jsonl=content)
    assert f"{tmp_path}/train.jsonl{said}" in refused(tmp_path)[0]


def test_json_lines_with_bom_blank_lines_brackets_and_mixed_labels(tmp_path: Path):
    rows = '\ufeff{"sequence":"[a b","label":1}\n\n{"sequence":"c","label":"x"}\n{"sequence":"d","label":true}\n'
    write(tmp_path, train_jsonl=rows)
    assert read(tmp_path)["train"].rows() == [("0", "[a b", "1"), ("1", "c", "x"), ("2", "d", "true")]


@pytest.mark.parametrize(("most", "fits"), [("300000", True), ("1e5", False)])
def test_what_is_packed_may_not_unpack_beyond_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: str, fits: bool
):
    rows = f"{HEADER}1,{'a ' * 100_000},0\n2,b,1\n".encode()
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress(rows))
    monkeypatch.setenv("BRITTLESTAR_MAX_UNPACKED", most)
    if fits:
        assert read(tmp_path)["train"].height == 2
        return
    more = "unpack it, or allow more: BRITTLESTAR_MAX_UNPACKED=400000"
    assert refused(tmp_path) == [f"{tmp_path}/train.csv.gz: has more than 100,000 bytes inside; {more}"]
    monkeypatch.setenv("BRITTLESTAR_MAX_UNPACKED", "lots")
    assert "BRITTLESTAR_MAX_UNPACKED: 'lots' is no number of bytes" in refused(tmp_path)[0]


def test_a_parquet_file_that_is_none_or_cut_off(tmp_path: Path):
    pl.DataFrame({"sequence": ["a"] * 99, "label": ["0"] * 99}).write_parquet(tmp_path / "train.parquet")
    whole = (tmp_path / "train.parquet").read_bytes()
    for content in (b"PAR1", b"no parquet at all", whole[: len(whole) // 2]):
        (tmp_path / "train.parquet").write_bytes(content)
        assert "train.parquet: is not a readable Parquet file" in refused(tmp_path)[0]


def test_rows_of_objects_are_named_by_their_index():
    problems = refused({"train": (["a", "b", "c"], [1.0, float("nan"), None])})
    assert problems[0].startswith("data for train: 2 rows without a label in column 'label' (rows 1, 2)")


def test_a_file_that_only_looks_like_a_split(tmp_path: Path):
    write(tmp_path, train_csv=TRAIN)
    (tmp_path / "dev.csv").mkdir()
    assert list(read(tmp_path)) == ["train"]
    assert "is a folder, not a file" in refused({"train": tmp_path / "dev.csv"})[0]


def test_an_evaluation_split_without_rows_is_left_out_with_a_note(tmp_path: Path):
    write(tmp_path, train_csv=HEADER + "1,a,0\n2,b,1\n", test_csv=HEADER, dev_csv="id,sequence\n")
    frames = read(tmp_path)
    assert list(frames) == ["train"] and list(frames.files) == ["train"]
    assert sorted(note.rpartition("/")[2] for note in frames.notes) == [
        "dev.csv has no rows: there is no dev split",
        "test.csv has no rows: there is no test split",
    ]
