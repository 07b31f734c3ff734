"""Small made sets that carry the same facts as real ones, counted here by other means than those of an audit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from brittlestar.core.seeds import generator
from exam.cases import Case, Row, Split, split_of
from exam.clean.alphabets import words
from exam.facts import (
    Fact,
    calm,
    conflicts,
    distinct,
    evidence,
    in_train,
    is_,
    names_token,
    told_at,
    unseen,
)

Drawn = tuple[list[Row], list[str]]


def twin(name: str) -> tuple[Case, list[Fact]]:
    """A twin with its facts, the same on every machine."""
    return TWINS[name](generator(0, "twin", name))


def _case(name: str, drawn: Mapping[str, Drawn], random: np.random.Generator) -> Case:
    return Case(name, "twin", {split: split_of(split, *both, random) for split, both in drawn.items()})


def _counted(case: Case) -> list[Fact]:
    """What can be counted in any set: rows also in train, distinct rows, conflicting sequences, unseen tokens."""
    train = set(case.splits["train"].rows)
    known = {token for row in train for token in row}
    facts = [distinct(len(train))]
    for name, split in case.splits.items():
        facts.append(conflicts(name, _conflicting(split)))
        if name != "train":
            tokens = [token for row in split.rows for token in row]
            facts.append(in_train(name, sum(row in train for row in split.rows)))
            facts.append(unseen(name, sum(token not in known for token in tokens) / len(tokens)))
    return facts


def _conflicting(split: Split) -> int:
    labels: dict[Row, set[str]] = defaultdict(set)
    for row, label in zip(split.rows, split.labels, strict=True):
        labels[row].add(label)
    return sum(len(own) > 1 for own in labels.values())


def log_sessions(random: np.random.Generator) -> tuple[Case, list[Fact]]:
    """A source that repeats itself; anomalous sessions hold keys of their own and are longer, order says nothing."""
    keys = [f"E{k}" for k in range(1, 24)]
    pools: dict[str, list[Row]] = {}
    for label, own, low, high in (("0", keys[:16], 8, 16), ("1", keys[6:], 14, 26)):
        pools[label] = [
            tuple(own[k] for k in random.integers(0, len(own), int(random.integers(low, high)))) for _ in range(500)
        ]
    weights = 1 / np.arange(1, 501)
    weights /= weights.sum()

    def draw(n: int) -> Drawn:
        labels = [str(k % 2) for k in random.permutation(n)]
        return [pools[label][random.choice(500, p=weights)] for label in labels], labels

    train, test = draw(1_600), draw(500)
    seen = set(train[0])
    fresh = [(row, label) for label, pool in pools.items() for row in pool if row not in seen]
    shifted = ([row for row, _ in fresh], [label for _, label in fresh])
    case = _case("log sessions", {"train": train, "test": test, "shift_unseen_sequences": shifted}, random)
    return case, [
        *_counted(case),
        is_("present", "leak.exact", split="test"),
        is_("absent", "leak.exact", split="shift_unseen_sequences"),
        is_("present", "data.duplicates", split="train"),
        is_("present", "shortcut.bag", split="test"),
        is_("present", "shortcut.length", split="test"),
        *calm("test"),
    ]


def splice_sites(random: np.random.Generator) -> tuple[Case, list[Fact]]:
    """Nucleotides around a site: two classes have two fixed letters at fixed positions, the third has none."""

    def draw(n: int) -> Drawn:
        rows = random.choice(list("ACGT"), (n, 40))
        labels = random.choice(["EI", "IE", "N"], n, p=[0.25, 0.25, 0.5])
        rows[labels == "EI", 20], rows[labels == "EI", 21] = "G", "T"
        rows[labels == "IE", 18], rows[labels == "IE", 19] = "A", "G"
        return [tuple(row) for row in rows.tolist()], labels.tolist()

    case = _case("splice sites", {"train": draw(1_500), "dev": draw(400), "test": draw(400)}, random)
    train = case.splits["train"]

    def told(position: int, token: str, label: str) -> Fact:
        mine = [row for row, own in zip(train.rows, train.labels, strict=True) if own == label]
        share = sum(row[position - 1] == token for row in mine) / len(mine)
        return told_at(str(position), token, label, share, 1e-6)

    return case, [
        *_counted(case),
        told(21, "G", "EI"),
        told(22, "T", "EI"),
        told(19, "A", "IE"),
        told(20, "G", "IE"),
        is_("present", "shortcut.position", split="test"),
        is_("absent", "shortcut.bag", split="test"),
        is_("absent", "shortcut.length", split="test"),
        *calm("dev", "test"),
    ]


def commands(random: np.random.Generator) -> tuple[Case, list[Fact]]:
    """A grammar of commands: one primitive is in train on its own only, in the shifted split in combination."""
    primitives, turns = ["walk", "run", "look", "jump"], ["left", "right", "around left", "around right"]
    times, joins = ["", "twice", "thrice"], ["and", "after"]

    def phrase(verbs: Sequence[str]) -> str:
        verb, turn, often = (str(random.choice(options)) for options in (verbs, turns, times))
        return f"{verb} {turn} {often}"

    def draw(n: int, verbs: Sequence[str]) -> Drawn:
        rows: list[Row] = []
        labels: list[str] = []
        for _ in range(n):
            first, join, second = phrase(verbs), str(random.choice(joins)), phrase(verbs)
            rows.append(tuple(f"{first} {join} {second}".split()))
            labels.append((second if join == "and" else first).split()[0].upper())
        return rows, labels

    def dealt(n: int) -> Drawn:
        rows, labels = draw(n, primitives[:3])
        for k in random.choice(n, n // 10, replace=False).tolist():
            rows[k], labels[k] = ("jump",), "JUMP"
        return rows, labels

    with_jump = [(row, label) for row, label in zip(*draw(1_500, primitives), strict=True) if "jump" in row][:600]
    shifted = ([row for row, _ in with_jump], [label for _, label in with_jump])
    case = _case("commands", {"train": dealt(2_000), "test": dealt(500), "shift_new_primitive": shifted}, random)
    alone = sum(row == ("jump",) for row in case.splits["train"].rows)
    return case, [
        *_counted(case),
        Fact("rows that are `jump` alone", alone, evidence("data.duplicates", "largest", 0, "times", split="train")),
        is_("present", "shift.combination", split="shift_new_primitive"),
        names_token("shift.combination", "jump", split="shift_new_primitive"),
        is_("present", "shift.label", split="shift_new_primitive"),
        is_("absent", "shift.vocabulary", split="shift_new_primitive"),
        *calm("test"),
    ]


def reviews(random: np.random.Generator) -> tuple[Case, list[Fact]]:
    """Reviews in an open vocabulary, where words of praise or blame decide; the shifted split is of another domain, has
    more unknown words, more praise, one empty sequence that stands twice with two labels, and nothing in train."""
    common, other = list(words(1_500, random)), list(words(3_000, random)[2_000:])
    tone = {"0": common[40:80], "1": common[80:120]}
    weights = 1 / np.arange(1, len(common) + 1) ** 0.9
    weights /= weights.sum()

    def draw(n: int, praise: float, strange: float) -> Drawn:
        labels = np.where(random.random(n) < praise, "1", "0").tolist()
        rows: list[Row] = []
        for label in labels:
            length = int(random.integers(8, 24))
            row = [common[k] for k in random.choice(len(common), length, p=weights)]
            row = [other[random.integers(len(other))] if random.random() < strange else token for token in row]
            row += [tone[label][k] for k in random.integers(0, 40, 2)]
            rows.append(tuple(row[k] for k in random.permutation(len(row))))
        return rows, labels

    rows, labels = draw(700, 0.65, 0.12)
    shifted = ([*rows, (), ()], [*labels, "0", "1"])
    train = draw(1_800, 0.5, 0.0)
    case = _case("reviews", {"train": train, "test": draw(600, 0.5, 0.0), "shift_customers": shifted}, random)
    empty = Fact(
        "empty rows of shift_customers",
        2,
        lambda document: document["data"]["splits"]["shift_customers"].get("empty_rows"),
    )
    return case, [
        *_counted(case),
        empty,
        is_("absent", "leak.exact", split="test"),
        is_("present", "shift.vocabulary", split="shift_customers"),
        is_("present", "shift.label", split="shift_customers"),
        *calm("test"),
    ]


def surnames(random: np.random.Generator) -> tuple[Case, list[Fact]]:
    """Names letter by letter, with classes of very different size; some names belong to several languages, one language
    has few names that come again and again, and the shifted split is in letters that train lacks."""
    shares = {"Large": 0.5, "Middle": 0.25, "Repeating": 0.15, "Small": 0.08, "Tiny": 0.02}
    letters = np.asarray(list("abcdefghijklmnopqrst"))
    sounds = {name: random.dirichlet(np.full(len(letters), 0.3)) for name in shares}

    def name(language: str) -> Row:
        return tuple(random.choice(letters, int(random.integers(5, 10)), p=sounds[language]).tolist())

    few = [name("Repeating") for _ in range(25)]
    shared = [name("Large") for _ in range(30)]

    def draw(n: int) -> Drawn:
        labels = random.choice(list(shares), n, p=list(shares.values())).tolist()
        rows = [few[random.integers(25)] if label == "Repeating" else name(label) for label in labels]
        for k in np.flatnonzero(random.random(n) < 0.06).tolist():
            rows[k], labels[k] = shared[random.integers(30)], ("Large", "Middle")[random.integers(2)]
        return rows, labels

    odd = [(*name("Large")[:3], "ñ", *name("Large")[:2]) for _ in range(120)]
    shifted = (odd, random.choice(["Middle", "Small"], 120).tolist())
    case = _case("surnames", {"train": draw(2_500), "test": draw(600), "shift_nonascii": shifted}, random)
    classes = Counter(case.splits["train"].labels)
    ratio = max(classes.values()) / min(classes.values())
    return case, [
        *_counted(case),
        Fact("largest class over smallest", ratio, evidence("label.imbalance", "ratio", split="train"), 1e-6),
        Fact(
            "rows of shift_nonascii with an unseen character",
            120,
            evidence("shift.vocabulary", "rows_with_unseen", split="shift_nonascii"),
        ),
        is_("present", "label.imbalance", split="train"),
        is_("present", "label.missing", split="shift_nonascii"),
        is_("present", "leak.exact", split="test"),
        is_("present", "shift.vocabulary", split="shift_nonascii"),
        *calm("test"),
    ]


TWINS: Mapping[str, Callable[[np.random.Generator], tuple[Case, list[Fact]]]] = {
    "log sessions": log_sessions,
    "splice sites": splice_sites,
    "commands": commands,
    "reviews": reviews,
    "surnames": surnames,
}
"""{name: function of a generator}: twins of log keys, splice junctions, SCAN, film reviews and names."""
