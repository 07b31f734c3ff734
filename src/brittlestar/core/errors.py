"""Errors that a person can act on: what is wrong, where, and what to try."""

import errno
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Self, TypeVar

Shortage = Literal["machine", "gpu"]
Given = TypeVar("Given")
Read = TypeVar("Read")
_OF_THE_MACHINE = ("can't allocate memory",)
_OF_A_GPU = (
    "CUDA error: out of memory",
    "CUDA driver error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)
"""What PyTorch's RuntimeErrors say where CUDA or one of its libraries could not get memory: only PyTorch's own
allocator raises an OutOfMemoryError."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `what`, `where` (file:line:column, split, id; may be empty), `hint` (what to try)."""

    what: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


class BrittlestarError(Exception):
    """Base of every error meant for a person. Carries all problems found at once and the exit code of the command."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem] | str, where: str = "", hint: str = "") -> None:
        found = [Problem(problems, where, hint)] if isinstance(problems, str) else list(problems)
        if not found:
            raise ValueError("an error needs at least one problem")
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def retell(self, change: Callable[[str], str]) -> None:
        """Say each problem in other words."""
        notes = [
            Problem(change(problem.what), change(problem.where), change(problem.hint)) for problem in self.problems
        ]
        BrittlestarError.__init__(self, notes)

    def with_place(self, where: str) -> Self:
        """The same, with this place for each problem that has none."""
        return type(self)([Problem(problem.what, problem.where or where, problem.hint) for problem in self.problems])

    def __reduce__(self) -> "tuple[type[BrittlestarError], tuple[tuple[Problem, ...]]]":
        return type(self), (self.problems,)


class InputError(BrittlestarError):
    """Usage, a study file or data that cannot be read (exit 2)."""

    exit_code = 2


def read_all(read: Callable[[Given], Read], given: Iterable[Given], found: Iterable[Problem] = ()) -> list[Read]:
    """What `read` makes of each. Raises InputError with the problems that were `found` before and those of all, each
    once."""
    problems, done = list(found), list[Read]()
    for one in given:
        try:
            done.append(read(one))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return done


class StoreError(BrittlestarError):
    """The store cannot be used: busy, read-only, full, or a cell folder that does not match its hashes (exit 1)."""


class RunError(BrittlestarError):
    """No run of a study is done, and some failed or were lost (exit 1)."""


class MissingExtraError(BrittlestarError):
    """An optional dependency is not installed (exit 2)."""

    exit_code = 2


def format_error(error: BaseException, most: int = 300) -> str:
    """`ValueError: what it says`, on one line and not endless: what foreign code raised."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' * bool(text)}{text[:most]}{' …' * (len(text) > most)}"


def shortage_of(error: BaseException) -> Shortage | None:
    """Whose memory was short: Python's own error, the system's, and those of PyTorch. None for any other error."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return "machine"
    if type(error).__name__ == "OutOfMemoryError":
        return "gpu"
    text = str(error) if isinstance(error, RuntimeError) else ""
    if any(part in text for part in _OF_A_GPU):
        return "gpu"
    return "machine" if any(part in text for part in _OF_THE_MACHINE) else None
