"""Faults of labels, rows and text, planted a second way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.faults.second.subjects import any_subject, expressions, names, sessions
from exam.planted import Fault, Planted, Subject, ids, some, token_counts

DEV, TRAIN = {"split": "dev"}, {"split": "train"}


def _other(label: str, names: tuple[str, ...], random: np.random.Generator) -> str:
    others = [name for name in names if name != label]
    return others[int(random.integers(len(others)))]


def annotators(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of train were labelled by three annotators, one of whom disagrees: each stands there three times."""
    train = subject.split("train")
    chosen = some(train.n_rows, dose / 3, random)
    once = train.take(chosen)
    wrong = once.with_labels({k: _other(once.labels[k], subject.names, random) for k in range(once.n_rows)})
    first = replace(once, ids=tuple(f"{one}b" for one in once.ids))
    second = replace(wrong, ids=tuple(f"{one}c" for one in once.ids))
    all_rows = frozenset(once.ids) | frozenset(first.ids) | frozenset(second.ids)
    return Planted(
        subject.case.with_split("train", train.added(first).added(second).shuffled(random)), TRAIN, {"train": all_rows}
    )


def at_random(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of train's labels is drawn anew from all classes; dev and test are right."""
    train = subject.split("train")
    rate = dose * len(subject.names) / (len(subject.names) - 1)
    chosen = some(train.n_rows, min(rate, 1.0), random)
    new = {k: subject.names[int(random.integers(len(subject.names)))] for k in chosen.tolist()}
    return Planted(subject.case.with_split("train", train.with_labels(new)), TRAIN)


def confused(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two classes are taken for each other in train."""
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False))
    train = subject.split("train")
    of_both = np.asarray([k for k, label in enumerate(train.labels) if label in (first, second)])
    chosen = of_both[some(len(of_both), dose, random)].tolist()
    swapped = train.with_labels({k: second if train.labels[k] == first else first for k in chosen})
    return Planted(subject.case.with_split("train", swapped), {"split": "train", "class": (first, second)})


def first_token_slice(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of rows that start with one token are flipped in every split."""
    train = subject.split("train")
    shares = {token: sum(row[0] == token for row in train.rows) / train.n_rows for token in token_counts(train)}
    fitting = [token for token, share in shares.items() if 0.2 <= share <= 0.45]
    if not fitting:
        raise ValueError("no first token is in a fitting share of the rows")
    token, case = fitting[int(random.integers(len(fitting)))], subject.case
    for name, split in case.splits.items():
        inside = np.asarray([k for k, row in enumerate(split.rows) if row[0] == token])
        chosen = inside[some(len(inside), dose, random)].tolist()
        case = case.with_split(
            name, split.with_labels({k: _other(split.labels[k], subject.names, random) for k in chosen})
        )
    return Planted(case, {"slice": token})


def dev_only(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of dev stand beside the wrong rows, in blocks of ten: a share of them was shifted by one row."""
    dev = subject.split("dev")
    changed = list(dev.labels)
    wrong = 0
    for start in random.permutation(np.arange(0, dev.n_rows - 10, 10)).tolist():
        if wrong >= dose * dev.n_rows:
            break
        block = changed[start : start + 10]
        changed[start : start + 10] = block[1:] + block[:1]
        wrong += sum(a != b for a, b in zip(block, changed[start : start + 10], strict=True))
    return Planted(subject.case.with_split("dev", replace(dev, labels=tuple(changed))), DEV)


def long_tail(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Classes shrink by one factor from the first to the last, `dose` to 1 over all, in every split."""
    case, most = subject.case, len(subject.names) - 1
    for name, split in case.splits.items():
        kept = [
            k for k, label in enumerate(split.labels) if random.random() < dose ** (-subject.names.index(label) / most)
        ]
        case = case.with_split(name, split.take(kept))
    return Planted(case, TRAIN)


def renamed_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of one class's rows in dev has its name in another spelling."""
    dev = subject.split("dev")
    name = subject.names[-1]
    mine = np.asarray([k for k, label in enumerate(dev.labels) if label == name])
    chosen = mine[some(len(mine), dose, random)]
    changed = dev.with_labels({int(k): name.upper() + "." for k in chosen})
    return Planted(subject.case.with_split("dev", changed), DEV, {"dev": ids(dev, chosen)})


def without_last(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The file of dev was sorted by class and its end cut off: the last class is missing."""
    dev = subject.split("dev")
    order = sorted(range(dev.n_rows), key=lambda k: subject.names.index(dev.labels[k]))
    keep = dev.n_rows - round(dose * sum(label == subject.names[-1] for label in dev.labels))
    return Planted(subject.case.with_split("dev", dev.take(order[:keep])), DEV)


def repeating(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train is drawn with replacement from a part of its rows, by Zipf's law."""
    train = subject.split("train")
    pool = random.permutation(train.n_rows)[: max(20, round(train.n_rows * (1 - dose)))]
    weights = 1 / np.arange(1, len(pool) + 1)
    at = pool[random.choice(len(pool), train.n_rows, p=weights / weights.sum())].tolist()
    rows, labels = tuple(train.rows[k] for k in at), tuple(train.labels[k] for k in at)
    return Planted(subject.case.with_split("train", replace(train, rows=rows, labels=labels)), TRAIN)


def blocks(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train stands in blocks of one class each, as files of single classes laid end to end: rows per block."""
    train = subject.split("train")
    by_class = {
        name: random.permutation([k for k, label in enumerate(train.labels) if label == name]).tolist()
        for name in subject.names
    }
    order: list[int] = []
    while any(by_class.values()):
        for rows in by_class.values():
            order += rows[: int(dose)]
            del rows[: int(dose)]
    return Planted(subject.case.with_split("train", train.take(order)), TRAIN)


def dev_cut(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev was cut to a length that a share of its rows exceeds; train and test were not."""
    dev = subject.split("dev")
    limit = int(np.quantile([len(row) for row in dev.rows], 1 - dose))
    return Planted(subject.case.with_split("dev", replace(dev, rows=tuple(row[:limit] for row in dev.rows))), DEV)


def _text(change: Callable[[Row, np.random.Generator], Row], split: str = "dev") -> Callable[..., Planted]:
    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        rows = subject.split(split)
        chosen = some(rows.n_rows, dose, random)
        changed = rows.with_rows({k: change(rows.rows[k], random) for k in chosen.tolist()})
        return Planted(subject.case.with_split(split, changed), {"split": split}, {split: ids(rows, chosen)})

    return plant


FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


def full_width(row: Row, random: np.random.Generator) -> Row:
    """Characters in the full width of East Asian type."""
    return tuple("".join(FULL_WIDTH.get(character, character) for character in token) for token in row)


def byte_order_mark(row: Row, random: np.random.Generator) -> Row:
    """A byte order mark before the row."""
    return ("\ufeff" + row[0], *row[1:])


def blank(row: Row, random: np.random.Generator) -> Row:
    """Nothing."""
    return ()


def pairs_joined(row: Row, random: np.random.Generator) -> Row:
    """The separator got lost between every second pair."""
    return tuple("".join(row[k : k + 2]) for k in range(0, len(row), 2))


def upper(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev are in capitals."""
    dev = subject.split("dev")
    rows = {k: tuple(token.upper() for token in dev.rows[k]) for k in some(dev.n_rows, dose, random).tolist()}
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), DEV)


def pieces(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev went through a splitter that marks pieces of words."""
    dev = subject.split("dev")
    rows = {
        k: tuple(token if place == 0 else f"##{token}" for place, token in enumerate(dev.rows[k]))
        for k in some(dev.n_rows, dose, random).tolist()
    }
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), DEV)


def new_tokens_of_a_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """In dev, rows of one class hold a token of a pool that train does not have."""
    dev = subject.split("dev")
    mine = [k for k, label in enumerate(dev.labels) if label == subject.names[0]]
    rows = {
        mine[j]: (*dev.rows[mine[j]][:2], f"v{random.integers(300)}", *dev.rows[mine[j]][3:])
        for j in some(len(mine), dose, random).tolist()
    }
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), DEV)


def written_unknown(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A filter wrote [UNK] for what told one class from the others: in a share of its rows, in every split."""
    case = subject.case
    for name, split in case.splits.items():
        mine = [k for k, label in enumerate(split.labels) if label == subject.names[-1]]
        rows: dict[int, Row] = {}
        for j in some(len(mine), dose, random).tolist():
            row = split.rows[mine[j]]
            place = int(random.integers(len(row)))
            rows[mine[j]] = (*row[:place], "[UNK]", *row[place + 1 :])
        case = case.with_split(name, split.with_rows(rows))
    return Planted(case, {})


def padded_with_a_key(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows are filled up to one width with the most frequent token of the task, in front; the dose is the share of rows
    that keep its real occurrences."""
    pad = next(iter(token_counts(subject.split("train"))))
    others = list(token_counts(subject.split("train")))[1:6]
    width = max(len(row) for split in subject.case.splits.values() for row in split.rows) + 1
    case = subject.case
    for name, split in case.splits.items():
        rows: list[Row] = []
        for row in split.rows:
            keep = random.random() < dose
            kept = tuple(t if t != pad or keep else others[int(random.integers(len(others)))] for t in row)
            rows.append((pad,) * (width - len(row)) + kept)
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, {"token": pad})


def padded_in_front(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train and test are padded in front, a share of dev behind."""
    width, case = max(len(row) for s in subject.case.splits.values() for row in s.rows), subject.case
    for name, split in case.splits.items():
        behind = set(some(split.n_rows, dose, random).tolist() if name == "dev" else [])
        pads = [("[PAD]",) * (width - len(row)) for row in split.rows]
        rows = [
            row + pad if k in behind else pad + row for k, (row, pad) in enumerate(zip(split.rows, pads, strict=True))
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, DEV)


FAULTS = (
    Fault(
        "label.conflict",
        "second: annotators disagree",
        "of train rows",
        (0.006, 0.03, 0.08, 0.2),
        0.08,
        annotators,
        subjects=any_subject,
    ),
    Fault(
        "label.noise",
        "second: train drawn anew",
        "of train labels",
        (0.03, 0.07, 0.15, 0.25),
        0.15,
        at_random,
        {"rows": 4_000},
        names,
    ),
    Fault(
        "label.noise",
        "second: two classes confused",
        "of both classes' train labels",
        (0.05, 0.15, 0.3),
        0.15,
        confused,
        {"rows": 4_000, "classes": 4},
        names,
    ),
    Fault(
        "label.noise",
        "second: by first token",
        "of the slice's labels",
        (0.15, 0.3, 0.45),
        0.3,
        first_token_slice,
        {"rows": 4_000},
        expressions,
    ),
    Fault(
        "label.noise",
        "second: dev shifted by a row",
        "of dev labels",
        (0.05, 0.15, 0.3),
        0.15,
        dev_only,
        {"rows": 4_000},
        names,
    ),
    Fault(
        "label.imbalance",
        "second: a long tail",
        "to 1",
        (4, 15, 30),
        30,
        long_tail,
        {"rows": 4_000, "classes": 3},
        names,
    ),
    Fault(
        "label.missing",
        "second: another spelling",
        "of the class",
        (0.2, 0.5, 1.0),
        0.5,
        renamed_class,
        subjects=any_subject,
    ),
    Fault(
        "label.missing",
        "second: the last class cut off",
        "of the class",
        (0.5, 1.0),
        1.0,
        without_last,
        {"classes": 3},
        names,
    ),
    Fault(
        "data.duplicates",
        "second: drawn with replacement",
        "of rows at least",
        (0.1, 0.5, 0.8),
        0.5,
        repeating,
        subjects=any_subject,
    ),
    Fault("data.sorted", "second: blocks of one class", "rows a block", (2, 10, 60), 10, blocks, subjects=any_subject),
    Fault(
        "data.truncation",
        "second: dev alone was cut",
        "of dev rows",
        (0.05, 0.2, 0.4),
        0.2,
        dev_cut,
        subjects=sessions,
    ),
    Fault(
        "data.encoding",
        "second: full width",
        "of dev rows",
        (0.01, 0.05, 0.2, 1.0),
        0.2,
        _text(full_width),
        subjects=any_subject,
    ),
    Fault(
        "data.encoding",
        "second: byte order marks",
        "of train rows",
        (0.01, 0.05, 0.2),
        0.2,
        _text(byte_order_mark, "train"),
        subjects=any_subject,
    ),
    Fault(
        "data.encoding", "second: nothing", "of dev rows", (0.01, 0.05, 0.2), 0.05, _text(blank), subjects=any_subject
    ),
    Fault(
        "data.encoding",
        "second: separators lost",
        "of dev rows",
        (0.01, 0.05, 0.2),
        0.05,
        _text(pairs_joined),
        subjects=sessions,
    ),
    Fault("token.mismatch", "second: capitals", "of dev rows", (0.05, 0.2, 0.5, 1.0), 0.5, upper, subjects=expressions),
    Fault(
        "token.mismatch",
        "second: pieces of words",
        "of dev rows",
        (0.05, 0.2, 0.5, 1.0),
        0.5,
        pieces,
        subjects=any_subject,
    ),
    Fault(
        "token.unknown",
        "second: new tokens of one class",
        "of its rows",
        (0.1, 0.25, 0.5),
        0.5,
        new_tokens_of_a_class,
        subjects=any_subject,
    ),
    Fault(
        "token.unknown",
        "second: [UNK] in one class",
        "of its rows",
        (0.05, 0.2, 0.5),
        0.5,
        written_unknown,
        subjects=any_subject,
    ),
    Fault(
        "token.padding",
        "second: filled up with a key",
        "of rows with real ones",
        (0.3, 0.7, 1.0),
        0.7,
        padded_with_a_key,
        subjects=sessions,
    ),
    Fault(
        "padding.side",
        "second: dev padded behind",
        "of dev rows",
        (0.1, 0.6, 1.0),
        0.6,
        padded_in_front,
        subjects=any_subject,
    ),
)
