"""Mutations of a record's folder whose files no longer fit its manifest."""

from __future__ import annotations

import os
from pathlib import Path

from exam.record.base import Base
from exam.record.forging import MANIFEST, cells, edit_lines, read, write_manifest
from exam.record.mutation import Mutation


def edit_figure(record: Path, base: Base) -> None:
    """One bit of a picture."""
    path = record / "report" / "figures" / "figure-1.png"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def delete_failed_run(record: Path, base: Base) -> None:
    """The whole folder of the run that failed."""
    folder = cells(record)["counts", 2]
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def exchange_curves(record: Path, base: Base) -> None:
    """Each of two runs has the curves of the other."""
    runs = cells(record)
    first, second = (runs["wide", seed] / "curves.parquet" for seed in (0, 2))
    between = first.with_name("between")
    first.rename(between)
    second.rename(first)
    between.rename(second)


def rename_table(record: Path, base: Base) -> None:
    """A table under a better name."""
    path = record / "report" / "verdicts.md"
    path.rename(path.with_name("conclusions.md"))


def add_note(record: Path, base: Base) -> None:
    """A hidden file among those of a run."""
    (cells(record)["main", 1] / ".note").write_text("checked by hand\n", encoding="utf-8")


def link_rows(record: Path, base: Base) -> None:
    """A link to a file elsewhere that has the same bytes."""
    path = record / "rows" / "test.parquet"
    elsewhere = record.with_name("elsewhere.parquet")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def put_pipe(record: Path, base: Base) -> None:
    """A pipe in place of a log: who opens it waits for ever."""
    path = cells(record)["main", 0] / "log.txt"
    path.unlink()
    os.mkfifo(path)


def cut_attempts(record: Path, base: Base) -> None:
    """The last attempts are left out."""
    edit_lines(record / "study" / "attempts.jsonl", lambda lines: lines[:-2])


def change_case(record: Path, base: Base) -> None:
    """A name in small letters."""
    path = record / "README.md"
    path.rename(path.with_name("readme.md"))


def forget_entry(record: Path, base: Base) -> None:
    """A file that is there is taken out of the manifest."""
    manifest = read(record / MANIFEST)
    manifest["files"] = [entry for entry in manifest["files"] if entry[0] != "report/tables.tex"]
    write_manifest(record, manifest)


FOLDERS = (
    Mutation("picture edited", edit_figure, "hashes", r"figure-1\.png"),
    Mutation("failed run deleted", delete_failed_run, "hashes", r"<counts/2>"),
    Mutation("curves of two runs exchanged", exchange_curves, "hashes", r"curves\.parquet"),
    Mutation("table renamed", rename_table, "hashes", r"verdicts\.md|conclusions\.md"),
    Mutation("hidden file added", add_note, "hashes", r"\.note\b"),
    Mutation("rows replaced by a link", link_rows, "hashes", r"rows/test\.parquet"),
    Mutation("log replaced by a pipe", put_pipe, "hashes", r"log\.txt"),
    Mutation("attempts cut", cut_attempts, "hashes", r"attempts\.jsonl"),
    Mutation("case of a name changed", change_case, "hashes", r"readme\.md"),
    Mutation("entry taken out of the manifest", forget_entry, "hashes", r"tables\.tex"),
)
