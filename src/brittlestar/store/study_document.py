"""study.json and claims.json: what was asked, what it expanded to, and what was really built."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.results import Setting, VariantRecord
from brittlestar.store.layout import CLAIMS, STUDY, Store, write_failure
from brittlestar.training.trained import LIBRARY

AGAIN = "run the study again from its data or study file: finished cells stay, and it is written anew"


def with_read_back(settings: Sequence[Setting], read_back: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Settings with what the built objects carry, and the library's own defaults that nobody stated."""
    stated = tuple(replace(setting, read_back=read_back.get(setting.path)) for setting in settings)
    paths = {setting.path for setting in settings}
    library = tuple(
        Setting(path, value, "library default", value)
        for path, value in sorted(read_back.items())
        if path.startswith(LIBRARY) and path not in paths
    )
    return stated + library


def write_study(
    store: Store,
    *,
    name: str,
    title: str | None,
    given: Mapping[str, Any],
    metric: str,
    seeds: Sequence[int],
    streams: Mapping[str, str],
    variants: Sequence[VariantRecord],
    cells: Sequence[Cell],
    environment: Mapping[str, Any],
    base: str,
    search_path: str,
    own_digests: Mapping[str, str | None],
    notes: Sequence[str],
    asked: Mapping[str, Any] | None = None,
    probes: Mapping[str, Any] | None = None,
    checks: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write study.json; `asked` is the input as it was given, None for objects in memory;
    `checks` name those of others. Raises StoreError when the
    disk is full or read-only."""
    document = {
        "format": FORMAT_VERSION,
        "name": name,
        "title": title,
        "given": given,
        "asked": asked,
        "base": base,
        "search_path": search_path,
        "own_digests": dict(own_digests),
        "expanded": {cell.variant: cell.settings for cell in cells},
        "stream_seeds": {str(cell.seed): cell.streams for cell in cells},
        "metric": metric,
        "seeds": list(seeds),
        "streams": dict(streams),
        "variants": [asdict(variant) for variant in variants],
        "cells": [{"variant": cell.variant, "seed": cell.seed, "hash": cell.hash} for cell in cells],
        "environment": environment,
        "notes": list(notes),
        "probes": probes,
        "checks": list(checks),
        "stated": _read_stated(store),
    }
    _write(store, STUDY, {**document, "digest": digest(document)})


def keep_stated(store: Store, stated: float) -> None:
    """Write into study.json what score somebody reports of main: it stays there until another one is stated, so that
    whoever reads the study answers it."""
    document = {**read_study(store), "stated": stated}
    _write(store, STUDY, {**document, "digest": digest(document)})


def _read_stated(store: Store) -> float | None:
    """The score that is stated so far, None where none is or nothing can be read."""
    try:
        return read_study(store).get("stated")
    except InputError:
        return None


def write_claims(store: Store, claims: Sequence[Mapping[str, Any]], any_cell_done: bool) -> None:
    """Write claims.json: a claim that was there before the first cell stays registered, a later one is exploratory."""
    before = {claim["hash"]: claim for claim in read_claims(store)}
    kept = [
        {**claim, "registered": before.get(claim["hash"], {}).get("registered", not any_cell_done)} for claim in claims
    ]
    current = {claim["hash"] for claim in kept}
    withdrawn = [
        {**claim, "withdrawn": True} for digest, claim in before.items() if digest not in current and any_cell_done
    ]
    _write(store, CLAIMS, [*kept, *withdrawn])


def _write(store: Store, key: str, document: Any) -> None:
    content = pretty_json(document)
    try:
        same = store.backend.exists(key) and store.backend.read(key) == content
    except OSError as error:
        raise write_failure(error, store.root) from error
    if not same:
        store.write(key, content)


def read_study(store: Store) -> dict[str, Any]:
    """study.json. Raises InputError when it is missing, damaged or of a later format."""
    path = str(store.path(STUDY))
    try:
        document: Any = json.loads(store.backend.read(STUDY))
    except FileNotFoundError:
        raise InputError("this store has no study.json", str(store.root), AGAIN) from None
    except ValueError as error:
        raise InputError(f"study.json cannot be read: {error}", path, AGAIN) from error
    if not isinstance(document, dict) or document.pop("digest", None) != digest(document):
        raise InputError("study.json is not as it was written: it does not match its own hash", path, AGAIN)
    if document.get("format") != FORMAT_VERSION:
        raise InputError(
            f"the store has format {document.get('format')}, this version reads {FORMAT_VERSION}",
            str(store.root),
            "use the version of brittlestar that wrote it",
        )
    return document


def read_claims(store: Store) -> list[dict[str, Any]]:
    """claims.json, empty where there is none. Raises InputError when it is damaged."""
    try:
        return json.loads(store.backend.read(CLAIMS))
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise InputError(
            f"claims.json cannot be read: {error}",
            str(store.path(CLAIMS)),
            "put it back from a copy: it shows that claims came before results, and nothing else can",
        ) from error


def stored_cells(store: Store) -> tuple[Cell, ...]:
    """The cells of study.json, none where there is none that can be read."""
    try:
        return read_cells(read_study(store))
    except InputError:
        return ()


def read_cells(document: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The cells of study.json, ready to run."""
    return tuple(
        Cell(
            cell["variant"],
            cell["seed"],
            document["expanded"][cell["variant"]],
            document["stream_seeds"][str(cell["seed"])],
            cell["hash"],
        )
        for cell in document["cells"]
    )


def read_variants(document: Mapping[str, Any]) -> tuple[VariantRecord, ...]:
    """The variants of study.json as records."""
    return tuple(
        replace(VariantRecord(**variant), settings=tuple(Setting(**setting) for setting in variant["settings"]))
        for variant in document["variants"]
    )
