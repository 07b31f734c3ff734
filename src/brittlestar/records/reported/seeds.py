"""Seeds as people write them: `0-4`, `five`, `5 (0–4)`, `0, 1, ..., 4`."""

from __future__ import annotations

import re

from brittlestar.records.reported.aliases import plain_name
from brittlestar.records.reported.numbers import read_number

_ELLIPSIS = re.compile(r"\s*,(?:\s*\d+\s*,)?\s*(?:\.\.\.|…|\\l?dots)\s*,?\s*")
MOST_SEEDS = 10_000  # budget: seeds of a study that somebody states as a range


def read_seeds(name: str, text: str) -> tuple[int, ...] | int | None:
    """The seeds that a text states, or how many; None where it states neither. A number is a seed where the name is
    that of one, and no word stands behind it."""
    if re.search(r"\d{19}", text):
        return None  # longer than any seed
    if (two := re.fullmatch(r"([^()]*?\w)\s*\(([^()]+)\)", text.strip())) and text.strip()[:5] != "range":
        told = [read_seeds(name, part) for part in (two[2], two[1])]  # 5 (0–4), and 0–4 (five)
        return next((one for one in told if isinstance(one, tuple) and len(one) > 1), next(filter(None, told), None))
    plain = _ELLIPSIS.sub("–", text.strip().strip("$")).replace("\\", "").strip("[](){}").lower()
    if called := re.fullmatch(r"range\((\d+)(?:, *(\d+))?\)?", plain):
        first, last = (0, int(called[1])) if called[2] is None else (int(called[1]), int(called[2]))
        return tuple(range(first, last)) if last - first < MOST_SEEDS else None
    if ranged := re.fullmatch(r"(\d+)\s*(?:-|–|to|through|\.\.|…)\s*(\d+)", plain):
        first, last = int(ranged[1]), int(ranged[2])
        return tuple(range(first, last + 1)) if last - first < MOST_SEEDS else None
    if sliced := re.fullmatch(r"(\d+):(\d+)", plain):
        return tuple(range(int(sliced[1]), int(sliced[2]))) if int(sliced[2]) - int(sliced[1]) < MOST_SEEDS else None
    parts = [part for part in re.split(r"[,;/&\s]+|\band\b|\bas well as\b", plain) if part]
    if len(parts) > 1 and all(part.isdecimal() for part in parts):
        return tuple(map(int, parts))
    number = read_number(re.sub(r"^(?:mean|average) (?:of|over) ", "", plain))
    if number is None or number.value != int(number.value):
        return None
    last = re.split(r"[./:]|__", name)[-1]
    counts = (
        not text.strip().startswith("[")
        and plain_name(last) not in ("seed", "randomseed", "randomstate", "seedeverything")
    ) or bool(number.unit)
    return int(number.value) if counts else (int(number.value),)
