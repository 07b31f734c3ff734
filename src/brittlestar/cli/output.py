"""How a command answers: one JSON document, the answer alone, an ending of at most 25 lines, or all there is."""

from __future__ import annotations

from dataclasses import dataclass

from brittlestar.core.errors import InputError


@dataclass(frozen=True)
class Output:
    """What the options `--json`, `--quiet` and `--verbose` ask for; without any, the ending of a command."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise InputError("--quiet and --verbose exclude each other", "--quiet, --verbose", "give one of the two")
