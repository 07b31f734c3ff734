"""The bytes of a ZIP file around its files, as `seal` has Python write them (PKWARE's APPNOTE 6.3.9, 4.3 and 4.4).

They follow from names, sizes and checksums alone. An archive with any other byte there was not written by `seal`,
though other programs may read the same files in it.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can name (4.4.6)
MODE = 0o100644  # a plain file that its owner writes and everybody reads
UNIX = 3  # the system whose modes these are (4.4.2)
_VERSION = 20  # of what is needed to read it (4.4.3)
_DATE = (1 << 5) | 1  # EPOCH, in days of months of years since 1980 (4.4.6)
_UTF8 = 1 << 11  # (4.4.4)


@dataclass(frozen=True)
class Member:
    """A file of an archive: its name, its bytes, and their CRC-32."""

    name: str
    size: int
    crc: int

    @property
    def encoded(self) -> bytes:
        """The name as it is written."""
        return self.name.encode()

    @property
    def flags(self) -> int:
        """Whether the name is more than ASCII."""
        return 0 if self.name.isascii() else _UTF8

    @property
    def header(self) -> bytes:
        """What stands before the file."""
        fields = (b"PK\3\4", _VERSION, 0, self.flags, 0, 0, _DATE, self.crc, self.size, self.size, len(self.encoded), 0)
        return struct.pack("<4s2B4HL2L2H", *fields) + self.encoded

    def list_entry(self, offset: int) -> bytes:
        """What stands in the list of an archive, whose byte `offset` is the first of the header."""
        sizes = (self.crc, self.size, self.size, len(self.encoded), 0, 0, 0, 0, MODE << 16, offset)
        return struct.pack(
            "<4s4B4HL2L5H2L", b"PK\1\2", _VERSION, UNIX, _VERSION, 0, self.flags, 0, 0, _DATE, *sizes
        ) + (self.encoded)


def describe_layout(members: Iterable[Member]) -> Iterator[tuple[int, bytes]]:
    """Where in an archive of these files, in their order, which bytes stand that are no file's."""
    offset, listed = 0, bytearray()
    many = 0
    for one in members:
        yield offset, one.header
        listed += one.list_entry(offset)
        offset += len(one.header) + one.size
        many += 1
    yield offset, bytes(listed) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, many, many, len(listed), offset, 0)
