"""A gate as Markdown, for the summary of a CI job, and as annotations of GitHub Actions."""

import re
from collections.abc import Sequence

from brittlestar.core.gating import OUTCOME_WORDS, Outcome, Requirement

MARKS: dict[Outcome, str] = {"pass": "✅", "fail": "❌", "cannot-say": "❔"}


def write_summary(requirements: Sequence[Requirement], outcome: Outcome, subject: str) -> str:
    """A heading with the outcome, and a table of requirements."""
    lines = [f"## {MARKS[outcome]} brittlestar gate: {OUTCOME_WORDS[outcome]}", "", f"`{_escape(subject)}`", ""]
    lines += ["| | requirement | what was found |", "| --- | --- | --- |"]
    for one in requirements:
        then = f"<br>→ {_escape(one.next)}" if one.next and one.outcome != "pass" else ""
        lines.append(f"| {MARKS[one.outcome]} | {_escape(one.name)} | {_escape(one.sentence)}{then} |")
    return "\n".join(lines) + "\n"


def write_annotations(requirements: Sequence[Requirement]) -> list[str]:
    """Workflow commands of GitHub Actions: an error for each requirement that failed, a warning for each that is
    open."""
    kinds: dict[Outcome, str] = {"fail": "error", "cannot-say": "warning"}
    return [
        f"::{kinds[one.outcome]} title={_escape_property(f'brittlestar: {one.name}')}::{_escape_data(one.sentence)}"
        for one in requirements
        if one.outcome in kinds
    ]


def _escape(text: str) -> str:
    """Text as Markdown shows it in a cell: names and tokens are data, never markup."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|~#!&])", r"\\\1", flat)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
