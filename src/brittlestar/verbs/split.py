"""`split`: train, dev and test from one table, with no copy, near copy or group on two sides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding
from brittlestar.core.hashing import pretty_json
from brittlestar.data.joining import NO_PAIRS, Pairs, join
from brittlestar.data.rows import token_hashes
from brittlestar.data.split_notes import components, counts, notes
from brittlestar.data.splitting import BY, DEFAULT_SIZES, By, Plan, gathered, plan, sizes_of
from brittlestar.data.times import shown_time, times_of
from brittlestar.data.whole import Coded, Whole, code, read_whole
from brittlestar.data.writing import MANIFEST, NewFolder, refuse_existing, suffix_for, table_bytes
from brittlestar.study.columns import columns_of
from brittlestar.verbs.audit import AuditResult, audit
from brittlestar.verbs.options import near

FORMAT = 1
MOST_IDS = 10
TURNS = 6
"""Searches of the finished splits, two at least; each moves what it finds, which changes what the next one sees."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class SplitResult:
    """What `split` made: `frames` by split (id, sequence, label, group, other columns; rows in the order of the
    table), the `audit` of them, `document`, which is `manifest.json`, and the folder, or None where nothing was
    written. `assignment` has a row for each row of the table: row, id, split, component, moved."""

    frames: Mapping[str, pl.DataFrame]
    audit: AuditResult
    document: Mapping[str, Any]
    assignment: pl.DataFrame
    folder: Path | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the audit found."""
        return self.audit.findings


def split(
    data: Any,
    out: str | Path | None = None,
    *,
    by: str = "random",
    sizes: str | None = None,
    time: str | None = None,
    stratify: bool | None = None,
    seed: int = 0,
    tokens: str | None = None,
    keep_near_copies: bool = False,
    ignore_groups: bool = False,
    columns: Mapping[str, str] | None = None,
    progress: Progress = lambda stage: None,
) -> SplitResult:
    """Make train, dev and test from one table: a file, or a pandas, Polars or Arrow frame, a pair (sequences, labels)
    or a list of dicts.

    Rows that are copies, near copies (as `leak.near` defines them) or of one group stay together; where near copies
    join rows of a table without groups, their families become the column `group`. `by`: `random` deals
    them with the class shares of the whole (`stratify=False`: by size alone); `group` does the same and refuses a table
    without groups; `time` cuts along the column `time`; `length` keeps the longest rows as `shift_long` and deals the
    others. `sizes` are per cent of the rows: train/dev/test `80/10/10`, or train/dev/test/shift_long `70/10/10/10`; 0
    leaves a split out. `tokens` says how a row becomes tokens (`whitespace`, `characters`, `list`, `regex:PATTERN`; by
    default a look at the table decides). `keep_near_copies` and `ignore_groups` let these lie on two sides.

    A file is written to `out` (`./NAME.splits`) as one file a split, `manifest.json` and `manifest.csv`; an object only
    where `out` is given. The same rows and seed give the same splits, in whatever order the rows stand, and the same
    file gives the same bytes. Raises InputError with all that is wrong, StoreError where the folder cannot be written.
    """
    kind, names, shares = _checked(by, sizes, time, stratify, seed)
    folder = _folder(data, out)
    progress("reading")
    whole = read_whole(data, columns_of(columns))
    if kind == "group" and "group" not in whole.frame.columns:
        hint = f"name it with --columns group=NAME; the table has {', '.join(whole.table.frame.columns[:8])}"
        raise InputError("there is no group column to split by", whole.table.where, hint)
    values, shown = _values(whole, time) if kind == "time" else (None, str)
    coded = code(whole, tokens)
    progress("looking for copies")
    joined = join(
        coded.hashes,
        None if ignore_groups else coded.groups,
        NO_PAIRS if keep_near_copies else _near_copies(coded),
    )
    ordered = coded.lengths if kind == "length" else values
    progress("splitting")
    stratified = stratify is not False
    made = plan(joined, coded.labels, names, shares, kind, values=ordered, stratify=stratified, seed=seed)
    for turn in range(0 if keep_near_copies else TURNS):
        across = _across(coded, made, turn)
        if len(across[0]):
            made = gathered(made, across)
        elif turn:
            break
    settings = {
        "by": kind,
        "sizes": "/".join(f"{100 * share:g}" for share in shares.tolist()),
        "time": time,
        "stratify": stratified if kind in ("random", "group", "length") else None,
        "seed": seed,
        "tokens": coded.how,
        "columns": dict(columns or {}),
        "keep_near_copies": keep_near_copies,
        "ignore_groups": ignore_groups,
    }
    told = (*whole.notes, *notes(made, coded.labels, coded.classes, kind, shown))
    document = _document(whole, coded, made, settings, told)
    return _finished(whole, coded, made, document, folder, progress)


def _checked(
    by: str, sizes: str | None, time: str | None, stratify: bool | None, seed: int
) -> tuple[By, tuple[str, ...], np.ndarray]:
    """Options that go together. Raises InputError with all that do not."""
    if by not in BY:
        raise InputError(f"{by!r} is no way to split", "--by", near(by, BY) or f"use {', '.join(BY)}")
    kind: By = next(known for known in BY if known == by)
    problems: list[Problem] = []
    if kind == "time" and not time:
        problems.append(Problem("no column of times is named", "--by time", "name it: --time COLUMN"))
    if kind != "time" and time:
        problems.append(Problem(f"times are not used by {kind}", "--time", "add --by time, or leave --time out"))
    if kind == "time" and stratify:
        problems.append(Problem("stretches of time have the classes they have", "--stratify", "leave it out"))
    if seed < 0:
        problems.append(Problem(f"the seed is {seed}", "--seed", "use 0 or more"))
    names, shares = (), np.empty(0)
    try:
        names, shares = sizes_of(DEFAULT_SIZES[kind] if sizes is None else sizes, kind)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return kind, names, shares


def _folder(data: Any, out: str | Path | None) -> Path | None:
    if out is None and not isinstance(data, str | Path):
        return None
    folder = Path(f"{Path(data).stem}.splits") if out is None else Path(out)
    refuse_existing(folder, "--out")
    return folder


def _values(whole: Whole, time: str | None) -> tuple[np.ndarray, Callable[[Any], str]]:
    values, dated = times_of(whole.table, time or "")
    return values, lambda value: shown_time(value, dated)


def _near_copies(coded: Coded) -> Pairs:
    """Near copies among distinct sequences, as positions of rows."""
    from brittlestar.audits.leaks.pairing import near_pairs

    codes, offsets, row = coded.distinct()
    left, right = near_pairs(codes, offsets, token_hashes(coded.tokens))
    return row[left], row[right]


def _across(coded: Coded, made: Plan, turn: int) -> Pairs:
    """Near copies in train of rows of other splits, as an audit sees them: how surprising a row is, and so what counts
    as a near copy of it, depends on the rows that are searched."""
    from brittlestar.audits.leaks.comparing import Ragged
    from brittlestar.audits.leaks.pairing import near_between

    codes, offsets, row = coded.distinct(made.split == 0)
    others, at, other = coded.distinct(made.split > 0)
    query, near = near_between(Ragged(codes, offsets), Ragged(others, at), token_hashes(coded.tokens), turn)
    return row[near], other[query]


def _document(
    whole: Whole, coded: Coded, made: Plan, settings: Mapping[str, Any], told: tuple[str, ...]
) -> dict[str, Any]:
    ids = whole.frame["id"].gather(np.flatnonzero(made.moved)[:MOST_IDS]).to_list()
    return {
        "format": FORMAT,
        "source": {
            "name": whole.source,
            "sha256": whole.digest or None,
            "fingerprint": coded.fingerprint,
            "rows": whole.frame.height,
        },
        "settings": dict(settings),
        "splits": counts(made, coded.labels, coded.classes, coded.lengths),
        "components": components(made),
        "moved": {"rows": int(made.moved.sum()), "near_copies": made.strays, "ids": ids},
        "notes": list(told),
    }


def _finished(
    whole: Whole, coded: Coded, made: Plan, document: dict[str, Any], folder: Path | None, progress: Progress
) -> SplitResult:
    kept = whole.frame if "group" in whole.frame.columns else _with_families(whole.frame, made)
    frames = {name: kept.filter(pl.Series(made.split == k)) for k, name in enumerate(made.names)}
    table = pl.DataFrame(
        {
            "row": np.arange(len(made.split)),
            "id": whole.frame["id"],
            "split": pl.Series(list(made.names))[made.split],
            "component": made.joined.component,
            "moved": made.moved,
        }
    )
    settings = {"data.tokens": coded.how}
    if folder is None:
        progress("auditing")
        audited = audit({name: _roles(frame) for name, frame in frames.items()}, settings=settings)
        return SplitResult(frames, audited, {**document, "findings": audited.document["findings"]}, table, None)
    suffix = suffix_for(kept)
    with NewFolder(folder) as new:
        files = {f"{name}{suffix}": table_bytes(frame, suffix) for name, frame in frames.items()}
        for name, content in files.items():
            document["splits"][name.removesuffix(suffix)]["file"] = name
            document["splits"][name.removesuffix(suffix)]["sha256"] = hashlib.sha256(content).hexdigest()
        new.write(files)
        progress("auditing")
        audited = audit(new.place, settings=settings)
        document["findings"] = audited.document["findings"]
        new.write({MANIFEST: table_bytes(table, ".csv"), "manifest.json": pretty_json(document)})
        new.done()
    return SplitResult(frames, audited, document, table, folder)


def _with_families(frame: pl.DataFrame, made: Plan) -> pl.DataFrame:
    """The rows with the families of near copies as their groups, so that later stages take each as one unit."""
    joined = made.joined
    if len(np.unique(joined.without_near)) == joined.n_components:
        return frame
    family = np.where(joined.sizes[joined.component] > 1, joined.component, -1)
    names = ["" if one < 0 else f"family-{one}" for one in family.tolist()]
    return frame.with_columns(pl.Series("group", names, pl.String))


def _roles(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(name for name in ("id", "sequence", "label", "group") if name in frame.columns)
