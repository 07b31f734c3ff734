"""A root hash in a Git note: written once the record is, and refused before anything is, where there is no commit."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from brittlestar import run, seal
from brittlestar.core.errors import InputError
from brittlestar.records.anchoring import REF, write_line
from tests.execution.tiny import write_split


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_line_has_every_hash_whole() -> None:
    claims = [
        {"claim": "main > bag", "hash": "c" * 64, "registered": True},
        {"claim": "x", "hash": "d", "registered": 0},
    ]
    assert write_line("demo", "f" * 64, claims) == f"brittlestar record {'f' * 64} demo\nclaim {'c' * 64} main > bag"


@pytest.mark.slow
def test_a_record_is_anchored_in_a_note_of_the_last_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AUTHOR", "a"), ("COMMITTER", "a")):
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", f"{value}@b")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name, rows in (("train", 40), ("test", 20)):
        write_split(tmp_path / "data", name, rows)
    asked = {"model.family": "bag", "training.epochs": "1", "variants": "{}", "probes.suite": "none"}
    run(tmp_path / "data", seeds=1, settings=asked, out=tmp_path / "a.study", executor="serial", progress=False)
    with pytest.raises(InputError, match="in no Git repository"):
        seal(tmp_path / "a.study", anchor="git")
    git(tmp_path, "init", "-q")
    with pytest.raises(InputError, match="has no commit yet"):
        seal(tmp_path / "a.study", anchor="git")
    assert not (tmp_path / "a.record.zip").exists(), "nothing is sealed that cannot be anchored"
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    sealed = seal(tmp_path / "a.study", anchor="git")
    assert sealed.anchored == git(tmp_path, "rev-parse", "HEAD").strip()
    note = git(tmp_path, "notes", f"--ref={REF}", "show", "HEAD")
    assert seal(tmp_path / "a.study", anchor="git").line == sealed.line, "and the note has it once"
    assert git(tmp_path, "notes", f"--ref={REF}", "show", "HEAD") == note
    assert note.strip() == sealed.line and sealed.root in note and "claim " in note
    assert seal(tmp_path / "a.study", anchor="git").root == sealed.root
    with pytest.raises(InputError, match="there is no anchor"):
        seal(tmp_path / "a.study", anchor="chain")  # pyright: ignore[reportArgumentType]


@pytest.mark.slow
def test_claims_are_anchored_before_the_first_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "a@b")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    for name, rows in (("train", 40), ("test", 20)):
        write_split(tmp_path / "data", name, rows)
    asked = {"model.family": "bag", "training.epochs": "1", "variants": "{}", "probes.suite": "none"}
    with pytest.raises(InputError, match="in no Git repository"):
        run("data", seeds=1, settings=asked, out="a.study", executor="serial", progress=False, anchor="git")
    assert not Path("a.study").exists(), "nothing is trained that cannot be anchored"
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    done = run("data", seeds=1, settings=asked, out="a.study", executor="serial", progress=False, anchor="git")
    note = git(tmp_path, "notes", f"--ref={REF}", "show", "HEAD")
    hashes = [one["hash"] for one in done.record.claims if one["registered"]]
    assert hashes and note.splitlines() == ["brittlestar claims of a.study", *(
        f"claim {one['hash']} {one['claim']}" for one in done.record.claims if one["registered"]
    )]  # fmt: skip
    assert any("Git note of commit" in one for one in done.notes)
    attempts = [json.loads(line) for line in (tmp_path / "a.study" / "attempts.jsonl").read_text().splitlines()]
    first = min(one["at"] for one in attempts if one["event"] == "started")
    assert int(git(tmp_path, "log", "-1", "--format=%ct", REF)) <= first
