"""Every format of files: what is written is read, as a split of data and as predictions."""

from pathlib import Path

import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.data.files import READERS, read_file
from brittlestar.data.predictions.runs import read_predictions
from brittlestar.data.predictions.sources import sources_of
from brittlestar.data.sources import read_splits
from brittlestar.data.tables import as_text
from brittlestar.data.writing import WRITERS, table_bytes
from brittlestar.study.settings import Columns

ROWS = pl.DataFrame(
    {"id": ["r1", "r2", "r3"], "sequence": ["a b", 'c, "d"\t;', "é 3"], "label": ["no", "yes", "no"], "note": [1, 2, 3]}
)


def texts(frame: pl.DataFrame) -> list[list[str]]:
    return [text.to_list() for column in frame if (text := as_text(column)) is not None]


def test_what_is_read_is_written_too() -> None:
    assert WRITERS.keys() == READERS.keys()


@pytest.mark.parametrize("ending", READERS)
class TestFormat:
    def test_a_table_has_its_rows_and_places(self, ending: str, tmp_path: Path) -> None:
        path = tmp_path / f"rows{ending}"
        path.write_bytes(table_bytes(ROWS, ending))
        table = read_file(path, "rows")
        assert texts(table.frame) == texts(ROWS)
        assert table.places([2]) == [{"line": 2 + (ending != ".jsonl") + 1, "row": 2}[table.unit]]

    def test_a_folder_of_splits_and_predictions(self, ending: str, tmp_path: Path) -> None:
        for split in ("train", "test"):
            (tmp_path / f"{split}{ending}").write_bytes(table_bytes(ROWS, ending))
        frames = read_splits(tmp_path, Columns(sequence="sequence"))
        assert frames["test"]["sequence"].to_list() == ROWS["sequence"].to_list()
        answers = ROWS.select("id", prediction=pl.Series(["yes", "yes", "no"]), p_no=0.5, p_yes=0.5)
        (tmp_path / f"mine{ending}").write_bytes(table_bytes(answers.reverse(), ending))
        (run,) = read_predictions(sources_of(tmp_path / f"mine{ending}"), frames, ["no", "yes"]).values()
        assert (run.name, run.probabilities["test"].argmax(1).tolist()) == ("mine", [1, 1, 0])

    def test_an_empty_file_is_refused(self, ending: str, tmp_path: Path) -> None:
        (tmp_path / f"rows{ending}").write_bytes(b"")
        with pytest.raises(InputError, match="rows: is empty"):
            read_file(tmp_path / f"rows{ending}", "rows")
