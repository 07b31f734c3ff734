"""What a program with a setting that does nothing, an influence that nobody states, or neither is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

FACTOR_DATA = {"path": "data", "factors": "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"}
"""Where a model reads factors; elsewhere nobody chooses them."""
INERT = ("report.inert",)
INFLUENCED = ("report.undeclared", "seed.undeclared")


@dataclass(frozen=True)
class Program:
    """The `text` of a module whose `model` is trained, or no text for a built-in model, with `settings` of its study.

    Of a program that is not healthy one finding has one of `codes`, and its summary matches `names` (any case).
    """

    name: str
    kind: Literal["inert", "influence", "healthy"]
    text: str = ""
    model: str = "fit"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    codes: tuple[str, ...] = ()
    names: str = ""

    @property
    def module(self) -> str:
        """The module's name: no two programs share one."""
        return "program_" + "".join(mark if mark.isalnum() else "_" for mark in self.name)

    def study(self) -> str:
        """The study file: one seed, no probes."""
        parts: dict[str, Any] = {
            "name": "traced",
            "data": {"path": "data"},
            "seeds": 1,
            "probes": {"suite": "none"},
            **self.settings,
        }
        if self.text:
            parts["model"] = {"own": f"{self.module}:{self.model}", **parts.get("model", {})}
        return yaml.safe_dump(parts, sort_keys=False, allow_unicode=True)

    def write(self, folder: Path) -> Path:
        """Write module and study file; the study file's place."""
        if self.text:
            (folder / f"{self.module}.py").write_text(self.text, encoding="utf-8")
        (folder / "study.yaml").write_text(self.study(), encoding="utf-8")
        return folder / "study.yaml"


def source(text: str) -> str:
    """A module's text, written with the indentation of the place where it stands."""
    return textwrap.dedent(text).lstrip("\n")
