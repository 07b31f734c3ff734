"""Small folders of splits for the tests of the data room."""

from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.sources import Source, SplitFrames, read_splits
from brittlestar.study.settings import Columns, DataSettings

HEADER = "id,sequence,label\n"
TRAIN = HEADER + "a,x y x,1\nb,y,0\n"


def write(folder: Path, **files: str | bytes) -> Path:
    """Write `train_csv=…` as train.csv, and so on."""
    for name, content in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read(source: Source, **columns: str) -> SplitFrames:
    return read_splits(source, Columns(**columns))


def refused(source: Source, **columns: str) -> list[str]:
    """The problems as people read them."""
    with pytest.raises(InputError) as caught:
        read(source, **columns)
    return [str(problem) for problem in caught.value.problems]


def encoded(tokens: str = "whitespace", factors: str | None = None, **splits: list[tuple[object, ...]]) -> Encoded:
    """Encoded data of rows (sequence, label[, group])."""
    names = ("sequence", "label", "group")
    frames = read({name: [dict(zip(names, row, strict=False)) for row in rows] for name, rows in splits.items()})
    return encode(frames, DataSettings(tokens=tokens, factors=factors))
