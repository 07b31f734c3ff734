"""Mutations of the fifteenth record's archive as such."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from exam.record.base import Base
from exam.record.mutation import Mutation

CENTRAL = b"PK\x01\x02"
"""What an entry in the list of files begins with; its name follows after 46 bytes."""


def append_comment(archive: Path, base: Base) -> None:
    """A comment behind the list of files."""
    with ZipFile(archive, "a") as opened:
        opened.comment = b"verified by the archive, no need to look\n"


def pack_zeros(archive: Path, base: Base) -> None:
    """A packed file that is small, and holds 300 million zeros."""
    with ZipFile(archive, "a") as opened, opened.open(_pack("study/data/train/more.npy"), "w", force_zip64=True) as to:
        for _ in range(300):
            to.write(bytes(1_000_000))


def lead_to_root(archive: Path, base: Base) -> None:
    """A file whose name begins at the root of the machine."""
    with ZipFile(archive, "a") as opened:
        opened.writestr(ZipInfo("/var/tmp/kept-for-later.txt"), b"here\n")


def change_checksum(archive: Path, base: Base) -> None:
    """The list of files has another checksum for one of them."""
    name, content = b"report/results.json", bytearray(archive.read_bytes())
    start = content.rindex(name) - 46
    assert content[start : start + 4] == CENTRAL
    content[start + 16] ^= 0xFF
    archive.write_bytes(bytes(content))


def _pack(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info


PACKED = (
    Mutation(
        "comment behind the archive",
        append_comment,
        "hashes",
        r"comment|\bbytes\b|belong|trailing|behind|after",
        "archive",
    ),
    Mutation("zeros packed", pack_zeros, "hashes", r"more\.npy", "archive"),
    Mutation("name from the root", lead_to_root, "hashes", r"kept-for-later\.txt", "archive"),
    Mutation("checksum changed", change_checksum, "hashes", r"results\.json", "archive"),
)
