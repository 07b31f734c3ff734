"""Runs studies in process groups of their own and kills a whole group at a chosen moment.

`python -m tests.execution.killing TASKS RESULTS`: for each task of the JSON list TASKS run its study until the moment
comes, look at what is left, run it again to the end, and write what was seen to RESULTS. A moment is `[kind, text, n]`:
the n-th call that concerns a file with `text` in its name (any call where `text` is empty). Everything is imported
before the first fork, so that a run costs what it does and not what it imports.
"""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.audits import recording as _recording  # noqa: F401
from brittlestar.audits import running as _audit  # noqa: F401
from brittlestar.execution import session
from brittlestar.execution.jobs import Progressed
from brittlestar.pipeline import run as flow
from brittlestar.training import loop
from brittlestar.training.torch_process import load_optimisers
from brittlestar.verbs.run import run
from tests.execution.tiny import attempts, finished


def die() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)
    time.sleep(60)


def install(kind: str, text: str, n: int) -> None:
    """Die at the n-th call of this kind."""
    count = 0

    def now(name: object) -> bool:
        nonlocal count
        count += text in str(name)
        return text in str(name) and count == n

    def at(place: Any, name: str, before: Callable[..., object], after: Callable[..., object] | None = None) -> None:
        function = getattr(place, name)

        def hooked(*given: Any, **named: Any) -> Any:
            before(*given)
            value = function(*given, **named)
            if after is not None:
                after(*given)
            return value

        setattr(place, name, hooked)

    def half_written(path: Path, content: bytes) -> None:
        if now(path):
            with path.open("wb") as handle:
                handle.write(content[: len(content) // 2])
                handle.flush()
                die()

    def half_flushed(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if now(path):
            if path.is_file():
                os.truncate(path, path.stat().st_size // 2)
            die()

    def die_now(name: object = "", *_: object) -> None:
        if now(name):
            die()

    match kind:
        case "write":
            at(Path, "write_bytes", half_written)
        case "flush":
            at(os, "fsync", half_flushed)
        case "before rename":
            at(os, "rename", die_now)
            at(os, "replace", die_now)
        case "after rename":
            at(os, "rename", lambda *_: None, lambda old, new: die_now(new))
            at(os, "replace", lambda *_: None, lambda old, new: die_now(new))
        case "array":
            at(np, "save", die_now)
        case "step":
            at(loop._Run, "_step", die_now)
        case "progress":
            at(session._Session, "handle", lambda _, event: isinstance(event, Progressed) and die_now())
        case "in a worker":
            pass  # the study's own model does it
        case _:
            raise ValueError(kind)


def body(task: dict[str, Any], moment: list[Any] | None, executor: str) -> int:
    """What the forked process does."""
    os.setsid()
    log = os.open(f"{task['store']}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(Path(task["study"]).parent)
    if not task["report"]:
        flow.build_report = flow.show_document
    os.fsync = lambda descriptor: None  # power cuts are not looked at here, and waiting for disks takes its time
    fuse = Path(task["study"]).with_name("fuse")
    fuse.unlink(missing_ok=True)
    if moment is not None:
        install(*moment)
        if moment[0] == "in a worker":
            fuse.write_text(str(moment[2]), encoding="ascii")
    return run(task["study"], out=task["store"], executor=executor, jobs=2).exit_code


def forked(task: dict[str, Any], moment: list[Any] | None, executor: str) -> tuple[int, list[str]]:
    """Exit status of a run, and the processes of its session that are left."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = body(task, moment, executor)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), left_of(child)


def left_of(session_id: int) -> list[str]:
    """Living processes of a session, after a minute's grace."""
    until = time.monotonic() + 60
    while True:
        left: list[str] = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _, _, owner = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if owner == str(session_id) and state not in "ZX":
                left.append(f"{folder.name} {state}")
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.02)


def main(tasks: Path, results: Path) -> None:
    load_optimisers()
    gc.freeze()
    seen: list[dict[str, Any]] = []
    for task in json.loads(tasks.read_text(encoding="utf-8")):
        store = Path(task["store"])
        killed, left = forked(task, task["moment"], task["executor"])
        before = finished(store) if store.exists() else set[str]()
        parts = sorted(path.name for path in store.rglob(".*.part"))
        lines = len(attempts(store)) if (store / "attempts.jsonl").exists() else 0
        again = forked(task, None, task["again"])[0] if task["again"] else 0
        trained_twice = sorted(
            {line["cell"] for line in attempts(store)[lines:] if line["event"] == "started"} & before
        )
        seen.append(
            {"killed": killed, "left": left, "finished": len(before), "again": again, "trained twice": trained_twice}
            | {"half-written": parts}
        )
    results.write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
