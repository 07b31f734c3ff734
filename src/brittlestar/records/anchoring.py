"""A line about a record, kept where others can see when it was written: a note in a Git repository, or in print."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from brittlestar.core.errors import InputError, StoreError

Anchor = Literal["git"]
REF = "refs/notes/brittlestar"
PUSH = f"git push origin {REF}"
"""What takes the notes of a repository to where others see them."""


def write_line(name: str, root: str, claims: Iterable[Mapping[str, Any]]) -> str:
    """What is published of a record: its root hash, and the hash of each claim that was registered, all of them whole,
    on a line each."""
    return "\n".join([f"brittlestar record {root} {name}", *_name_claims(claims)])


def write_claims(name: str, claims: Iterable[Mapping[str, Any]]) -> str:
    """What is published of a study before its first run: the hash of each claim that is registered, on a line each."""
    return "\n".join([f"brittlestar claims of {name}", *_name_claims(claims)])


def _name_claims(claims: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (f"claim {one['hash']} {one['claim']}" for one in claims if one["registered"])


def find_commit(folder: Path) -> str:
    """The last commit of the repository that `folder` is in. Raises InputError where there is none."""
    if _ask(folder, "rev-parse", "--is-inside-work-tree").stdout.strip() != "true":
        raise InputError("this folder is in no Git repository", str(folder), "git init, and commit something first")
    head = _ask(folder, "rev-parse", "--verify", "HEAD")
    if head.returncode:
        raise InputError("the Git repository has no commit yet", str(folder), "commit something first")
    return head.stdout.strip()


def check_anchor(anchor: str | None, folder: Path) -> str | None:
    """The commit to anchor something in; None where nothing is asked for. Raises InputError where there is none."""
    if anchor is None:
        return None
    if anchor != "git":
        raise InputError(f"there is no anchor {anchor!r}", "--anchor", "git, or none: publish the line that is printed")
    return find_commit(folder)


def anchor_in_git(folder: Path, commit: str, line: str) -> None:
    """Append `line` to the note of a commit, unless it is there. The note is a commit of its own, with a time; nobody
    else sees it before it is pushed. Raises StoreError where Git cannot write it."""
    if line in _ask(folder, "notes", f"--ref={REF}", "show", commit).stdout:
        return
    note = _ask(folder, "notes", f"--ref={REF}", "append", "-m", line, commit)
    if note.returncode:
        told = " ".join(note.stderr.split())[:300]
        raise StoreError(f"Git cannot write the note: {told}", str(folder), "git config user.name and user.email")


def _ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise InputError(
            "Git is not installed", "--anchor git", "leave it out, and publish the printed line"
        ) from error
