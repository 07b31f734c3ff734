"""Mutations of the second record's archive as such."""

from __future__ import annotations

import stat
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from exam.record.base import Base
from exam.record.mutation import Mutation


def cut_archive(archive: Path, base: Base) -> None:
    """The last two thousand bytes are lost, and the list of files with them."""
    archive.write_bytes(archive.read_bytes()[:-2000])


def drop_member(archive: Path, base: Base) -> None:
    """The same files but for the log of the run that failed."""
    lost = f"study/cells/{base.hash_of('votes', 5)}/log.txt"
    with ZipFile(archive) as opened:
        members = [(info, opened.read(info)) for info in opened.infolist()]
    with ZipFile(archive, "w") as opened:
        for info, content in members:
            if info.filename != lost:
                opened.writestr(info, content, ZIP_STORED)
    assert len(members) > 1


def pack_link(archive: Path, base: Base) -> None:
    """A table is a link to a file elsewhere."""
    with ZipFile(archive) as opened:
        members = [(info, opened.read(info)) for info in opened.infolist()]
    with ZipFile(archive, "w") as opened:
        for info, content in members:
            if info.filename == "report/tables.md":
                link = ZipInfo(info.filename, info.date_time)
                link.create_system = 3
                link.external_attr = (stat.S_IFLNK | 0o777) << 16
                opened.writestr(link, b"../../tables.md")
            else:
                opened.writestr(info, content, ZIP_STORED)


def name_twofold(archive: Path, base: Base) -> None:
    """A file has one name in the list of files and another one in front of its bytes."""
    with ZipFile(archive) as opened:
        start = opened.getinfo("study/audit.json").header_offset
    content = bytearray(archive.read_bytes())
    place = content.index(b"study/audit.json", start)
    content[place : place + len(b"study/audit.json")] = b"study/adult.json"
    archive.write_bytes(bytes(content))


PACKED = (
    Mutation("archive cut", cut_archive, "hashes", r"zip|archive|truncat|damaged|\bcut\b|\bend\b", "archive"),
    Mutation("file left out of the archive", drop_member, "hashes", r"<votes/5>|log\.txt", "archive"),
    Mutation("link in the archive", pack_link, "hashes", r"tables\.md", "archive"),
    Mutation("file of two names", name_twofold, "hashes", r"audit\.json|adult\.json", "archive"),
)
