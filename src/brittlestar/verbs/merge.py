"""`merge`: cells that were trained elsewhere come into a study's store."""

from pathlib import Path

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.opening import open_data
from brittlestar.execution.environment import environment_class
from brittlestar.execution.session import missing
from brittlestar.pipeline.merge_stores import MergeResult as MergeResult
from brittlestar.pipeline.merge_stores import RefusedRun, Taken, Wanted, command_of, is_same_store, take_cells
from brittlestar.store.layout import open_store
from brittlestar.store.lock import lock_alone
from brittlestar.store.study_document import read_cells, read_study


def merge(into: str | Path, *sources: str | Path, mix_environments: bool = False) -> MergeResult:
    """Bring runs that were trained elsewhere into a study.

    Afterwards `run` trains none of them again. Needs two or more studies' folders: of the same data, model and
    settings, on one machine or copied from others.

    Every file is checked by its hash, and a run's settings by the hash that it is named by. Damaged runs, and runs of
    other versions, processors or devices, are refused and named. Nothing that is there is overwritten. Runs of other
    seeds come too: the command that is printed makes them part of the study. attempts.jsonl keeps who trained what.

    Args:
        into (INTO): The study's folder that takes them.
        sources (FROM…): Folders of the same study from elsewhere.
        mix_environments: Also take runs of another environment class.

    Returns:
        What was taken from where, what was refused and why, and what is still missing.

    Raises:
        InputError: One of the folders is no study's, or a folder is merged into itself.
        StoreError: A run is at work on the study, or it cannot be written.

    Command:
        Examples:
          brittlestar merge mine.study from-node-2/mine.study from-node-3/mine.study
          brittlestar merge mine.study gpu.study --mix-environments

        Exit codes: 0 done; 1 a run was refused, or the study is at work or cannot be written; 2 wrong usage, or no
        study's folder.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import merge, run
        >>> few = {"training.epochs": "1", "probes.only": "[order]"}
        >>> _ = run("data", settings=few | {"seeds": "[2]"}, executor="serial", out="third.study")
        >>> merge("data.study", "third.study")
        Taken      third.study: 2 runs taken
        Missing    nothing
        Next       → brittlestar run data.study --seeds 3
        >>> run("data.study", seeds=3, executor="serial").exit_code
        0
    """
    store = open_store(into)
    if not sources:
        raise InputError("no folder to take runs from is given", "merge", "brittlestar merge INTO FROM")
    others = [open_store(source) for source in sources]
    if same := [str(one.root) for one in others if is_same_store(one, store)]:
        raise InputError([Problem("a folder cannot be merged into itself", place) for place in same])
    document = read_study(store)
    cells = read_cells(document)
    data = open_data(store.data)
    device = cells[0].settings["training"]["device"]
    wanted = Wanted(
        frozenset(cell.hash for cell in cells),
        tuple((settings, document["own_digests"].get(name)) for name, settings in document["expanded"].items()),
        {name: split.fingerprint for name, split in data.splits.items()},
        None if mix_environments else environment_class(document["environment"], device),
    )
    taken: list[Taken] = []
    refused: list[RefusedRun] = []
    seeds: set[int] = set()
    with lock_alone(store):
        for other in others:
            found, bad, more = take_cells(store, other, wanted)
            taken.append(found)
            refused += bad
            seeds |= more
    gone = missing(store, cells)
    command = command_of(store, document["seeds"], seeds, mix_environments)
    return MergeResult(store.root, tuple(taken), tuple(refused), len(gone), command)
