"""Tables as the bytes of a file, in any format that is read; the same table gives the same bytes."""

import io

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
    if suffix == ".parquet":
        frame.write_parquet(buffer)
    elif suffix == ".jsonl":
        frame.write_ndjson(buffer)
    else:
        frame.write_csv(buffer, separator="\t" if suffix == ".tsv" else ",")
    return buffer.getvalue()
