"""Whatever is written stands in a template (`templates/`): where they lie, how they are filled, and what of data they
may show, so that a name stays text in a page, in Markdown and in LaTeX."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from brittlestar.claims.sentences import describe_level, describe_population, describe_rows
from brittlestar.core.site import link_codes
from brittlestar.study.claims import format_claim
from brittlestar.study.units import MINUS, count, unit_of

_TO_CODE = re.compile(
    r'<a class="docs" href="(?:https?://[^\s"<>]*|[\w./-]*)/reference/findings/([a-z0-9.-]+)\.html">\1</a>'
)
TEMPLATES = Path(__file__).with_name("templates")
LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    MINUS: r"\ensuremath{-}",
    "–": "--",
    "‡": r"\ddag{}",
    "[": "{[}",
    "]": "{]}",
}


def write_text(template: str, **values: Any) -> str:
    """A template of plain text, filled; names in it are escaped by the filters `md` and `tex`."""
    return text_environment().get_template(template).render(**values)


@cache
def text_environment() -> Environment:
    """Templates of plain text: Markdown, LaTeX, sentences."""
    return _make_environment(False)


@cache
def page_environment() -> Environment:
    """Templates of pages: every value is escaped."""
    return _make_environment(True)


def _make_environment(of_pages: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=of_pages,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    names = cast(dict[str, Any], made.globals)
    names.update(count=count, unit_of=unit_of, format_claim=format_claim, markdown_table=markdown_table)
    names.update(describe_level=describe_level, describe_population=describe_population, describe_rows=describe_rows)
    filters = cast(dict[str, Any], made.filters)
    filters.update(count=count, unit=unit_of, prose=prose, md=markdown_text, tex=latex_text)
    filters.update(codes=name_codes)
    filters.update(sentence=capitalise_text, listed=list_words)
    return made


def prose(sentence: str) -> Markup:
    """Text for a page: escaped, and what stands between backticks as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def name_codes(text: str) -> Markup:
    """Text for a page, escaped, in which every code leads to its page where the documentation's address is known."""
    link = Markup('<a class="docs" href="{}">{}</a>')
    return Markup("").join(link.format(place, one) if place else escape(one) for one, place in link_codes(text))


def take_links(page: str) -> str:
    """The page without the links to codes: where the documentation stands, is no part of what a page says."""
    return _TO_CODE.sub(r"\1", page)


def markdown_text(text: str) -> str:
    """Text that Markdown and the HTML inside it leave as it is, on one line."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~$!])", r"\\\1", text)


def latex_text(text: str) -> str:
    """Text with every LaTeX special escaped, on one line."""
    return "".join(LATEX.get(character, character) for character in " ".join(text.split()))


def markdown_table(head: Sequence[str], rows: Iterable[Iterable[str]], numbers_from: int | None = None) -> str:
    """A table of Markdown, every cell escaped; columns `numbers_from` on are set to the right."""
    left = len(head) if numbers_from is None else numbers_from
    ruled = ["---"] * left + ["---:"] * (len(head) - left)
    lines = [map(markdown_text, head), ruled, *(map(markdown_text, row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def capitalise_text(text: str) -> str:
    """The text as a sentence begins; nothing but its first letter changes."""
    return text[:1].upper() + text[1:]


def list_words(parts: Sequence[Any]) -> str:
    """`a, b and c`."""
    words = [str(part) for part in parts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
