"""How every document begins that other people's programs read, how it gives a command, and its schema."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from brittlestar.core.commands import list_arguments
from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest

_REFERENCES = re.compile(r'"#/\$defs/([^"]+)"')

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


@cache
def read_schemas() -> dict[str, Any]:
    """The file with the schemas of all documents."""
    return json.loads(Path(__file__).parents[1].joinpath("schemas.json").read_bytes())


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a document that `--json` prints or a report keeps.

    `schemas.json` in the installed package has all of them. Keys that a schema does not name are allowed: later
    versions add some.

    Args:
        name: `study` is the document of `run`, `report` and results.json. Others have the name of their verb, and
            docs/reference/schemas.md lists them all.

    Returns:
        A schema that stands alone.

    Raises:
        InputError: There is no document of this name.

    Example:
        >>> from brittlestar import schema
        >>> schema("gate")["required"][:4]
        ['schema_version', 'headline', 'subject', 'outcome']
    """
    parts: dict[str, Any] = read_schemas()["$defs"]
    documents = [one for one in parts if one.islower()]
    if name not in documents:
        raise InputError(f"there is no document {name!r}", "schema", suggest(name, documents) or ", ".join(documents))
    used, open_ = dict[str, Any](), [name]
    while open_:
        part = open_.pop()
        used[part] = parts[part]
        named = _REFERENCES.findall(json.dumps(parts[part]))
        open_ += [one for one in dict.fromkeys(named) if one not in used]
    whole = used.pop(name)
    return {"$schema": read_schemas()["$schema"], "title": name, **whole, "$defs": used}
