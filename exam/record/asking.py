"""What verify, compare_reported and trace say, each asked in a process of its own that may hang or crash."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import brittlestar
from exam.record.mutation import Depth

WAIT = 600.0
"""Seconds after which an answer counts as hung."""
FINE = frozenset({"identical", "equivalent"})


@dataclass(frozen=True)
class Answer:
    """An `outcome` (of verify, or `told`, `refused`, `crashed` or `hung`), and lines: details, or pairs with a tab."""

    outcome: str
    lines: tuple[str, ...] = ()


def ask_verify(record: Path, depth: Depth, cells: int) -> Answer:
    """The outcome, and each detail of a part that differs or cannot be told; code is run where runs are trained."""
    return _ask(_verify, str(record), depth, str(cells))


def ask_compare(study: Path, reported: Path) -> Answer:
    """The name and kind of every field."""
    return _ask(_compare, str(study), str(reported))


def ask_trace(study_file: Path) -> Answer:
    """The code and the words of everything that was found, of a study that is trained first."""
    return _ask(_trace, str(study_file))


def _verify(record: str, depth: Depth, cells: str) -> Answer:
    found = brittlestar.verify(record, depth=depth, trust_code=depth == "retrain", cells=int(cells))
    return Answer(
        found.outcome, tuple(line for one in found.checked if one.outcome not in FINE for line in one.details)
    )


def _compare(study: str, reported: str) -> Answer:
    fields = brittlestar.compare_reported(study, Path(reported)).fields
    return Answer("told", tuple(f"{one.name}\t{one.kind.replace(' ', '-')}" for one in fields))


def _trace(study_file: str) -> Answer:
    store = Path(study_file).with_name("traced.study")
    brittlestar.run(study_file, out=store, progress=False)
    traced = brittlestar.trace(store, progress=False).document["traced"]
    found = [one for one in traced if one["code"] is not None]
    return Answer("told", tuple(f"{one['code']}\t{one['name']}: {one['told']} {one['why']}" for one in found))


def _ask(question: Callable[..., Answer], *arguments: str) -> Answer:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(sender, question, arguments))
    child.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(WAIT) else Answer("hung")
    except EOFError:
        return Answer("crashed", ("the process ended without an answer",))
    finally:
        child.kill()
        child.join()


def _answer(sender: Connection, question: Callable[..., Answer], arguments: tuple[str, ...]) -> None:
    try:
        sender.send(question(*arguments))
    except brittlestar.BrittlestarError as error:
        sender.send(Answer("refused", (str(error),)))
    except Exception as error:
        sender.send(Answer("crashed", (f"{type(error).__name__}: {error}",)))
