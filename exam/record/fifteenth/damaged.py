"""Mutations of the fifteenth record's folder whose files no longer fit its manifest."""

from __future__ import annotations

import os
from pathlib import Path

from exam.record.base import Base
from exam.record.forging import MANIFEST, cells, read, replace, write_manifest
from exam.record.mutation import Mutation


def relabel_axis(record: Path, base: Base) -> None:
    """The axis of a figure begins elsewhere, so that every variant looks better."""
    replace(record / "report" / "figures" / "results.svg", ">45</text>", ">65</text>")


def exchange_answers(record: Path, base: Base) -> None:
    """Two runs of a variant have each other's predictions."""
    first, second = (cells(record)["windows", seed] / "predictions.parquet" for seed in (1, 8))
    content, other = first.read_bytes(), second.read_bytes()
    assert content != other
    first.write_bytes(other)
    second.write_bytes(content)


def name_with_escapes(record: Path, base: Base) -> None:
    """A file whose name would wipe a line of a terminal, and write another one."""
    (record / "report" / "\x1b[2K\x1b[32mAll-good.txt").write_text("verified\n", encoding="utf-8")


def put_pipe(record: Path, base: Base) -> None:
    """A pipe, which nobody writes to, in place of the clocks of a run."""
    path = cells(record)["trees", 1] / "timing.json"
    path.unlink()
    os.mkfifo(path)


def link_within(record: Path, base: Base) -> None:
    """The log of a run is a link to that of another run, which has the same bytes."""
    log, other = (cells(record)["main", seed] / "log.txt" for seed in (1, 4))
    assert log.read_bytes() == other.read_bytes()
    log.unlink()
    log.symlink_to(Path("..") / other.parent.name / other.name)


def name_alike(record: Path, base: Base) -> None:
    """Own code has a name that looks the same, with a letter of another alphabet."""
    (record / "code" / "kin.py").rename(record / "code" / "k\u0456n.py")


def strike_entry(record: Path, base: Base) -> None:
    """The manifest no longer lists the log of the run that failed."""
    manifest = read(record / MANIFEST)
    struck = f"study/cells/{base.hash_of('kin', 8)}/log.txt"
    kept = [entry for entry in manifest["files"] if entry[0] != struck]
    assert len(kept) == len(manifest["files"]) - 1
    write_manifest(record, {**manifest, "files": kept})


DAMAGED = (
    Mutation("axis of a figure relabelled", relabel_axis, "hashes", r"results\.svg"),
    Mutation("predictions exchanged", exchange_answers, "hashes", r"<windows/1>|<windows/8>|predictions\.parquet"),
    Mutation("name with escapes", name_with_escapes, "hashes", r"All-good\.txt"),
    Mutation("pipe in place of clocks", put_pipe, "hashes", r"<trees/1>|timing\.json"),
    Mutation("link to equal bytes", link_within, "hashes", r"<main/1>|log\.txt"),
    Mutation("letter of another alphabet", name_alike, "hashes", r"\bkin\.py|code/k"),
    Mutation("entry struck", strike_entry, "hashes", r"<kin/8>|log\.txt"),
)
