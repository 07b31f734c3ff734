"""Forms that reported settings come in: tables of papers, arguments of scripts, exports of trackers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from exam.record.report import Kind, matching


def plain(text: str) -> Any:
    """The value that a program has for this text: a number, a truth value, a list, a mapping or the text itself."""
    value = yaml.safe_load(text)
    if isinstance(value, str):
        if "," in value and all(one.strip().isdigit() for one in value.split(",")):
            return [int(one) for one in value.split(",")]
        try:
            return float(value)
        except ValueError:
            return value
    return value


def snake(name: str) -> str:
    """A name of a paper as a variable."""
    return name.replace(" (epochs)", "").replace(" ", "_")


def as_json(lines: Mapping[str, str]) -> str:
    """One object, with names of variables."""
    return json.dumps({snake(name): plain(value) for name, value in lines.items()}, indent=2) + "\n"


def as_toml(lines: Mapping[str, str], table: str = "hyperparameters") -> str:
    """One table, with names of variables."""
    values = {snake(name): plain(value) for name, value in lines.items()}
    rows = "".join(f'"{name}" = {json.dumps(value)}\n' for name, value in values.items())
    return f"[{table}]\n{rows}"


def as_namespace(lines: Mapping[str, str]) -> str:
    """What a script logs of its arguments."""
    inner = ", ".join(f"{snake(name)}={plain(value)!r}" for name, value in lines.items())
    return f"2025-02-17 08:41:09 INFO main: Namespace({inner})\n"


def as_wandb(lines: Mapping[str, str]) -> str:
    """The configuration that a tracker keeps with a run."""
    values = {snake(name): {"desc": None, "value": plain(value)} for name, value in lines.items()}
    return "wandb_version: 1\n\n" + yaml.safe_dump(values, sort_keys=False)


def as_latex(lines: Mapping[str, str], caption: str = "Hyperparameters of all runs.") -> str:
    """A table between rules."""
    rows = "".join(f"    {_escaped(name)} & {_escaped(value)} \\\\\n" for name, value in lines.items())
    return (
        "\\begin{table}[t]\n  \\centering\n"
        f"  \\caption{{{caption}}}\n  \\label{{tab:hyper}}\n"
        "  \\begin{tabular}{@{}lr@{}}\n    \\toprule\n    Hyperparameter & Value \\\\\n    \\midrule\n"
        f"{rows}    \\bottomrule\n  \\end{{tabular}}\n\\end{{table}}\n"
    )


def as_bullets(lines: Mapping[str, str], heading: str = "Training hyperparameters") -> str:
    """A list of a model card."""
    rows = "".join(f"- **{name}**: {value}\n" for name, value in lines.items())
    return f"### {heading}\n\nThe following settings were used for training:\n\n{rows}"


def as_html(lines: Mapping[str, str]) -> str:
    """A table of a wiki's page."""
    rows = "".join(f"  <tr><td>{name}</td><td>{value}</td></tr>\n" for name, value in lines.items())
    return f"# Set-up\n\n<table>\n  <tr><th>Parameter</th><th>Value</th></tr>\n{rows}</table>\n"


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """The text with these changes, each of what stands in it once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def wrong(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    """Misstated fields, and some that match."""
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


def omitted(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    """Chosen settings that are left out, and some that match."""
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def default(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    """Settings that nobody chose or stated, and some that match."""
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}


def idle(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    """Stated settings that nothing reads, and some that match."""
    return {**dict.fromkeys(paths, "without-effect"), **matching(*right)}


def unclear(name: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    """A field of which nobody can say what it means, and some that match."""
    return {name: "ambiguous", **matching(*right)}


def _escaped(text: str) -> str:
    for mark in "_%#&{}":
        text = text.replace(mark, f"\\{mark}")
    return text
