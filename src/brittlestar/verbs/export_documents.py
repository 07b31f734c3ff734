"""What an export writes for single tools: model card, checklists, crate, MLflow runs, TensorBoard events."""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.optional import require
from brittlestar.records.crate import CRATE, describe_crate
from brittlestar.records.writing import write_record
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import REPORT
from brittlestar.store.study_document import read_study
from brittlestar.store.study_record import read_record
from brittlestar.verbs.export_files import refuse_existing_file, write_file
from brittlestar.verbs.opened_study import OpenedStudy
from brittlestar.verbs.unpacked import ZIP, unpack_record

FILES, TRACKERS = ("model_card", "checklists", "crate", "settings"), ("mlflow", "tensorboard")
"""What needs no library, and what needs the one of its name, which an extra of that name brings."""
Place = str | Path


def refuse_documents(places: Mapping[str, Place]) -> list[Problem]:
    """What keeps them from being written: a file or folder that is there already. Raises MissingExtraError where the
    library of a tracker is not installed."""
    for kind in TRACKERS:
        if kind in places:
            require(kind, kind)
    found = [refuse_existing_file(Path(places[kind]), option_of(kind)) for kind in FILES if kind in places]
    if "tensorboard" in places:
        found.append(refuse_existing_file(Path(places["tensorboard"]), "--tensorboard", "DIR"))
    return [one for one in found if one is not None]


def option_of(kind: str) -> str:
    """`--model-card` for `model_card`."""
    return f"--{kind.replace('_', '-')}"


def write_documents(study: OpenedStudy, places: Mapping[str, Place]) -> dict[str, int | None]:
    """Write each of them; how many runs went to a tracker, by kind, None for a file. Raises InputError, StoreError, and
    MissingExtraError where a tracker's library is not installed."""
    return {kind: _WRITERS[kind](study, place) for kind, place in places.items()}


def _write_model_card(study: OpenedStudy, place: Place) -> None:
    from brittlestar.reports.model_card import write_model_card

    write_file(Path(place), write_model_card(study.assessment.reading).encode())


def _write_checklists(study: OpenedStudy, place: Place) -> None:
    from brittlestar.reports.checklists.writing import write_checklists

    write_file(Path(place), write_checklists(study.assessment.reading).encode())


def _write_crate(study: OpenedStudy, place: Place) -> None:
    """The record that the study was sealed into, with a description for archives. Raises InputError where there is
    none of the study as it is."""
    path, sealed = Path(place), study.assessment.reading.sealed
    if sealed is None or not isinstance(study.store.root, Path):
        hint = f"brittlestar seal {shlex.quote(str(study.path))}"
        raise InputError("the study has not been sealed, or has changed since", str(study.path), hint)
    with unpack_record(study.store.root.parent / sealed.record) as record:
        found = (one for one in record.folder.rglob("*") if one.is_file())
        files = {one.relative_to(record.folder).as_posix(): one for one in found}
        files.pop(CRATE, None)  # earlier versions put one into the record
        described = describe_crate(read_record(record.store), record.attempts, files)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_record({**files, CRATE: pretty_json(described)}, path, path.suffix == ZIP)
        except OSError as error:
            raise StoreError(
                f"cannot be written: {error.strerror or error}", str(place), "name another place"
            ) from error


def _write_settings(study: OpenedStudy, place: Place) -> None:
    from brittlestar.records.reported.effect import find_effect
    from brittlestar.records.reported.settings_file import write_settings

    write_file(Path(place), write_settings(find_effect(study.record, study.declared)).encode())


def _write_tensorboard(study: OpenedStudy, place: Place) -> int:
    from brittlestar.reports.tensorboard_events import write_events

    try:
        return write_events(study.assessment.reading, Path(place))
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(place), "name another folder") from error


def _write_mlflow(study: OpenedStudy, place: Place) -> int:
    from brittlestar.reports.mlflow_runs import Told, write_runs

    begun: dict[str, float] = {}
    clocks: dict[str, tuple[float, float]] = {}
    for line in read_attempts(study.store):
        begun.setdefault(line["cell"], line["at"])
        if line["event"] == "started":
            begun[line["cell"]] = line["at"]
        clocks[line["cell"]] = begun[line["cell"]], line["at"]
    told = Told(digest(read_study(study.store)), clocks, study.store.path(REPORT))
    return write_runs(study.assessment.reading, str(place), told)[1]


_WRITERS: Mapping[str, Callable[[OpenedStudy, Place], int | None]] = {
    "model_card": _write_model_card,
    "checklists": _write_checklists,
    "crate": _write_crate,
    "settings": _write_settings,
    "mlflow": _write_mlflow,
    "tensorboard": _write_tensorboard,
}
