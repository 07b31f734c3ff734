"""`seal`: everything that a study did, as one record with one hash."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.sealed import HERE, Sealed, shorten_root
from brittlestar.core.texts import show_size
from brittlestar.diagnosis.arms import evaluation_split
from brittlestar.execution.own_code import collect_own_code, list_changed_code
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.hold import hold_store
from brittlestar.pipeline.report import build_report
from brittlestar.records import describing
from brittlestar.records.checking import load_manifest
from brittlestar.records.gathering import CHECKLISTS, CODE, FOLDER, gather_pages, gather_study
from brittlestar.records.manifest import Manifest
from brittlestar.records.rerunning import gather_rerun
from brittlestar.records.sources import open_source
from brittlestar.records.unpacked import ZIP
from brittlestar.records.writing import Content, write_record
from brittlestar.reports.checklists import write_checklists
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.showing import Shown
from brittlestar.store.attempts import read_attempts
from brittlestar.store.kept_document import write_sealed
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.names import is_session
from brittlestar.study.units import count


@dataclass(frozen=True, repr=False)
class SealResult(Shown):
    """A sealed record: its `place`, the `root` hash of its manifest (64 hex digits), how many `files` of how many
    `bytes`, what is `withheld`, how often its test rows were `scored`, `notes` for people, and the `line` that can be
    published of it: the root hash, and the hash of each claim that was registered. Shown as text or in a notebook it is
    the root hash as a paper prints it, and where the record is."""

    place: str
    root: str
    files: int
    bytes: int
    withheld: tuple[str, ...]
    scored: tuple[describing.Scored, ...]
    notes: tuple[str, ...]
    line: str

    @property
    def printed(self) -> str:
        """The root hash as a paper prints it."""
        return shorten_root(self.root)

    @property
    def next(self) -> str:
        """The command that checks it."""
        return Sealed(self.root, self.place).command

    @property
    def answer(self) -> str:
        """What to do with the root hash."""
        return f"{self.printed} is the root hash: print it in the paper."

    @property
    def holds(self) -> str:
        """How much it holds."""
        return f"{count(self.files, 'file')}, {show_size(self.bytes)}"

    @property
    def _lines(self) -> list[tuple[str, str]]:
        notes = [("Note", one) for one in self.notes]
        return [("Sealed", self.answer), ("Record", self.place), ("Holds", self.holds), *notes, ("", f"→ {self.next}")]

    @property
    def _tables(self) -> Tables:
        columns = ("record", "root", "files", "bytes", "line")
        return {"record": list_rows(columns, [(self.place, self.root, self.files, self.bytes, self.line)])}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "record": self.place,
            "root": self.root,
            "printed": self.printed,
            "files": self.files,
            "bytes": self.bytes,
            "withheld": list(self.withheld),
            "scored_before": [asdict(one) for one in self.scored],
            "notes": list(self.notes),
            "line": self.line,
        }


def seal(
    study: str | Path,
    *,
    out: str | Path | None = None,
    with_data: bool = False,
    with_weights: bool = False,
    folder: bool = False,
) -> SealResult:
    """Seal a study into one record with one hash.

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
    if not isinstance(store.root, Path):
        raise InputError("a study at an address cannot be sealed", str(store.root), "copy it to a folder first")
    usual = f"{store.root.resolve().name.removesuffix('.study')}.record{'' if folder else ZIP}"
    place = store.root.parent / usual if out is None else Path(out)
    if not folder and place.suffix != ZIP:
        raise InputError(f"an archive of a record is a {ZIP} file", str(place), f"--out NAME{ZIP}, or --folder")
    if place.resolve().is_relative_to(store.root.resolve()):
        raise InputError("a record does not lie in the study that it is of", str(place), "name a place beside it")
    with hold_store(store):
        record = read_record(store)
        cells, attempts = read_cells(read_study(store)), tuple(read_attempts(store))
        assessed = assess_study(store, record)
        assessment = replace(assessed, reading=replace(assessed.reading, sealed=None))  # a hash is in nothing it is of
        build_report(store, assessment)
        code, sealed_code, notes = _gather_code(store, cells)
        rerun, why_not = gather_rerun(store, record) if with_data else ({}, "")
        kept, keys = gather_study(store, cells, with_data, with_weights)
        split = evaluation_split(record)
        registered = describing.find_registered(attempts, record.claims)
        scored = () if split is None else describing.count_scored(store, record, split, registered)
        withheld = [f"{FOLDER}/{key}" for key in keys]
        about = describing.describe_record(
            record, assessment.reading.document, sealed_code, withheld, scored, registered
        )
        files: dict[str, Content] = {
            **kept,
            **gather_pages(store),
            **{f"{CODE}/{name}": content for name, content in code.items()},
            **rerun,
            describing.RECORD: pretty_json(about),
            describing.README: describing.write_readme(record, withheld),
        }
        files[CHECKLISTS] = write_checklists(replace(assessment.reading, sealed=HERE)).encode()
        manifest = _write(files, place, not folder)
        sealed = Sealed(manifest.root, os.path.relpath(place, store.root.parent))
        write_sealed(store, cells, sealed)
        build_report(store, replace(assessment, reading=replace(assessed.reading, sealed=sealed)))
    published = [f"claim {one['hash']} {one['claim']}" for one in about["claims"] if one["registered"]]
    unmade = sum(cell.state not in ("done", "failed") for cell in record.cells)
    notes += (f"{unmade} of {count(len(record.cells), 'run')} are not made, and so not in it",) if unmade else ()
    notes += (f"rows as they were read are not in the record: {why_not}",) if why_not else ()
    return SealResult(
        str(place),
        manifest.root,
        len(manifest.files) + 1,
        manifest.size + len(manifest.content),
        keys,
        scored,
        notes,
        "\n".join([f"brittlestar record {manifest.root} {record.name}", *published]),
    )


def _gather_code(store: Store, cells: Sequence[Cell]) -> tuple[dict[str, bytes], dict[str, Any], tuple[str, ...]]:
    """Own code by name, what record.json says of it, and notes."""
    document = read_study(store)
    digests: dict[str, str | None] = document["own_digests"]
    session = dict.fromkeys(cell.variant for cell in cells if is_session(cell.settings["model"]["own"]))
    lived = f"the model of {', '.join(session)} lived in a session: its code is not in the record, so that no run of it"
    notes = (f"{lived} can be trained again; all else can be verified",) if session else ()
    if not any(known for name, known in digests.items() if name not in session):
        return {}, {"files": {}, "unchanged": None}, notes
    search = (store.anchor / document["search_path"]).resolve()
    try:
        code = collect_own_code(search, cells)
        unchanged = not list_changed_code(cells, digests, search)
    except BrittlestarError as error:
        return {}, {"files": {}, "unchanged": False}, (*notes, f"own code is not in the record: {error}")
    changed = () if unchanged else ("own code has changed since these runs: the record has it as it is now",)
    return dict(code.files), {"files": code.hashes, "unchanged": unchanged}, (*notes, *changed)


def _write(files: dict[str, Content], place: Path, archived: bool) -> Manifest:
    """The record at `place`: beside it first, then renamed. One that is there and the same stays."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        try:
            manifest = write_record(files, beside / place.name, archived)
            if place.exists():
                _refuse_other(place, manifest)
            else:
                (beside / place.name).rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"the record cannot be written: {error.strerror or error}", str(place)) from error
    return manifest


def _refuse_other(place: Path, manifest: Manifest) -> None:
    try:
        with open_source(place) as source:
            known = load_manifest(source)
    except InputError as error:
        raise InputError("something else stands here", str(place), "choose another place: --out FILE") from error
    if known != manifest:
        hint = "keep both: --out FILE; or move the old one away"
        raise InputError(f"another record stands here, {shorten_root(known.root)}", str(place), hint)
