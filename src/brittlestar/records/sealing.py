"""Sealing: own code and files of a record, written beside its place and renamed; what sealing leaves."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.documents import begin_document, offer_command
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.core.sealed import Sealed, shorten_root
from brittlestar.core.texts import show_size
from brittlestar.execution.own_code import collect_own_code, list_changed_code
from brittlestar.records import describing
from brittlestar.records.checking import load_manifest
from brittlestar.records.manifest import Manifest
from brittlestar.records.sources import open_source
from brittlestar.records.writing import Content, write_record
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, name_next, name_place, name_text
from brittlestar.reports.showing import Lines, Shown
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.names import is_session
from brittlestar.study.units import count

TOKENS = ("tokens of rows", "--with-data", "tokens.npy")
LEFT = (TOKENS, ("weights of runs", "--with-weights", ".safetensors"))
"""What a record leaves out, the option that puts it in, and how the files' names end."""


@dataclass(frozen=True, repr=False)
class SealResult(Shown):
    """A sealed record: its `place`, the `root` hash of its manifest (64 hex digits), how many `files` of how many
    `bytes`, what is `withheld`, how often its test rows were `scored`, `notes` for people, and the `line` that can be
    published of it: the root hash, and the hash of each claim that was registered. It `says` score, answers and
    verdicts. Shown as text or in a notebook it is
    the root hash as a paper prints it, and where the record is."""

    place: str
    root: str
    files: int
    bytes: int
    withheld: tuple[str, ...]
    scored: tuple[describing.ScoredRuns, ...]
    notes: tuple[str, ...]
    line: str
    says: str = ""

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
    def blocks(self) -> list[Paragraph]:
        """The root hash to print, where the record is, what is not in it, and who scored its test rows."""
        left = [one for one in LEFT if any(key.endswith(one[2]) for key in self.withheld)]
        named = " and ".join(f"{what} ({option})" for what, option, _ in left)
        untold = "; without rows, `verify` cannot tell all" if TOKENS in left else ""
        return [
            Paragraph("Sealed", self.answer),
            *name_place("Record", self.place),
            Paragraph("Holds", self.holds),
            Paragraph("Says", self.says),
            *name_text("Without", named and f"{named}{untold}"),
            *name_text("Ledger", self._ledger),
            *(Paragraph("Note", note) for note in self.notes),
            *name_next("Next", self.next),
        ]

    @property
    def _told(self) -> Lines:
        return ()  # all notes are among the blocks

    @property
    def _ledger(self) -> str:
        if not self.scored:
            return ""
        runs, split = sum(one.runs for one in self.scored), self.scored[0].split
        sentence = f"{count(runs, 'run')} of {count(len(self.scored), 'study', 'studies')} scored its {split} rows"
        if before := [one.before_claims for one in self.scored if one.before_claims is not None]:
            sentence += f", {sum(before) or 'none'} of them before the claims were registered"
        return f"{sentence}."

    @property
    def _tables(self) -> Tables:
        columns = ("record", "root", "files", "bytes", "line")
        return {"record": list_rows(columns, [(self.place, self.root, self.files, self.bytes, self.line)])}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        told = asdict(self)
        named = {"record": told.pop("place"), "printed": self.printed, "scored_before": told.pop("scored")}
        return {**begin_document(), **named, **told, **offer_command(self.next)}


def gather_code(store: Store, cells: Sequence[Cell]) -> tuple[dict[str, bytes], dict[str, Any], tuple[str, ...]]:
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


def write(files: dict[str, Content], place: Path, archived: bool) -> Manifest:
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
