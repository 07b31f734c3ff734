"""`split`: train, dev and test from one table, with no copy, near copy or group on two sides."""

import hashlib
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding
from brittlestar.core.hashing import pretty_json
from brittlestar.core.texts import suggest
from brittlestar.data.joining import NO_PAIRS, Pairs, join
from brittlestar.data.rows import token_hashes
from brittlestar.data.split_notes import components, counts, notes
from brittlestar.data.splitting import BY, By, Plan, default_sizes, gather_components, plan, sizes_of
from brittlestar.data.times import shown_time, times_of
from brittlestar.data.whole import Coded, Whole, code, read_whole
from brittlestar.data.writing import MANIFEST, NewFolder, refuse_existing, suffix_for, table_bytes
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.reports.export_tables import Tables, list_findings
from brittlestar.reports.headline_text import QUESTIONS
from brittlestar.reports.showing import Shown
from brittlestar.study.settings import columns_of
from brittlestar.verbs.audit import AuditResult, audit

COMPOSED = ("pairs", "predicates", "mcd")
"""Ways of earlier releases."""
TURNS = 6
"""Searches of the finished splits, two at least; each moves what it finds, which changes what the next one sees."""
FORMAT = 2  # raised whenever the file changes
MOST_IDS = 10  # a list that a person reads
STEPS = READING, COPIES, SPLITTING, AUDITING = "reading", "looking for copies", "splitting", "auditing"


@dataclass(frozen=True, repr=False)
class SplitResult(Shown):
    """What `split` made: `frames` by split (id, sequence, label, group, other columns; rows in the order of the
    table), the `audit` of them, `document`, which is `manifest.json`, and the folder, or None where nothing was
    written. `assignment` has a row for each row of the table: row, id, split, component, moved."""

    frames: Mapping[str, pl.DataFrame]
    audit: AuditResult
    document: Mapping[str, Any]
    assignment: pl.DataFrame
    folder: Path | None

    @property
    def _lines(self) -> list[tuple[str, str]]:
        rows = ", ".join(f"{name} {frame.height:,}" for name, frame in self.frames.items())
        sound = (QUESTIONS["sound"], self.audit.headline.sound.words)
        return [("Splits", rows), sound, *([] if self.folder is None else [("Folder", str(self.folder))])]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the audit found."""
        return self.audit.findings

    @property
    def _tables(self) -> Tables:
        return {"findings": list_findings(self.findings), "assignment": lambda: self.assignment}


def check_options(
    by: str, sizes: str | None, time: str | None, stratify: bool | None, seed: int
) -> tuple[By, tuple[str, ...], np.ndarray]:
    """The way to split, names and shares of the splits. Raises InputError with all options that do not go together."""
    if by not in BY:
        hint = "docs/14-one-csv.md holds out pairs by hand" if by in COMPOSED else suggest(by, BY)
        raise InputError(f"--by must be one of {', '.join(BY)} (got {by!r})", "", hint)
    kind: By = next(known for known in BY if known == by)
    problems: list[Problem] = []
    if kind == "time" and not time:
        problems.append(Problem("--by=time needs a column of times", "", "add --time COLUMN"))
    if kind != "time" and time:
        what = f"--time applies to --by=time (got --by={kind})"
        problems.append(Problem(what, "", "add --by=time, or leave --time out"))
    if kind == "time" and stratify:
        problems.append(Problem("--stratify does not apply to --by=time", "", "leave it out"))
    if seed < 0:
        problems.append(Problem(f"--seed must be 0 or more (got {seed})"))
    names, shares = (), np.empty(0)
    try:
        names, shares = sizes_of(default_sizes(kind) if sizes is None else sizes, kind)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return kind, names, shares


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
    drop_missing: bool = False,
    columns: Mapping[str, str] | None = None,
    progress: bool | Progress = True,
) -> SplitResult:
    """Make train, dev and test from one table.

    No copy, near copy or group is in two splits, and they are audited. Needs one table with the columns sequence and
    label, and any of id and group (`columns` names others). The folder must not be there yet.

    Where near copies join rows of a table without groups, their families become the column group. The same rows and
    seed give the same splits, in whatever order the rows stand, and the same file gives the same bytes.

    Ways to split, `by`:
      random  rows at random, with the class shares of the whole table
      group   the same, and refused where there is no group column
      time    earlier rows for train, later ones for dev and test
      length  the longest rows become shift_long

    Args:
        data (FILE): One table: .csv, .tsv, .parquet or .jsonl. In Python also a pandas, Polars or Arrow frame, a pair
            (sequences, labels), or a list of dicts.
        out (DIR): A new folder. Default: ./NAME.splits. In Python splits of an object are written only where it is
            given.
        by (WAY): random, group, time or length.
        sizes (TRAIN/DEV/TEST): Per cent of the rows: train/dev/test[/shift_long]. Default: 80/10/10, by length
            70/10/10/10. 0 leaves a split out.
        time (COLUMN): The column of times, for a split by time.
        stratify: Keep class shares (default), or sizes alone.
        seed (N): The same seed gives the same splits.
        tokens (HOW): whitespace, characters, list, regex:PATTERN. Default: a look decides.
        keep_near_copies: Near copies may lie in two splits; copies never do.
        ignore_groups: A group may lie in two splits.
        drop_missing: Leave out rows without a sequence or label; else they are an error.
        columns (ROLE=COLUMN,…): Your columns: sequence=text,label=target. In Python a mapping: `{"sequence": "text"}`.
        progress: In Python: tell on standard error how far it is, or not; or a function that is called with the step
            that starts, how many are done, and of how many.

    Returns:
        The splits as frames, their audit, the manifest, and where each row went.

    Raises:
        InputError: The table or an option is wrong, with every mistake.
        StoreError: The folder cannot be written.

    Command:
        Writes a file for each split, manifest.json, and manifest.csv, which says of every row where it went. Prints
        sizes, class shares, what the audit found, and the next command.

        Examples:
          brittlestar split reviews.csv --columns sequence=text,label=stars
          brittlestar split reviews.csv --columns sequence=text,label=stars \\
            --by time --time written --sizes 70/15/15 --out reviews-by-time

        Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage, or a table that cannot be split so.

    Example:
        >>> from brittlestar import split
        >>> rows = [{"sequence": f"a{k} b{k % 7} c{k % 11} d", "label": str(k % 2)} for k in range(100)]
        >>> result = split(rows, sizes="60/20/20", seed=1)
        >>> {name: frame.height for name, frame in result.frames.items()}
        {'train': 60, 'dev': 20, 'test': 20}
    """
    kind, names, shares = check_options(by, sizes, time, stratify, seed)
    folder = None
    if out is not None or isinstance(data, str | Path):
        folder = Path(f"{Path(data).stem}.splits") if out is None else Path(out)
        refuse_existing(folder, "--out")
    with tell_progress(progress, "split") as tell:

        def step(name: str) -> None:
            tell(name, STEPS.index(name), len(STEPS))

        step(READING)
        whole = read_whole(data, columns_of(columns), drop_missing)
        if kind == "group" and "group" not in whole.frame.columns:
            hint = f"name it with --columns group=NAME; the table has {', '.join(whole.table.frame.columns[:8])}"
            raise InputError("there is no group column to split by", whole.table.where, hint)
        values, shown = None, str
        if kind == "time":
            values, dated = times_of(whole.table, time or "")
            shown = partial(shown_time, dated=dated)
        coded = code(whole, tokens)
        step(COPIES)
        groups = None if ignore_groups else coded.groups
        joined = join(coded.hashes, groups, NO_PAIRS if keep_near_copies else near_copies(coded))
        step(SPLITTING)
        stratified = stratify is not False
        ordered = coded.lengths if kind == "length" else values
        made = plan(joined, coded.labels, names, shares, kind, values=ordered, stratify=stratified, seed=seed)
        made = made if keep_near_copies else join_near_copies(coded, made)
        settings = {
            "by": kind,
            "sizes": "/".join(f"{100 * share:g}" for share in shares.tolist()),
            "time": time,
            "stratify": None if kind == "time" else stratified,
            "seed": seed,
            "tokens": coded.how,
            "columns": dict(columns or {}),
            "keep_near_copies": keep_near_copies,
            "ignore_groups": ignore_groups,
            "drop_missing": drop_missing,
        }
        ids = whole.frame["id"].gather(np.flatnonzero(made.moved)[:MOST_IDS]).to_list()
        source = {"name": whole.source, "sha256": whole.digest or None, "fingerprint": coded.fingerprint}
        document = {
            "format": FORMAT,
            "source": {**source, "rows": whole.frame.height},
            "settings": settings,
            "splits": counts(made, coded.labels, coded.classes, coded.lengths),
            "components": components(made),
            "moved": {"rows": int(made.moved.sum()), "near_copies": made.strays, "ids": ids},
            "notes": [*whole.notes, *notes(made, coded.labels, coded.classes, kind, shown)],
        }
        return _write_splits(whole, coded, made, document, folder, step)


def _write_splits(
    whole: Whole, coded: Coded, made: Plan, document: dict[str, Any], folder: Path | None, step: Callable[[str], None]
) -> SplitResult:
    kept = whole.frame if "group" in whole.frame.columns else _with_families(whole.frame, made)
    frames = {name: kept.filter(pl.Series(made.split == k)) for k, name in enumerate(made.names)}
    table = pl.DataFrame(
        {
            "row": np.asarray(whole.rows),
            "id": whole.frame["id"],
            "split": pl.Series(list(made.names))[made.split],
            "component": made.joined.component,
            "moved": made.moved,
        }
    )
    settings = {"data.tokens": coded.how}
    if folder is None:
        step(AUDITING)
        roles = [name for name in ("id", "sequence", "label", "group") if name in kept.columns]
        parts = {name: frame.select(roles) for name, frame in frames.items()}
        audited = audit(parts, settings=settings, progress=False)
        return SplitResult(frames, audited, {**document, "findings": audited.document["findings"]}, table, None)
    suffix = suffix_for(kept)
    with NewFolder(folder) as new:
        files = {f"{name}{suffix}": table_bytes(frame, suffix) for name, frame in frames.items()}
        for name, content in files.items():
            document["splits"][name.removesuffix(suffix)]["file"] = name
            document["splits"][name.removesuffix(suffix)]["sha256"] = hashlib.sha256(content).hexdigest()
        new.write(files)
        step(AUDITING)
        audited = replace(audit(new.place, settings=settings, progress=False), place=shlex.quote(str(folder)))
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


def near_copies(coded: Coded) -> Pairs:
    """Near copies among distinct sequences, as positions of rows."""
    from brittlestar.audits.leaks.pairing import near_pairs

    rows, row = coded.distinct()
    left, right = near_pairs(rows.codes, rows.offsets, token_hashes(coded.tokens))
    return row[left], row[right]


def join_near_copies(coded: Coded, made: Plan) -> Plan:
    """The plan after rows have moved to train where a near copy stands that only a search of the finished splits
    shows. Raises InputError."""
    for turn in range(TURNS):
        across = _find_near_across(coded, made, turn)
        if len(across[0]):
            made = gather_components(made, across)
        elif turn:
            break
    return made


def _find_near_across(coded: Coded, made: Plan, turn: int) -> Pairs:
    """Near copies in train of rows of other splits, as an audit of these very splits sees them."""
    from brittlestar.audits.leaks.pairing import near_between

    searched, row = coded.distinct(made.split == 0)
    asked, other = coded.distinct(made.split > 0)
    query, near = near_between(searched, asked, token_hashes(coded.tokens), turn)
    return row[near], other[query]
