"""What of a study goes into its record, and under which name."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.hashing import pretty_json
from brittlestar.core.splits import UNKNOWN_ID
from brittlestar.data.opening import WITHHELD as NO_TOKENS
from brittlestar.forecasts.outsider import OUTSIDER
from brittlestar.records.writing import Content
from brittlestar.store import layout
from brittlestar.store.kept_document import DIAGNOSIS, TRACE
from brittlestar.store.suites import TOKENS
from brittlestar.training.trained import CHECKPOINTS

FOLDER = "study"
"""Below this name is the study as a store: what verifies a record reads it as one."""
PAGES = "report"
LIMITS = "limits.md"
CODE = "code"
_SINGLE = (
    layout.STUDY,
    layout.CLAIMS,
    layout.AUDIT,
    layout.TRIVIAL,
    layout.ATTEMPTS,
    DIAGNOSIS,
    TRACE,
    layout.CURRENT_SUITE,
)
_WEIGHTS = tuple(layout.weights_name(checkpoint) for checkpoint in CHECKPOINTS)


def gather_study(
    store: layout.Store,
    cells: Sequence[Cell],
    with_data: bool,
    with_weights: bool,
    outsider: Mapping[str, np.ndarray],
) -> tuple[dict[str, Content], tuple[str, ...]]:
    """Everything that says what a study did, of cells that are named or were set aside, and its report: files by name,
    and the keys that are left out, or written without tokens. Caches, locks and other suites of probes stay behind; so
    do tokens of rows and weights, unless they are asked for. In the place of tokens rows have what an `outsider`
    answers to them, by split, where forecasts rest on it."""
    files: dict[str, Content] = {}
    withheld: list[str] = []
    for key in _list_keys(store, cells):
        path = store.path(key)
        if not with_weights and path.name in _WEIGHTS:
            withheld.append(key)
        elif not with_data and _tells_tokens(key):
            withheld.append(key)
            if (content := _redact(path, outsider.get(path.parent.name))) is not None:
                files[f"{FOLDER}/{key}"] = content
        else:
            files[f"{FOLDER}/{key}"] = path
    if withheld:
        files[f"{FOLDER}/{layout.WITHHELD}"] = pretty_json({"withheld": sorted(withheld)})
    return files, tuple(sorted(withheld))


def gather_pages(store: layout.Store) -> dict[str, Content]:
    """The report as it was built: page, tables, figures and what goes into a paper."""
    folder = store.path(layout.REPORT)
    return {f"{PAGES}/{path.relative_to(folder).as_posix()}": path for path in _list_files(folder)}


def _list_keys(store: layout.Store, cells: Sequence[Cell]) -> Iterator[str]:
    yield from (key for key in _SINGLE if store.backend.exists(key))
    yield from _below(store, layout.DATA)
    if store.backend.exists(layout.CURRENT_SUITE):
        yield from _below(store, store.suite(json.loads(store.backend.read(layout.CURRENT_SUITE))["suite"]))
    hashes = {cell.hash for cell in cells}
    for key in store.backend.list(layout.CELLS):
        if key.removeprefix(f"{layout.CELLS}/").partition(".")[0] in hashes:
            yield from _below(store, key)
    for key in store.backend.list(layout.DERIVED):
        if key.removeprefix(f"{layout.DERIVED}/") in hashes:
            yield from _below(store, key)


def _below(store: layout.Store, key: str) -> Iterator[str]:
    folder = store.path(key)
    yield from (f"{key}/{path.relative_to(folder).as_posix()}" for path in _list_files(folder))


def _list_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    hidden = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in hidden if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def may_be_withheld(key: str) -> bool:
    """Whether a record may lack a file of a study: one of weights, or one that has tokens."""
    return key.rpartition("/")[2] in _WEIGHTS or _tells_tokens(key)


def _tells_tokens(key: str) -> bool:
    """Whether a file says what tokens rows have."""
    first, _, rest = key.partition("/")
    name = key.rpartition("/")[2]
    if first == layout.DATA:
        return name in ("tokens.npy", "rows.parquet", "vocabulary.json")
    return first == layout.SUITES and rest.count("/") == 1 and name in (*TOKENS, "suite.json")


def _redact(path: Path, outsider: np.ndarray | None) -> bytes | None:
    """A file without the tokens in it; None where it is nothing but tokens."""
    if path.name == "rows.parquet":
        import polars as pl

        buffer = io.BytesIO()
        answers = [] if outsider is None else [pl.Series(OUTSIDER, outsider)]
        pl.read_parquet(path).drop("tokens").with_columns(answers).write_parquet(buffer)
        return buffer.getvalue()
    if path.suffix != ".json":
        return None
    told: dict[str, Any] = json.loads(path.read_bytes())
    if path.name == "suite.json":
        return pretty_json({**told, "lexicon": []})
    known = told["tokens"][: UNKNOWN_ID + 1]
    named = [*known, *(f"token {number}" for number in range(len(known), len(told["tokens"])))]
    return pretty_json({**told, "tokens": named, NO_TOKENS: True})
