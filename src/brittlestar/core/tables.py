"""Small tables as Parquet bytes; the same table gives the same bytes."""

import io
from collections.abc import Mapping
from typing import Any


def parquet_bytes(columns: Mapping[str, Any]) -> bytes:
    """Parquet (zstd) of the given columns, each array-like of shape (n_rows, ...)."""
    import polars as pl

    buffer = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
