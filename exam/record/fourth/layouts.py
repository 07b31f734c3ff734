"""Layouts of reports as appendices and tools of several fields have them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping


def as_ranged(lines: Mapping[str, str], ranges: Mapping[str, str]) -> str:
    """A supplementary table with the value first and the range that was searched behind it."""
    assert set(ranges) <= set(lines)
    rows = "".join(f"| {name} | {value} | {ranges.get(name, 'n/a')} |\n" for name, value in lines.items())
    return f"**Table S4.** Final settings.\n\n| Parameter | Value | Range searched |\n|:--|--:|:--|\n{rows}"


def as_noted(lines: Mapping[str, str], notes: Mapping[str, str]) -> str:
    """A table with a column of remarks."""
    assert set(notes) <= set(lines)
    rows = "".join(f"| {name} | {value} | {notes.get(name, '')} |\n" for name, value in lines.items())
    return f"| Hyper-parameter | Setting | Notes |\n| --- | --- | --- |\n{rows}"


def as_sections(lines: Mapping[str, Mapping[str, str]]) -> str:
    """CSV with the part of the system in the first column."""
    written = io.StringIO()
    rows = [(part, name, value) for part, some in lines.items() for name, value in some.items()]
    csv.writer(written, lineterminator="\n").writerows([("Section", "Parameter", "Value"), *rows])
    return written.getvalue()


def as_fixed_sweep(lines: Mapping[str, str]) -> str:
    """Parameters of a sweep, each with a single value."""
    return "parameters:\n" + "".join(f"  {name}:\n    value: {value}\n" for name, value in lines.items())


def as_items(lines: Mapping[str, str]) -> str:
    """A list of names and values."""
    rows = "".join(f"  - name: {name}\n    value: {value}\n" for name, value in lines.items())
    return f"hyperparameters:\n{rows}"
