"""Evaluation rows of another kind: other classes, lengths, words, orders and combinations than train has."""

from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.clean.sources import heavy, uniform
from exam.faults.drawing import in_split
from exam.planted import Fault, Planted, Subject, some, token_counts

TEST, DEV = {"split": "test"}, {"split": "dev"}


def label(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is drawn anew with a share of its rows moved from one class to another."""
    shares = np.full(subject.task.n_classes, 1 / subject.task.n_classes)
    if dose >= shares[0]:
        raise ValueError("the class has not so many rows")
    shares[0] += dose
    shares[1] -= dose
    test = subject.fresh("t", subject.split("test").n_rows, random, shares=shares)
    return Planted(subject.case.with_split("test", test), TEST)


def cut_short(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev are drawn anew, shorter by a share of their length."""

    def shorter(n: int, random: np.random.Generator) -> np.ndarray:
        return np.maximum(np.rint(subject.task.lengths(n, random) * (1 - dose)), 4).astype(np.int64)

    dev = subject.fresh("d", subject.split("dev").n_rows, random, shorter)
    return Planted(subject.case.with_split("dev", dev), DEV)


def dialect(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some tokens have another spelling in dev, until they are a share of its tokens."""
    dev = subject.split("dev")
    counts = token_counts(dev)
    names = list(counts)
    total, renamed = sum(counts.values()), dict[str, str]()
    for k in random.permutation(len(names)).tolist():
        if sum(counts[name] for name in renamed) >= dose * total:
            break
        if counts[names[k]] <= 0.1 * total:
            renamed[names[k]] = f"{names[k]}ish"
    return Planted(subject.case.with_split("dev", dev.mapped(tokens=renamed)), DEV)


def composition(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Occurrences of any token in test become one of two frequent tokens of train."""
    test = subject.split("test")
    frequent = list(token_counts(subject.split("train")))[:6]
    chosen = [frequent[k] for k in random.choice(len(frequent), 2, replace=False)]
    rows = {
        k: tuple(chosen[random.integers(2)] if random.random() < dose else token for token in row)
        for k, row in enumerate(test.rows)
    }
    return in_split(subject, "test", rows)


def backwards(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev stand backwards, as a reversed direction of reading gives them."""
    dev = subject.split("dev")
    return in_split(subject, "dev", {k: dev.rows[k][::-1] for k in some(dev.n_rows, dose, random).tolist()})


def two_threads(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A later logger has two threads, whose events it writes in turn: in a share of the test rows the events of the
    first half and those of the second alternate."""
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        row = test.rows[i]
        half = (len(row) + 1) // 2
        rows[i] = tuple(row[k // 2 + (half if k % 2 else 0)] for k in range(len(row)))
    return in_split(subject, "test", rows)


def factors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One shape never has one colour in train or dev, though both are frequent there; in a share of test's rows one
    token does."""
    names = sorted(token_counts(subject.split("train")))
    shapes, colours = sorted({name[0] for name in names}), sorted({name[1] for name in names})
    if min(len(shapes), len(colours)) < 3:
        raise ValueError("too few shapes and colours")
    shape, colour = shapes[random.integers(len(shapes))], colours[random.integers(len(colours))]
    others = [shape + other for other in colours if other != colour]
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(name, _without(split, shape + colour, others, random))
    return Planted(case.with_split("test", _among_others(case.splits["test"], shape + colour, dose, random)), TEST)


def _without(split: Split, token: str, others: list[str], random: np.random.Generator) -> Split:
    rows = tuple(
        tuple(others[random.integers(len(others))] if one == token else one for one in row) for row in split.rows
    )
    return replace(split, rows=rows)


def _among_others(split: Split, token: str, share: float, random: np.random.Generator) -> Split:
    """The split with a token in the place of another one, in a share of its rows."""
    rows: dict[int, Row] = {}
    for k in some(split.n_rows, share, random).tolist():
        place = int(random.integers(len(split.rows[k])))
        rows[k] = (*split.rows[k][:place], token, *split.rows[k][place + 1 :])
    return split.with_rows(rows)


def new_primitive(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A frequent key is in train only as a row of its own; in rows of dev it stands among others."""
    train = subject.split("train")
    alone = some(train.n_rows, 0.1, random).tolist()
    train = train.with_rows(dict.fromkeys(alone, ("leap",))).with_labels(dict.fromkeys(alone, subject.names[0]))
    dev = _among_others(subject.split("dev"), "leap", dose, random)
    return Planted(subject.case.with_split("train", train).with_split("dev", dev), DEV)


READ_ANYWHERE = ["majority", "marker", "order", "neighbours"]
MARKOV = {
    "source": "markov",
    "size": [8, 12, 20],
    "alphabet": ["letters", "everything", "log keys"],
    "rule": ["majority", "last token"],
    "lengths": uniform(14, 30),
    "n_classes": 2,
}
WORDY = {
    "alphabet": ["words", "everything"],
    "rule": READ_ANYWHERE,
    "lengths": uniform(12, 24),
    "source": ["zipf", "word classes", "uniform"],
}
SYMBOLS = {
    "alphabet": "symbols",
    "size": [16, 25, 36],
    "source": ["uniform", "zipf"],
    "rule": ["majority"],
    "n_classes": 2,
    "lengths": uniform(10, 16),
}
KEYS = {"alphabet": "log keys", "size": [20, 60], "rule": READ_ANYWHERE, "n_classes": 2, "lengths": uniform(14, 30)}
SHIFTS = (
    Fault(
        "shift.label",
        "rows of one class are another's",
        "of test rows moved",
        (0.02, 0.05, 0.1, 0.2, 0.3),
        0.2,
        label,
        {"rule": READ_ANYWHERE, "n_classes": [2, 3], "rows": 4_000},
    ),
    Fault(
        "shift.length",
        "shorter rows",
        "of the length",
        (0.03, 0.08, 0.15, 0.35),
        0.35,
        cut_short,
        {"rule": READ_ANYWHERE, "lengths": heavy(18, 0.4, 10)},
    ),
    Fault("shift.vocabulary", "other spellings", "of dev tokens", (0.02, 0.15, 0.3), 0.15, dialect, WORDY),
    Fault(
        "shift.composition",
        "two tokens more frequent",
        "of test tokens",
        (0.01, 0.03, 0.1, 0.2, 0.4),
        0.2,
        composition,
        {**WORDY, "size": [12, 20, 60]},
    ),
    Fault("shift.order", "backwards", "of dev rows", (0.15, 0.4, 0.7, 1.0), 0.7, backwards, MARKOV),
    Fault("shift.order", "two threads in turn", "of test rows", (0.05, 0.5, 0.75, 1.0), 0.5, two_threads, MARKOV),
    Fault("shift.combination", "shape and colour", "of test rows", (0.01, 0.03, 0.1, 0.3), 0.1, factors, SYMBOLS),
    Fault("shift.combination", "a key known alone only", "of dev rows", (0.05, 0.15, 0.5), 0.15, new_primitive, KEYS),
)
