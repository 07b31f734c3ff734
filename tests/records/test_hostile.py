"""What strangers may put into a record, and a gate for records."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar import compare_reported, gate, run, seal, verify
from brittlestar.cli.output import VisibleConsole
from brittlestar.cli.paragraphs import style_words
from brittlestar.core.errors import InputError
from brittlestar.records.unpacked import refuse_bombs, unpack_record
from brittlestar.reports.page import page
from tests.cli.test_cli import brittlestar
from tests.records.forging import edit_json, forge, rehash_cell
from tests.records.test_damaged import MARKUP
from tests.zoo import Zoo

MEGABYTE = 1 << 20
ESCAPE = "\x1b]0;x\x07"


def test_a_table_that_unpacks_to_more_than_memory_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"x": [1, 2]}).write_parquet(tmp_path / "a.parquet")
    pl.select(pl.repeat(0, 300 * MEGABYTE, dtype=pl.Int8)).write_parquet(tmp_path / "b.parquet")
    np.savez_compressed(tmp_path / "c.npz", zeros=np.zeros(300 * MEGABYTE, np.int8))
    (tmp_path / "d.parquet").write_bytes(b"PAR1 damaged PAR1")
    assert all(place.stat().st_size < MEGABYTE for place in tmp_path.iterdir())
    refuse_bombs(tmp_path, ["a.parquet", "d.parquet", "log.txt"], "here", 200 * MEGABYTE)
    refuse_bombs(tmp_path, ["a.parquet", "b.parquet", "c.npz"], "here", 2000 * MEGABYTE)
    for name in ("b.parquet", "c.npz"):
        with pytest.raises(InputError, match=f"here: {name} takes more than 0.195 GiB"):
            refuse_bombs(tmp_path, ["a.parquet", name], "here", 200 * MEGABYTE)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "data").mkdir()
    for split, rows in (("train", 60), ("test", 40)):
        notes = [
            {"sequence": f"{MARKUP} a{k % 7} {ESCAPE.replace(chr(7), '')}", "label": f"{MARKUP}{ESCAPE}{k % 2}"}
            for k in range(rows)
        ]
        (folder / "data" / f"{split}.jsonl").write_text("".join(f"{json.dumps(note)}\n" for note in notes))
    settings = {"model.family": "bag", "report.title": json.dumps(f"{MARKUP}{ESCAPE}"), "training.epochs": "1"}
    out = folder / "hostile.study"
    assert run(folder / "data", seeds=1, settings=settings, executor="serial", out=out).exit_code == 0
    return Path(seal(out, with_data=True, out=folder / "hostile.zip").place)


def test_markup_and_escapes_of_a_stranger_stay_text(sealed: Path) -> None:
    found = verify(sealed)
    assert found.outcome == "identical"
    with unpack_record(sealed) as record:
        html = page(record.reading)
    assert MARKUP not in html and "&lt;img src=x" in html
    said = compare_reported(sealed, {"training.learning_rate": f"{MARKUP}{ESCAPE}"})
    assert next(field.kind for field in said.fields if field.stated is not None) == "not-compared"
    console = VisibleConsole(force_terminal=False, width=100)
    with console.capture() as shown:
        for block in (*found.blocks, *said.blocks):
            console.print(style_words(block.text))
    assert MARKUP in shown.get() and "\\x1b]0;x" in shown.get() and "\x1b" not in shown.get()


def test_a_bomb_in_a_record_is_refused_before_it_is_read(sealed: Path, tmp_path: Path) -> None:
    def plant(folder: Path) -> None:
        cell = next((folder / "study" / "cells").iterdir())
        pl.select(pl.repeat(0, 4000 * MEGABYTE, dtype=pl.Int8, eager=False).alias("row")).lazy().sink_parquet(
            cell / "predictions.parquet"
        )
        rehash_cell(cell)

    place = forge(sealed, tmp_path / "forged.zip", plant)
    assert place.stat().st_size < 20 * MEGABYTE
    with pytest.raises(InputError, match=r"predictions\.parquet takes more than 2 GiB"):
        verify(place)
    with pytest.raises(InputError, match=r"predictions\.parquet takes more than 2 GiB"):
        compare_reported(place, {"training.learning_rate": 0.1})
    assert verify(place, depth="hashes").outcome == "identical"


# A gate for records: what does not verify fails, and is asked nothing else


@pytest.fixture(scope="module")
def record(zoo: Zoo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return zoo.copy("sealed", tmp_path_factory.mktemp("gated")) / "data.record.zip"


def test_a_record_is_asked_what_its_study_is_asked(record: Path) -> None:
    asked = {"absent": "leak.exact", "require": "sound", "progress": False}
    found, of_study = gate(record=record, **asked), gate(record.with_name("data.study"), **asked)
    others = [one for one in found.requirements if one.name != "record"]
    (first,) = (one for one in found.requirements if one.name == "record")
    assert first.outcome == "pass"
    assert [(one.name, one.outcome, one.sentence) for one in others] == [
        (requirement.name, requirement.outcome, requirement.sentence) for requirement in of_study.requirements
    ]
    assert not any(one.next for one in others)
    said = brittlestar("gate", "--record", str(record), "--absent", "leak.exact", "--json")
    assert {one["name"] for one in json.loads(said.output)["requirements"]} == {"record", "absent leak.exact"}


def test_a_record_that_differs_fails_and_is_asked_nothing_else(record: Path, tmp_path: Path) -> None:
    forged = forge(record, tmp_path / "forged.zip", lambda folder: edit_json(
        folder / "record.json", lambda one: one["environment"].update(python="2.7")))  # fmt: skip
    for place, root in ((forged, None), (record, "0" * 32)):
        found = gate(record=place, policy={"root": root}, require="sound", cannot_say="pass", progress=False)
        assert [(requirement.name, requirement.outcome) for requirement in found.requirements] == [("record", "fail")]
        assert found.exit_code == 3 and found.requirements[0].next.startswith("brittlestar verify")
    bare = seal(record.with_name("data.study"), out=tmp_path / "bare.zip").place
    assert gate(record=bare, absent="leak.exact", progress=False).requirements[0].outcome == "cannot-say"


def test_a_record_is_given_alone(record: Path) -> None:
    with pytest.raises(InputError, match="a record has its data"):
        gate("data", record=record)
    with pytest.raises(InputError, match="root hash is that of a record"):
        gate("data", policy={"root": "0" * 32})
    with pytest.raises(InputError, match="no such record"):
        gate(record="none.zip")
