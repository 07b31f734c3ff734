"""Where files of a study lie is the business of `store/`: no other room puts a path of one together."""

import re
from pathlib import Path

import brittlestar

SOURCE = Path(brittlestar.__file__).parent
JOINED = re.compile(r"\bstore\.(?:(?:data|report)|(?:path|split)\(.*\)) / |\{store\.(?:cell|added|suite|weights)\(")
"""A place or a key below one of the store's. `store.root / …` is a place outside, as study.json has it."""
NAMED = re.compile(r"[\"'](?:study\.json|audit\.json|outcome\.json|attempts\.jsonl|[\w-]+\.safetensors)[\"']")


def test_no_room_but_the_store_builds_a_path_of_a_study() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] != "store"
        for line in path.read_text(encoding="utf-8").splitlines()
        if JOINED.search(line) or NAMED.search(line)
    ]
    assert found == []
