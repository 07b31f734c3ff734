"""`status`: where a study stands, read beside whoever is at work on it."""

from collections import Counter
from pathlib import Path
from typing import Any

from brittlestar.core.documents import begin_document
from brittlestar.reports.document import list_states
from brittlestar.reports.showing import Document
from brittlestar.store.layout import open_store
from brittlestar.store.lock import is_locked, read_progress, shares_at_work
from brittlestar.store.study_document import read_study
from brittlestar.store.study_record import read_states


def status(study: str | Path) -> dict[str, Any]:
    """Show finished, running, failed and missing runs.

    Needs a study's folder. It works beside a run in another process, and changes nothing.

    Args:
        study (STUDY): The folder NAME.study that `run` made.

    Returns:
        Plain JSON values: `study`, `at_work`, `shares` (those at work, as `K/N`), `states` (how many runs are in each
        state), `running`, `seconds_left`, and `cells`, the runs with their errors.

    Raises:
        InputError: There is no such study.

    Command:
        Prints counts of runs, those that run now, the time left, and each failure with the command that runs it again.

        Examples:
          brittlestar status demo/data.study
          brittlestar status demo/data.study -v

        Exit codes: 0 done; 2 wrong usage, or no study's folder.

    Example:
        The study is that of `run("data", seeds=2)`: two variants from two seeds each.

        >>> from brittlestar import status
        >>> status("data.study")["states"]
        {'done': 4}
    """
    store = open_store(study)
    name, cells = read_study(store)["name"], read_states(store)
    at_work, live = is_locked(store), read_progress(store)
    states = {cell.hash: cell.state for cell in cells}
    document = {
        **begin_document(),
        "study": name,
        "at_work": at_work,
        "shares": list(shares_at_work(store)),
        "states": dict(Counter(cell.state for cell in cells)),
        "running": [one for one in live["running"] if states.get(one["hash"]) == "running"],  # not one just done
        "seconds_left": live["seconds_left"],
        "cells": list_states(cells),
    }
    return Document(document)
