"""Tables of programs that checks were tuned on: faults out of four earlier sets, and healthy ones that look odd."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from exam.training.fault import Changes, Fault, Odd

HERE = Path(__file__).parent


def read_table(path: Path) -> dict[str, Any]:
    """A table of programs in YAML."""
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def as_changes(pairs: Sequence[Sequence[str]]) -> Changes:
    """Pairs of texts, as a table has them."""
    return tuple((old, new) for old, new in pairs)


def _faults() -> tuple[Fault, ...]:
    table = read_table(HERE / "known.yaml")
    return tuple(_fault(name, entry, table["patterns"]) for name, entry in table["faults"].items())


def _fault(name: str, entry: dict[str, Any], patterns: dict[str, list[str]]) -> Fault:
    made = partial(Fault, name, entry["kind"], entry["report"], entry["program"], entry["task"])
    return made(
        changes=as_changes(entry.get("changes", ())),
        family=entry["family"],
        codes=tuple(entry["codes"]),
        words=tuple(word for one in entry["words"] for word in patterns.get(one, [one])),
        place=tuple(entry["place"]),
        both=as_changes(entry.get("both", ())),
        settings=entry.get("settings", {}),
    )


def _odd() -> tuple[Odd, ...]:
    return tuple(
        Odd(name, one["why"], one["program"], one["task"], as_changes(one.get("changes", ())), one.get("settings", {}))
        for name, one in read_table(HERE / "odd.yaml").items()
    )


FAULTS = _faults()
ODD = _odd()
