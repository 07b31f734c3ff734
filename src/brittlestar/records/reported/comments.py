"""Pages without what their authors took out: comments, and text that is struck through."""

from __future__ import annotations

import re

_BARS = str.maketrans("│┃║", "|||")
_RULES = re.compile(r"^[ \t]*[─━═┌┏╔├┝┡╠└┗╚╘╞╒╓╙╟][^\n\w]*$", re.MULTILINE)
"""Tables that are drawn."""
_BETWEEN = (("<!--", "-->"),)
_BETWEEN_OF_LATEX = (("\\begin{comment}", "\\end{comment}"), ("\\iffalse", "\\fi"))
_TAKEN = re.compile(r"~~[^~\n]+~~")
_TAKEN_OF_LATEX = re.compile(r"(?<!\\)%[^\n]*|\\(?:sout|st)\{[^{}]*\}")


def blank_comments(text: str, suffix: str) -> str:
    """The same with every line where it was."""
    text = _RULES.sub("", text).translate(_BARS)
    latex = suffix == ".tex"
    for begin, end in _BETWEEN_OF_LATEX if latex else _BETWEEN:
        text = _blank_between(text, begin, end)
    return (_TAKEN_OF_LATEX if latex else _TAKEN).sub("", text)


def _blank_between(text: str, begin: str, end: str) -> str:
    """Without what stands between two marks; what nobody ends stays."""
    parts: list[str] = []
    place = 0
    while (begun := text.find(begin, place)) >= 0 and (ended := text.find(end, begun)) >= 0:
        parts += [text[place:begun], "\n" * text.count("\n", begun, ended)]
        place = ended + len(end)
    return "".join([*parts, text[place:]])
