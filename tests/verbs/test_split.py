"""The verb: one table in, audited splits with a manifest out."""

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError, StoreError
from brittlestar.pipeline.data_audit import audit_data
from brittlestar.verbs.audit import audit
from brittlestar.verbs.split import SplitResult, split

from ..command import brittlestar, csv_text, folder, tree

AUDIT = "brittlestar.pipeline.split_table.audit_data"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder; the audit of what was made has one check only, which is quicker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(AUDIT, partial(audit_data, only=("leak.exact",)))


def table(n: int = 300, seed: int = 0, copies: int = 0, **columns: list[Any]) -> pl.DataFrame:
    """Rows of 12 to 20 of 30 tokens; the last `copies` rows are copies of the first ones."""
    random = np.random.default_rng(seed)
    rows = [" ".join(f"t{k}" for k in random.integers(0, 30, random.integers(12, 21))) for _ in range(n)]
    rows[n - copies :] = rows[:copies]
    labels = ["yes" if random.random() < 0.3 else "no" for _ in rows]
    ids = [f"r{i}" for i in range(n)]
    return pl.DataFrame({"id": ids, "sequence": rows, "label": labels, **columns})


def held(result: SplitResult) -> dict[str, set[str]]:
    """Ids by split."""
    return {name: set(frame["id"]) for name, frame in result.frames.items()}


# What is written


def test_a_file_becomes_a_folder_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AUDIT, audit_data)
    given_rows = table(copies=20, weight=[i / 4 for i in range(300)], note=["a,b", 'say "x"', ""] * 100)
    given_rows.write_csv("reviews.csv")
    before = (tmp_path / "reviews.csv").read_bytes()
    result = split("reviews.csv")
    assert result.folder == Path("reviews.splits") and (tmp_path / "reviews.csv").read_bytes() == before
    assert sorted(tree(tmp_path / "reviews.splits")) == [
        "dev.csv", "manifest.csv", "manifest.json", "test.csv", "train.csv",
    ]  # fmt: skip
    document = json.loads((tmp_path / "reviews.splits" / "manifest.json").read_bytes())
    assert document == json.loads(json.dumps(result.document))
    assert document["source"]["sha256"] == hashlib.sha256(before).hexdigest()
    assert document["source"] == {**document["source"], "name": "reviews.csv", "rows": 300}
    assert {name: entry["rows"] for name, entry in document["splits"].items()} == {"train": 240, "dev": 30, "test": 30}
    assert document["settings"]["sizes"] == "80/10/10" and document["settings"]["tokens"] == "whitespace"
    assert document["findings"] and not [f for f in document["findings"] if f["severity"] in ("error", "warning")]
    written = {n: pl.read_csv(f"reviews.splits/{n}.csv", infer_schema=False) for n in ("train", "dev", "test")}
    back = pl.concat(written.values()).sort(pl.col("id").str.slice(1).cast(pl.Int64))
    original = pl.read_csv("reviews.csv", infer_schema=False)
    assert back.equals(original), "every row once, with all its columns"
    listed = pl.read_csv("reviews.splits/manifest.csv")
    assert listed["id"].to_list() == original["id"].to_list() and listed["row"].to_list() == list(range(300))
    for name, frame in written.items():
        assert (
            document["splits"][name]["sha256"]
            == hashlib.sha256(Path(f"reviews.splits/{name}.csv").read_bytes()).hexdigest()
        )
        assert set(listed.filter(split=name)["id"]) == set(frame["id"])
        assert frame["id"].str.slice(1).cast(pl.Int64).is_sorted()
    assert brittlestar("audit", "reviews.splits").code == 0
    assert "left aside" not in brittlestar("audit", "reviews.splits").output


def test_the_same_seed_gives_the_same_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    rows = table(200, copies=15)
    rows.write_csv("a.csv")
    folder(tmp_path / "b")
    rows.write_csv("b/a.csv")
    split("a.csv", seed=4)
    split("b/a.csv", "again", seed=4)
    assert tree(tmp_path / "a.splits") == tree(tmp_path / "again")
    shuffled = split(rows.sample(fraction=1, shuffle=True, seed=1), seed=4)
    assert held(shuffled) == {n: set(pl.read_csv(f"again/{n}.csv")["id"]) for n in ("train", "dev", "test")}
    assert held(split(rows, seed=5)) != held(shuffled)


def test_files_and_frames_give_the_same_splits() -> None:
    rows = table(120, copies=10, extra=list(range(120)))
    expected = split(rows)
    assert expected.folder is None and expected.frames["dev"].columns == ["id", "sequence", "label", "extra"]
    rows.write_parquet("x.parquet")
    for given_rows, written in ((rows.to_pandas(), False), (Path("x.parquet"), True)):
        result = split(given_rows)
        assert held(result) == held(expected) and (result.folder is not None) is written


def test_lists_of_tokens_are_written_as_parquet_and_numbered_rows_keep_their_numbers() -> None:
    rows = table(90).drop("id").with_columns(pl.col("sequence").str.split(" "))
    result = split(rows, "out")
    assert (result.folder or Path()).joinpath("test.parquet").is_file()
    back = pl.concat([pl.read_parquet(f"out/{n}.parquet") for n in ("train", "dev", "test")])
    assert sorted(map(int, back["id"])) == list(range(90)) and back["sequence"].dtype == pl.List(pl.String)
    assert result.document["settings"]["tokens"] == "list"


def test_columns_by_other_names_and_columns_in_their_way() -> None:
    rows = table(90, author=[f"a{i % 30}" for i in range(90)])
    other = rows.rename({"sequence": "text", "label": "stars", "id": "key"}).with_columns(label=pl.lit("mine"))
    columns = {"sequence": "text", "label": "stars", "id": "key", "group": "author"}
    result = split(other, by="group", columns=columns)
    assert result.frames["train"].columns == ["id", "sequence", "label", "group", "other_label"]
    assert set(result.frames["train"]["other_label"]) == {"mine"}
    assert any("'label' is written as 'other_label'" in note for note in result.document["notes"])


# What may not be parted


def near_copy(row: str) -> str:
    """Two tokens changed."""
    tokens = row.split()
    tokens[3], tokens[9] = "t7", "t8"
    return " ".join(tokens)


def test_near_copies_stay_together_unless_they_may_be_parted() -> None:
    rows = table(300)
    twins = pl.Series([near_copy(row) for row in rows["sequence"][:100]])
    both = pl.concat(
        [rows, pl.DataFrame({"id": [f"n{i}" for i in range(100)], "sequence": twins, "label": rows["label"][:100]})]
    )
    result = split(both)
    where = dict(zip(result.assignment["id"], result.assignment["split"], strict=True))
    assert all(where[f"r{i}"] == where[f"n{i}"] for i in range(100))
    assert "near copies join 400 components to 300" in result.document["notes"]
    families = pl.concat([frame.select("id", "group") for frame in result.frames.values()])
    family = dict(families.iter_rows())
    assert all(family[f"r{i}"] == family[f"n{i}"] != "" for i in range(100)) and family["r200"] == ""
    assert "group" not in split(rows).frames["train"].columns
    loose = split(both, keep_near_copies=True)
    where = dict(zip(loose.assignment["id"], loose.assignment["split"], strict=True))
    assert sum(where[f"r{i}"] != where[f"n{i}"] for i in range(100)) > 15


def test_groups_stay_together_unless_they_are_ignored() -> None:
    rows = table(300, group=[f"g{i // 4}" for i in range(300)])
    grouped = split(rows)
    assert grouped.assignment.group_by(rows["group"]).agg(pl.col("split").n_unique())["split"].max() == 1
    assert split(rows, ignore_groups=True).document["components"]["number"] == 300
    assert not [f for f in audit(dict(grouped.frames), only=["leak"]).findings if f.severity]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.sampled_from(["random", "group", "time", "length"]))
def test_no_row_is_lost_or_doubled_and_nothing_is_on_two_sides(seed: int, by: str) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(60, 250))
    groups = [f"g{k}" for k in random.integers(0, n, n)]
    rows = table(n, seed, int(random.integers(0, n // 3)), group=groups, when=random.integers(0, 99, n).tolist())
    try:
        result = split(rows, by=by, time="when" if by == "time" else None, seed=seed)
    except InputError as error:
        assert "component" in str(error) or "stretch" in str(error)
        return
    parts = pl.concat([frame.with_columns(split=pl.lit(name)) for name, frame in result.frames.items()])
    assert parts.drop("split").sort("id").equals(rows.select(parts.columns[:-1]).sort("id"))
    for column in ("sequence", "group"):
        assert parts.group_by(column).agg(pl.col("split").n_unique())["split"].max() == 1
    if by in ("random", "group"):
        for frame in result.frames.values():
            share, whole = (frame["label"] == "yes").mean(), (rows["label"] == "yes").mean()
            assert isinstance(share, float) and isinstance(whole, float)
            assert abs(share - whole) <= 3.5 / frame.height + 0.02


def test_time_says_where_it_cut_and_what_it_moved() -> None:
    days = [f"2021-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(300)]
    result = split(table(300, copies=4, written=days), by="time", time="written")
    moved = result.assignment.filter("moved")
    assert moved["id"].to_list() == ["r296", "r297", "r298", "r299"] and set(moved["split"]) == {"train"}
    assert result.document["moved"] == {"rows": 4, "near_copies": 0, "ids": moved["id"].to_list()}
    assert "dev begins at time 2021-09-13" in result.document["notes"]
    assert result.document["warnings"] == [
        "4 of 300 rows stand in an earlier split than their own time says (manifest.csv lists them): 4 with an "
        "earlier copy. --drop-copies leaves copies out."
    ]
    assert result.frames["dev"]["written"].max() < result.frames["test"]["written"].min()  # type: ignore[operator]


def test_rows_before_their_time_are_counted_by_what_joins_them_on_the_first_screen() -> None:
    rows = table(300, copies=4)
    late = pl.Series([near_copy(row) for row in rows["sequence"][10:13]])  # near copies of rows of train, at the end
    sequences = pl.concat([rows["sequence"][:293], late, rows["sequence"][296:]])
    groups = [f"g{i}" for i in range(300)]
    groups[280] = groups[281] = groups[5]
    rows = rows.with_columns(sequences.alias("sequence"), group=pl.Series(groups), day=pl.Series(range(300)))
    rows.write_csv("rows.csv")
    said = brittlestar("split", "rows.csv", "--by", "time", "--time", "day")
    assert said.code == 0 and "Warning   9 of 300 rows stand in an earlier split than their own time" in said.output
    warning = json.loads(Path("rows.splits/manifest.json").read_text(encoding="utf-8"))["warnings"][0]
    assert (
        "4 with an earlier copy, 2 with an earlier row of their group, 3 with an earlier near copy, of group 'g5' "
        "alone 2" in warning
    )
    apart = split(rows, by="time", time="day", ignore_groups=True, keep_near_copies=True, drop_copies=True)
    assert apart.document["warnings"] == [] and not apart.assignment["moved"].any()
    assert split(table(300), by="length").document["warnings"] == []


def test_the_largest_component_is_said_with_why_it_hangs_together() -> None:
    rows = table(300, copies=4, group=[f"g{min(i // 4, 70)}" for i in range(300)])
    found = split(rows).document["components"]
    assert (found["largest"], found["largest_in"]) == (24, "train")
    assert found["largest_is"] == "copies join 2 groups, the largest group 'g70' with 20 rows"
    rows.write_csv("rows.csv")
    said = brittlestar("split", "rows.csv", "--drop-copies")
    assert "Largest   component: 16 of 296 rows, all in train: group 'g70' with 16 rows" in said.output
    alone = split(table(300)).document["components"]
    assert (alone["largest"], alone["largest_is"]) == (1, "")


def test_copies_are_left_out_but_for_the_earliest_and_counted() -> None:
    rows = table(300, copies=4).with_columns(day=pl.Series(range(300, 0, -1)))
    for by, time, left in (("random", None, {f"r{i}" for i in range(4)}), ("time", "day", {"r296", "r299"})):
        result = split(rows, by=by, time=time, drop_copies=True)
        kept = set(result.assignment["id"])
        assert len(kept) == 296 and left <= kept and result.document["components"]["largest"] == 1
        other = sum(rows["label"][i] != rows["label"][296 + i] for i in range(4))
        assert result.document["notes"][0].startswith("4 copies left out, the earliest kept")
        assert (f"; {other} cop" in result.document["notes"][0]) == bool(other)
        assert result.document["settings"]["drop_copies"] is True
    pairs = pl.DataFrame({"sequence": ["a b", "a b", "c d"], "label": ["1", "0", "1"]})
    with pytest.raises(InputError, match="one class is left without copies"):
        split(pairs, drop_copies=True)


def test_length_makes_a_longer_split() -> None:
    result = split(table(400), by="length")
    lengths = {name: frame["sequence"].str.count_matches(" ") + 1 for name, frame in result.frames.items()}
    assert list(lengths) == ["train", "dev", "test", "shift_long"]
    assert lengths["shift_long"].min() > lengths["train"].max()  # type: ignore[operator]


def test_rows_without_sequence_or_label_are_left_out_where_that_is_asked_for(tmp_path: Path) -> None:
    rows = [(f"r{k}", "" if k == 7 else f"a b{k} c", "" if k in (3, 9) else str(k % 2)) for k in range(60)]
    folder(tmp_path, {"d.csv": csv_text(rows)})
    hint = "label these rows or leave them out, as `split --drop-missing` does"
    sentence = "d.csv:9: 1 row without a sequence in column 'sequence' (line 9); leave them out: --drop-missing"
    refused([f"d.csv:5: 2 rows without a label in column 'label' (lines 5, 11); {hint}", sentence], "d.csv")
    with pytest.raises(InputError, match="1 row without a sequence"):
        split(([["a"], [], ["b"]], [1, 0, 1]))
    result = split("d.csv", drop_missing=True)
    assert sum(frame.height for frame in result.frames.values()) == 57
    assert set(range(60)) - set(result.assignment["row"]) == {3, 7, 9}
    assert result.document["notes"][0] == "3 rows without a sequence or label left out"
    assert result.document["settings"]["drop_missing"] is True


# What cannot be done


def refused(expected: list[str], *arguments: str) -> None:
    """Exit code 2, the lines expected, the same as JSON, and nothing written."""
    there = tree(Path())
    said = brittlestar("split", *arguments)
    assert said.code == 2 and said.output == "", said
    assert [line.removeprefix("brittlestar: ") for line in said.errors] == expected
    again = brittlestar("split", *arguments, "--json")
    assert again.code == 2 and len(again.document["error"]) == len(expected)
    assert tree(Path()) == there


SMALL = csv_text([(f"r{i}", f"a b{i} c", str(i % 2)) for i in range(30)])


FILES = {
    "d.csv": SMALL, "one.csv": "sequence,label\na,1\nb,1\n", "no.csv": "text,label\na,1\nb,0\n", "x.txt": SMALL,
    "empty.csv": "", "when.csv": "sequence,label,when\na,1,1\nb,0,\nc,1,soon\n",
}  # fmt: skip
TIMES = "write numbers, or times as 2021-03-31 or 2021-03-31T12:00:00"
WAYS = "random, group, time, length"
REFUSED: dict[str, list[str]] = {
    "dd.csv": ["dd.csv: no such file; did you mean d.csv?"],
    "x.txt": ["x.txt: '.txt' is no format that is read; use .csv, .tsv, .parquet, .jsonl"],
    "empty.csv": ["empty.csv: is empty (0 bytes)"],
    "splits": ["splits: is a folder, and `split` takes one table; it has splits already (train.csv); "
               "`brittlestar audit splits` looks at them"],
    "files": ["files: is a folder, and `split` takes one table; give one of its files: all.csv"],
    "one.csv": ["one.csv: has one class, '1'; a classifier needs two; is 'label' the label column?"],
    "no.csv": ["no.csv: no column 'sequence'; it has text, label; did you mean 'text'? --columns sequence=text"],
    "d.csv --columns group=family":
        ["d.csv: no column 'family', which was named as group; it has id, sequence, label"],
    "d.csv --by group": ["d.csv: there is no group column to split by; name it with --columns group=NAME; "
                         "the table has id, sequence, label"],
    "d.csv --by time --time when": ["d.csv: no column 'when' to take times from; it has id, sequence, label"],
    "when.csv --by time --time when": [
        "when.csv:3: 2 rows without a time that can be read in column 'when' (lines 3, 4): None; "
        f"{TIMES}, or leave these rows out"],
    "d.csv --by rnadom": [f"--by must be one of {WAYS} (got 'rnadom'); did you mean 'random'?"],
    "d.csv --sizes 80/10 --seed -1": [
        "--seed must be 0 or more (got -1)",
        "--sizes: '80/10' does not name 3 sizes; write train/dev/test, such as 80/10/10"],
    "d.csv --sizes 50/20/20": ["--sizes: '50/20/20' adds up to 90, not to 100; write per cent, such as 80/10/10"],
    "d.csv --by time": ["--by=time needs a column of times; add --time COLUMN"],
    "d.csv --time when": [
        "--time applies to --by=time (got --by=random); add --by=time, or leave --time out"],
    "d.csv --by time --time when --stratify": ["--stratify does not apply to --by=time; leave it out"],
    "d.csv --tokens words": [
        "--tokens: 'words' is no way to make tokens; use whitespace, characters, list or regex:PATTERN"],
}  # fmt: skip


@pytest.mark.parametrize("asked", REFUSED)
def test_what_cannot_be_split_is_refused(asked: str, tmp_path: Path) -> None:
    folder(tmp_path, FILES)
    folder(tmp_path / "splits", {"train.csv": SMALL})
    folder(tmp_path / "files", {"all.csv": SMALL})
    refused(REFUSED[asked], *asked.split())


def test_more_splits_than_groups_and_a_giant_component(tmp_path: Path) -> None:
    rows = csv_text([(f"r{i}", f"a b{i} c", str(i % 2), f"g{i % 2}") for i in range(30)], "id,sequence,label,group")
    folder(tmp_path, {"two.csv": rows})
    told = brittlestar("split", "two.csv", "--by", "group")
    assert told.code == 2
    assert told.errors[0].startswith("brittlestar: --by=group: 3 splits, but the rows fall into 2 components only")
    random = np.random.default_rng(0)
    row = [f"t{k}" for k in random.integers(0, 30, 14)]
    revisions: list[tuple[str, str, str]] = []
    for i in range(300):  # each is the last with one token changed
        row[random.integers(14)] = f"t{random.integers(30)}"
        revisions.append((f"r{i}", " ".join(row), str(i % 2)))
    folder(tmp_path, {"revisions.csv": csv_text(revisions)})
    told = brittlestar("split", "revisions.csv")
    assert told.code == 2 and "--keep-near-copies" in told.errors[0] and "component" in told.errors[0], told
    assert brittlestar("split", "revisions.csv", "--keep-near-copies").code == 0


def test_nothing_is_overwritten_and_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, {"d.csv": SMALL, "file": "x"})
    folder(tmp_path / "d.splits", {})
    refused(["d.splits: is there already, and nothing is overwritten; name another folder: --out DIR"], "d.csv")
    refused(
        ["file: is there already, and nothing is overwritten; name another folder: --out DIR"], "d.csv", "--out", "file"
    )
    with pytest.raises(
        StoreError, match=r"file/x: cannot be written: (File exists|Not a directory); name another folder: --out DIR"
    ):
        split("d.csv", "file/x")
    before = tree(tmp_path)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit today")

    monkeypatch.setattr(AUDIT, broken)
    with pytest.raises(RuntimeError):
        split("d.csv", "new")
    assert tree(tmp_path) == before


def test_a_mapping_of_splits_is_no_table() -> None:
    with pytest.raises(InputError, match=r"a mapping \(train, test\) is no single table"):
        split({"train": table(20), "test": table(20)})


# What people read


def test_messages_about_missing_splits_name_this_verb(tmp_path: Path) -> None:
    folder(tmp_path / "d", {"reviews.csv": SMALL})
    assert "brittlestar split d/reviews.csv" in brittlestar("audit", "d").errors[0]
    assert "brittlestar split d/reviews.csv" in brittlestar("new", "d/reviews.csv").errors[0]
    folder(tmp_path / "e", {"train.csv": SMALL})
    assert brittlestar("new", "e").code == 0
    assert "with the split command" in (tmp_path / "e.yaml").read_text(encoding="utf-8")
