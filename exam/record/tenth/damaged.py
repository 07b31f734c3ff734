"""Mutations of the tenth record's folder whose files no longer fit its manifest."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

from exam.record.base import Base
from exam.record.forging import MANIFEST, cells, read, write_manifest
from exam.record.mutation import Mutation


def swap_figure(record: Path, base: Base) -> None:
    """A figure in place of one that looks worse."""
    figures = record / "report" / "figures"
    shutil.copyfile(figures / "shift-dev.png", figures / "shift-shift_slow.png")


def strike_finding(record: Path, base: Base) -> None:
    """The page no longer speaks of rows of test that are in train, wherever it did in so many words."""
    path = record / "report" / "report.html"
    text = path.read_text(encoding="utf-8")
    struck = re.sub(r"test: 7 of 100 rows \(7 %\) are in train", "test: no row is in train", text)
    assert struck != text
    path.write_text(struck, encoding="utf-8")


def rename_run(record: Path, base: Base) -> None:
    """The folder of a run has a short name, as people give it."""
    folder = cells(record)["hum", 9]
    folder.rename(folder.with_name(folder.name[:12]))


def leave_compiled(record: Path, base: Base) -> None:
    """A compiled file beside own code, which could be run in place of it."""
    folder = record / "code" / "__pycache__"
    folder.mkdir()
    (folder / "motifs.cpython-311.pyc").write_bytes(b"\xa7\r\r\n" + bytes(60))


def list_twice(record: Path, base: Base) -> None:
    """The manifest lists a file twice, the second time with the hash of something else."""
    manifest = read(record / MANIFEST)
    (entry,) = (one for one in manifest["files"] if one[0] == "report/verdicts.md")
    other = b"| claim | verdict |\n"
    place = manifest["files"].index(entry) + 1
    manifest["files"].insert(place, [entry[0], len(other), hashlib.sha256(other).hexdigest()])
    write_manifest(record, manifest)


def write_in_one_line(record: Path, base: Base) -> None:
    """The claims, the same to a reader of JSON, in one line."""
    path = record / "study" / "claims.json"
    path.write_text(json.dumps(json.loads(path.read_bytes())), encoding="utf-8")


def change_size(record: Path, base: Base) -> None:
    """The manifest has another size for a file whose hash it has right."""
    manifest = read(record / MANIFEST)
    for entry in manifest["files"]:
        if entry[0] == "rows/train.parquet":
            entry[1] += 512
    write_manifest(record, manifest)


def add_space(record: Path, base: Base) -> None:
    """A name that ends with a space, which nobody sees."""
    path = record / "report" / "tables.tex"
    path.rename(path.with_name("tables.tex "))


def hash_weakly(record: Path, base: Base) -> None:
    """A manifest of a hash for which anybody can make two files that share it, right for every file."""
    manifest = read(record / MANIFEST)
    for entry in manifest["files"]:
        entry[2] = hashlib.md5((record / entry[0]).read_bytes()).hexdigest()
    write_manifest(record, {**manifest, "hash": "md5"})


def lose_block(record: Path, base: Base) -> None:
    """A disk lost a block of weights: zeros stand in it, and the file is as long as it was."""
    path = cells(record)["main", 1] / "weights-best.safetensors"
    content = path.read_bytes()
    start = len(content) - 1024
    assert any(content[start : start + 512])
    path.write_bytes(content[:start] + bytes(512) + content[start + 512 :])


DAMAGED = (
    Mutation("figure in place of another", swap_figure, "hashes", r"shift-shift_slow\.png"),
    Mutation("finding struck from the page", strike_finding, "hashes", r"report\.html"),
    Mutation("folder of a run renamed", rename_run, "hashes", r"<hum/9>"),
    Mutation("compiled code left", leave_compiled, "hashes", r"__pycache__|\.pyc\b"),
    Mutation("file listed twice", list_twice, "hashes", r"verdicts\.md|twice|duplicate|more than once"),
    Mutation("claims in one line", write_in_one_line, "hashes", r"claims\.json"),
    Mutation("size of an entry changed", change_size, "hashes", r"rows/train\.parquet"),
    Mutation("space behind a name", add_space, "hashes", r"tables\.tex"),
    Mutation("hashes of another kind", hash_weakly, "hashes", r"md5|sha-?256|manifest|kind of hash|algorithm"),
    Mutation("block of weights lost", lose_block, "hashes", r"<main/1>|weights-best"),
)
