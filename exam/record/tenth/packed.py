"""Mutations of the tenth record's archive as such."""

from __future__ import annotations

import warnings
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from exam.record.base import Base
from exam.record.mutation import Mutation


def pack_second(archive: Path, base: Base) -> None:
    """A second file of the same name at the end, which is the one that most programs unpack."""
    with ZipFile(archive) as opened:
        content = opened.read("report/verdicts.md")
    changed = content.replace(b"inconclusive", b"supported")
    assert changed != content
    with warnings.catch_warnings(), ZipFile(archive, "a") as opened:
        warnings.simplefilter("ignore", UserWarning)
        opened.writestr("report/verdicts.md", changed, ZIP_STORED)


def compress_page(archive: Path, base: Base) -> None:
    """The page is packed small, and everything else stands as it did."""
    with ZipFile(archive) as opened:
        members = [(info, opened.read(info)) for info in opened.infolist()]
    with ZipFile(archive, "w") as opened:
        for info, content in members:
            page = info.filename == "report/report.html"
            opened.writestr(info, content, ZIP_DEFLATED if page else ZIP_STORED)


def climb_out(archive: Path, base: Base) -> None:
    """A file more, whose name leads out of the folder that it is unpacked to."""
    with ZipFile(archive, "a") as opened:
        opened.writestr("study/../../startup.py", b"print('hello')\n", ZIP_STORED)


def put_script_in_front(archive: Path, base: Base) -> None:
    """A script in front of all files, so that the archive may be run; programs that unpack it find no fault."""
    archive.write_bytes(b"#!/bin/sh\nexec true\n" + archive.read_bytes())
    with ZipFile(archive) as opened:
        assert opened.testzip() is None


PACKED = (
    Mutation("second file of a name", pack_second, "hashes", r"verdicts\.md", "archive"),
    Mutation("page packed small", compress_page, "hashes", r"report\.html|compress|packed|deflat", "archive"),
    Mutation("name that leads out", climb_out, "hashes", r"startup\.py|\.\.", "archive"),
    Mutation(
        "script in front",
        put_script_in_front,
        "hashes",
        r"\bbytes\b|in front|before|belong|archive|\.zip",
        "archive",
    ),
)
