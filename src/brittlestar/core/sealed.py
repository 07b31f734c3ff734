"""A record that a study was sealed into."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Sealed:
    """The `root` hash of its manifest, 64 hex digits, and the name of the `record`, beside the study."""

    root: str
    record: str

    @property
    def printed(self) -> str:
        """The root hash as a paper prints it: its first 128 bits as four groups of eight hex digits."""
        return "-".join(self.root[start : start + 8] for start in range(0, 32, 8))

    @property
    def command(self) -> str:
        """What checks it."""
        return f"brittlestar verify {shlex.quote(self.record)} --root {self.printed}"
