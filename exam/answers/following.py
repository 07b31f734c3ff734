"""What is advised next, carried out as a person would: at most three steps, and whether the question is closed."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STEPS, PATIENCE, MOST = 3, 180, 3
"""Steps that an answer may take, the seconds that one step may, and how many commands of a scenario are followed."""
QUESTIONS = ("real", "holds", "sound")
ANSWERING = ("check", "run")
"""Verbs that say what a model scores."""
SHOWN = {0, 3, 4}
"""Exit codes of a command that did what it was told."""


@dataclass(frozen=True)
class Said:
    """How a command ended: its exit code, None where it took too long, and its document."""

    code: int | None
    document: Mapping[str, Any]
    error: str


@dataclass(frozen=True)
class Followed:
    """An answer's advice, followed: `end` is `closed`, `open` (an answer without further advice), `error`, `itself`,
    `another model`, `lost` (the question is not answered there), `long` or `more` (a fourth step is advised)."""

    question: str
    steps: tuple[str, ...]
    end: str
    said: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it led astray."""
        return self.end in ("error", "itself", "another model", "lost", "more")


def ask(arguments: Sequence[str], place: Path) -> Said:
    """The command with `--json`, in the folder."""
    command = [sys.executable, "-m", "brittlestar", *arguments, "--json"]
    try:
        ran = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Said(None, {}, "")
    try:
        return Said(ran.returncode, json.loads(ran.stdout), ran.stderr[-400:])
    except ValueError:
        return Said(ran.returncode or 1, {}, ran.stderr[-400:])


def follow_all(document: Mapping[str, Any], place: Path) -> list[Followed]:
    """Follow each command once: of the answers, of what to act on first, and of findings that are no information."""
    headline, first = document["headline"], dict[tuple[str, ...], str]()
    named = [(name, headline[name]) for name in (*QUESTIONS, "act_first") if headline[name]]
    told = [
        ("finding", one) for one in document["findings"] if one["status"] == "present" and one["severity"] != "info"
    ]
    for name, one in (*named, *told):
        if one.get("argv"):
            first.setdefault(tuple(one["argv"]), name)
    return [follow(name, argv, document, place) for argv, name in [*first.items()][:MOST]]


def follow(question: str, argv: Sequence[str], document: Mapping[str, Any], place: Path) -> Followed:
    """Follow one command and what it advises."""
    steps: list[str] = []
    seen, next_step = set[tuple[str, ...]](), tuple(argv)
    while next_step:
        if next_step in seen or len(steps) == STEPS:
            return Followed(question, tuple(steps), "itself" if next_step in seen else "more")
        seen.add(next_step)
        steps.append(" ".join(next_step))
        said = ask(next_step[1:], place)
        if said.code not in SHOWN:
            return Followed(question, tuple(steps), "long" if said.code is None else "error", said.error)
        end, next_step = judge_step(question, document, said.document)
        if (
            steps[-1].split()[1] in ANSWERING
            and document["headline"]["score"]
            and not said.document["headline"]["score"]
        ):
            end = "lost"
        if end:
            return Followed(question, tuple(steps), end)
    return Followed(question, tuple(steps), "open")


def judge_step(question: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """How a step ended the question, empty where it goes on, and the command that it advises then: that of the same
    answer, or of any where a finding was followed."""
    headline = after.get("headline") or {}
    first, then = (one.get("score") or {} for one in (before["headline"], headline))
    if then and (first.get("variant"), first.get("title")) != (then.get("variant"), then.get("title")):
        return "another model", ()
    asked = (question,) if question in QUESTIONS else QUESTIONS
    answers = [headline.get(name) or {} for name in asked]
    argv = next((tuple(one["argv"]) for one in answers if one.get("argv")), ())
    if argv:
        return "", argv
    if question not in QUESTIONS:
        return "open", ()
    if not answers[0] or (question != "sound" and not then):
        return "lost", ()
    return ("closed" if answers[0]["answer"] != "cannot-say" else "open"), ()
