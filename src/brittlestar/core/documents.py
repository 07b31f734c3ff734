"""How every document begins that other people's programs read, and how it gives a command."""

from collections.abc import Mapping
from typing import Any

from brittlestar.core.commands import list_arguments

SCHEMA_VERSION = 1
"""Of all documents: it grows where a key goes, or changes its meaning."""


def begin_document(headline: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The first keys of a document. `headline` is what the command says first: the answers of a study or of data, one
    answer of another kind (`answer_document`), or None where a verb answers no question, or many."""
    return {"schema_version": SCHEMA_VERSION, "headline": headline}


def answer_document(answer: str | None, sentence: str) -> dict[str, Any]:
    """One answer, by a code, and as people read it."""
    return {"answer": answer, "sentence": sentence}


def offer_command(text: str | None, name: str = "next") -> dict[str, Any]:
    """What can be done: as people read it, under `name`, and the arguments of the first command in it."""
    return {name: text or None, "argv": list_arguments(text)}
