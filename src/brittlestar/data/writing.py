"""Tables as the bytes of a file, in any format that is read; the same table gives the same bytes."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import polars as pl

MANIFEST = "manifest.csv"


def suffix_for(frame: pl.DataFrame) -> str:
    """`.csv`, or `.parquet` where a column holds what no text file does (lists, structs, bytes)."""
    nested = any(dtype.is_nested() or dtype == pl.Binary for dtype in frame.dtypes)
    return ".parquet" if nested else ".csv"


def table_bytes(frame: pl.DataFrame, suffix: str) -> bytes:
    """The table as CSV, TSV (both UTF-8, lines by a line feed, an empty text quoted and a missing one not), Parquet
    or JSON Lines."""
    buffer = io.BytesIO()
    WRITERS[suffix](frame, buffer)
    return buffer.getvalue()


WRITERS: Mapping[str, Callable[[pl.DataFrame, Any], object]] = {
    ".csv": pl.DataFrame.write_csv,
    ".tsv": partial(pl.DataFrame.write_csv, separator="\t"),
    ".parquet": pl.DataFrame.write_parquet,
    ".jsonl": pl.DataFrame.write_ndjson,
}
"""By the ending of each format in `data/files.py`: rows that are cleaned are given back as they came."""
