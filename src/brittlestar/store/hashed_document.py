"""JSON documents with a hash of their own: read whole, or refused."""

import json
from collections.abc import Mapping
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.plain import order_keys, plain
from brittlestar.store.layout import Store, telling_failures


def write_hashed(store: Store, key: str, document: Mapping[str, Any]) -> None:
    """Write a document with its hash. Raises StoreError when the disk is full or read-only."""
    write_changed(store, key, {**document, "digest": digest(document)} if store.lasting else document)


def write_changed(store: Store, key: str, document: Any) -> None:
    """Write a document, unless it stands there already; a store that does not last holds it as it would be read.
    Raises StoreError."""
    if not store.lasting:
        store.held[key] = order_keys(plain(document))
        return
    content = pretty_json(document)
    with telling_failures(store.root):
        same = store.backend.exists(key) and store.backend.read(key) == content
    if not same:
        store.write(key, content)


def read_hashed(store: Store, key: str, again: str) -> dict[str, Any] | None:
    """What `write_hashed` wrote, None where nothing is. Raises InputError, which says what to do `again`, where it is
    damaged."""
    if key in store.held:
        return dict(store.held[key])
    path = store.name_key(key)
    try:
        document: Any = json.loads(store.backend.read(key))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{key} cannot be read: {error}", path, again) from error
    if not isinstance(document, dict) or document.pop("digest", None) != digest(document):
        raise InputError(f"{key} is not as it was written: it does not match its own hash", path, again)
    return document
