"""Pages without what their authors took out: comments, and text that is struck through."""

from __future__ import annotations

import re

_TAKEN = (r"<!--.*?-->", r"~~[^~\n]+~~")
_BEFORE_LINES = re.compile(
    r"^[ \t]*(?:\[?(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\]?|\[?(?:INFO|DEBUG|"
    r"WARNING)\]?(?::\w+)?:?|"
    r"\[[\w.-]+\]\[[\w.-]+\]|-(?= ))(?:[ \t]*[-:|][ \t])?[ \t]*(?=\S)",
    re.MULTILINE,
)
"""What programs write before the lines of a log: times, levels, and the like."""
_PROGRESS = re.compile(
    r"^.*(?:\bepochs?[ =:\[]*\d+(?:\s*/\s*\d+|\b[^\n]*\b(?:loss|acc)\w*)|\b(?:loss|acc\w*)['\"]?\s*[:=]?\s*[\d.]+).*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of a log that say how a training went."""
_BARS = str.maketrans("│┃║", "|||")
_RULES = re.compile(r"^[ \t]*[─━═┌┏╔├┝┡╠└┗╚╘╞╒╓╙╟][^\n\w]*$", re.MULTILINE)
"""Tables that are drawn."""
_TAKEN_OF_LATEX = (
    r"(?<!\\)%[^\n]*",
    r"\\begin\{comment\}.*?\\end\{comment\}",
    r"\\iffalse\b.*?\\fi\b",
    r"\\(?:sout|st)\{[^{}]*\}",
)


def blank_comments(text: str, suffix: str) -> str:
    """The same with every line where it was."""
    text = _RULES.sub("", text).translate(_BARS)
    for pattern in _TAKEN_OF_LATEX if suffix == ".tex" else _TAKEN:
        text = re.sub(pattern, lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    return text


def plain_log(text: str) -> str:
    """A log without times and levels before its lines, and without lines that say how a training went; every line is
    where it was."""
    lines = text.split("\n")
    if sum(_BEFORE_LINES.match(line) is not None and not line.lstrip().startswith("- ") for line in lines) > 1:
        lines = [_strip_line(line) for line in lines]
    return "\n".join("" if _is_progress(line) else line for line in lines)


def _strip_line(line: str) -> str:
    while (shorter := _BEFORE_LINES.sub("", line)) != line:
        line = shorter
    return line


def _is_progress(line: str) -> bool:
    """A short line, for a sentence may say a loss, too."""
    return _PROGRESS.fullmatch(line) is not None and not re.search(
        r"[a-z]{2}\.(?: |$)|[a-z]{3,} [a-z]{2,} [a-z]{2,} [a-z]{2,}", line
    )
