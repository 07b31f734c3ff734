"""A multiverse: the universes of a study, their choices, and what becomes of its verdict in them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import yaml

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.hashing import digest
from brittlestar.core.metrics import metric_of
from brittlestar.core.texts import suggest
from brittlestar.pipeline.open import as_text
from brittlestar.pipeline.run import RunResult
from brittlestar.reports.figures.differences import draw_universes
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.multiverse import (
    OWN,
    Multiverse,
    Universe,
    describe_multiverse,
    show_choice,
)
from brittlestar.reports.multiverse_page import write_multiverse_page
from brittlestar.reports.showing import Shown, show_page
from brittlestar.statistics.factorial import fit_main_effects
from brittlestar.study.claims import format_claim
from brittlestar.study.paths import leaves

NO_PROBES = {"probes": '{"suite": "none"}'}
NO_TIME = 1e-3  # budget: seconds, in which no run begins
LONGEST = 60  # layout: letters of the choices in the name of a universe's folder
PAGE, RESULTS = "report.html", "results.json"
MOST = 16
"""Universes that are run unless the file says otherwise (convention): three choices of two, doubled."""
LARGEST = 256
KEYS = ("choices", "most")
HINT = "write `choices:` with a setting and its other values a line: `training.epochs: [10, 20]`"


class MultiverseResult(Shown, Multiverse):
    """A study under other choices. Shown as text it is a few lines; in a notebook it has its figure, too."""

    @property
    def _lines(self) -> list[tuple[str, str]]:
        return describe_multiverse(self)

    @property
    def _figure(self) -> Figure | None:
        drawn = draw_universes(self)
        return None if drawn is None else replace(drawn, title="Universes")

    @cached_property
    def html(self) -> str:
        """The multiverse as one offline page."""
        return write_multiverse_page(self, "the same command again")

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "multiverse")

    open = show


def list_levels(asked: Mapping[str, tuple[Any, ...]], study: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values of each choice, the study's own first. Raises InputError for settings that a study does not have."""
    found: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for path, values in asked.items():
        own: Any = study
        for name in path.split("."):
            if isinstance(own, Mapping) and name not in own and not path.startswith("model.params."):
                hint = suggest(path, [".".join(one) for one in leaves(study)])
                hint = hint or "settings are named as in the study file, with their section: training.epochs"
                problems.append(Problem(f"there is no setting {path}", "choices", hint))
            own = cast("Mapping[str, Any]", own).get(name) if isinstance(own, Mapping) else None
        found[path] = [own, *(one for one in values if one != own)]
    if problems:
        raise InputError(problems)
    return found


def check_values(levels: Mapping[str, list[Any]], check: Callable[[dict[str, str]], object]) -> None:
    """Raise InputError for each value that no study can have, before anything is trained."""
    problems: list[Problem] = []
    for path, values in levels.items():
        for value in values[1:]:
            try:
                check({path: as_text(value)})
            except InputError as error:
                problems += [Problem(one.what, "choices", one.hint) for one in error.problems]
    if problems:
        raise InputError(problems)


def name_universe(chosen: Mapping[str, Any]) -> str:
    """A folder's name that stays that of these choices, whatever else is chosen later."""
    words = "_".join(f"{path.rpartition('.')[2]}-{as_text(value)}" for path, value in chosen.items())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "", words)[:LONGEST]
    return f"{plain}-{digest(dict(chosen))[:6]}" if chosen else OWN.replace(" ", "-")


def describe_universe(chosen: Mapping[str, Any], done: RunResult) -> Universe:
    """A universe with its first verdict, and what it took."""
    seconds = sum(done.record.timing["cell_seconds"].values())
    made = sum(one.state in ("done", "failed") for one in done.record.cells)
    unmade = len(done.record.cells) - made
    spent = Universe(chosen, runs=made, seconds=round(seconds, 3), study=done.store.resolve().name, unmade=unmade)
    if unmade:
        return spent
    if not done.judgements:
        return replace(spent, error="no claim was judged")
    first = done.judgements[0]
    interval = first.interval
    if interval is not None and metric_of(first.claim.metric).higher_is_better and max(map(abs, interval)) > 1:
        interval = None  # wider than any difference of shares can be, as of two seeds it may be: it tells nothing
    return replace(
        spent,
        claim=format_claim(first.claim),
        verdict=first.verdict,
        estimate=first.estimate,
        interval=interval,
        threshold=first.claim.threshold if first.claim.relation == ">" else None,
    )


def find_effects(
    levels: Mapping[str, list[Any]], design: np.ndarray, found: list[Universe]
) -> dict[str, dict[str, float]]:
    """{choice: {value: effect}} of a least-squares fit; empty below two universes with an estimate."""
    known = [number for number, one in enumerate(found) if one.estimate is not None]
    if len(known) < 2:
        return {}
    values = np.array([found[number].estimate for number in known], np.float64)
    fitted = fit_main_effects(design[known], values, [len(one) for one in levels.values()])
    return {
        path: {
            show_choice(value): float(effect)
            for value, effect in zip(listed, effects, strict=True)
            if not np.isnan(effect)
        }
        for (path, listed), effects in zip(levels.items(), fitted, strict=True)
    }


def read_choices(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, tuple[Any, ...]], int]:
    """The choices in a YAML file or a mapping, {setting: values that a reader could defend} beside the study's own, and
    how many universes are run at most. Raises InputError with every mistake."""
    where = "choices" if isinstance(source, Mapping) else str(source)
    document = source if isinstance(source, Mapping) else _read_file(Path(source))
    problems = [Problem(f"there is no key {key!r}", where, HINT) for key in document if key not in KEYS]
    choices: Any = document.get("choices")
    if not isinstance(choices, Mapping) or not choices:
        raise InputError([*problems, Problem("no choice is stated", where, HINT)])
    found: dict[str, tuple[Any, ...]] = {}
    for path, values in cast("Mapping[Any, Any]", choices).items():
        listed = cast("list[Any]", values) if isinstance(values, list | tuple) else [values]
        if not listed or path in ("seeds", "name"):
            problems.append(Problem(f"{path} is no choice between values", where, HINT))
        found[str(path)] = tuple(one for place, one in enumerate(listed) if one not in listed[:place])
    most: Any = document.get("most", MOST)
    if isinstance(most, bool) or not isinstance(most, int) or not 2 <= most <= LARGEST:
        problems.append(Problem(f"most is {most!r}", where, f"a number of universes from 2 to {LARGEST}"))
    if problems:
        raise InputError(problems)
    return found, most


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), HINT) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", str(path), HINT) from error
    if not isinstance(document, Mapping):
        raise InputError("it holds no choices", str(path), HINT)
    return cast("Mapping[str, Any]", document)
