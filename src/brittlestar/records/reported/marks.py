"""Cells and values without marks that say nothing of them: notes, links, colours, and signs for yes and no."""

from __future__ import annotations

import html
import re

_INNER = r"((?:[^{}]|\{[^{}]*\})*)"
_REMOVED = (
    r"\\(?:footnotemark|cellcolor|rowcolor)(?:\[[^\]]*\])?(?:\{[^{}]*\})?",
    rf"\\(?:footnote|tnote|textsuperscript|thanks)\{{{_INNER}\}}",
    r"[~ ]*\\(?:cite|citep|citet|ref)\{[^{}]*\}",
    r"\$?\s*\^\s*(?:\\(?:dagger|ddagger|ast|star)\b|\{\s*(?:\\(?:dagger|ddagger|ast|star)|[a-z*†‡])\s*\})\s*\$?",
    r"\[\^\w+\]",
    r"(?<=\w)\s*[†‡§]+|(?<=[\w.])\s*\\?\*+$",
    r"(?<=\d) ?\[\d{1,2}\]$",
    r"(?<!10)(?<=\d)[¹²³⁴⁵⁶⁷⁸⁹]$",
    r"(?<!10)(?<=\d)\^\{\d\}$",
)
_KEPT = (
    (rf"\\(?:textcolor|color)\{{[^{{}}]*\}}\{{{_INNER}\}}", r"\1"),
    (rf"\\multi(?:column|row)\{{[^{{}}]*\}}\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}\{{{_INNER}\}}", r"\1"),
    (
        rf"\\(?:underline|makecell(?:\[\w*\])?|textsubscript|textbf|textit|emph|texttt|textsc|mathbf|mathrm|mbox|text)\{{{_INNER}\}}",
        r"\1",
    ),
    (r"\\(?:SI|qty)\{([^{}]*)\}\{\\percent\}", r"\1 %"),
    (r"\\(?:SI|qty)\{([^{}]*)\}\{([^{}]*)\}", r"\1 \2"),
    (r"\\numlist\{([^{}]*)\}", r"\1"),
    (r"\\numrange\{([^{}]*)\}\{([^{}]*)\}", r"\1–\2"),
    (r"\{(\\times|\\cdot)\}", r"\1"),
    (r"\\\|.*?\\\|_?2?\s*\\leq?\s*", ""),
    (r"\[([^\[\]]*)\]\([^()]*\)", r"\1"),
    (r"^\*\*([^*]+)\*\*(?= )", r"\1"),
    (r"½", "0.5"),
    (r"¼", "0.25"),
    (
        r"^(?:✅|☑|✓|✔|\[x\]|:white_check_mark:|:heavy_check_mark:|\\(?:checkmark|cmark|ding\{51\}))\ufe0f?(?=\s|$)",
        "yes",
    ),
    (r"^(?:❌|☐|✗|✘|\[ \]|:x:|\\(?:xmark|ding\{55\}))\ufe0f?(?=\s|$)", "no"),
)


def take_marks(cell: str) -> str:
    """A cell as its author means it."""
    plain = html.unescape(cell).replace("\xa0", " ").strip()
    if not re.search(r"[\\\[\]^*†‡§¹²³⁴-⁹½¼✅☑✓✔❌☐✗✘:]", plain):
        return plain
    for pattern, kept in _KEPT:
        plain = re.sub(pattern, kept, plain)
    for pattern in _REMOVED:
        plain = re.sub(pattern, "", plain)
    return re.sub(r"^\$\$$", "", plain).strip()
