"""Whether a record is what was sealed, and whether what it says follows from what is in it."""

import json
import re
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from brittlestar.core.documents import answer_document, begin_document, offer_command
from brittlestar.core.errors import InputError
from brittlestar.core.sealed import shorten_root
from brittlestar.core.texts import show_size
from brittlestar.data.tables import format_count, format_list
from brittlestar.execution.jobs import Executor, SilentWatcher, Watcher
from brittlestar.execution.processes import Processes
from brittlestar.records.checking import HashedRecord, hash_record, read_file
from brittlestar.records.describing import RECORD, tell_record
from brittlestar.records.gathering import FOLDER, PAGES
from brittlestar.records.manifest import LARGEST_MANIFEST, Manifest, matches_root
from brittlestar.records.outcomes import MOST_DIFFERENCES, WORST, Checked, CheckOutcome, conclude, judge
from brittlestar.records.sources import Source, open_source
from brittlestar.records.unpacked import name_run, open_unpacked, reading_stranger, unpack_files
from brittlestar.records.verify.copies import judge_copies, pair_seeds, share_files
from brittlestar.records.verify.recomputing import recompute
from brittlestar.records.verify.replicating import replicate
from brittlestar.records.verify.retraining import WHAT as RETRAINED
from brittlestar.records.verify.retraining import retrain
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.paragraphs import Paragraph, Words, cut_blocks, name_next, name_text
from brittlestar.reports.result_files import RESULTS
from brittlestar.reports.showing import Shown
from brittlestar.store.backend import OUTCOME
from brittlestar.store.layout import STUDY
from brittlestar.store.study_document import read_cells
from brittlestar.study.units import count

Told = TypeVar("Told")
Depth = Literal["hashes", "recompute", "retrain", "replicate"]
DEPTHS: tuple[Depth, ...] = ("hashes", "recompute", "retrain", "replicate")
CELLS = 3  # convention: a forger of one run in three is caught with a chance of 70 %, of one in ten with 30 %
LEAST_SEEDS = 2
"""Fresh seeds that say anything of a method."""
_MEGABYTE = 1_000_000
CONSISTENT = "Nothing in the record contradicts itself."
OUTCOMES: dict[CheckOutcome, str] = {
    "identical": CONSISTENT,
    "equivalent": f"{CONSISTENT} Not the same bit by bit: {{}}.",
    "differs": "It differs: {}.",
    "cannot-tell": "Nothing that could be checked differs. Not checked: {}.",
}
PROVES = (
    "The root hash proves which files these are, if you have it from elsewhere. It does not prove when they were made, "
    "or that the runs took place"
)
EXITS: dict[CheckOutcome, int] = {"identical": 0, "equivalent": 0, "differs": 3, "cannot-tell": 4}

STYLES: dict[CheckOutcome, str] = {
    "identical": "bold green", "equivalent": "bold green", "differs": "bold red", "cannot-tell": "yellow",
}  # fmt: skip
MOST_DETAILS = 4
"""Sentences of one part that are printed; -v and the JSON have all (convention)."""


@dataclass(frozen=True, repr=False)
class VerifyResult(Shown):
    """What verifying a record found: its `place`, its `root` hash, how `depth` went, what was `checked`, part by part,
    how many `files` of how many `bytes` were read, and what the record `says`: score, answers and claims, as sealed. Of
    `runs` that can be trained again not all were drawn (0 where none is left out).
    Shown as text or in a notebook it is that, the outcome, and what is not identical."""

    place: str
    root: str
    depth: Depth
    checked: tuple[Checked, ...]
    files: int
    bytes: int
    says: str = ""
    runs: int = 0

    @property
    def outcome(self) -> CheckOutcome:
        """`identical`, `equivalent`, `differs` or `cannot-tell`: that of the worst part."""
        return judge(self.checked)

    @property
    def answer(self) -> str:
        """The outcome in words."""
        if self.depth == "hashes" and self.outcome == "identical":
            return "Every file is the one that was sealed."
        return OUTCOMES[self.outcome].format(
            format_list([part.what for part in self.checked if part.outcome == self.outcome])
        )

    @property
    def proves(self) -> str:
        """What the root hash proves, and what it does not."""
        trained = any(part.what == RETRAINED and part.outcome != "cannot-tell" for part in self.checked)
        return f"{PROVES}{', but for those trained again' if trained else ' (--depth retrain trains some again)'}."

    @property
    def by_outcome(self) -> list[Checked]:
        """What was checked, differences first."""
        return sorted(self.checked, key=lambda one: WORST.index(one.outcome))

    @property
    def _odd(self) -> list[Checked]:
        return [part for part in self.by_outcome if part.outcome != "identical" or part.details]

    @property
    def blocks(self) -> list[Paragraph]:
        """The outcome, what differs, what the root hash proves, what the record says, and what looks deeper."""
        known = [*dict.fromkeys(told for part in self.checked for told in part.details)]
        odd = self._odd
        plain = "; ".join(part.what for part in self.checked if part not in odd)
        told = [block for part in odd for block in _part_blocks(part, known)]
        root = f"{shorten_root(self.root)}; {count(self.files, 'file')}, {show_size(self.bytes)}. {self.proves}"
        differs = self.outcome == "differs"
        return [
            Paragraph((("Record", STYLES[self.outcome]),), self.answer),
            *(told if differs else ()),
            Paragraph("Root", root),
            *name_text("Sealed", self.says),
            *(() if differs else told),
            *name_text(_name_outcome("identical"), plain),
            *name_next("Next", self.next),
        ]

    @property
    def _tables(self) -> Tables:
        rows = ((part.what, part.outcome, "; ".join(part.details)) for part in self.checked)
        return {"checked": list_rows(("what", "outcome", "details"), rows)}

    @property
    def exit_code(self) -> int:
        """0, 3 where something differs, 4 where that cannot be told."""
        return EXITS[self.outcome]

    @property
    def next(self) -> str | None:
        """The command that looks deeper, or at more runs; None where there is none, or something differs already."""
        if self.outcome not in ("identical", "equivalent") or self.depth == DEPTHS[-1]:
            return None
        if self.runs:
            return f"brittlestar verify {shlex.quote(self.place)} --depth {self.depth} --cells {self.runs}"
        deeper = DEPTHS[DEPTHS.index(self.depth) + 1]
        return f"brittlestar verify {shlex.quote(self.place)} --depth {deeper}"

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        told = asdict(self)
        named = {"record": told.pop("place"), "printed": shorten_root(self.root), "outcome": self.outcome}
        return {
            **begin_document(answer_document(self.outcome, self.answer)),
            **named,
            **told,
            **offer_command(self.next),
        }


def _name_outcome(outcome: CheckOutcome) -> Words:
    return ((outcome.replace("-", " "), STYLES[outcome]),)


def _part_blocks(part: Checked, left: list[str]) -> list[Paragraph]:
    """A part with its details; of what cannot be told those that are `left`: what several parts lack is said once."""
    notes = [text for text in part.details if part.outcome == "differs" or text in left]
    left[:] = [text for text in left if text not in notes]
    details = [Paragraph("", text, most=3) for text in notes]
    return [Paragraph(_name_outcome(part.outcome), part.what), *cut_blocks(details, MOST_DETAILS)]


def verify_record(
    place: Path,
    depth: Depth = "recompute",
    root: str | None = None,
    trust_code: bool = False,
    cells: int = CELLS,
    seeds: int | None = None,
    watcher: Watcher | None = None,
    executor: Executor | None = None,
) -> VerifyResult:
    """What `verify` does. Raises InputError where there is no record, or it cannot be one."""
    if depth not in DEPTHS:
        raise InputError(f"there is no depth {depth!r}", "--depth", f"one of {', '.join(DEPTHS)}")
    if cells < 1 or (seeds is not None and seeds < LEAST_SEEDS):
        wrong = ("--cells", cells, 1) if cells < 1 else ("--seeds", seeds, LEAST_SEEDS)
        raise InputError(f"it is {wrong[1]}", wrong[0], f"a number from {wrong[2]} on")
    told = watcher or SilentWatcher()
    with open_source(place) as source, tempfile.TemporaryDirectory(prefix="brittlestar-record-") as temporary:
        unpacked, whole = Path(temporary) / "record", sum(source.sizes.values())
        count = _tell_bytes(told, whole)
        hashed = hash_record(source, count) if depth == "hashes" else unpack_files(source, unpacked, count)
        runs, checked = 0, [] if root is None else [_check_root(hashed.manifest, root)]
        checked.append(_check_files(source, hashed))
        results = _read_sealed(source, f"{PAGES}/{RESULTS}", dict[str, Any], {})
        says = _read_sealed(source, RECORD, lambda about: tell_record(about, results), "")
        if depth == "hashes" and not hashed.differences:
            checked.append(_check_copies(source))
        if depth != "hashes" and not hashed.differences:
            opened = open_unpacked(unpacked, trust_code)
            checked += recompute(opened, told)
            if depth in DEPTHS[2:] and judge(checked) != "differs":
                trained, runs = retrain(opened, cells, executor or Processes(1))
                checked.append(trained)
                runs = runs if depth == "retrain" and cells < runs else 0
            if depth == "replicate" and judge(checked) != "differs":
                checked.append(replicate(opened, seeds, watcher))
    many = len(hashed.manifest.files) + 1
    return VerifyResult(str(place), hashed.manifest.root, depth, tuple(checked), many, whole, says, runs)


def _tell_bytes(watcher: Watcher, whole: int) -> Callable[[int], None]:
    """What hears of bytes that were read, and tells a watcher how many megabytes these are together."""
    sizes = [0]

    def count(size: int) -> None:
        sizes.append(sizes.pop() + size)
        watcher.on_stage("hashing", "MB", sizes[0] // _MEGABYTE, whole // _MEGABYTE)

    return count


def _check_root(manifest: Manifest, given: str) -> Checked:
    wrong = [] if matches_root(manifest.root, given) else [f"it is {shorten_root(manifest.root)}, and not {given}"]
    return conclude("root hash", wrong)


def _check_files(source: Source, hashed: HashedRecord) -> Checked:
    gone = [difference.name for difference in hashed.differences if difference.fault == "missing"]
    notes = [f"{format_count(len(gone), 'file')} missing: {format_list(gone, MOST_DIFFERENCES)}"] if gone else []
    words = {"changed": "was changed", "added": "was added", "unreadable": "cannot be read"}
    others = (difference for difference in hashed.differences if difference.fault != "missing")
    notes += [f"{one.name} {words[one.fault]}{f': {one.detail}' if one.detail else ''}" for one in others]
    runs = _read_sealed(source, f"{FOLDER}/{STUDY}", _name_runs, {}) if notes else {}

    def name_file(found: re.Match[str]) -> str:
        return f"{found[2]} of {runs[found[1]]}" if found[1] in runs else found[0]

    return conclude("files", [re.sub(rf"{FOLDER}/cells/(\w+)/([^\s,:]+)", name_file, note) for note in notes])


def _read_sealed(source: Source, name: str, tell: Callable[[Any], Told], otherwise: Told) -> Told:
    """What `tell` says of a document of a record, which a stranger wrote; `otherwise` where it cannot be read."""
    try:
        with reading_stranger(source.where):
            return tell(json.loads(read_file(source, name, LARGEST_MANIFEST)))
    except InputError:
        return otherwise


def _check_copies(source: Source) -> Checked:
    """Whether networks of different seeds have files with one hash; what else is the same takes a deeper look."""
    cells = _read_sealed(source, f"{FOLDER}/{STUDY}", read_cells, ())
    places = {cell.hash: f"{FOLDER}/cells/{cell.hash}/{OUTCOME}" for cell in cells}
    stored = {name: _read_sealed(source, place, dict[str, Any], {}) for name, place in places.items()}
    pairs = pair_seeds(cells, stored)
    equal = [pair for pair in pairs if share_files(*pair, stored)]
    return judge_copies(pairs, equal, stored)


def _name_runs(document: Any) -> dict[str, str]:
    """The runs that study.json lists, by their hashes."""
    return {cell.hash: name_run(cell) for cell in read_cells(document)}
