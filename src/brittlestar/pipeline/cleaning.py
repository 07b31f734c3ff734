"""Splits without leaks, copies and conflicts, written beside the given ones, with every row removed and why."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.cleaning import RULES, Cleaned, clean
from brittlestar.audits.dataset import AuditDataset
from brittlestar.core.files import make_folder, write_files
from brittlestar.core.hashing import pretty_json
from brittlestar.data.files import READERS
from brittlestar.data.sources import Source, raw_tables
from brittlestar.data.tables import Table
from brittlestar.data.unpacking import find_ending
from brittlestar.data.writing import MANIFEST, suffix_for, table_bytes

FORMAT = 1  # raised whenever the file changes
OPTION = "--write-clean"


def write_clean(source: Source, analysis: Analysis, folder: Path) -> dict[str, Any]:
    """Write the cleaned splits of `analysis` into the new `folder`, each with all columns and in the format of its
    source, `manifest.csv` (every row removed, by which rule, because of which row) and `manifest.json` (rules, counts,
    findings of the leak checks on what stays). The source is not changed.

    Returns what stands in `manifest.json` without the findings. Raises InputError where the folder is there already,
    StoreError where it cannot be written.
    """
    cleaned = clean(analysis)
    with make_folder(folder, OPTION) as new:
        files, splits = _files(raw_tables(source), analysis, cleaned)
        document = {
            "format": FORMAT,
            "study": analysis.study.name,
            "rules": {
                code: {"rule": rule, "rows": sum(len(r.rows) for r in cleaned.removals if r.code == code)}
                for code, rule in RULES.items()
            },
            "splits": splits,
            "notes": list(cleaned.notes),
        }
        findings = [finding.as_json() for finding in cleaned.findings]
        files[MANIFEST] = table_bytes(_list_removed_rows(analysis, cleaned), ".csv")
        files["manifest.json"] = pretty_json({**document, "findings": findings})
        write_files(new, files)
    return document


def _files(
    tables: Mapping[str, Table], dataset: AuditDataset, cleaned: Cleaned
) -> tuple[dict[str, bytes], dict[str, Any]]:
    files: dict[str, bytes] = {}
    splits: dict[str, Any] = {}
    for name, kept in cleaned.kept.items():
        rows = dataset.splits[name]
        by_rule = {
            code: sum(len(r.rows) for r in cleaned.removals if r.split == name and r.code == code) for code in RULES
        }
        many = len(dataset.labels)
        counts = (np.bincount(labels, minlength=many).tolist() for labels in (rows.labels, rows.labels[kept]))
        classes = {
            label: {"before": before, "after": after}
            for label, before, after in zip(dataset.labels, *counts, strict=True)
            if before
        }
        removed = {code: n for code, n in by_rule.items() if n}
        splits[name] = {"rows": len(kept), "removed": removed, "classes": classes}
        if not len(kept):
            continue
        frame = tables[name].frame
        frame = frame.select(column for column in frame.columns if frame[column].dtype != pl.Object)
        path = Path(tables[name].where)
        suffix = find_ending(path) if find_ending(path) in READERS and path.is_file() else suffix_for(frame)
        content = table_bytes(frame[kept], suffix)
        files[f"{name}{suffix}"] = content
        splits[name] |= {"file": f"{name}{suffix}", "sha256": hashlib.sha256(content).hexdigest()}
    return files, splits


def _list_removed_rows(dataset: AuditDataset, cleaned: Cleaned) -> pl.DataFrame:
    """One line for every row removed, in the order of splits and rows."""
    columns = ("split", "row", "id", "rule", "because_split", "because_row", "because_id")
    parts: list[pl.DataFrame] = []
    for removal in cleaned.removals:
        many, ids = len(removal.rows), dataset.splits[removal.split].ids.gather(removal.rows)
        why = ([removal.other] * many, removal.because, dataset.splits[removal.other].ids.gather(removal.because))
        values = ([removal.split] * many, removal.rows, ids, [removal.code] * many, *why)
        parts.append(pl.DataFrame(dict(zip(columns, values, strict=True))))
    if not parts:
        return pl.DataFrame({name: [] for name in columns}, schema=dict.fromkeys(columns, pl.String))
    place = {name: number for number, name in enumerate(dataset.splits)}
    order = pl.col("split").replace_strict(place, return_dtype=pl.Int64)
    return pl.concat(parts).sort(order, "row", maintain_order=True)


def describe_cleaning(document: Mapping[str, Any], folder: Path) -> list[str]:
    """What was done, for people."""
    lines: list[str] = []
    for name, entry in document["splits"].items():
        gone = ", ".join(f"{rows:,} {code}" for code, rows in entry["removed"].items())
        lines.append(f"{name}: {entry['rows']:,} rows kept; taken out: {gone or 'none'}")
    return [*lines, *document["notes"], f"{folder} is written; {MANIFEST} there says why each row is gone"]
