"""Mutations of a record's archive as such."""

from __future__ import annotations

import warnings
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from exam.record.base import Base
from exam.record.mutation import Mutation


def repeat_member(archive: Path, base: Base) -> None:
    """A second file under the name of one that is there."""
    with ZipFile(archive) as opened:
        forged = opened.read("record.json").replace(b'"failed": 1', b'"failed": 0')
    with warnings.catch_warnings(), ZipFile(archive, "a") as opened:
        warnings.simplefilter("ignore", UserWarning)
        opened.writestr(ZipInfo("record.json"), forged)


def lead_elsewhere(archive: Path, base: Base) -> None:
    """A file that would be unpacked beside the record."""
    with ZipFile(archive, "a") as opened:
        opened.writestr(ZipInfo("../outside.txt"), b"here\n")


def pack_file(archive: Path, base: Base) -> None:
    """The same files, and one of them is packed."""
    with ZipFile(archive) as opened:
        members = [(info, opened.read(info)) for info in opened.infolist()]
    with ZipFile(archive, "w") as opened:
        for info, content in members:
            packed = info.filename == "report/results.json"
            opened.writestr(info, content, ZIP_DEFLATED if packed else ZIP_STORED)


def put_bytes_in_front(archive: Path, base: Base) -> None:
    """Bytes before the first file, which belong to none."""
    archive.write_bytes(b"#!/bin/sh\nexit 0\n" + archive.read_bytes())


def flip_byte(archive: Path, base: Base) -> None:
    """One bit of a file's content."""
    with ZipFile(archive) as opened:
        info = opened.getinfo("study/claims.json")
        size = info.file_size
    content = bytearray(archive.read_bytes())
    start = content.index(b"study/claims.json", info.header_offset) + len("study/claims.json")
    content[start + size // 2] ^= 1
    archive.write_bytes(bytes(content))


ARCHIVES = (
    Mutation("two files of one name", repeat_member, "hashes", r"record\.json", "archive"),
    Mutation("name that leads elsewhere", lead_elsewhere, "hashes", r"outside\.txt|\.\./", "archive"),
    Mutation("packed file", pack_file, "hashes", r"results\.json", "archive"),
    Mutation(
        "bytes in front of the archive",
        put_bytes_in_front,
        "hashes",
        r"\bbytes\b|belong|in front|before|begin|start|prefix",
        "archive",
    ),
    Mutation("bit of a file flipped", flip_byte, "hashes", r"claims\.json", "archive"),
)
