"""One table made into splits: near copies kept together, files written, the result audited."""

import hashlib
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.audits.split_sizes import note_small_splits
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.files import make_folder, refuse_existing, write_files
from brittlestar.core.findings import Finding
from brittlestar.core.hashing import pretty_json
from brittlestar.core.texts import suggest
from brittlestar.data.joining import NO_PAIRS, Pairs, join
from brittlestar.data.rows import token_hashes
from brittlestar.data.split_notes import components, counts, notes, warnings
from brittlestar.data.splitting import BY, By, SplitPlan, default_sizes, gather_components, plan, sizes_of
from brittlestar.data.times import shown_time, times_of
from brittlestar.data.whole import Coded, Whole, code, drop_copies, read_whole
from brittlestar.data.writing import MANIFEST, suffix_for, table_bytes
from brittlestar.execution.progress import Progress
from brittlestar.pipeline.data_audit import AuditResult, audit_data, sound_blocks
from brittlestar.pipeline.request import Request
from brittlestar.reports.export_tables import Tables, list_findings
from brittlestar.reports.paragraphs import Paragraph, name_first, name_next, name_place, name_text
from brittlestar.reports.result_text import counts_block, explain_leading, leading_blocks, note_blocks
from brittlestar.reports.showing import Lines, Shown
from brittlestar.study.settings import columns_of

TURNS = 6
"""Searches of the finished splits, two at least; each moves what it finds, which changes what the next one sees."""
FORMAT = 3  # raised whenever the file changes
MOST_IDS = 10  # a list that a person reads
STEPS = READING, COPIES, SPLITTING, AUDITING = "reading", "looking for copies", "splitting", "auditing"

LARGEST_IS_SAID = 0.01
"""The share of rows from which on the largest component of a split is said (convention)."""
MOST_SHARES_SAID = 6
"""Classes of which a split's line gives the share: the others are counted (convention)."""


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
    def blocks(self) -> list[Paragraph]:
        """Sizes and class shares, whether the splits are sound, notes, and the command that goes on."""
        sizes, findings = self.document["splits"], self.findings
        again = self.folder and f"brittlestar run {shlex.quote(str(self.folder))}"
        return [
            *(Paragraph(name, _describe_shares(entry)) for name, entry in sizes.items()),
            *name_first("Warning", self.document["warnings"]),
            *name_text("Largest", _describe_largest(self.document)),
            *sound_blocks(self.audit.headline.sound),
            *leading_blocks(findings, None),
            counts_block(findings, None),
            *explain_leading(findings, None, self.audit.place is None),
            *note_blocks(self.notes),
            *name_place("Written", self.folder),
            *name_next("Next", again),
        ]

    @property
    def _told(self) -> Lines:
        return ()  # notes are among the blocks

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the audit found."""
        return self.audit.findings

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of how the table was read and split."""
        return tuple(self.document["notes"])

    @property
    def _tables(self) -> Tables:
        return {"findings": list_findings(self.findings), "assignment": lambda: self.assignment}


def _describe_largest(document: Mapping[str, Any]) -> str:
    """The largest component and why it is one, where it is a hundredth of the rows or more."""
    found, rows = document["components"], sum(entry["rows"] for entry in document["splits"].values())
    if not found["largest_is"] or found["largest"] < LARGEST_IS_SAID * rows:
        return ""
    return f"component: {found['largest']:,} of {rows:,} rows, all in {found['largest_in']}: {found['largest_is']}"


def _describe_shares(entry: Mapping[str, Any]) -> str:
    """`800 rows (80.0 %): a 50.0%, b 50.0%`."""
    shares = [f"{label} {of['share']:.1%}" for label, of in entry["classes"].items()]
    more = f" and {len(shares) - MOST_SHARES_SAID:,} more" if len(shares) > MOST_SHARES_SAID else ""
    return f"{entry['rows']:,} rows ({entry['share']:.1%}): {', '.join(shares[:MOST_SHARES_SAID])}{more}"


@dataclass(frozen=True)
class SplitSettings:
    """How a table is split, as options and the manifest say it: `sizes` are None for those that a way has by default,
    `stratify` is None for a choice by the way."""

    by: str
    sizes: str | None
    time: str | None
    stratify: bool | None
    seed: int
    tokens: str | None
    columns: Mapping[str, str]
    keep_near_copies: bool
    ignore_groups: bool
    drop_missing: bool
    drop_copies: bool

    @property
    def kind(self) -> By:
        """The way to split. Raises InputError where there is none of that name."""
        if self.by not in BY:
            raise InputError(f"--by must be one of {', '.join(BY)} (got {self.by!r})", "", suggest(self.by, BY))
        return next(known for known in BY if known == self.by)

    def check(self) -> tuple[tuple[str, ...], np.ndarray]:
        """Names and shares of the splits. Raises InputError with all options that do not go together."""
        kind, problems = self.kind, list[Problem]()
        if kind == "time" and not self.time:
            problems.append(Problem("--by=time needs a column of times", "", "add --time COLUMN"))
        if kind != "time" and self.time:
            what = f"--time applies to --by=time (got --by={kind})"
            problems.append(Problem(what, "", "add --by=time, or leave --time out"))
        if kind == "time" and self.stratify:
            problems.append(Problem("--stratify does not apply to --by=time", "", "leave it out"))
        if self.seed < 0:
            problems.append(Problem(f"--seed must be 0 or more (got {self.seed})"))
        names, shares = (), np.empty(0)
        try:
            names, shares = sizes_of(default_sizes(kind) if self.sizes is None else self.sizes, kind)
        except InputError as error:
            problems += error.problems
        if problems:
            raise InputError(problems)
        return names, shares


def split_table(data: Any, folder: Path | None, settings: SplitSettings, tell: Progress) -> SplitResult:
    """Split a table, and write the splits to the new `folder`, if one is given. Raises InputError, StoreError."""
    names, shares = settings.check()
    kind, stratified = settings.kind, settings.stratify is not False
    if folder is not None:
        refuse_existing(folder, "--out")

    def step(name: str) -> None:
        tell(name, STEPS.index(name), len(STEPS))

    step(READING)
    whole = read_whole(data, columns_of(settings.columns), settings.drop_missing)
    if kind == "group" and "group" not in whole.frame.columns:
        hint = f"name it with --columns group=NAME; the table has {', '.join(whole.table.frame.columns[:8])}"
        raise InputError("there is no group column to split by", whole.table.where, hint)
    values, dated = times_of(whole.table, settings.time or "") if kind == "time" else (None, False)
    coded = code(whole, settings.tokens)
    if settings.drop_copies:
        whole, kept = drop_copies(whole, coded, values)
        coded, values = code(whole, coded.how), None if values is None else values[kept]
    step(COPIES)
    pairs = NO_PAIRS if settings.keep_near_copies else _find_near_copies(coded)
    joined = join(coded.hashes, None if settings.ignore_groups else coded.groups, pairs)
    step(SPLITTING)
    ordered = coded.lengths if kind == "length" else values
    made = plan(joined, coded.labels, names, shares, kind, values=ordered, stratify=stratified, seed=settings.seed)
    made = made if settings.keep_near_copies else _join_near_copies(coded, made)
    shown = partial(shown_time, dated=dated) if kind == "time" else str
    told = replace(
        settings,
        sizes="/".join(f"{100 * share:g}" for share in shares.tolist()),
        stratify=None if kind == "time" else stratified,
        tokens=coded.how,
        columns=dict(settings.columns),
    )
    document = _describe(whole, coded, made, told, shown)
    if ordered is not None:
        document["warnings"] = warnings(made, ordered, kind, _name_groups(whole))
    return _write_splits(whole, coded, made, document, folder, step)


def _name_groups(whole: Whole) -> list[str]:
    return whole.frame["group"].to_list() if "group" in whole.frame.columns else []


def _describe(
    whole: Whole, coded: Coded, made: SplitPlan, settings: SplitSettings, shown: Callable[[float], str]
) -> dict[str, Any]:
    """The manifest, without files and findings."""
    ids = whole.frame["id"].gather(np.flatnonzero(made.moved)[:MOST_IDS]).to_list()
    source = {"name": whole.source, "sha256": whole.digest or None, "fingerprint": coded.fingerprint}
    return {
        "format": FORMAT,
        "source": {**source, "rows": whole.frame.height},
        "settings": dict(vars(settings)),
        "splits": counts(made, coded.labels, coded.classes, coded.lengths),
        "components": components(made, _name_groups(whole)),
        "moved": {"rows": int(made.moved.sum()), "near_copies": made.strays, "ids": ids},
        "warnings": [],
        "notes": [*whole.notes, *notes(made, coded.labels, coded.classes, settings.kind, shown)],
    }


def _write_splits(
    whole: Whole,
    coded: Coded,
    made: SplitPlan,
    document: dict[str, Any],
    folder: Path | None,
    step: Callable[[str], None],
) -> SplitResult:
    """The splits of a plan, in memory, or written to a new folder with a manifest; audited."""
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
        audited = audit_data(Request(parts, settings=settings), progress=False)
        document["notes"] += note_small_splits(audited.record.trivial_baselines)
        return SplitResult(frames, audited, {**document, "findings": audited.document["findings"]}, table, None)
    suffix = suffix_for(kept)
    with make_folder(folder, "--out") as new:
        files = {f"{name}{suffix}": table_bytes(frame, suffix) for name, frame in frames.items()}
        for name, content in files.items():
            document["splits"][name.removesuffix(suffix)]["file"] = name
            document["splits"][name.removesuffix(suffix)]["sha256"] = hashlib.sha256(content).hexdigest()
        write_files(new, files)
        step(AUDITING)
        audited = replace(audit_data(Request(new, settings=settings), progress=False), place=shlex.quote(str(folder)))
        document["findings"] = audited.document["findings"]
        document["notes"] += note_small_splits(audited.record.trivial_baselines)
        write_files(new, {MANIFEST: table_bytes(table, ".csv"), "manifest.json": pretty_json(document)})
    return SplitResult(frames, audited, document, table, folder)


def _with_families(frame: pl.DataFrame, made: SplitPlan) -> pl.DataFrame:
    """The rows with the families of near copies as their groups, so that later stages take each as one unit."""
    joined = made.joined
    if len(np.unique(joined.without_near)) == joined.n_components:
        return frame
    family = np.where(joined.sizes[joined.component] > 1, joined.component, -1)
    names = ["" if one < 0 else f"family-{one}" for one in family.tolist()]
    return frame.with_columns(pl.Series("group", names, pl.String))


def _find_near_copies(coded: Coded) -> Pairs:
    """Near copies among distinct sequences, as positions of rows."""
    from brittlestar.audits.leaks.pairing import near_pairs

    rows, row = coded.distinct()
    left, right = near_pairs(rows.codes, rows.offsets, token_hashes(coded.tokens))
    return row[left], row[right]


def _join_near_copies(coded: Coded, made: SplitPlan) -> SplitPlan:
    """The plan after rows have moved to train where a near copy stands that only a search of the finished splits
    shows. Raises InputError."""
    for turn in range(TURNS):
        across = _find_near_across(coded, made, turn)
        if len(across[0]):
            made = gather_components(made, across)
        elif turn:
            break
    return made


def _find_near_across(coded: Coded, made: SplitPlan, turn: int) -> Pairs:
    """Near copies in train of rows of other splits, as an audit of these very splits sees them."""
    from brittlestar.audits.leaks.pairing import near_between

    searched, row = coded.distinct(made.split == 0)
    asked, other = coded.distinct(made.split > 0)
    query, near = near_between(searched, asked, token_hashes(coded.tokens), turn)
    return row[near], other[query]
