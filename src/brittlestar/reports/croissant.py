"""Croissant metadata (version 1.0) of a study's data: its files with their hashes, and one record set a split."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.hashing import file_digest
from brittlestar.data.tables import Table
from brittlestar.study.settings import Columns

FORMATS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".parquet": "application/x-parquet",
    ".jsonl": "application/jsonlines",
}
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prescribes."""
MEANING = {
    "id": "Name of the row within its split.",
    "sequence": "The sequence to classify.",
    "label": "Its class.",
    "group": "Rows of one group belong together.",
}


def describe_data(name: str, tables: Mapping[str, Table], columns: Columns, folder: Path) -> dict[str, Any]:
    """The JSON-LD document of splits that are files; paths are relative to `folder`, where it will lie. Raises
    InputError for a split that is no file."""
    if wrong := [Problem(f"{split} is no file", one.where) for split, one in tables.items() if not _is_file(one)]:
        raise InputError(wrong)
    rows = ", ".join(f"{split} {one.frame.height:,}" for split, one in tables.items())
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": name,
        "description": f"Labelled sequences; rows: {rows}.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "distribution": [_describe_file(one, folder) for one in tables.values()],
        "recordSet": [_describe_split(split, one, columns) for split, one in tables.items()],
    }


def _is_file(table: Table) -> bool:
    return Path(table.where).is_file()


def _describe_file(table: Table, folder: Path) -> dict[str, Any]:
    path = Path(table.where)
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "contentUrl": Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix(),
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": FORMATS[path.suffix.lower()],
        "sha256": file_digest(path),
    }


def _describe_split(split: str, table: Table, columns: Columns) -> dict[str, Any]:
    named = {"id": columns.id, "sequence": columns.sequence, "label": columns.label, "group": columns.group}
    fields = [
        _describe_field(split, role, column, table) for role, column in named.items() if column in table.frame.columns
    ]
    return {"@type": "cr:RecordSet", "@id": split, "name": split, "field": fields}


def _describe_field(split: str, role: str, column: str, table: Table) -> dict[str, Any]:
    source = {"fileObject": {"@id": Path(table.where).name}, "extract": {"column": column}}
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{split}/{role}",
        "name": role,
        "description": MEANING[role],
        "dataType": "sc:Text",
        "source": source,
    }
    return {**found, "repeated": True} if isinstance(table.frame.schema[column], pl.List) else found
