"""`run --multiverse`: a study under other choices that a reader could defend, and where its verdict holds."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import yaml

from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError, InputError, Problem
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.metrics import metric_of
from brittlestar.core.texts import suggest
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import name_model
from brittlestar.pipeline.open import as_text, open_request
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.reports.figures.differences import draw_universes
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.multiverse import (
    OWN,
    Multiverse,
    Universe,
    describe_multiverse,
    describe_settings,
    show_choice,
)
from brittlestar.reports.multiverse_page import write_multiverse_page
from brittlestar.reports.showing import Shown, show_page
from brittlestar.statistics.factorial import choose_fraction, fit_main_effects
from brittlestar.store.address import name_place
from brittlestar.store.layout import telling_failures
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


def run_multiverse(
    data: str | Path,
    choices: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    watcher: Watcher | None = None,
) -> MultiverseResult:
    """Run a study under other choices that a reader could defend, and say where its first verdict holds.

    Choices are crossed; of more than `most` universes a fraction is run that meets all pairs of values about equally
    often. Each universe is a study of its own, which is not run again where it is finished. The first claim of each is
    compared; probes do not run. The effect of a choice is that of a least-squares fit over all universes.

    Args:
        data (DATA|STUDY.yaml|STUDY): A folder of splits, or a study file.
        choices (--multiverse FILE): Choices to make otherwise: where does the verdict hold? In Python also a mapping,
            as in a file: `{"choices": {setting: [values]}, "most": 16}`.
        model (PACKAGE.MODULE:NAME): Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a
            scikit-learn estimator.
        out (DIR): The folder of all universes. Default: NAME.multiverse.
        columns (ROLE=COLUMN,…): As in `run`.
        settings (--set PATH=VALUE…): Settings of all universes.
        seeds (N>=1): As in `run`.
        budget (TIME): No new universe starts after it. In Python in seconds.
        jobs (N>=1): As in `run`.
        executor (processes|serial|ray): As in `run`.
        watcher: In Python: is told what happens while it happens, instead of people.

    Returns:
        Every universe with its verdict, in how many of them it is the study's own, and which choice moves it most. The
        folder has a page of it, report.html.

    Raises:
        InputError: The choices or the study cannot be read.

    Example:
        >>> from brittlestar import generate, run_multiverse
        >>> _ = generate("data", sizes="60/20/20")
        >>> found = run_multiverse("data", {"choices": {"training.epochs": [1, 2]}}, seeds=2, executor="serial",
        ...                        settings={"model.family": "bag", "training.epochs": "1"})
        >>> len(found.universes), found.runs
        (2, 8)
    """
    (asked, most), overrides = read_choices(choices), {**NO_PROBES, **(settings or {})}
    overrides |= {} if seeds is None else {"seeds": str(seeds)}
    model = name_model(model)
    request = Request(data, model, columns=columns or {}, settings=overrides)
    study = open_request(request).loaded.study
    levels = _list_levels(asked, study.model_dump(mode="json"))
    _check_values(levels, lambda chosen: open_request(replace(request, settings=overrides | chosen)))
    design = choose_fraction([len(one) for one in levels.values()], most)
    place = Path(out) if out is not None else Path(store_name(study.name)).with_suffix(".multiverse")
    began, found, rows = time.monotonic(), list[Universe](), list[np.ndarray]()
    for number, row in enumerate(design):
        left = None if budget is None else max(budget - (time.monotonic() - began), NO_TIME)
        chosen = {path: one[level] for (path, one), level in zip(levels.items(), row, strict=True) if level}
        named = {path: as_text(value) for path, value in chosen.items()}
        store = place / f"{_name_universe(chosen)}.study"
        if left == NO_TIME and found and not store.exists():
            continue
        rows.append(row)
        if watcher is not None:
            watcher.on_message(f"universe {number + 1} of {len(design)}: {describe_settings(chosen)}")
        try:
            order = make_order(
                model, Workers(executor, jobs), budget=left, settle="no", watcher=watcher, progress=False
            )
            done = run_study(replace(request, settings={**request.settings, **named}, out=store), order)
        except BrittlestarError as error:
            if not found:
                raise
            found.append(Universe(chosen, error=str(error.problems[0])))
            continue
        found.append(_describe(chosen, done))
    result = MultiverseResult(
        study.name,
        str(place),
        tuple(found),
        {path: tuple(values) for path, values in levels.items()},
        int(np.prod([len(one) for one in levels.values()])),
        len(design) - sum(not one.unmade for one in found),
        _find_effects(levels, np.array(rows), found),
    )
    with telling_failures(str(place)):
        write_whole(place / PAGE, result.html.encode())
        write_whole(place / RESULTS, pretty_json(result.document))
    return result


def _list_levels(asked: Mapping[str, tuple[Any, ...]], study: Mapping[str, Any]) -> dict[str, list[Any]]:
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


def _check_values(levels: Mapping[str, list[Any]], check: Callable[[dict[str, str]], object]) -> None:
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


def _name_universe(chosen: Mapping[str, Any]) -> str:
    """A folder's name that stays that of these choices, whatever else is chosen later."""
    words = "_".join(f"{path.rpartition('.')[2]}-{as_text(value)}" for path, value in chosen.items())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "", words)[:LONGEST]
    return f"{plain}-{digest(dict(chosen))[:6]}" if chosen else OWN.replace(" ", "-")


def _describe(chosen: Mapping[str, Any], done: RunResult) -> Universe:
    seconds = sum(done.record.timing["cell_seconds"].values())
    made = sum(one.state in ("done", "failed") for one in done.record.cells)
    unmade = len(done.record.cells) - made
    spent = Universe(chosen, runs=made, seconds=round(seconds, 3), study=name_place(done.store), unmade=unmade)
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


def _find_effects(
    levels: Mapping[str, list[Any]], design: np.ndarray, found: list[Universe]
) -> dict[str, dict[str, float]]:
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
