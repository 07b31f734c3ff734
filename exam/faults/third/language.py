"""Clean subjects that people write: news sentences by topic, and sessions at a shell by purpose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exam.faults.third.drawing import Choices, Task, between, chances, subject_of, uneven, zipf
from exam.planted import Subject

_ONSETS = (
    "b",
    "br",
    "d",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
)
_VOWELS = ("a", "e", "i", "o", "u", "a", "e", "o", "é", "ö", "ai", "ou")
_CODAS = ("", "", "", "n", "r", "s", "l", "t")
_TOPICS = ("sport", "politics", "science", "money", "travel", "food", "health", "arts")

_COMMANDS = {
    "versions": ("git", "hg", "svn", "diff", "patch", "tig", "bisect", "blame"),
    "files": ("cp", "mv", "rm", "mkdir", "ln", "touch", "chmod", "chown"),
    "network": ("ping", "curl", "wget", "ssh", "scp", "dig", "nc", "traceroute"),
    "packages": ("apt", "pip", "npm", "brew", "dpkg", "make", "cargo", "gem"),
    "text": ("grep", "sed", "awk", "sort", "uniq", "cut", "wc", "tr"),
    "system": ("ps", "kill", "top", "df", "du", "mount", "uptime", "free"),
}
_COMMON = ("ls", "cd", "cat", "echo", "man", "less", "sudo", "export")
_FLAGS = ("-l", "-a", "-r", "-R", "-v", "-V", "-n", "-f", "-x", "-p", "--help", "--all", "-i", "-q", "-L", "-z")


def words(n: int, taken: set[str], random: np.random.Generator, capital: bool = False) -> list[str]:
    """New made-up words of two or three syllables, some with accents (composed letters)."""
    made: list[str] = []
    while len(made) < n:
        word = "".join(
            _ONSETS[random.integers(len(_ONSETS))] + _VOWELS[random.integers(len(_VOWELS))]
            for _ in range(int(random.integers(2, 4)))
        )
        word += _CODAS[random.integers(len(_CODAS))]
        word = word.capitalize() if capital else word
        if word not in taken:
            taken.add(word)
            made.append(word)
    return made


def _slot(
    choices: dict[str, Choices], kind: str, topics: tuple[str, ...], label: int, draws: Iterator[float], own: float
) -> str:
    """A noun, verb or adjective: of the row's own topic, sometimes of another topic, mostly a general one."""
    chance = next(draws)
    topic = "general"
    if chance < own:
        topic = topics[label]
    elif chance < own + 0.08:
        topic = topics[int(next(draws) * len(topics))]
    return choices[f"{kind} {topic}"].at(next(draws))


def sentences(
    random: np.random.Generator,
    rows: int | None = None,
    classes: int | None = None,
    shortest: int = 7,
    longest: int = 24,
    own: float = 0.3,
) -> Subject:
    """Clippings of news sentences by topic: a Zipf vocabulary of some thousand words with capital nouns, many of
    them in one split only; the topic shows in some of the content words, so a bag of words does well."""
    topics = _TOPICS[: int(random.integers(3, 7)) if classes is None else classes]
    taken: set[str] = set()
    parts = {"determiner": 9, "preposition": 14, "conjunction": 6, "adverb": 30}
    lists = {kind: words(n, taken, random) for kind, n in parts.items()}
    for kind, general, special in (("noun", 900, 240), ("verb", 300, 80), ("adjective", 300, 80)):
        for topic in ("general", *topics):
            n = general if topic == "general" else special
            lists[f"{kind} {topic}"] = words(n, taken, random, capital=kind == "noun")
    choices = {use: zipf(items) for use, items in lists.items()}

    def phrase(label: int, draws: Iterator[float]) -> list[str]:
        row = [choices["determiner"].at(next(draws))]
        if next(draws) < 0.45:
            row.append(_slot(choices, "adjective", topics, label, draws, own))
        return [*row, _slot(choices, "noun", topics, label, draws, own)]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        while len(row) < length:
            row += [*phrase(label, draws), _slot(choices, "verb", topics, label, draws, own)]
            row += [choices["adverb"].at(next(draws))] if next(draws) < 0.3 else phrase(label, draws)
            while next(draws) < 0.4:
                row += [choices["preposition"].at(next(draws)), *phrase(label, draws)]
            row.append(choices["conjunction"].at(next(draws)))
        return row[:length]

    uses = {word: use for use, items in lists.items() for word in items}
    task = Task(len(topics), between(shortest, longest), uneven(len(topics), random), sample, uses)
    return subject_of("news sentences by topic", task, topics, random, rows)


def shell(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Sessions at a shell by purpose: commands, flags and hundreds of rare paths; most commands serve the purpose."""
    purposes = tuple(_COMMANDS)[: int(random.integers(3, 7)) if classes is None else classes]
    taken: set[str] = set()
    paths: dict[str, list[str]] = {}
    for purpose in ("common", *purposes):
        stems = words(220 if purpose == "common" else 90, taken, random)
        folders = ("src/", "/etc/", "Docs/", "~/", "/var/log/", "")
        ends = (".txt", ".yml", ".LOG", ".c", "", ".tar.gz")
        paths[purpose] = [folders[random.integers(6)] + stem + ends[random.integers(6)] for stem in stems]
    names = {use: zipf(items) for use, items in paths.items()}
    heads = {
        "common": zipf(_COMMON),
        **{purpose: Choices(_COMMANDS[purpose], random.integers(3, 9, 8).tolist()) for purpose in purposes},
    }
    flags = zipf([_FLAGS[k] for k in random.permutation(len(_FLAGS)).tolist()])

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        while len(row) < length:
            chance = next(draws)
            purpose = (
                "common" if chance < 0.45 else purposes[label if chance < 0.8 else int(next(draws) * len(purposes))]
            )
            row.append(heads[purpose].at(next(draws)))
            while next(draws) < 0.4:
                row.append(flags.at(next(draws)))
            row.append(names[purpose if next(draws) < 0.4 else "common"].at(next(draws)))
            row.append("|" if next(draws) < 0.3 else ";")
        return row[:length]

    uses = {token: f"path {use}" for use, items in paths.items() for token in items}
    uses |= {token: f"command {use}" for use, items in heads.items() for token in items.items}
    uses |= dict.fromkeys(_FLAGS, "flag") | {"|": "joint", ";": "joint"}
    task = Task(len(purposes), between(10, 34), uneven(len(purposes), random), sample, uses)
    return subject_of("shell sessions by purpose", task, purposes, random, rows)
