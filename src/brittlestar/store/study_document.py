"""study.json and claims.json: what was asked, what it expanded to, and what was really built."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.commands import Advice, Command, fill_commands, follow_kind
from brittlestar.core.errors import InputError
from brittlestar.core.results import Setting, VariantRecord
from brittlestar.store.hashed_document import read_hashed, write_changed, write_hashed
from brittlestar.store.layout import CLAIMS, STUDY, Store
from brittlestar.study.names import is_session
from brittlestar.training.trained import LIBRARY

AGAIN = "run the study again from its data or study file: finished cells stay, and it is written anew"


def is_in_memory(document: Mapping[str, Any]) -> bool:
    """Whether the data of a study, or its model, were objects in memory: no command can read them again."""
    asked = document.get("asked", {})
    return asked is None or is_session(asked.get("model"))


def give_again(store: Store, asked: Command, *words: str) -> str:
    """A command about a study as it is given here, with `words` after it; or the call that does the same where data or
    model were objects in memory."""
    text = follow_kind(Advice((asked, *words)), in_memory=is_in_memory(read_study(store)))
    return fill_commands(text, shlex.quote(str(store.root)))


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


def write_study(store: Store, cells: Sequence[Cell], variants: Sequence[VariantRecord], **described: Any) -> None:
    """Write study.json with `described`, its other fields as plain JSON values: name, title, given, asked (the input as
    it was given, None for data in memory), base, search_path, own_digests, metric, streams, environment, notes,
    probes, checks (those of others), metrics (of the user's, as they declare themselves), more_metrics (beside that of
    the headline), execution (where it is not the default) and file_digests (where a model reads files). Raises
    StoreError when the disk is full or read-only."""
    document = {
        **described,
        "format": FORMAT_VERSION,
        "expanded": {cell.variant: cell.settings for cell in cells},
        "stream_seeds": {str(cell.seed): cell.streams for cell in cells},
        "seeds": sorted({cell.seed for cell in cells}),
        "variants": [asdict(variant) for variant in variants],
        "cells": [{"variant": cell.variant, "seed": cell.seed, "hash": cell.hash} for cell in cells],
        "stated": _read_known(store).get("stated"),
    }
    write_hashed(store, STUDY, document)


def name_metrics(document: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """The metrics that study.json and claims.json name, that of the headline first."""
    return [document["metric"], *document.get("more_metrics", ()), *(claim["metric"] for claim in claims)]


def save_stated(store: Store, stated: float, what: str = "mean") -> None:
    """Write into study.json what score somebody reports of main, and as what, until another one is stated."""
    document = {**read_study(store), "stated": stated, "stated_is": what}
    write_hashed(store, STUDY, document)


def _read_known(store: Store) -> dict[str, Any]:
    """study.json, empty where nothing can be read."""
    try:
        return read_study(store)
    except InputError:
        return {}


def write_claims(store: Store, claims: Sequence[Mapping[str, Any]], any_cell_done: bool) -> tuple[str, ...]:
    """Write claims.json: a claim that was there before the first cell stays registered, a later one is exploratory.
    Returns the hashes of those that are registered now and were not there before."""
    before = {claim["hash"]: claim for claim in read_claims(store)}
    known = {name: claim.get("registered", not any_cell_done) for name, claim in before.items()}
    kept = [{**claim, "registered": known.get(claim["hash"], not any_cell_done)} for claim in claims]
    gone = before.keys() - {claim["hash"] for claim in kept} if any_cell_done else ()
    write_changed(
        store, CLAIMS, [*kept, *({**claim, "withdrawn": True} for name, claim in before.items() if name in gone)]
    )
    return tuple(one["hash"] for one in kept if one["registered"] and one["hash"] not in before)


def read_study(store: Store) -> dict[str, Any]:
    """study.json. Raises InputError when it is missing, damaged or of a later format."""
    document = read_hashed(store, STUDY, AGAIN)
    if document is None:
        raise InputError("this store has no study.json", str(store.root), AGAIN)
    if document.get("format") != FORMAT_VERSION:
        what = f"the store has format {document.get('format')}, this version reads {FORMAT_VERSION}"
        raise InputError(what, str(store.root), "use the version of brittlestar that wrote it")
    return document


def read_claims(store: Store) -> list[dict[str, Any]]:
    """claims.json, empty where there is none. Raises InputError when it is damaged."""
    try:
        return store.held[CLAIMS] if CLAIMS in store.held else json.loads(store.backend.read(CLAIMS))
    except FileNotFoundError:
        return []
    except ValueError as error:
        hint = "put it back from a copy: it shows that claims came before results, and nothing else can"
        raise InputError(f"claims.json cannot be read: {error}", store.name_key(CLAIMS), hint) from error


def stored_cells(store: Store) -> tuple[Cell, ...]:
    """The cells of study.json, none where there is none that can be read."""
    document = _read_known(store)
    return read_cells(document) if document else ()


def read_cells(document: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The cells of study.json, ready to run."""
    settings, streams = document["expanded"], document["stream_seeds"]
    cells = ((one["variant"], one["seed"], one["hash"]) for one in document["cells"])
    return tuple(Cell(variant, seed, settings[variant], streams[str(seed)], name) for variant, seed, name in cells)


def read_variants(document: Mapping[str, Any]) -> tuple[VariantRecord, ...]:
    """The variants of study.json as records."""
    return tuple(
        replace(VariantRecord(**variant), settings=tuple(Setting(**setting) for setting in variant["settings"]))
        for variant in document["variants"]
    )
