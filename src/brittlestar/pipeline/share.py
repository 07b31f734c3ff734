"""A share of the runs of a study, and how it stands."""

import shlex
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.documents import begin_document
from brittlestar.core.results import CellRecord
from brittlestar.core.shares import Share
from brittlestar.reports.document import list_states
from brittlestar.reports.paragraphs import Paragraph, name_failed, name_next
from brittlestar.reports.result_text import failed_blocks, failures_of
from brittlestar.reports.showing import show_blocks
from brittlestar.study.units import count

OPEN = ("planned", "running")


@dataclass(frozen=True, repr=False)
class ShareResult:
    """What `run` leaves where it trains a share: which one, how its own runs stand, how many runs the study has and how
    many of other shares are open, where the store is, and why it ended early. `cells` have no scores and curves: these
    are read when all runs are judged.

    `stopped` says that a signal ended it; `problems` are finished runs that could not be scored or probed.
    """

    share: Share
    cells: tuple[CellRecord, ...]
    runs: int
    open_elsewhere: int
    store: Path
    ended_early: str | None
    stopped: bool
    problems: tuple[str, ...]

    @property
    def states(self) -> dict[str, int]:
        """How many runs of the share are in each state."""
        return dict(Counter(cell.state for cell in self.cells))

    @property
    def open_here(self) -> int:
        """Runs of the share that were not tried to their end."""
        return sum(cell.state in OPEN for cell in self.cells)

    @property
    def next(self) -> str:
        """The command that goes on: with this share where it has open runs, else the one that judges them all."""
        again = ["--share", str(self.share)] if self.open_here else []
        return shlex.join(["brittlestar", "run", str(self.store), *again])

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of `run --share`."""
        return {
            **begin_document(),
            "study": str(self.store),
            "share": str(self.share),
            "states": self.states,
            "runs_of_study": self.runs,
            "open_elsewhere": self.open_elsewhere,
            "problems": list(self.problems),
            "cells": list_states(self.cells),
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run of the share failed, was lost or not scored, or a signal stopped it."""
        bad = any(cell.state in ("failed", "lost") for cell in self.cells)
        return 1 if bad or self.stopped or self.problems else 0

    @property
    def done(self) -> int:
        """How many runs of the share are done."""
        return self.states.get("done", 0)

    @property
    def blocks(self) -> list[Paragraph]:
        """The share in one sentence, its failures, and the command that goes on."""
        of = count(len(self.cells), "run")
        sentence = f"{self.done:,} of {of} done; the study has {count(self.runs, 'run')}."
        blocks = [Paragraph(f"Share {self.share}", sentence)]
        if not self.cells:
            blocks.append(Paragraph("", "No run has a hash of this share: with few runs some shares have none."))
        blocks += failed_blocks(failures_of(self.cells), shlex.quote(str(self.store)))
        blocks += name_failed(self.problems)
        if self.ended_early:
            stopped = f"{self.ended_early}; {self.open_here:,} of {of} open."
            blocks.append(Paragraph((("Stopped", "bold yellow"),), stopped))
        elif self.open_elsewhere:
            elsewhere = count(self.open_elsewhere, "run")
            blocks.append(Paragraph("Open", f"{elsewhere} of other shares, or not copied here yet."))
        if not self.open_here:
            when = "When all shares are done, this" if self.open_elsewhere else "All runs are there: this"
            blocks.append(Paragraph("Next", f"{when} judges them and writes the report:"))
        return [*blocks, *name_next("Next" if self.open_here else "", self.next)]

    __repr__ = show_blocks
