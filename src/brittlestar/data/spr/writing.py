"""Data and everything about it on disk: one CSV a split, and `generation.json` beside them."""

import hashlib
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.data.spr.generation import SprData, SprSplit

MANIFEST = "generation.json"
FORMAT = 1  # raised whenever the files change


def csv_bytes(split: SprSplit) -> bytes:
    """The split as UTF-8 CSV, `id,sequence,label`, tokens separated by one space, lines by a line feed."""
    lines = [
        f"{row_id},{' '.join(sequence)},{label}\n"
        for row_id, sequence, label in zip(split.ids, split.sequences, split.labels.astype(int).tolist(), strict=True)
    ]
    return ("id,sequence,label\n" + "".join(lines)).encode()


def manifest(data: SprData, files: dict[str, bytes]) -> dict[str, Any]:
    """The content of `generation.json`: rule, settings, acceptance probabilities, counts, flipped ids, hashes."""
    drawn = isinstance(data.settings.rule, int)
    by_length = {str(length): chance for length, chance in data.acceptance.items()}
    return {
        "format": FORMAT,
        "task": "spr",
        "rule": {
            "text": str(data.rule),
            "predicates": data.rule.as_json(),
            "origin": "drawn" if drawn else "given",
        },
        "settings": {"k": len(data.rule.predicates), **data.settings.as_json()},
        "acceptance": {
            "mean": math.fsum(by_length.values()) / len(by_length),
            "by_length": by_length,
        },
        "splits": {split.name: _describe(split, files[f"{split.name}.csv"]) for split in data.splits},
    }


def _describe(split: SprSplit, content: bytes) -> dict[str, Any]:
    broken = Counter(split.broken.tolist())
    ids = split.ids
    return {
        "file": f"{split.name}.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(split.labels),
        "accepted_by_rule": broken[0],
        "labelled_1": int(split.labels.sum()),
        "rejects_by_predicates_broken": {str(count): broken[count] for count in sorted(broken) if count},
        "rows_also_in_earlier_splits": split.repeats,
        "flipped": [ids[row] for row in np.flatnonzero(split.flipped)],
    }


def write_spr(data: SprData, folder: Path) -> dict[str, Any]:
    """Write all splits and `generation.json` (last) into `folder`, which is made if missing; returns the manifest.

    A folder that already holds some of these very files is completed. Raises InputError when it holds anything else,
    StoreError when it cannot be written.
    """
    files = {f"{split.name}.csv": csv_bytes(split) for split in data.splits}
    description = manifest(data, files)
    files[MANIFEST] = pretty_json(description)
    try:
        _refuse_other_content(folder, files)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if not (folder / name).exists():
                write_whole(folder / name, content)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", str(folder), "name another folder") from error
    return description


def _refuse_other_content(folder: Path, files: dict[str, bytes]) -> None:
    """Raise InputError unless every visible file of `folder` is one of `files`, to the byte."""
    if not folder.exists():
        return
    hint = "name an empty folder or a new one"
    if not folder.is_dir():
        raise InputError("is not a folder", str(folder), hint)
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.name not in files:
            if not path.name.startswith("."):
                problems.append(Problem("is there already and is not part of this data", str(path), hint))
        elif not path.is_file() or path.read_bytes() != files[path.name]:
            problems.append(Problem("is there already with other content", str(path), hint))
    if problems:
        raise InputError(problems)
