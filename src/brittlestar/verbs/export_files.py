"""Files of an export: their formats by ending, what keeps them from being written, and their bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import canonical_json, pretty_json
from brittlestar.data.writing import table_bytes
from brittlestar.verbs.export_sources import Exported

ROWS, TABLES = (".csv", ".tsv", ".parquet", ".jsonl"), (".csv", ".tsv", ".parquet", ".jsonl", ".json")
ENDINGS = {"predictions": ROWS, "scores": TABLES, "findings": TABLES}
"""Endings of each kind of table: predictions end as `--preds` reads them."""
FORMATS = {
    "csv": dict.fromkeys(ENDINGS, ".csv"),
    "parquet": dict.fromkeys(ENDINGS, ".parquet"),
    "json": {"predictions": ".jsonl", "scores": ".json", "findings": ".json"},
}
"""Endings of the files of a folder, by what was asked for."""


@dataclass(frozen=True)
class Target:
    """A file of one kind; `asked` says that somebody named it, and it is not one of a whole folder."""

    kind: str
    path: Path
    asked: bool


def choose_targets(named: Mapping[str, str | Path | None], folder: Path | None, format: str) -> tuple[Target, ...]:
    """The files to write: those that are named, and one of each kind in `folder`. Raises InputError with everything
    that is wrong with them."""
    targets = [Target(kind, Path(path), True) for kind, path in named.items() if path is not None]
    if format not in FORMATS:
        raise InputError(f"--format must be {', '.join(FORMATS)} (got {format!r})")
    problems = [problem for one in targets for problem in _refuse_target(one)]
    paths = [one.path.absolute() for one in targets]
    problems += [Problem("two tables are to be written there", str(one)) for one in {*paths} if paths.count(one) > 1]
    if folder is not None:
        targets += [Target(kind, folder / f"{kind}{ending}", False) for kind, ending in FORMATS[format].items()]
        if folder.exists() or folder.is_symlink():
            problems.append(
                Problem("is there already, and nothing is overwritten", str(folder), "name another: --out DIR")
            )
    if problems:
        raise InputError(problems)
    return tuple(targets)


def _refuse_target(target: Target) -> list[Problem]:
    path, option = target.path, f"--{target.kind}"
    if path.suffix.lower() not in ENDINGS[target.kind]:
        more = "; JSON Lines are .jsonl" if path.suffix.lower() == ".json" else ""
        hint = f"use {', '.join(ENDINGS[target.kind])}{more}"
        return [Problem(f"'{path.suffix}' is no format of {target.kind}", str(path), hint)]
    found = refuse_existing_file(path, option)
    return [] if found is None else [found]


def refuse_existing_file(path: Path, option: str, kind: str = "FILE") -> Problem | None:
    """What is wrong with a file (or folder, DIR) that is to be written and is there already; `option` names another."""
    if not path.exists() and not path.is_symlink():
        return None
    return Problem("is there already, and nothing is overwritten", str(path), f"name another: {option} {kind}")


def write_table(table: Exported, path: Path) -> None:
    """Write a table whole. Raises StoreError."""
    write_file(path, _encode_table(table, path.suffix.lower()))


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, with the folders that it lies in. Raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(path), "name another file") from None


def _encode_table(table: Exported, ending: str) -> bytes:
    if ending not in (".json", ".jsonl"):
        return table_bytes(table.frame, ending)
    records: Sequence[Mapping[str, object]] = table.frame.to_dicts() if table.records is None else table.records
    if ending == ".json":
        return pretty_json(list(records))
    return b"".join(canonical_json(one) + b"\n" for one in records)
