"""Forms of reports of the thirteenth set, and what is expected of fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

from exam.record.report import Kind, matching


def as_latex(lines: Mapping[str, str]) -> str:
    """A booktabs table with a caption."""
    rows = "".join(f"    {left} & {right} \\\\\n" for left, right in lines.items())
    return (
        "\\begin{table}[t]\n  \\centering\n  \\caption{Settings of all reported runs.}\n"
        "  \\begin{tabular}{@{}ll@{}}\n    \\toprule\n    Hyperparameter & Value \\\\\n    \\midrule\n"
        f"{rows}    \\bottomrule\n  \\end{{tabular}}\n\\end{{table}}\n"
    )


def as_json(lines: Mapping[str, object]) -> str:
    """One flat object."""
    return json.dumps(dict(lines), indent=2, ensure_ascii=False) + "\n"


def as_toml(lines: Mapping[str, str]) -> str:
    """Keys with values of TOML, in the order given."""
    return "".join(f"{name} = {value}\n" for name, value in lines.items())


def as_text(lines: Mapping[str, str]) -> str:
    """A name, a colon and a value a line, as a program prints its settings."""
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def wrong(*paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Misstated fields beside some that are right."""
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


def omitted(*paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Fields that somebody set and the report leaves out."""
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def idle(*paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Stated fields that nothing reads."""
    return {**dict.fromkeys(paths, "without-effect"), **matching(*right)}


def unclear(*names: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Names with a number of which nobody can say what it means."""
    return {**dict.fromkeys(names, "ambiguous"), **matching(*right)}


def default(*paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Fields left out that have the value which the library gives."""
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}
