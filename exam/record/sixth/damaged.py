"""Mutations of the sixth record's folder whose files are not those that were sealed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from exam.record.base import Base
from exam.record.forging import cells
from exam.record.mutation import Mutation
from exam.record.sixth.forgery import edit_attempts

DAY = 86_400


def put_pipe(record: Path, base: Base) -> None:
    """A table is a pipe that nobody writes into."""
    path = record / "report" / "tables.md"
    path.unlink()
    os.mkfifo(path)


def rename_by_case(record: Path, base: Base) -> None:
    """A file of own code has a capital letter."""
    (record / "code" / "measure.py").rename(record / "code" / "Measure.py")


def leave_swap_file(record: Path, base: Base) -> None:
    """An editor left a hidden file beside a run's log."""
    (cells(record)["main", 4] / ".log.txt.swp").write_bytes(b"b0VIM 9.0\0\0")


def exchange_figures(record: Path, base: Base) -> None:
    """Two figures have each other's names."""
    one, other = (record / "report" / "figures" / name for name in ("results.png", "shift-test.png"))
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def link_to_original(record: Path, base: Base) -> None:
    """Predictions are a link to the same bytes on the author's disk."""
    path = cells(record)["memory", 1] / "predictions.parquet"
    path.unlink()
    path.symlink_to(base.study / "cells" / base.hash_of("memory", 1) / "predictions.parquet")


def exchange_settings(record: Path, base: Base) -> None:
    """Two seeds of a variant have each other's settings and streams."""
    one, other = (cells(record)["brief", seed] / "cell.json" for seed in (1, 6))
    aside = record.with_name("aside.json")
    shutil.move(one, aside)
    shutil.move(other, one)
    shutil.move(aside, other)


def redate_start(record: Path, base: Base) -> None:
    """Claims were registered a month after the first run, says the log, which nobody sealed anew."""

    def later(line: dict[str, object]) -> dict[str, object]:
        return {**line, "at": float(str(line["at"])) + 30 * DAY} if line["event"] == "registered" else line

    edit_attempts(record / "study", later)


DAMAGED = (
    Mutation("pipe in place of a table", put_pipe, "hashes", r"tables\.md"),
    Mutation("file renamed by case", rename_by_case, "hashes", r"measure\.py"),
    Mutation("hidden file beside a log", leave_swap_file, "hashes", r"\.swp|<main/4>"),
    Mutation("figures exchanged", exchange_figures, "hashes", r"results\.png|shift-test\.png"),
    Mutation("link to the original", link_to_original, "hashes", r"<memory/1>|predictions\.parquet"),
    Mutation("settings of two seeds exchanged", exchange_settings, "hashes", r"<brief/1>|<brief/6>|cell\.json"),
    Mutation("registration dated later", redate_start, "hashes", r"attempts\.jsonl|registered|claim"),
)
