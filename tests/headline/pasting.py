"""Printed commands, pasted with a shell in the folder where they are printed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from brittlestar.core.headline import Headline
from tests.headline.surfaces import page_commands
from tests.headline.writing import BROKEN

Role = Literal["next", "remedy"]
TIMEOUT = 900
BLANK = re.compile(r"\b[A-Z]{2,}\b|…|\bN\b|package\.module")
"""A word in capitals stands for something that the reader has to fill in: such a command is no command yet."""
VOLATILE = ("attempts.jsonl", "timing.json", "log.txt")
ROOT = Path(__file__).parents[2]
SHOWS = re.compile(r"^brittlestar (status|report|audit (?!.*--write-clean)|probe .*--show)|sha256sum")
"""What only shows more of what is there: a remedy may be such a look, the next step of an answer may not."""


@dataclass(frozen=True)
class Printed:
    """A command as it is printed: `next` where an answer, or what to act on first, offers it as the way to another
    answer; `remedy` elsewhere."""

    command: str
    role: Role

    @property
    def shape(self) -> str:
        """The command without numbers and names, so that like ones are pasted a few times and not hundreds."""
        text = re.sub(r"\b[0-9a-f]{12,}\b", "HASH", " ; ".join(self.command.splitlines()))
        text = re.sub(r"[\w-]+\.study", "STUDY", text)
        return re.sub(r"\d+", "0", text)


@dataclass
class Pasted:
    """What pasting gave: how often each shape was met, and every command that failed or changed nothing. Like next
    steps of a kind of study are pasted `limit` times, like remedies of one source once."""

    limit: int = 2
    met: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def printed_commands(headline: Headline, texts: Iterable[str], pages: Iterable[str]) -> list[Printed]:
    """Every command of a study, each once: those of the headline, of terminal texts and of pages."""
    ways = [one.next for one in (*headline.answers.values(), headline.stated) if one is not None]
    ways.append(headline.act_first.command if headline.act_first is not None else None)
    found = {command: Printed(command, "next") for command in ways if command is not None}
    others: list[str] = []
    for text in texts:
        others += [line.strip() for line in text.splitlines() if line.strip().startswith("brittlestar ")]
        others += [" ".join(one.split()) for one in re.findall(r"`(brittlestar [^`]+)`", text)]
    for page in pages:
        others += page_commands(page)
    for command in others:
        found.setdefault(command, Printed(command, "remedy"))
    return list(found.values())


def paste_all(commands: Iterable[Printed], folder: Path, kind: str, number: int, pasted: Pasted) -> tuple[int, int]:
    """Paste the commands of a study whose folder this is, each in a copy of it; like ones of a kind up to the limit.
    Returns how many were pasted, and how many of them were at fault."""
    many = wrong = 0
    for command in commands:
        if BLANK.search(command.command):
            continue
        where = kind if command.role == "next" else kind.partition(":")[0]
        shape = f"{where}: {command.role}: {command.shape}"
        pasted.met[shape] += 1
        if pasted.met[shape] > (pasted.limit if command.role == "next" else min(1, pasted.limit)):
            continue
        fault = paste(command, folder)
        many, wrong = many + 1, wrong + bool(fault)
        if fault:
            pasted.faults.append(f"{number} ({kind}), {command.role}: {command.command}\n    {fault}")
    return many, wrong


def paste(one: Printed, folder: Path) -> str:
    """Paste a command into a shell in a copy of a folder; returns what is wrong with it, or nothing.

    It exits 0, or 1 where the user's code failed in a run. The next step of an answer also leaves something other than
    it found: more finished runs, another study or other data. Where a run failed, what was broken is mended first, as
    the printed words ask.
    """
    with tempfile.TemporaryDirectory(prefix="pasted-") as scratch:
        place = Path(scratch) / "here"
        shutil.copytree(folder, place, symlinks=True)
        (place / BROKEN).unlink(missing_ok=True)
        before, runs = fingerprint(place), count_states(place)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80"}
        ran = subprocess.run(
            ["bash", "-c", one.command],
            cwd=place, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip
        after = count_states(place)
        if ran.returncode and not (ran.returncode == 1 and after["failed"]):
            return f"exit {ran.returncode}: {' / '.join((ran.stderr or ran.stdout).splitlines()[-3:])}"
        if re.search(r" run .*--seeds ", one.command) and after["done"] <= runs["done"]:
            return f"exit 0, but no run was added to the {runs['done']} there"
        if fingerprint(place) == before and (one.role == "next" or not SHOWS.search(one.command)):
            return "exit 0, but nothing that an answer rests on changed"
    return ""


def fingerprint(folder: Path) -> dict[str, str]:
    """What answers rest on: every file of studies and data with a hash of its content; not what only tells when work
    was done, and no report."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        str(name): hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if name.name not in VOLATILE
        and not name.name.startswith(("index.", "."))
        and not {"report", "__pycache__"} & {*name.parts}
    }


def count_states(folder: Path) -> Counter[str]:
    """How many runs in all studies of a folder are done, and how many failed."""
    outcomes = folder.glob("*.study/cells/*/outcome.json")
    return Counter(json.loads(path.read_bytes()).get("state") for path in outcomes)
