"""Tokens that are not the same everywhere, unknown symbols, padding and vocabularies with shared numbers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np

from exam.cases import Row
from exam.faults.third.drawing import marked, task_of
from exam.faults.third.language import sentences, shell
from exam.faults.third.shortcuts import everywhere
from exam.faults.third.signals import machine, peptides
from exam.planted import Fault, Planted, Subject, some, token_counts


def _merged(row: Row, pair: tuple[str, str]) -> Row:
    """The row with each occurrence of two neighbours written as one token."""
    made: list[str] = []
    k = 0
    while k < len(row):
        joins = row[k : k + 2] == pair
        made.append(row[k] + row[k + 1] if joins else row[k])
        k += 2 if joins else 1
    return tuple(made)


def _merges(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was tokenised by a later version, which has learnt so many merges of frequent neighbours (byte pairs)."""
    case = replace(subject.case, form="words")
    rows = list(case.splits["test"].rows)
    for _ in range(int(dose)):
        pairs = Counter(pair for row in rows for pair in pairwise(row))
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        rows = [_merged(row, best) for row in rows]
    return Planted(case.with_split("test", case.splits["test"].with_rows(dict(enumerate(rows)))), {"split": "test"})


def _lowered(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the dev rows went through a tokeniser that writes capitals small."""
    dev = subject.split("dev")
    rows = {int(i): [token.lower() for token in dev.rows[int(i)]] for i in some(dev.n_rows, dose, random)}
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


def _pieces(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows went through a tokeniser of pieces, which knows none of more than three signs."""
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        rows[i] = tuple(token[k : k + 3] for token in test.rows[i] for k in range(0, len(token), 3))
    return Planted(subject.case.with_split("test", test.with_rows(rows)), {"split": "test"})


def _unknown(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The words were looked up in a dictionary of two topics less: a share of the words of those topics was written as
    the unknown symbol, in every split."""
    uses = task_of(subject).uses
    lost = {f" {name}" for name in random.permutation(subject.names).tolist()[:2]}
    jargon = sorted(word for word, use in uses.items() if any(use.endswith(name) for name in lost))
    unknown = {jargon[k] for k in some(len(jargon), dose, random).tolist()}
    case = everywhere(subject.case, lambda row, _: tuple("<unk>" if word in unknown else word for word in row))
    return Planted(case, {})


def _padded_with(subject: Subject, dose: float, filler: str, random: np.random.Generator) -> Planted:
    """A share of the rows is filled up at its end, with a token that is in use, to a frame that was chosen generously:
    three times the longest row."""
    longest = 3 * max(len(row) for split in subject.case.splits.values() for row in split.rows)

    def filled(row: Row, _: str) -> Row:
        return (*row, *[filler] * (longest - len(row))) if random.random() < dose else row

    return Planted(everywhere(subject.case, filled), {"token": filler})


def _padding_first(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The exporter pads with number 0 of the vocabulary, which is the most frequent word."""
    return _padded_with(subject, dose, next(iter(token_counts(subject.split("train")))), random)


def _padding_rest(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The recorder fills its frame with the state of rest, which machines also are in between runs."""
    return _padded_with(subject, dose, "idle", random)


def pairs_apart(subject: Subject, n: int, random: np.random.Generator) -> list[tuple[str, str]]:
    """Pairs of frequent tokens, each pair marking two different classes."""
    tokens = marked(subject, 12)
    pairs: list[tuple[str, str]] = []
    while len(pairs) < n:
        able = [name for name in subject.names if tokens[name]]
        if len(able) < 2:
            raise ValueError("too few tokens mark a class")
        able.sort(key=lambda name: -len(tokens[name]))
        one, two = able[0], able[1 + int(random.integers(min(2, len(able) - 1)))]
        pairs.append((tokens[one].pop(0), tokens[two].pop(0)))
    return pairs


def _collision(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two teams added their terms to one vocabulary under the same numbers: so many pairs of frequent tokens of
    different classes share a number."""
    counts = token_counts(subject.split("train"))
    numbers = {token: number for number, token in enumerate(["<pad>", "<unk>", *counts])}
    for one, two in pairs_apart(subject, int(dose), random):
        numbers[two] = numbers[one]
    return Planted(subject.case.with_vocabulary(json.dumps(numbers, ensure_ascii=False), ".json"), {})


def _buckets(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Numbers are hashes into too few buckets: the vocabulary has that many times as many tokens as buckets."""
    counts = token_counts(subject.split("train"))
    buckets = max(2, round(len(counts) / dose))
    numbers = {"<pad>": 0, "<unk>": 1}
    for token in counts:
        numbers[token] = 2 + int(random.integers(buckets))
    return Planted(subject.case.with_vocabulary(json.dumps(numbers, ensure_ascii=False), ".json"), {})


def _side(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """All rows are written at the same length; train and dev have the padding in front and, since a new version, a
    share of the test rows behind."""
    longest = max(len(row) for split in subject.case.splits.values() for row in split.rows)
    case = everywhere(subject.case, lambda row, _: (*["<pad>"] * (longest - len(row)), *row))
    test = subject.split("test")
    rows = {
        int(i): (*test.rows[int(i)], *["<pad>"] * (longest - len(test.rows[int(i)])))
        for i in some(test.n_rows, dose, random)
    }
    return Planted(case.with_split("test", case.splits["test"].with_rows(rows)), {"split": "test"})


TOKENS = (
    Fault(
        "token.mismatch",
        "third: merges of a later version",
        "merges",
        (1, 40, 80, 120),
        40,
        _merges,
        given={"rows": 2_000},
        subjects=peptides,
    ),
    Fault(
        "token.mismatch",
        "third: capitals written small",
        "share of dev rows",
        (0.05, 0.5, 0.8, 1.0),
        0.5,
        _lowered,
        subjects=sentences,
    ),
    Fault(
        "token.mismatch",
        "third: cut into pieces of three signs",
        "share of test rows",
        (0.05, 0.5, 0.8, 1.0),
        0.5,
        _pieces,
        subjects=shell,
    ),
    Fault(
        "token.unknown",
        "third: a dictionary without two topics",
        "share of the topics' words",
        (0.1, 0.4, 0.95, 1.0),
        0.95,
        _unknown,
        given={"classes": 4, "rows": 4_000},
        subjects=sentences,
    ),
    Fault(
        "token.padding",
        "third: padding is the most frequent word",
        "share of rows",
        (0.05, 0.6, 0.8, 1.0),
        0.6,
        _padding_first,
        subjects=sentences,
    ),
    Fault(
        "token.padding",
        "third: padding is the state of rest",
        "share of rows",
        (0.05, 0.6, 0.8, 1.0),
        0.6,
        _padding_rest,
        subjects=machine,
    ),
    Fault(
        "token.collision",
        "third: two teams, the same numbers",
        "pairs of tokens",
        (1, 20, 30, 40),
        20,
        _collision,
        subjects=shell,
    ),
    Fault(
        "token.collision",
        "third: too few buckets",
        "tokens per bucket",
        (0.02, 4, 8, 16),
        4,
        _buckets,
        subjects=shell,
    ),
    Fault(
        "padding.side",
        "third: behind since a new version",
        "share of test rows",
        (0.05, 0.5, 0.8, 1.0),
        0.5,
        _side,
        subjects=shell,
    ),
)
