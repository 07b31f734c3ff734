"""Mutations of the second record's folder whose files no longer fit its manifest."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from exam.record.base import Base
from exam.record.forging import MANIFEST, cells, read, replace, sha256, write_manifest
from exam.record.mutation import Mutation


def cut_last_byte(record: Path, base: Base) -> None:
    """Predictions of a run without their last byte."""
    path = cells(record)["sums", 3] / "predictions.parquet"
    path.write_bytes(path.read_bytes()[:-1])


def link_figures(record: Path, base: Base) -> None:
    """The folder of figures is a link to the same figures elsewhere."""
    figures, elsewhere = record / "report" / "figures", record.with_name("figures-elsewhere")
    shutil.move(figures, elsewhere)
    figures.symlink_to(elsewhere, target_is_directory=True)


def promise_file(record: Path, base: Base) -> None:
    """The manifest lists a file that the record does not have."""
    manifest = read(record / MANIFEST)
    manifest["files"] = sorted([*manifest["files"], ["report/appendix.md", 11, sha256(b"not written")]])
    write_manifest(record, manifest)


def change_entry(record: Path, base: Base) -> None:
    """The manifest has another hash for a file that is as it was."""
    manifest = read(record / MANIFEST)
    for entry in manifest["files"]:
        if entry[0] == "study/trivial.parquet":
            entry[2] = entry[2][::-1]
    write_manifest(record, manifest)


def put_folder(record: Path, base: Base) -> None:
    """A folder of the name of a file, with the file in it."""
    path = record / "report" / "verdicts.tex"
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    (path / "verdicts.tex").write_bytes(content)


def soften_traceback(record: Path, base: Base) -> None:
    """The log of the run that failed speaks of something harmless."""
    replace(cells(record)["votes", 5] / "log.txt", "votes do not add up", "stopped by its user", every=True)


def point_outside(record: Path, base: Base) -> None:
    """The manifest lists a file beside the record, with its right hash."""
    beside = record.with_name("beside.txt")
    beside.write_bytes(b"beside\n")
    manifest = read(record / MANIFEST)
    manifest["files"] = sorted([*manifest["files"], ["../beside.txt", 7, sha256(beside.read_bytes())]])
    write_manifest(record, manifest)


def change_line_ends(record: Path, base: Base) -> None:
    """Lines of own code end as on another system."""
    path = record / "code" / "votes.py"
    path.write_bytes(re.sub(rb"\n", b"\r\n", path.read_bytes()))


DAMAGED = (
    Mutation("last byte of predictions cut", cut_last_byte, "hashes", r"<sums/3>|predictions\.parquet"),
    Mutation("figures behind a link", link_figures, "hashes", r"report/figures"),
    Mutation("file promised by the manifest", promise_file, "hashes", r"appendix\.md"),
    Mutation("hash of an entry changed", change_entry, "hashes", r"trivial\.parquet"),
    Mutation("folder in place of a file", put_folder, "hashes", r"verdicts\.tex"),
    Mutation("traceback softened", soften_traceback, "hashes", r"<votes/5>|log\.txt"),
    Mutation("entry that points outside", point_outside, "hashes", r"beside\.txt|\.\./"),
    Mutation("ends of lines changed", change_line_ends, "hashes", r"votes\.py"),
)
