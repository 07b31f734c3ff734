"""Mutations of the sixth record's archive that its files alone do not show."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from exam.record.base import Base
from exam.record.mutation import Mutation


def stand_in_front(archive: Path, base: Base) -> None:
    """A program stands in front of the archive, and unpacks it when it is run."""
    archive.write_bytes(b'#!/bin/sh\nunzip -q "$0"; exit\n' + archive.read_bytes())


def pack_page(archive: Path, base: Base) -> None:
    """The page is packed."""
    _write(archive, lambda info: ZIP_DEFLATED if info.filename == "report/report.html" else ZIP_STORED)


def write_twice(archive: Path, base: Base) -> None:
    """Claims stand in it twice, the second time with another threshold."""
    with ZipFile(archive) as opened:
        content = opened.read("study/claims.json")
    changed = content.replace(b'"threshold": 0.03', b'"threshold": 0.01')
    assert changed != content
    _write(archive, lambda info: ZIP_STORED, (("study/claims.json", changed),))


def lead_to_root(archive: Path, base: Base) -> None:
    """One more file is to be written to a place of the whole machine."""
    _write(archive, lambda info: ZIP_STORED, (("/tmp/harbour/profile.sh", b"echo\n"),))


def _write(archive: Path, packing: Callable[[ZipInfo], int], more: tuple[tuple[str, bytes], ...] = ()) -> None:
    written = io.BytesIO()
    with ZipFile(archive) as opened, ZipFile(written, "w") as new, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        first = opened.infolist()[0]
        for info in opened.infolist():
            new.writestr(info, opened.read(info), packing(info))
        for name, content in more:
            added = ZipInfo(name, first.date_time)
            added.create_system, added.external_attr = first.create_system, first.external_attr
            new.writestr(added, content, ZIP_STORED)
    archive.write_bytes(written.getvalue())


PACKED = (
    Mutation(
        "program in front of the archive",
        stand_in_front,
        "hashes",
        r"bytes|front|before|start|begin|belong|zip|archive",
        "archive",
    ),
    Mutation("page packed", pack_page, "hashes", r"report\.html|packed|compress|deflate", "archive"),
    Mutation("claims twice in the archive", write_twice, "hashes", r"claims\.json|twice|duplicate", "archive"),
    Mutation("file for the whole machine", lead_to_root, "hashes", r"profile\.sh|absolute|elsewhere|leads", "archive"),
)
