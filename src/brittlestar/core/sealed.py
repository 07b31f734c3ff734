"""A record that a study was sealed into."""

import shlex
from dataclasses import dataclass


def shorten_root(root: str) -> str:
    """A root hash as a paper prints it: its first 128 bits as four groups of eight hex digits."""
    return "-".join(root[start : start + 8] for start in range(0, 32, 8))


@dataclass(frozen=True)
class Sealed:
    """The `root` hash of its manifest, 64 hex digits, and the name of the `record`, beside the study."""

    root: str
    record: str

    @property
    def printed(self) -> str:
        """The root hash as a paper prints it."""
        return shorten_root(self.root)

    @property
    def evidence(self) -> str:
        """Where it is, by which hash it is known, and what checks it."""
        return f"Sealed as {self.record}, root {self.printed}. Checked by: {self.command}."

    @property
    def command(self) -> str:
        """What checks it."""
        return f"brittlestar verify {shlex.quote(self.record)} --root {self.printed}"
