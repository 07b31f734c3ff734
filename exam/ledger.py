"""The ledger of the exam: every scoring of every set, oldest first, with the commit whose checks were scored."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError

PLACE = Path(__file__).with_name("ledger.json")
ROOT = PLACE.parents[1]
CODE = ("src", "exam", ":!exam/ledger.json", ":!src/brittlestar/reports/error_budget.json")
"""What a figure depends on, as git takes paths: the files that a scoring itself writes are left out."""
UNKNOWN = "not recorded"


def entries() -> list[dict[str, Any]]:
    """All scorings. `figures` are {what: {hits, of, low, high}}; `tuned_afterwards` are {commit, what}, by hand."""
    return json.loads(PLACE.read_bytes())


def append(entry: Mapping[str, Any]) -> None:
    """Put one scoring at the end."""
    text = json.dumps([*entries(), dict(entry)], indent=1, ensure_ascii=False)
    PLACE.write_text(text + "\n", encoding="utf-8", newline="\n")


def record(part: str, title: str, sha256: str | None, commit: str, command: str, figures: Mapping[str, Any]) -> None:
    """Put a scoring at the end that was made just now, on a set that nothing was tuned on since."""
    append(
        {
            "part": part,
            "set": title,
            "sha256": sha256,
            "commit": commit,
            "commit_from": "recorded",
            "command": command,
            "figures": dict(figures),
            "tuned_afterwards": [],
        }
    )


def latest(every: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """{(part, what): the last scoring of a part with that figure}."""
    return {(one["part"], what): one for one in every for what in one["figures"]}


def clean_commit(root: Path = ROOT) -> str:
    """Short hash of the commit that is checked out. Raises InputError where code differs from it: no one could find
    again what such a figure was measured on."""
    if changed := _git(root, "status", "--porcelain", "--", *CODE):
        raise InputError("the code differs from its commit", changed.splitlines()[0].strip(), "commit, then record")
    return _git(root, "rev-parse", "--short=7", "HEAD")


def commit_after(before: str, root: Path = ROOT) -> str:
    """`before`, with `-dirty` behind it where code changed while the exam ran."""
    try:
        return before if clean_commit(root) == before else f"{before}-dirty"
    except InputError:
        return f"{before}-dirty"


def _git(root: Path, *arguments: str) -> str:
    try:
        ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError("--record needs git and a checkout", str(root), "clone the repository") from error
    return ran.stdout.strip()


def table() -> str:
    """The ledger for people, as Markdown."""
    lines = ["| scored | commit | figure | checks changed afterwards |", "| --- | --- | --- | --- |"]
    for entry in entries():
        figures = "; ".join(_figure(what, figure) for what, figure in entry["figures"].items())
        tuned = "; ".join(f"{later['commit']}: {later['what']}" for later in entry["tuned_afterwards"]) or "nothing"
        lines.append(f"| {entry['set']} | {entry['commit'] or UNKNOWN} | {figures} | {tuned} |")
    return "\n".join(lines) + "\n"


def _figure(what: str, one: Mapping[str, Any]) -> str:
    if one["of"] is None:
        return f"{what}: {one['hits']}"
    return f"{what}: {one['hits']:,} of {one['of']:,} ({100 * one['low']:.1f} to {100 * one['high']:.1f} %)"
