"""`seal`: everything that a study did, as one record with one hash."""

import os
from dataclasses import replace
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.sealed import Sealed
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.forecasting import ask_outsider
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.store_lock import lock_store
from brittlestar.records import describing
from brittlestar.records.gathering import CODE, FOLDER, LIMITS, gather_pages, gather_study
from brittlestar.records.rerunning import gather_rerun, is_edited
from brittlestar.records.sealing import SealResult as SealResult
from brittlestar.records.sealing import gather_code, write
from brittlestar.records.unpacked import ZIP
from brittlestar.records.writing import Content
from brittlestar.reports.paper.limits import write_limits
from brittlestar.store.attempts import read_attempts
from brittlestar.store.kept_document import write_sealed
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.units import count


def seal(
    study: str | Path,
    *,
    out: str | Path | None = None,
    with_data: bool = False,
    with_weights: bool = False,
    folder: bool = False,
) -> SealResult:
    """Pack a study into one record with one hash.

    A record has settings in effect, data fingerprints, own code, environment, seeds, curves, predictions, findings,
    claims, verdicts, failed runs and the report, with a hash of every file and one root hash over them all. The report
    is built anew first.

    Needs a study on which nothing is at work. The same study gives the same bytes. Tokens of rows stay behind unless
    `with_data` asks for them, though findings in the report show a few rows. A stranger checks it with `verify`; print
    the root hash in the paper.

    Args:
        study (STUDY): The folder NAME.study that `run` made.
        out (FILE): Where the record goes. Default: NAME.record.zip beside the study.
        with_data: Put all rows into it, too: as they were read, with a study file that runs on them, and as tokens.
        with_weights: Put the weights of runs into it, too.
        folder: Write a folder, and not an archive.

    Returns:
        The record's place and its root hash, which names every byte of it.

    Raises:
        InputError: There is no such study, another record stands at `out`, or an archive's name does not end in
            .zip.
        StoreError: A run is at work on the study, or its folder is damaged, or the record cannot be written.

    Command:
        Examples:
          brittlestar seal demo/founding.study
          brittlestar seal demo/founding.study --with-data --out founding.zip

        Exit codes: 0 done; 1 a run is at work on the study, or the record cannot be written; 2 wrong usage, or another
        record stands there.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import seal, verify
        >>> sealed = seal("data.study", with_data=True, out="sealed.zip")
        >>> verify("sealed.zip", root=sealed.printed).outcome
        'identical'
    """
    store = open_store(study)
    place = _choose_place(store, out, folder)
    with lock_store(store):
        record = read_live_record(store)
        cells, attempts = read_cells(read_study(store)), tuple(read_attempts(store))
        assessed = assess_study(store, record)
        reading = replace(assessed, sealed=None)  # a hash is in nothing it is of
        build_report(store, reading)
        code, sealed_code, notes = gather_code(store, cells)
        rerun, why_not = gather_rerun(store, record) if with_data else ({}, "")
        kept, keys = gather_study(store, cells, with_data, with_weights, ask_outsider(store, record))
        split, withheld = record.held_out, [f"{FOLDER}/{key}" for key in keys]
        registered = describing.find_registered(attempts, record.claims)
        scored = () if split is None else (describing.count_runs(record.folder, attempts, split, registered),)
        document = reading.document
        about = describing.describe_record(record, document, sealed_code, withheld, scored, registered)
        says = describing.tell_record(about, document)
        files: dict[str, Content] = {
            **kept,
            **gather_pages(store),
            **{f"{CODE}/{name}": content for name, content in code.items()},
            **rerun,
            describing.RECORD: pretty_json(about),
            describing.README: describing.write_readme(record, withheld, says),
            LIMITS: write_limits(reading).encode(),
        }
        manifest = write(files, place, not folder)
        sealed = Sealed(manifest.root, os.path.relpath(place, Path(store.root).parent))
        write_sealed(store, cells, sealed)
        build_report(store, replace(assessed, sealed=sealed))
    published = [f"claim {one['hash']} {one['claim']}" for one in about["claims"] if one["registered"]]
    unmade = sum(cell.state not in ("done", "failed") for cell in record.cells)
    notes += (f"{unmade} of {count(len(record.cells), 'run')} are not made, and so not in it",) if unmade else ()
    notes += (f"rows as they were read are not in the record: {why_not}",) if why_not else ()
    notes += ("the study file has been edited since; the record has the settings that were run",) * is_edited(store)
    many, size = len(manifest.files) + 1, manifest.size + len(manifest.content)
    printed = "\n".join([f"brittlestar record {manifest.root} {record.name}", *published])
    return SealResult(str(place), manifest.root, many, size, keys, scored, notes, printed, says)


def _choose_place(store: Store, out: str | Path | None, folder: bool) -> Path:
    """Where the record goes. Raises InputError where it cannot."""
    usual = f"{store.root.resolve().name.removesuffix('.study')}.record{'' if folder else ZIP}"
    place = store.root.parent / usual if out is None else Path(out)
    if not folder and place.suffix != ZIP:
        raise InputError(f"an archive of a record is a {ZIP} file", str(place), f"--out NAME{ZIP}, or --folder")
    if place.resolve().is_relative_to(store.root.resolve()):
        raise InputError("a record does not lie in the study that it is of", str(place), "name a place beside it")
    return place
