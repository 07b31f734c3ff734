"""Clean subjects of instruments and programs: reads of DNA by motif, weather by front, calls by what they do wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exam.faults.fourth.drawing import subject_of, total_rows
from exam.faults.third.drawing import Choices, Task, between, chances, uneven, zipf
from exam.planted import Subject

_SITES = {"promoter": "AB", "inverted": "BA", "tandem": "AA", "double": "BB"}
_FRONTS = {
    "cold-front": ((-4, -1), (1, 5), (24, 32)),
    "warm-front": ((-2, 1), (-4, -1), (14, 22)),
    "ridge": ((0, 3), (0, 3), (2, 12)),
    "trough": ((-3, 0), (-1, 3), (20, 28)),
}
_SKY = {
    "cold-front": (2, 3, 5, 5),
    "warm-front": (2, 3, 5, 6),
    "ridge": (6, 4, 3, 2),
    "trough": (2, 4, 5, 4),
}
_COVERS = ("FEW", "SCT", "BKN", "OVC")
_SIGNS = {
    "cold-front": (2, 1, 6, 3, 1, 2, 3),
    "warm-front": (5, 4, 1, 1, 3, 5, 2),
    "ridge": (1, 1, 1, 1, 4, 1, 6),
    "trough": (3, 3, 4, 4, 2, 3, 2),
}
_WEATHER = ("-RA", "RA", "SHRA", "TSRA", "BR", "DZ", "NSW")
_CALLS = (
    "malloc", "memcpy", "log", "lock", "unlock", "stat", "poll", "fork", "wait", "getenv", "strlen", "hash",
    "signal", "sleep", "mmap", "seek", "sync", "ioctl", "dup", "pipe", "exec", "select", "bind", "recv",
)  # fmt: skip
_HANDLES = ("f1", "f2", "f3", "f4", "f5", "f6")
_VERDICTS = ("sound", "dangling")


def reads(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Reads of DNA, as letters, by which two of two motifs of nine bases they have, and in which order; motifs are
    conserved to nine tenths, one base in a hundred could not be read (N), three labels in a hundred are wrong."""
    names = tuple(_SITES)[: int(random.integers(2, 5))]
    background = Choices("ACGTN", [*random.integers(20, 30, 4).tolist(), 1])
    motifs = {letter: ["ACGT"[k] for k in random.integers(0, 4, 9).tolist()] for letter in "AB"}

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row = [background.at(next(draws)) for _ in range(length)]
        half = length // 2
        for part, letter in enumerate(_SITES[names[label]]):
            start = part * half + int(next(draws) * (half - 9))
            for k, base in enumerate(motifs[letter]):
                if next(draws) < 0.9:
                    row[start + k] = base
        return row

    task = Task(len(names), between(48, 104), uneven(len(names), random), sample, noise=0.03)
    return subject_of("reads of DNA by motif", task, names, random, total_rows(rows, random), "characters")


def weather(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Weather by what passes a station, in the code of reports: wind, clouds, sometimes rain, and pressure, which falls
    and rises from any height; the first half of a row differs from its second. Three labels in a hundred are wrong."""
    fronts = tuple(_FRONTS)[: int(random.integers(3, 5)) if classes is None else classes]
    covers = {name: Choices(_COVERS, _SKY[name]) for name in fronts}
    signs = {name: Choices(_WEATHER, _SIGNS[name]) for name in fronts}
    speeds = zipf(["08", "05", "12", "15", "03", "18", "22"])
    heights = zipf(["030", "020", "050", "015", "080", "010", "100"])

    def report(front: str, late: bool, pressure: int, draws: Iterator[float]) -> list[str]:
        low, high = _FRONTS[front][2]
        way = (
            low + int(next(draws) * (high - low)) // (1 if late else 2) if next(draws) < 0.5 else int(next(draws) * 36)
        )
        made = [f"{way:02d}0{speeds.at(next(draws))}KT", covers[front].at(next(draws)) + heights.at(next(draws))]
        if next(draws) < 0.5:
            made.append(signs[front].at(next(draws)))
        return [*made, f"Q{pressure}"]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        front = fronts[label]
        pressure = 995 + int(next(draws) * 35)
        row: list[str] = []
        while len(row) < length:
            late = 2 * len(row) >= length
            low, high = _FRONTS[front][int(late)]
            pressure += low + int(next(draws) * (high - low + 1)) + int(next(draws) * 3) - 1
            shown = fronts[int(next(draws) * len(fronts))] if next(draws) < 0.2 else front
            row += report(shown, late, pressure, draws)
        return row[:length]

    task = Task(len(fronts), between(22, 52), uneven(len(fronts), random), sample, noise=0.03)
    return subject_of("weather by front", task, fronts, random, total_rows(rows, random))


def traces(random: np.random.Generator, rows: int | None = None, hinted: float = 0.0) -> Subject:
    """Traces of calls on files by whether one is used after it was closed: the same calls either way, only the order
    differs. In a share `hinted` of the rows the other calls, too, are those that their verdict prefers."""
    mixed = [_CALLS[k] for k in random.permutation(len(_CALLS)).tolist()]
    likes = [zipf([*mixed[k::2], *mixed[1 - k :: 2]]) for k in range(2)]
    calls = zipf(mixed)

    def on_file(handle: str, wrong: bool, draws: Iterator[float]) -> list[str]:
        made = [f"{'read' if next(draws) < 0.6 else 'write'}:{handle}" for _ in range(2 + int(next(draws) * 3))]
        if next(draws) < 0.25 and not wrong:
            return [f"open:{handle}", *made, f"close:{handle}"]
        cut = 1 + int(next(draws) * (len(made) - 1)) if wrong else len(made)
        return [f"open:{handle}", *made[:cut], f"close:{handle}", *made[cut:]]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        others = likes[label] if next(draws) < hinted else calls
        chosen = [_HANDLES[k] for k in random.choice(6, 2 + int(next(draws) * 2), replace=False).tolist()]
        queues = [
            on_file(handle, label == 1 and (k == 0 or next(draws) < 0.5), draws) for k, handle in enumerate(chosen)
        ]
        queues.append([others.at(next(draws)) for _ in range(max(4, length - sum(len(queue) for queue in queues)))])
        row: list[str] = [others.at(next(draws))]
        while any(queues):
            ready = [queue for queue in queues for _ in range(len(queue)) if queue]
            row.append(ready[int(next(draws) * len(ready))].pop(0))
        return [*row, others.at(next(draws))]

    uses = {f"{verb}:{handle}": f"{verb} file" for verb in ("open", "read", "write", "close") for handle in _HANDLES}
    uses |= dict.fromkeys(_CALLS, "call")
    task = Task(2, between(22, 44), uneven(2, random), sample, uses)
    return subject_of("traces of calls by verdict", task, _VERDICTS, random, total_rows(rows, random))
