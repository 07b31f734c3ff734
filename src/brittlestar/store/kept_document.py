"""What a study keeps of a later stage: a JSON document with a hash of its own."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from brittlestar.core.errors import StoreError
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.store.layout import Store

T = TypeVar("T")


def write_kept(store: Store, name: str, document: Mapping[str, Any]) -> None:
    """Keep a document. Raises StoreError."""
    store.write(name, pretty_json({**document, "digest": digest(document)}))


def read_kept(store: Store, name: str, read: Callable[[Mapping[str, Any]], T], again: str) -> T | None:
    """What `read` makes of the document; None where there is none. Raises StoreError, which says what to do `again`,
    where the file is damaged."""
    if not store.backend.exists(name):
        return None
    try:
        document = json.loads(store.backend.read(name))
        if document.pop("digest") != digest(document):
            raise ValueError("it does not match its own hash")
        return read(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"remove it, and {again}"
        raise StoreError(f"is damaged ({error})", store.name_key(name), hint) from error
