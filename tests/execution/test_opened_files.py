"""Files that own code opens while it trains: those with rows of test or dev are found, with the line, and no others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar.core.findings import Finding
from brittlestar.core.results import AnsweredStudy
from brittlestar.models.opened_files import find_unseen, watch_opened
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_record import read_record
from brittlestar.verbs.run import run
from tests.execution.tiny import forget, write_split

OWN = """\
import json
import os
import tempfile
from pathlib import Path

import numpy as np


def guess(rows):
    return np.tile([0.6, 0.4], (len(rows), 1))


def honest(train, dev, seed):
    stop = set(Path("stop.txt").read_text().split())
    with open("data/train.csv") as file:
        vocabulary = {word for line in file for word in line.split()} - stop

    def predict(rows):
        with tempfile.TemporaryDirectory() as folder:
            asked = Path(folder) / "asked.txt"
            asked.write_text("\\n".join(map(" ".join, rows)))
            return guess(asked.read_text().split("\\n"))

    return predict


def vocabulary(train, dev, seed):
    with open("data/test.csv") as file:  # vocabulary
        file.read()
    return guess


def descriptor(train, dev, seed):
    os.close(os.open("data/test.csv", os.O_RDONLY))  # descriptor
    return guess


def library(train, dev, seed):
    np.genfromtxt("data/test.csv", dtype=str, delimiter=",")  # library
    return guess


def copied(train, dev, seed):
    with open("elsewhere/copied.jsonl") as file:  # copied
        list(map(json.loads, file))
    return guess


def asked(train, dev, seed):
    def predict(rows):
        Path("data/test.csv").read_text()  # asked
        return guess(rows)

    return predict


def whole(train, dev, seed):
    Path("all.csv").read_text()  # whole
    return guess


def chosen(train, dev, seed):
    Path("data/dev.csv").read_text()  # chosen
    return guess


def both(train, dev, seed):
    Path("data/dev.csv").read_text()
    Path("data/shift_late.csv").read_text()  # both
    return guess
"""
IMPORTED = """\
from pathlib import Path

import numpy as np

WORDS = Path("data/test.csv").read_text().split()  # imported


def fit(train, dev, seed):
    return lambda rows: np.tile([0.6, 0.4], (len(rows), 1))
"""
UNSEEN = """\
import subprocess

import numpy as np


def fit(train, dev, seed):
    subprocess.run(["cat", "data/test.csv"], capture_output=True, check=True)
    return lambda rows: np.tile([0.6, 0.4], (len(rows), 1))
"""
READ = ("vocabulary", "descriptor", "library", "copied", "asked", "imported")


@pytest.fixture(scope="module", params=["serial", "processes"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """One study in which every fit function is a variant."""
    place, folder = Path.cwd(), tmp_path_factory.mktemp(request.param)
    for name, rows in (("train", 60), ("dev", 40), ("test", 40), ("shift_late", 40)):
        write_split(folder / "data", name, rows)
    lines = {one: (folder / "data" / f"{one}.csv").read_text().splitlines() for one in ("train", "test")}
    (folder / "all.csv").write_text("\n".join(lines["train"] + lines["test"]))
    (folder / "stop.txt").write_text("ax by")
    (folder / "elsewhere").mkdir()
    rows = [line.split(",") for line in lines["test"][1:]]
    copy = "\n".join(json.dumps({"text": tokens.split(), "label": label}) for _, tokens, label in rows)
    (folder / "elsewhere" / "copied.jsonl").write_text(copy)
    (folder / "own.py").write_text(OWN)
    (folder / "planted.py").write_text(IMPORTED)
    (folder / "helper.py").write_text(UNSEEN)
    variants = "".join(f"  {one}: {{model.own: 'own:{one}'}}\n" for one in (*READ[:-1], "whole", "chosen", "both"))
    more = "  imported: {model.own: 'planted:fit'}\n  unseen: {model.own: 'helper:fit'}\n"
    text = f"name: read\ndata: {{path: data}}\nmodel: {{own: 'own:honest'}}\nseeds: 2\nvariants:\n{variants}{more}"
    (folder / "study.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run("study.yaml", executor=request.param, progress=False, report=False)
    forget("own", "planted", "helper")
    assert Path.cwd() == place
    yield folder / "read.study", request.param


def _line(mark: str) -> str:
    text, name = (IMPORTED, "planted.py") if mark == "imported" else (OWN, "own.py")
    return f"{name}:{next(n for n, line in enumerate(text.splitlines(), 1) if line.endswith('# ' + mark))}"


def _judge(store: Path) -> dict[str, Finding]:
    from brittlestar.diagnosis.budget_checks import leak_selection

    record = read_record(Store(store))
    study = AnsweredStudy(record, AnsweredRows(Store(store), record))
    return {finding.where["variant"]: finding for finding in leak_selection.function(study)}


def test_test_that_is_read_is_an_error_with_its_line(found: tuple[Path, str]) -> None:
    findings = _judge(found[0])
    for name in READ:
        one = findings[name]
        assert (one.status, one.where["split"], one.where["line"]) == ("present", "test", _line(name)), name
        assert one.severity == "warning", "main alone gets an error"
        assert f"{_line(name)} opens" in one.summary and "in 2 of 2 runs" in one.summary
    assert findings["both"].where["split"] == "shift_late" and findings["both"].where["line"] == _line("both")
    assert {each["split"] for each in findings["both"].evidence["opened"]} == {"dev", "shift_late"}
    assert "copied.jsonl" in findings["copied"].summary


def test_train_stop_words_and_what_it_wrote_are_no_finding(found: tuple[Path, str]) -> None:
    assert _judge(found[0])["main"].status == "absent"


def test_dev_is_information_and_a_file_of_all_rows_is_left_open(found: tuple[Path, str]) -> None:
    findings = _judge(found[0])
    assert (findings["chosen"].status, findings["chosen"].severity) == ("present", "info")
    assert findings["whole"].status == "inconclusive" and findings["whole"].where["line"] == _line("whole")


def test_what_reads_past_python_leaves_it_open(found: tuple[Path, str]) -> None:
    one = _judge(found[0])["unseen"]
    assert one.status == "inconclusive" and "subprocess" in one.summary


def test_no_folder_of_this_machine_is_stored(found: tuple[Path, str]) -> None:
    store, _ = found
    for file in store.glob("cells/*/outcome.json"):
        assert str(store.parent) not in file.read_text()
        assert json.loads(file.read_text())["opened"] is not None


def test_only_what_own_code_opens_to_read_is_noted(tmp_path: Path) -> None:
    for name in ("before", "read", "after"):
        (tmp_path / name).write_text("x")
    (tmp_path / "before").read_text()
    with watch_opened() as opened:
        (tmp_path / "read").read_text()
        (tmp_path / "written").write_text("x")
        (tmp_path / "written").read_text()
        with pytest.raises(FileNotFoundError):
            (tmp_path / "nowhere").read_text()
    (tmp_path / "after").read_text()
    assert {Path(one).name for one in opened} == {"read", "nowhere"}
    assert opened[str(tmp_path / "read")].startswith("test_opened_files.py:")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import polars as pl\nfrom pyarrow import csv\n", ("polars", "pyarrow")),
        ("def fit(train, dev, seed):\n    pl.scan_csv('x')\n", ("pl.scan_csv",)),
        ("import pandas as pd\nframe = pd.read_parquet('x')\n", ("read_parquet",)),
        ("import csv\nimport pandas as pd\npd.read_csv('x')\n# import nothing of polars\n", ()),
    ],
)
def test_readers_past_python_are_named(source: str, names: tuple[str, ...]) -> None:
    assert find_unseen([source]) == names
