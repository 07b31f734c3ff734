"""Pages without what their authors took out: comments, and text that is struck through."""

from __future__ import annotations

import re

_TAKEN = (r"<!--.*?-->", r"~~[^~\n]+~~")
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
