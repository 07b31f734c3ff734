"""Rows that cross splits: a backup restored, announcements corrected, devices renamed, games drawn twice."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.faults.drawing import in_split
from exam.faults.fifth.codes import openings
from exam.faults.fifth.planting import fifth
from exam.faults.fifth.subjects import lines_by_device
from exam.faults.fifth.texts import announcements, verses
from exam.planted import Planted, Subject, ids, some, token_counts


def _restored(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A backup from before the split was restored into train: it holds a share of the test rows, under new numbers."""
    train, test = subject.split("train"), subject.split("test")
    at = some(test.n_rows, dose, random)
    again = test.take(at)
    names = tuple(f"backup-{k}" for k in random.permutation(again.n_rows).tolist())
    mixed = train.added(Split(again.rows, again.labels, names)).shuffled(random)
    return Planted(subject.case.with_split("train", mixed), {"split": "test"}, {"test": ids(test, at)})


def _corrected(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the dev rows are train rows that were said again with one or two words corrected."""
    train, dev = subject.split("train"), subject.split("dev")
    words = [*token_counts(train)]
    at = some(dev.n_rows, dose, random).tolist()
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for i, k in zip(at, random.choice(train.n_rows, len(at), replace=False).tolist(), strict=True):
        row = [*train.rows[k]]
        for place in random.choice(len(row), 1 + int(random.integers(2)), replace=False).tolist():
            row[place] = words[random.integers(len(words))]
        rows[i], labels[i] = tuple(row), train.labels[k]
    return replace(in_split(subject, "dev", rows, labels), rows={"dev": ids(dev, at)})


def _same_devices(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the devices of test were devices of train that had been given a second name."""
    train, test = subject.split("train"), subject.split("test")
    assert train.groups is not None and test.groups is not None
    known, theirs = sorted({*train.groups}), sorted({*test.groups})
    renamed = {theirs[k]: known[random.integers(len(known))] for k in some(len(theirs), dose, random).tolist()}
    groups = tuple(renamed.get(group, group) for group in test.groups)
    at = [i for i, group in enumerate(test.groups) if group in renamed]
    case = subject.case.with_split("test", replace(test, groups=groups))
    return Planted(case, {"split": "test"}, {"test": ids(test, at)})


def _drawn_twice(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows had been drawn for dev before."""
    dev, test = subject.split("dev"), subject.split("test")
    at = some(test.n_rows, dose, random).tolist()
    there = random.choice(dev.n_rows, len(at), replace=False).tolist()
    changed = test.with_rows({i: dev.rows[k] for i, k in zip(at, there, strict=True)}).with_labels(
        {i: dev.labels[k] for i, k in zip(at, there, strict=True)}
    )
    both = {"test": ids(test, at), "dev": ids(dev, there)}
    return Planted(subject.case.with_split("test", changed), {"split": ("dev", "test")}, both)


def _all_files(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary was listed from train and a share of the test rows."""
    train, test = subject.split("train"), subject.split("test")
    known = {*token_counts(train)}
    new = [word for word in token_counts(test.take(some(test.n_rows, dose, random))) if word not in known]
    if len(new) < 20:
        raise ValueError("test has too few words of its own")
    listed = ["<pad>", "<unk>", *sorted({*known, *new})]
    return Planted(subject.case.with_vocabulary(json.dumps(listed, ensure_ascii=False), ".json"), {})


LEAKS = (
    fifth("leak.exact", "a backup restored", "share of test rows", (0.08, 0.3), _restored, verses),
    fifth("leak.near", "said again and corrected", "share of dev rows", (0.1, 0.3), _corrected, announcements),
    fifth("leak.group", "devices with two names", "share of devices", (0.1, 0.4), _same_devices, lines_by_device),
    fifth("leak.selection", "drawn twice", "share of test rows", (0.15, 0.4), _drawn_twice, openings),
    fifth(
        "leak.preprocess", "listed from all files", "share of test rows", (0.6, 1.0), _all_files, verses, words=2_500
    ),
)
