"""audit.json: what was found in the data, and of what exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from brittlestar.core.audit import Audit
from brittlestar.core.errors import InputError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.ladder import BaselineAnswers
from brittlestar.store.layout import Store, write_failure
from brittlestar.store.trivial_answers import is_whole, write_answers

AUDIT_FORMAT = 2
AGAIN = "run the study again from its data or study file: finished cells stay, and the data are audited anew"


def write_audit(store: Store, audit: Audit, of: Mapping[str, Any], answers: BaselineAnswers) -> None:
    """Write the answers of the best trivial baselines, then audit.json with their hash. `of` says what was audited
    (fingerprints of splits, settings, checks) in plain values. Raises StoreError when the disk is full or read-only."""
    try:
        trivial = write_answers(store, answers)
        document = {"format": AUDIT_FORMAT, "of": of, "trivial": trivial, **audit.as_json()}
        write_whole(store.audit, pretty_json({**document, "digest": digest(document)}))
    except OSError as error:
        raise write_failure(error, store.root) from error


def stands(store: Store, of: Mapping[str, Any]) -> bool:
    """Whether the store has an undamaged audit of exactly this, none of which failed; one that measured its limits,
    too, is as good as one that did not."""
    try:
        document = _read(store)
    except InputError:
        return False
    if document is None or document["failed"] is not None or "trivial" not in document:
        return False
    measured = dict(document["of"])
    if not of.get("limits"):
        measured.pop("limits", None)
    return measured == of


def read_audit(store: Store) -> Audit | None:
    """The audit of a store, None where it has none. Raises InputError when it is damaged or of a later format."""
    document = _read(store)
    return None if document is None else Audit.from_json(document)


def _read(store: Store) -> dict[str, Any] | None:
    try:
        document: Any = json.loads(store.audit.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"audit.json cannot be read: {error}", str(store.audit), AGAIN) from error
    if not isinstance(document, dict) or document.pop("digest", None) != digest(document):
        raise InputError("audit.json is not as it was written: it does not match its own hash", str(store.audit), AGAIN)
    if document["format"] != AUDIT_FORMAT:
        what = f"audit.json has format {document['format']}, this version reads {AUDIT_FORMAT}"
        raise InputError(what, str(store.audit), "use the version of brittlestar that wrote it")
    if not is_whole(store, document.get("trivial")):
        raise InputError("trivial.parquet is missing or not as it was written", str(store.trivial), AGAIN)
    return document
