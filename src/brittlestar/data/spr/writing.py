"""Data and everything about it on disk: one CSV a split, and `generation.json` beside them."""

import hashlib
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.files import make_folder, write_files
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
    """Write all splits and `generation.json` into the new `folder`; returns the manifest. Raises InputError where
    something stands there, StoreError when it cannot be written."""
    files = {f"{split.name}.csv": csv_bytes(split) for split in data.splits}
    description = manifest(data, files)
    with make_folder(folder, "") as place:
        write_files(place, {**files, MANIFEST: pretty_json(description)})
    return description
