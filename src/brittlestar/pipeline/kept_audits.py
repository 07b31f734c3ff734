"""Audits that are kept on this machine: that of the same rows by the same code is not made twice.

They lie in `audits` of the folder that BRITTLESTAR_CACHE names, else of `brittlestar` in the user's
cache folder. All may be deleted at any time; with BRITTLESTAR_AUDITS=anew none is read or kept. A damaged one is made
anew.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from brittlestar.core.answers import Rows
from brittlestar.core.audit_record import Audit
from brittlestar.core.checks import Check
from brittlestar.core.errors import StoreError
from brittlestar.core.hashing import digest, file_digests
from brittlestar.core.large_arrays import blocks
from brittlestar.core.trivial_baselines import BaselineAnswers
from brittlestar.data.predictions.runs import Given
from brittlestar.pipeline.auditing import measure_limits, open_analysis
from brittlestar.pipeline.open import Opened
from brittlestar.store.audit_document import AUDIT_FORMAT, is_cached, read_answers, read_audit, write_answers
from brittlestar.store.layout import AUDIT, TRIVIAL, Store

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis

SWITCH = "BRITTLESTAR_AUDITS"
LIBRARIES = ("numpy", "polars", "scikit-learn", "scipy")
ROWS_AT_ONCE = 1 << 16  # budget: memory
Tell = Callable[[str, int, int], None]
"""Called with what of an audit is at work, how many parts are done, and of how many."""
MOST_KEPT = 50  # budget: a million rows take some 10 MB


def cache_folder() -> Path:
    """Where this user's copies lie, all of which can be made again. Raises RuntimeError for one without a home."""
    named = os.environ.get("BRITTLESTAR_CACHE")
    return Path(named or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "brittlestar")


def audit_opened(
    opened: Opened, given: Given, of: Mapping[str, Any], own: Sequence[Check], progress: Tell, limits: bool = False
) -> tuple[Audit, BaselineAnswers]:
    """The audit of opened data by our checks and `own`, and what the best trivial baselines answer, for whoever keeps
    them; one that failed says so. `of` is what `describe_audited` says of it. With `limits` it also measures what it
    would have seen in these rows, where they are few enough for that."""
    try:
        made = open_analysis(opened, given)
        audit, answers = make_audit(opened, of, made, own, progress)
        return (replace(audit, limits=measure_limits(made, progress)) if limits else audit), answers
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        return Audit(failed=f"The audit of the data failed ({what}); the run went on without it."), {}


def make_audit(
    opened: Opened, of: Mapping[str, Any], made: "Analysis", own: Sequence[Check], progress: Tell
) -> tuple[Audit, BaselineAnswers]:
    """The audit of opened data by our checks and `own`, and what the best trivial baselines answer, now or before. What
    rests on more than rows, settings and our code is made now."""
    tables = [study.model.embedding.table for study in opened.loaded.by_variant.values()]
    kept = None if own or any(tables) or os.environ.get(SWITCH) == "anew" else _find_place(opened, of)
    if kept is not None and is_cached(kept, of) and (audit := read_audit(kept)) is not None:
        return audit, _read_all_answers(kept, opened)
    # Late: the fork server is started first, and loads PyTorch while these load SciPy.
    from brittlestar.audits.recording import record_audit
    from brittlestar.audits.running import audit_dataset
    from brittlestar.baselines.table import best_answers

    audit = record_audit(made, audit_dataset(made, own=own, progress=progress))
    answers = best_answers(made.baselines, {name: rows.n_rows for name, rows in made.splits.items()})
    if kept is not None and audit.failed is None:
        with suppress(OSError, StoreError):
            _keep(kept, audit, of, answers)
    return audit.linked, answers


def _find_place(opened: Opened, of: Mapping[str, Any]) -> Store | None:
    """Its name says what was audited, what stands between tokens too, and by which code; None for a user without a
    home."""
    texts = {name: _digest_texts(frame["sequence"]) for name, frame in opened.frames.items()}
    try:
        return Store(cache_folder() / "audits" / digest([of, texts, _describe_code()])[:32])
    except RuntimeError:
        return None


def _digest_texts(texts: pl.Series) -> str:
    if isinstance(texts.dtype, pl.List):
        return ""  # its tokens are all there is
    state = hashlib.sha256(texts.str.len_bytes().to_numpy().tobytes())
    for part in blocks(len(texts), ROWS_AT_ONCE):
        state.update("".join(texts[part].to_list()).encode())
    return state.hexdigest()


@cache
def _describe_code() -> str:
    """Our sources, and what computes for them."""
    root = Path(__file__).parents[1]
    sources = file_digests(root, sorted(root.rglob("*.py")))
    return digest([sources, python_version(), [version(name) for name in LIBRARIES]])


def _read_all_answers(kept: Store, opened: Opened) -> BaselineAnswers:
    """In the order of a fresh audit."""
    if not kept.backend.exists(TRIVIAL):
        return {}
    named = pl.read_parquet(kept.path(TRIVIAL), columns=["baseline", "split"]).unique(maintain_order=True).rows()
    n_classes, splits = len(opened.data.classes), {split for _, split in named}
    rows = {name: Rows(labels=np.asarray(opened.data.splits[name].labels), n_classes=n_classes) for name in splits}
    each = {split: read_answers(kept, split, asked) for split, asked in rows.items()}
    return {name: {split: each[split][name] for one, split in named if one == name} for name, _ in named}


def _keep(kept: Store, audit: Audit, of: Mapping[str, Any], answers: BaselineAnswers) -> None:
    """Keep it, and the newest others, for this user alone: audits quote rows."""
    place = Path(kept.root)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.mkdir(exist_ok=True, mode=0o700)
    document = {"format": AUDIT_FORMAT, "of": of, "trivial": write_answers(kept, answers), **audit.exact}
    kept.write(AUDIT, json.dumps({**document, "digest": digest(document)}).encode())  # in the order of a fresh audit
    for old in sorted(place.parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
