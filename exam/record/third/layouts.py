"""Layouts of reports: as people export, search and print settings."""

from __future__ import annotations

from collections.abc import Mapping


def as_exported(lines: Mapping[str, str]) -> str:
    """A configuration as Weights & Biases writes it: each key with a description and a value."""
    return "".join(f"{name}:\n  desc: null\n  value: {value}\n" for name, value in lines.items())


def as_searched(lines: Mapping[str, str], tried: Mapping[str, str], chosen: str = "Chosen") -> str:
    """A table with a column of what was tried, before that of what was chosen."""
    assert set(tried) <= set(lines)
    rows = "".join(f"| {name} | {tried.get(name, '–')} | {value} |\n" for name, value in lines.items())
    return f"We tuned on dev.\n\n| Hyperparameter | Search space | {chosen} |\n| :-- | :-: | --: |\n{rows}"


def as_pairs(lines: Mapping[str, str]) -> str:
    """A table with two settings a row, side by side, as it saves room in a paper."""
    cells = [f"{name} | {value}" for name, value in lines.items()]
    half = (len(cells) + 1) // 2
    right = [*cells[half:], " | "][:half]
    rows = "".join(f"| {one} | {other} |\n" for one, other in zip(cells[:half], right, strict=True))
    return f"| Parameter | Value | Parameter | Value |\n| --- | --- | --- | --- |\n{rows}"


def as_heads(lines: Mapping[str, str]) -> str:
    """A table with the names in its heading, and one row of values."""
    return "".join(
        f"| {' | '.join(cells)} |\n" for cells in (tuple(lines), ("---",) * len(lines), tuple(lines.values()))
    )


def as_semicolons(lines: Mapping[str, str]) -> str:
    """CSV of a spreadsheet where the comma is the decimal mark."""
    assert not any(";" in cell for pair in lines.items() for cell in pair)
    return "parameter;value\n" + "".join(f"{name};{value}\n" for name, value in lines.items())


def as_flags(lines: Mapping[str, str]) -> str:
    """Options of a command line with their values."""
    return "".join(f"--{name.replace(' ', '-')}: {value}\n" for name, value in lines.items())
