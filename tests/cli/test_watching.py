"""What a terminal is shown while cells run."""

import io

from rich.console import Console

from brittlestar.cli.watching import Terminal
from brittlestar.execution.jobs import Finished, Progressed, Started
from tests.execution.tiny import job


def test_a_cell_that_begins_or_ends_is_drawn_at_once_with_the_epochs_of_the_others() -> None:
    text = io.StringIO()
    first, second = job("main", 0), job("main", 1)
    with Terminal(Console(file=text, width=100, force_terminal=True), "STUDY") as terminal:
        terminal.on_event(Started(first, 1, 1), 0, 4, None)
        assert "  main seed 0" in text.getvalue()
        terminal.on_event(Started(second, 1, 2), 0, 4, None)
        terminal.on_event(Progressed(second, 10, 40), 0, 4, None)
        before = text.tell()
        terminal.on_event(Finished(first, 1, None, ""), 1, 4, 12.0)
        drawn = text.getvalue()[before:]
    assert "1 of 4 runs done, about 12 s left" in drawn
    assert "main seed 1  epoch 10 of 40, " in drawn
