"""Logs of programs without what they write before their lines, and without lines that say how a training went."""

from __future__ import annotations

import re

from brittlestar.records.reported.alternatives import compile_any

LONGEST = 500  # budget: letters of a line that says how far a training is
_BEFORE = re.compile(
    r"[ \t]*"
    r"(?:\[?(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\]?"  # a time
    r"|\[?(?:INFO|DEBUG|WARNING)\]?(?::\w+)?:?"  # a level
    r"|\[[\w.-]+\]\[[\w.-]+\]"  # a module
    r"|-(?= ))"
    r"(?:[ \t]*[-:|][ \t])?[ \t]*(?=\S)"
)
_PROGRESS = compile_any(
    r"\bepochs?[ =:\[]*\d+(?:\s*/\s*\d+|\b.*\b(?:loss|acc)\w*)",
    r"\b(?:loss|acc\w*)['\"]?\s*[:=]?\s*[\d.]+",
)
_SENTENCE = re.compile(r"[a-z]{2}\.(?: |$)|[a-z]{3,} [a-z]{2,} [a-z]{2,} [a-z]{2,}")
"""What has words in a row, or ends as sentences do."""


def plain_log(text: str) -> str:
    """The lines of a log as they would stand alone; every line is where it was."""
    lines = text.split("\n")
    if sum(_BEFORE.match(line) is not None and not line.lstrip().startswith("- ") for line in lines) > 1:
        lines = [_strip_line(line) for line in lines]
    return "\n".join("" if _is_progress(line) else line for line in lines)


def _is_progress(line: str) -> bool:
    return len(line) <= LONGEST and _PROGRESS.search(line) is not None and not _SENTENCE.search(line)


def _strip_line(line: str) -> str:
    while (shorter := _BEFORE.sub("", line, count=1) if _BEFORE.match(line) else line) != line:
        line = shorter
    return line
