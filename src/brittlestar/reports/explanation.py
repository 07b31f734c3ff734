"""What codes of findings mean, as a terminal, Python and a notebook say it: their pages of the documentation."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.checks import Check, family_of
from brittlestar.core.code_pages import FAMILIES, checks_of_codes, join_pages, name_subject
from brittlestar.core.documents import begin_document
from brittlestar.core.site import find_address
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, Words, name_place
from brittlestar.reports.showing import Shown

NAMES = {
    "What it means": "Means",
    "How it is decided": "Decided",
    "Thresholds": "Thresholds",
    "What it cannot see": "Not seen",
    "What to do": "To do",
}
"""Parts of a page, as the column of names has them; a title that is not among them stands as it is."""
OF_OTHERS = "checks of your own"
_PART = re.compile(r"\*\*(.+?)\.\*\*\s+(.+)", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![*\w])\*([^*\s][^*]*)\*(?![*\w])")


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """What was asked for, a code, a family or everything (empty), with the checks of each code. Shown as text or in a
    notebook it is the page of the code, or the codes with a line each, or the families."""

    asked: str
    codes: Mapping[str, Sequence[Check]]

    @property
    def blocks(self) -> list[Paragraph]:
        """The page of a code part by part, a line a code of a family, or a line a family."""
        if self.asked in self.codes:
            return [*_page_blocks(self.asked, self.codes[self.asked])]
        if self.asked:
            return [Paragraph(code, _style_text(lead_sentence(checks[0]))) for code, checks in self.codes.items()]
        families = dict.fromkeys(map(family_of, self.codes))
        return [Paragraph(family, FAMILIES.get(family, OF_OTHERS)) for family in families]

    @property
    def _tables(self) -> Tables:
        rows = (
            (code, family_of(code), ", ".join(check.needs for check in checks), lead_sentence(checks[0]))
            for code, checks in self.codes.items()
        )
        return {"codes": list_rows(("code", "family", "needs", "summary"), rows)}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb. A severity belongs to a finding, not to its check: it depends on what it costs."""
        codes = [
            {
                "code": code,
                "family": family_of(code),
                "summary": lead_sentence(checks[0]),
                "page": join_pages(checks),
                "checks": [_describe_check(check, code not in checks_of_codes()) for check in checks],
            }
            for code, checks in self.codes.items()
        ]
        return {**begin_document(), "asked": self.asked or None, "codes": codes}


def lead_sentence(check: Check) -> str:
    """What a page begins with."""
    return _join_lines(check.page.split("\n\n")[0])


def read_parts(check: Check) -> dict[str, str]:
    """{title: text} of a page, below its first sentence. A paragraph without a title goes on with the part above."""
    found: dict[str, str] = {}
    title = ""
    for paragraph in check.page.split("\n\n")[1:]:
        named = _PART.fullmatch(paragraph)
        title, text = (named[1], named[2]) if named else (title, paragraph)
        found[title] = "\n".join([*filter(None, [found.get(title)]), _join_lines(text)])
    return found


def _join_lines(text: str) -> str:
    return " ".join(text.split())


def _page_blocks(code: str, checks: Sequence[Check]) -> Iterator[Paragraph]:
    for number, check in enumerate(checks):
        name = f"In {name_subject(check.needs)}" if number else code
        yield Paragraph(((name, "bold"),), _style_text(lead_sentence(check)))
        for title, text in read_parts(check).items():
            yield Paragraph(NAMES.get(title, title), _style_text(text))
        if code not in checks_of_codes():
            yield Paragraph("Declared", f"{_find_function(check)}, a check of your own")
    address = find_address(code)
    yield from name_place("Page", address if "://" in address else "")


def _style_text(text: str) -> Words:
    """Markdown of a page as words in styles; code keeps its backticks, as it does in all that a terminal shows."""
    return tuple((one, "italic") if number % 2 else one for number, one in enumerate(_EMPHASIS.split(text)))


def _find_function(check: Check) -> str:
    """Where the function of a check is."""
    function = inspect.unwrap(check.function)
    code = getattr(function, "__code__", None)
    place = "" if code is None else f" ({Path(code.co_filename).name}:{code.co_firstlineno})"
    return f"{getattr(function, '__name__', 'a function')} in {function.__module__}{place}"


def _describe_check(check: Check, own: bool) -> dict[str, Any]:
    return {
        "needs": check.needs,
        "parts": read_parts(check),
        "explained_by": list(check.explained_by),
        "explains": list(check.role.explains),
        "cause": check.role.cause,
        "symptom": check.role.symptom,
        "declared": _find_function(check) if own else None,
    }
