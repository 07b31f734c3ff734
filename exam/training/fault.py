"""A program with a fault that somebody reported, its twin, and what names the cause; healthy programs that look odd."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brittlestar.core.errors import InputError

PROGRAMS = Path(__file__).with_name("programs")
QUICK = {"training.epochs": "8", "training.learning_rate": "0.003", "training.batch_size": "32"}
"""Settings of the study of a factory, unless a program has its own."""

Changes = tuple[tuple[str, str], ...]
"""(what stands in a program, what stands there instead), one after the other."""


@dataclass(frozen=True)
class Program:
    """A `text` that is a whole module, the task it is trained on, and settings of its study."""

    text: str
    task: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def kind(self) -> str:
        """`fit` or `build`: the name in the module that is the model."""
        return "fit" if "\ndef fit(" in self.text else "build"

    def digest(self) -> str:
        """SHA-256 of all that decides what is trained."""
        settings = "".join(f"{name}={value}\n" for name, value in sorted(self.settings.items()))
        return hashlib.sha256(f"{self.task}\n{settings}\n{self.text}".encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """A fault in a program of `programs/`, in the form in which it was reported at `report`.

    `changes` make the fault. `both` are changes that its healthy twin has too. `codes` are those that an engineer would
    accept as naming the cause; a sentence names it where one of `words` matches, and the place where one of `place`
    does (regular expressions, any case). `kind` is the type of the fault. `settings` of the study are part of the
    fault; its twin has those that every factory has.
    """

    name: str
    kind: str
    report: str
    program: str
    task: str
    changes: Changes
    family: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    place: tuple[str, ...]
    both: Changes = ()
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def twin(self) -> Program:
        """The healthy program."""
        return _program(self.program, self.task, self.both)

    @property
    def faulty(self) -> Program:
        """The same with the fault."""
        return _program(self.program, self.task, (*self.both, *self.changes), self.settings)


@dataclass(frozen=True)
class Odd:
    """A healthy program that a naive rule would call faulty, and why it is healthy."""

    name: str
    why: str
    program: str
    task: str
    changes: Changes = ()
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def healthy(self) -> Program:
        """The program."""
        return _program(self.program, self.task, self.changes, self.settings)


def changed(text: str, changes: Changes) -> str:
    """The text with changes. Raises InputError where what is to be changed does not stand there exactly once."""
    for old, new in changes:
        if text.count(old) != 1:
            raise InputError(f"a change fits {text.count(old)} places of a program", old, "make it fit one")
        text = text.replace(old, new)
    return text


def _program(name: str, task: str, changes: Changes, settings: Mapping[str, str] | None = None) -> Program:
    text = changed((PROGRAMS / f"{name}.py").read_text(encoding="utf-8"), changes)
    found = Program(text, task)
    quick = QUICK if found.kind == "build" else {}
    return Program(text, task, {**quick, **(settings or {})})
