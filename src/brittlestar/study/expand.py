"""From a study to its cells: variant x seed, each named by the hash of everything that determines its result."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.hashing import digest, file_digest
from brittlestar.core.seeds import STREAMS, stream_seed
from brittlestar.core.texts import suggest_file
from brittlestar.study.normalising import MAX_SEEDS
from brittlestar.study.settings import DATA_KEYS, LATER, StreamSettings, Study
from brittlestar.study.study_claims import claims_of
from brittlestar.study.variants import LoadedStudy


def expand(
    loaded: LoadedStudy, fingerprints: Mapping[str, str], own_digests: Mapping[str, str | None]
) -> tuple[Cell, ...]:
    """The cells of a study, by variant (main first), then by seed in the study's order.

    `fingerprints[split]` of every split there is; `own_digests[variant]` is the digest of the own code's source, None
    or absent where the model is built in. Two variants with the same settings have cells with the same hash. Files that
    a model reads (a table of vectors, given predictions) count by content, not by name. Raises InputError when the
    study names a split that is not there or such a file cannot be read.
    """
    problems = [*_check_splits(loaded, fingerprints), *_check_size(loaded)]
    try:
        claims_of(loaded, tuple(fingerprints))
    except InputError as error:
        problems.extend(error.problems)
    files: Mapping[str, str] = {}
    try:
        files = digest_files(loaded)
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    cells: list[Cell] = []
    for name, study in loaded.by_variant.items():
        settings = study.model_dump(mode="json", include={"data", "model", "training"})
        for seed, streams in design(study):
            named = hash_cell(settings, streams, fingerprints, own_digests.get(name), files)
            cells.append(Cell(name, seed, settings, streams, named))
    return tuple(cells)


def hash_cell(
    settings: Mapping[str, Any],
    streams: Mapping[str, int | None],
    fingerprints: Mapping[str, str],
    own: str | None,
    files: Mapping[str, str],
) -> str:
    """The name of a cell, 64 hex digits: the digest of everything that determines its result. `settings` are plain JSON
    values, `own` is the digest of own code, and `files[path]` the digest of a file that the model reads."""
    parts = {section: _without_later(section, settings[section]) for section in ("data", "model", "training")}
    model = {**parts["model"], "embedding": dict(parts["model"]["embedding"])}
    table = model["embedding"]["table"]
    model["embedding"]["table"] = None if table is None else files[table]
    model["predictions"] = [files[written] for written in model["predictions"]]
    read = sorted(fingerprints) if settings["data"].get("train_without") == "leaks" else ("train", "dev")
    if not model["predictions_columns"]:  # a study of before there were such names has the same cells
        del model["predictions_columns"]
    return digest(
        {
            "data": {key: parts["data"][key] for key in DATA_KEYS if key in parts["data"]},
            "model": model,
            "training": parts["training"],
            "fingerprints": {split: fingerprints.get(split) for split in read},
            "own": own,
            "format": FORMAT_VERSION,
            "streams": streams,
        }
    )


def reads_files(settings: Mapping[str, Any]) -> bool:
    """Whether the hash of a cell with these settings covers files that are not in its store."""
    return bool(settings["model"]["predictions"]) or settings["model"]["embedding"]["table"] is not None


def _without_later(section: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A section without later settings that have no effect: a study of before there were such has the same cells."""
    return {name: value for name, value in values.items() if (f"{section}.{name}", value) not in LATER.items()}


def design(study: Study) -> list[tuple[int, dict[str, int | None]]]:
    """Each cell's seed with the seeds of its streams. Without crossed streams these are the seeds of the study. Else
    there is one cell for every combination of its seeds over the crossed streams, the last running fastest, and cells
    are numbered from 0; a stream that varies is drawn anew in every cell."""
    crossed = [stream for stream in STREAMS if getattr(study.streams, stream) == "crossed"]
    if not crossed:
        return [(seed, stream_seeds(study.streams, seed)) for seed in study.seeds]
    combinations = product(study.seeds, repeat=len(crossed))
    return [
        (number, stream_seeds(study.streams, number, dict(zip(crossed, roots, strict=True))))
        for number, roots in enumerate(combinations)
    ]


def stream_seeds(streams: StreamSettings, root: int, crossed: Mapping[str, int] | None = None) -> dict[str, int | None]:
    """The seed of every stream: from `root` where it varies, 0 where fixed, its root in `crossed`, None where off."""
    modes = {stream: getattr(streams, stream) for stream in STREAMS}
    roots = {"varied": root, "fixed": 0}
    return {
        stream: None if mode == "off" else stream_seed((crossed or {}).get(stream, roots.get(mode, root)), stream)
        for stream, mode in modes.items()
    }


def check_streams(kinds: Mapping[str, str], streams: StreamSettings) -> None:
    """Refuse streams that cross over a model that gets one integer seed. `kinds[variant]` is `factory`, `fit`,
    `estimator`, or anything else for built-in families. Raises InputError that names every such variant."""
    modes = {stream: getattr(streams, stream) for stream in ("init", "order", "dropout")}
    if len(set(modes.values())) == 1 and "crossed" not in modes.values():
        return
    sentence = ", ".join(f"{stream}: {mode}" for stream, mode in modes.items())
    hint = "hold or vary init, order and dropout together, or give the model as a factory"
    whats = {"fit": "a fit function", "estimator": "an estimator"}
    one_seed = [f"'{name}' is {whats[kind]} and gets one seed" for name, kind in kinds.items() if kind in whats]
    if one_seed:
        why = f"so its streams cannot differ ({sentence})"
        raise InputError([Problem(f"{one}, {why}", "streams", hint) for one in one_seed])


def digest_files(loaded: LoadedStudy) -> dict[str, str]:
    """The digest of each file that a model of the study reads, by the path that is written. Raises InputError where one
    cannot be read."""
    written = {
        path: where
        for study in loaded.by_variant.values()
        for where, paths in (
            ("model.embedding.table", (study.model.embedding.table,)),
            ("model.predictions", study.model.predictions),
        )
        for path in paths
        if path is not None
    }
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    for path, where in written.items():
        try:
            digests[path] = loaded.digests.get(path) or file_digest(loaded.resolve(path))
        except OSError as error:
            what, hint = f"{path} cannot be read: {error.strerror}", suggest_file(loaded.resolve(path))
            problems.append(Problem(what, loaded.where(where), hint))
    if problems:
        raise InputError(problems)
    return digests


def _check_size(loaded: LoadedStudy) -> list[Problem]:
    """A crossed design has no more than so many cells a variant, and two levels at least."""
    study = loaded.study
    crossed = [stream for stream in STREAMS if getattr(study.streams, stream) == "crossed"]
    cells = len(study.seeds) ** len(crossed)
    if not crossed or (len(study.seeds) >= 2 and cells <= MAX_SEEDS):
        return []
    hint = f"each of {', '.join(crossed)} takes every seed: give 2 or more, and fewer than {MAX_SEEDS:,} runs a variant"
    return [Problem(f"{len(study.seeds)} seeds crossed make {cells:,} runs a variant", loaded.where("seeds"), hint)]


def _check_splits(loaded: LoadedStudy, present: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if "train" not in present:
        problems.append(Problem("there is no split 'train'", loaded.where("data.path")))
    for study in loaded.by_variant.values():
        if study.model.predictions:
            continue  # nothing is trained, so nothing is chosen on a split
        training = study.training
        named = {"training.selection.split": training.selection.split}
        if training.early_stopping is not None:
            named["training.early_stopping.split"] = training.early_stopping.split
        for path, split in named.items():
            if split not in present:
                hint = f"there are {', '.join(present)}; add a dev split, or choose on train"
                where = loaded.where(path)
                named_path = "" if where == path else f"{path} is "
                problems.append(Problem(f"{named_path}'{split}', which is not a split of these data", where, hint))
    return problems
