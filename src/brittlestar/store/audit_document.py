"""audit.json: what was found in the data, and of what exactly; trivial.parquet: what trivial baselines answer."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.answers import Answers, Rows
from brittlestar.core.audit_record import Audit
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import file_digest, parquet_bytes
from brittlestar.core.trivial_baselines import BaselineAnswers
from brittlestar.store.hashed_document import read_hashed, write_hashed
from brittlestar.store.layout import AUDIT, TRIVIAL, Store

if TYPE_CHECKING:
    import polars as pl


def write_answers(store: Store, answers: BaselineAnswers) -> str | None:
    """Write the answers of trivial baselines, a line per baseline, split and row. Returns the hash of the file, None
    where there are no answers, and no file. Raises StoreError when the disk is full or read-only."""
    import polars as pl

    if not answers:
        store.backend.remove(TRIVIAL)
        return None
    parts = [(name, split, one) for name, splits in answers.items() for split, one in splits.items()]
    counts = [one.predicted.shape[1] for _, _, one in parts]
    which = np.repeat(np.arange(len(parts)), counts)
    columns = {
        "baseline": pl.Series([name for name, _, _ in parts]).gather(which),
        "split": pl.Series([split for _, split, _ in parts]).gather(which),
        "row": np.concatenate([np.arange(count, dtype=np.int64) for count in counts]),
        "predicted": np.concatenate([one.predicted[0] for _, _, one in parts]),
        **{name: _join(name, parts) for name in ("own", "confidence")},
    }
    if all(one.whole is not None for _, _, one in parts):
        columns["values"] = _join("whole", parts)
    content = parquet_bytes(columns)
    store.write(TRIVIAL, content)
    return hashlib.sha256(content).hexdigest()


def _join(name: str, parts: list[tuple[str, str, Answers]]) -> np.ndarray:
    return np.concatenate([getattr(one, name)[0] for _, _, one in parts])


def is_whole(store: Store, expected: str | None) -> bool:
    """Whether the file is the one with this hash; no file is needed where no hash was kept."""
    if expected is None:
        return True
    try:
        return file_digest(store.path(TRIVIAL)) == expected
    except OSError:
        return False


def read_answers(store: Store, split: str, rows: Rows) -> Mapping[str, Answers]:
    """The answers of every baseline on the rows of one split, by its name; nothing where they are not kept. Whether the
    file is whole, `read_audit` has checked."""
    import polars as pl

    if TRIVIAL in store.held:
        held = ((name, splits[split]) for name, splits in store.held[TRIVIAL].items() if split in splits)
        return {name: replace(answers, rows=rows) for name, answers in held}
    if not store.backend.exists(TRIVIAL):
        return {}
    frame = pl.scan_parquet(store.path(TRIVIAL)).filter(pl.col("split") == split).sort("row").collect()
    parts = frame.partition_by("baseline", as_dict=True, maintain_order=True)
    return {str(name): _read_answers(part, rows) for (name,), part in parts.items()}


def _read_answers(part: "pl.DataFrame", rows: Rows) -> Answers:
    """Those of one baseline; what older versions did not keep is None."""
    whole = None
    if "values" in part.columns:
        whole = part["values"].explode().to_numpy().reshape(1, part.height, -1)
    own, confidence = (part[name].to_numpy()[None] if name in part.columns else None for name in ("own", "confidence"))
    return Answers(rows=rows, predicted=part["predicted"].to_numpy()[None], own=own, confidence=confidence, whole=whole)


AUDIT_FORMAT = 2  # raised whenever the document changes
AGAIN = "run the study again from its data or study file: finished cells stay, and the data are audited anew"


def write_audit(store: Store, audit: Audit, of: Mapping[str, Any], answers: BaselineAnswers) -> None:
    """Write the answers of the best trivial baselines, then audit.json with their hash. `of` says what was audited
    (fingerprints of splits, settings, checks) in plain values. Raises StoreError when the disk is full or read-only."""
    if not store.lasting:
        store.held.update({AUDIT: audit.rounded, TRIVIAL: answers})
        return
    document = {"format": AUDIT_FORMAT, "of": of, "trivial": write_answers(store, answers), **audit.as_json()}
    write_hashed(store, AUDIT, document)


def is_cached(store: Store, of: Mapping[str, Any]) -> bool:
    """Whether the store has a whole audit of exactly this, none of which failed; measured limits do no harm."""
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
    if AUDIT in store.held:
        return store.held[AUDIT]
    document = _read(store)
    return None if document is None else Audit.from_json(document)


def _read(store: Store) -> dict[str, Any] | None:
    document = read_hashed(store, AUDIT, AGAIN)
    if document is None:
        return None
    if document["format"] != AUDIT_FORMAT:
        what = f"audit.json has format {document['format']}, this version reads {AUDIT_FORMAT}"
        raise InputError(what, store.name_key(AUDIT), "use the version of brittlestar that wrote it")
    if not is_whole(store, document.get("trivial")):
        raise InputError("trivial.parquet is missing or not as it was written", store.name_key(TRIVIAL), AGAIN)
    return document
