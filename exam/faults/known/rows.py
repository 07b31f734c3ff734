"""Rows and tokens as files have them: written twice, too few, in order, cut, badly encoded, split otherwise."""

import json
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.clean.sources import uniform
from exam.faults.drawing import everywhere, in_split, written
from exam.planted import Fault, Planted, Subject, some, token_counts

LOOK_ALIKE = str.maketrans("aeopcx", "аеорсх")
"""Latin letters to Cyrillic ones of the same looks."""


def replayed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A recorder's buffer is a ring: a share of train, in one piece, is the same 25 rows in turn."""
    train = subject.split("train")
    n = round(dose * train.n_rows)
    start = int(random.integers(train.n_rows - n + 1))
    ring = random.choice(train.n_rows, 25, replace=False).tolist()
    rows = {start + k: train.rows[ring[k % 25]] for k in range(n)}
    return in_split(subject, "train", rows, {start + k: train.labels[ring[k % 25]] for k in range(n)})


def small(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of train is left out, so that the learning curve still rises at what is left."""
    train = subject.split("train")
    left = some(train.n_rows, 1 - dose, random)
    return Planted(subject.case.with_split("train", train.take(left)), {"split": "train"})


def by_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train was written one class after the other; only a rest was added to the file later, anywhere."""
    train = subject.split("train")
    place = {name: k for k, name in enumerate([str(name) for name in random.permutation(subject.names).tolist()])}
    keys = [place[label] + random.random() for label in train.labels]
    for i in some(train.n_rows, 1 - dose, random).tolist():
        keys[i] = len(place) * random.random()
    order = sorted(range(train.n_rows), key=lambda i: keys[i])
    return Planted(subject.case.with_split("train", train.take(order)), {"split": "train"})


def truncation(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of every split were cut after a number of tokens that a share of them exceeds; the last token decides."""
    limit = int(np.quantile([len(row) for row in subject.split("train").rows], 1 - dose))
    return Planted(everywhere(subject.case, lambda row, _: row[:limit]), {})


def dev_cut(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev was cut to a length that a share of its rows exceeds; train and test were not."""
    dev = subject.split("dev")
    limit = int(np.quantile([len(row) for row in dev.rows], 1 - dose))
    return in_split(subject, "dev", {k: row[:limit] for k, row in enumerate(dev.rows)})


def look_alike(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Latin letters of a share of train's rows became Cyrillic ones."""
    rows = {k: tuple(one.translate(LOOK_ALIKE) for one in row) for k, row in enumerate(subject.split("train").rows)}
    return written(subject, "train", dose, random, rows)


def zero_width(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of test's rows has a zero-width space in one token."""
    rows: dict[int, Row] = {}
    for k, row in enumerate(subject.split("test").rows):
        place = int(random.integers(len(row)))
        rows[k] = (*row[:place], row[place][:1] + "\u200b" + row[place][1:], *row[place + 1 :])
    return written(subject, "test", dose, random, rows)


def separators_lost(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Blanks between the tokens of a share of test's rows got lost."""
    rows: dict[int, Row] = {k: ("".join(row),) for k, row in enumerate(subject.split("test").rows)}
    return written(subject, "test", dose, random, rows)


def lower_cased(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was lower-cased, train was not."""
    test = subject.split("test")
    chosen = some(test.n_rows, dose, random).tolist()
    return in_split(subject, "test", {k: tuple(token.lower() for token in test.rows[k]) for k in chosen})


def pieces(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev went through a splitter that marks pieces of words."""
    dev = subject.split("dev")
    chosen = some(dev.n_rows, dose, random).tolist()
    return in_split(subject, "dev", {k: (dev.rows[k][0], *(f"##{one}" for one in dev.rows[k][1:])) for k in chosen})


def written_unknown(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A filter wrote [UNK] for what told one class from the others: in a share of its rows, in every split."""

    def filtered(row: Row, label: str) -> Row:
        if label != subject.names[-1] or random.random() >= dose:
            return row
        place = int(random.integers(len(row)))
        return (*row[:place], "[UNK]", *row[place + 1 :])

    return Planted(everywhere(subject.case, filtered), {})


def remainders(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Ids of the vocabulary wrap around: tokens from some place on have the ids of the first ones again."""
    tokens = sorted(token_counts(subject.split("train")))
    size = max(2, round(len(tokens) * (1 - dose)))
    text = json.dumps({token: place % size for place, token in enumerate(tokens)})
    return Planted(subject.case.with_vocabulary(text, ".json"), {})


def _width(subject: Subject) -> int:
    return max(len(row) for split in subject.case.splits.values() for row in split.rows)


def padding_shared(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows are padded to one width with a token that is a token of the task too, a share of all real tokens."""
    pad, width = next(iter(token_counts(subject.split("train")))), _width(subject)

    def padded(row: Row, _: str) -> Row:
        kept = tuple("0" if token == pad and random.random() < dose else token for token in row)
        return kept + ("0",) * (width - len(row))

    return Planted(everywhere(subject.case, padded), {"token": "0"})


def padding_side(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train is padded behind its rows, a share of test before them."""
    width, test = _width(subject), subject.split("test")
    case = everywhere(subject.case, lambda row, _: row + ("<pad>",) * (width - len(row)))
    left = some(test.n_rows, dose, random).tolist()
    rows = {k: ("<pad>",) * (width - len(test.rows[k])) + test.rows[k] for k in left}
    return in_split(replace(subject, case=case), "test", rows)


def overflow(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test go on until they are longer than any row of train."""
    train, test = subject.split("train"), subject.split("test")
    longest = max(len(row) for row in train.rows)
    rows: dict[int, Row] = {}
    for k in some(test.n_rows, dose, random).tolist():
        row = test.rows[k]
        while len(row) <= longest:
            row += train.rows[random.integers(train.n_rows)]
        rows[k] = row
    return in_split(subject, "test", rows)


def without_positions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A transformer without positions for a task that is nothing but order."""
    settings = {"model.family": "transformer", "model.positions": "false", "variants": "{}"}
    return Planted(replace(subject.case, settings=settings), {})


WORDY = {"alphabet": "words", "size": [60, 200], "lengths": uniform(10, 20)}
MANY = {
    **WORDY,
    "size": 1_000,
    "source": ["uniform", "zipf"],
    "rule": "majority",
    "n_classes": [2, 3],
    "rows": 12_000,
}
LAST = {**WORDY, "rule": "last token", "lengths": uniform(10, 40), "n_classes": 2}
CASED = {"alphabet": ["words with capitals", "two cases"], "size": [20, 60], "lengths": uniform(10, 20)}
PADDED = {"alphabet": ["letters", "amino acids", "words"], "size": 20, "source": "zipf", "lengths": uniform(8, 30)}
LENGTHS = {"lengths": uniform(8, 30)}
ORDER = {"rule": ["neighbours", "one position", "order"], "n_classes": 2, "lengths": uniform(12, 20)}
SHARES = (0.005, 0.02, 0.1, 0.3, 1.0)
OF_TRAIN, OF_TEST, OF_DEV = "of train rows", "of test rows", "of dev rows"
OF_ONE = "of one token's occurrences"

ROWS = (
    Fault("data.duplicates", "a ring written again and again", OF_TRAIN, (0.05, 0.5, 0.65, 0.8), 0.5, replayed, WORDY),
    Fault("data.small", "most of train left out", "of train left out", (0.5, 0.8, 0.9), 0.9, small, MANY),
    Fault("data.sorted", "one class after the other", OF_TRAIN, (0.1, 0.7, 0.9, 1.0), 0.7, by_class),
    Fault("data.truncation", "cut to one length", "of rows cut", (0.02, 0.05, 0.1, 0.3, 0.5), 0.3, truncation, LAST),
    Fault("data.truncation", "dev alone was cut", OF_DEV, (0.05, 0.2, 0.4), 0.2, dev_cut, LENGTHS),
    Fault("data.encoding", "look-alike letters", OF_TRAIN, SHARES, 0.1, look_alike, WORDY),
    Fault("data.encoding", "zero-width spaces", OF_TEST, SHARES, 0.1, zero_width, WORDY),
    Fault("data.encoding", "separators lost", OF_TEST, SHARES[:4], 0.02, separators_lost, WORDY),
    Fault("token.mismatch", "test lower-cased", OF_TEST, (0.02, 0.1, 0.3, 1.0), 0.3, lower_cased, CASED),
    Fault("token.mismatch", "pieces of words", OF_DEV, (0.05, 0.2, 0.5, 1.0), 0.5, pieces, WORDY),
    Fault("token.unknown", "[UNK] in one class", "of its rows", (0.05, 0.2, 0.5), 0.5, written_unknown, WORDY),
    Fault("token.collision", "ids wrap around", "of the vocabulary", (0.02, 0.1, 0.3), 0.1, remainders, WORDY),
    Fault("token.padding", "padded with a real token", OF_ONE, (0.1, 0.5, 1.0), 0.5, padding_shared, PADDED),
    Fault("padding.side", "test padded before its rows", OF_TEST, (0.02, 0.1, 0.5, 1.0), 0.5, padding_side, LENGTHS),
    Fault("position.overflow", "longer than train", OF_TEST, (0.005, 0.02, 0.1, 0.3), 0.1, overflow, LENGTHS),
    Fault("position.missing", "transformer without positions", "", (1.0,), 1.0, without_positions, ORDER),
)
