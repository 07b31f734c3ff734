"""Folders without a fault, each with something that a naive rule would take for one."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.core.seeds import generator
from exam.cases import Case, Form, split_of
from exam.clean.alphabets import ALPHABETS, CHARACTERS
from exam.clean.building import RULES, SOURCES, build_task
from exam.clean.sources import Lengths, fixed, heavy, two_humps, uniform
from exam.clean.tables import with_table
from exam.clean.tasks import Task

LEAST_DISTINCT = 0.99
N_CLEAN = 400
"""Clean cases in the exam: no alarm in 400 shows a rate below .9 %."""


@dataclass(frozen=True)
class Plan:
    """Choices from which a folder is drawn; what a kind does not fix is random."""

    alphabet: str
    size: int
    source: str
    lengths: Lengths
    rule: str
    n_classes: int
    shares: np.ndarray | None
    rows: int
    evaluations: tuple[str, ...]
    form: Form = "words"
    repeats: bool = False


def clean_case(index: int) -> Case:
    """The clean case of a number from 0, the same on every machine. Kinds take turns."""
    kind = tuple(KINDS)[index % len(KINDS)]
    for attempt in range(50):
        random = generator(index, "clean", kind, attempt)
        try:
            case = KINDS[kind](random)
        except ValueError:
            continue  # a rule that this source cannot fill with rows
        return replace(case, name=f"clean-{index}", kind=kind)
    raise AssertionError(f"no clean case {index} of kind {kind}")


def plan(random: np.random.Generator, **given: object) -> Plan:
    """Random choices, with some of them given."""
    rule = str(given.get("rule") or random.choice([name for name in RULES if name not in ("chance", "length")]))
    most = RULES[rule].most_classes
    few = int(random.choice([2, 2, 2, 3, 4, 6, 8, 12]))
    large = random.random() < 0.12
    rows = int(np.exp(random.uniform(np.log(3_000), np.log(20_000)) if large else random.uniform(5.7, 8.0)))
    chosen = Plan(
        alphabet=str(random.choice(list(ALPHABETS))),
        size=int(random.choice([4, 8, 12, 20, 30, 60, 200, 1_000])),
        source=str(random.choice(list(SOURCES))),
        lengths=some_lengths(random, max(RULES[rule].shortest, 2)),
        rule=rule,
        n_classes=min(few, most, max(2, rows // 60)),
        shares=None,
        rows=rows,
        evaluations=(("dev", "test"), ("dev", "test"), ("dev", "test"), ("test",), ("dev",))[random.integers(5)],
    )
    return replace(chosen, **{name: value for name, value in given.items() if value is not None})


def some_lengths(random: np.random.Generator, shortest: int = 2) -> Lengths:
    """Lengths of a random kind, long enough that equal rows are not a matter of course."""
    low = shortest + int(random.integers(8, 14))
    kinds = [
        fixed(low + int(random.integers(0, 40))),
        uniform(low, low + int(random.integers(2, 30))),
        heavy(float(random.uniform(14, 25)), float(random.uniform(0.3, 0.6)), low),
        two_humps(low + 2, low + 25),
    ]
    return kinds[random.integers(len(kinds))]


def task_of(chosen: Plan, random: np.random.Generator) -> Task:
    """The task of a plan. Raises ValueError where its parts do not go together."""
    alphabet = ALPHABETS[chosen.alphabet](chosen.size, random)
    source = "word classes" if chosen.source == "markov" and len(alphabet) > 80 else chosen.source
    if chosen.rule in ("first token", "last token", "one position") and len(alphabet) < chosen.n_classes:
        raise ValueError("more classes than tokens")
    return build_task(chosen.rule, alphabet, SOURCES[source], chosen.lengths, chosen.n_classes, random, chosen.shares)


def folder(task: Task, chosen: Plan, random: np.random.Generator) -> Case:
    """Independent draws of a task: train and evaluation splits of 15 % of the rows each, at least 40.

    Raises ValueError where a class is missing by chance, and where a source repeats itself by more than short rows do:
    the catalogue calls that a leak.
    """
    rows, labels = task.draw(chosen.rows, random)
    if not chosen.repeats and len(set(rows)) < LEAST_DISTINCT * len(rows):
        raise ValueError("the source repeats itself, so that its rows cross splits")
    names = class_names(task.n_classes, random)
    each = max(40, int(0.15 * chosen.rows))
    bounds = {"train": (0, chosen.rows - each * len(chosen.evaluations))}
    start = bounds["train"][1]
    for name in chosen.evaluations:
        bounds[name] = (start, start + each)
        start += each
    splits = {
        name: split_of(name, rows[low:high], [names[label] for label in labels[low:high]], random)
        for name, (low, high) in bounds.items()
    }
    known = set(splits["train"].labels)
    if any(not known >= set(split.labels) or len(set(split.labels)) < task.n_classes for split in splits.values()):
        raise ValueError("a class is missing by chance")
    return Case("", "", splits, chosen.form)


def in_order(names: Collection[str]) -> list[str]:
    """Names of classes in the order of their codes, where every class has a row."""
    return sorted(names, key=lambda name: (len(name), name))


def class_names(n: int, random: np.random.Generator) -> list[str]:
    """Names of classes: numbers, words or letters."""
    kinds = (
        [str(number) for number in range(n)],
        [f"class-{chr(97 + number)}" for number in range(n)],
        ["no", "yes"] if n == 2 else [f"L{number}" for number in range(1, n + 1)],
    )
    return kinds[random.integers(len(kinds))]


def _plain(random: np.random.Generator, **given: object) -> Case:
    chosen = plan(random, **given)
    return folder(task_of(chosen, random), chosen, random)


def _characters(random: np.random.Generator) -> Case:
    return _plain(random, alphabet=random.choice(CHARACTERS), form="characters")


def _collisions(random: np.random.Generator) -> Case:
    """Short rows over few tokens: many are equal by chance. The rule is a function of the row."""
    short = uniform(2, int(random.integers(3, 7))) if random.random() < 0.7 else fixed(int(random.integers(3, 6)))
    return _plain(
        random,
        alphabet=random.choice(["letters", "digits", "nucleotides", "symbols", "punctuation"]),
        size=int(random.integers(4, 10)),
        source=random.choice(["uniform", "zipf", "markov"]),
        lengths=short,
        rule=random.choice(["first token", "last token", "parity"]),
        n_classes=2,
        repeats=True,
    )


def _repeats(random: np.random.Generator) -> Case:
    """Some rows of train stand there several times; no evaluation split has them."""
    case = _plain(random)
    train = case.splits["train"]
    chosen = random.choice(train.n_rows, int(train.n_rows * random.uniform(0.05, 0.2)), replace=False)
    again = train.take(chosen)
    for _ in range(int(random.integers(1, 3))):
        train = train.added(replace(again, ids=tuple(f"{one}r{train.n_rows}" for one in again.ids)))
    return case.with_split("train", train.shuffled(random))


def _imbalance(random: np.random.Generator) -> Case:
    """Classes in shares of up to 20 to 1."""
    n = int(random.choice([2, 3, 4]))
    shares = np.geomspace(1, 1 / random.uniform(8, 20), n)
    rows = int(random.uniform(2_000, 6_000))
    return _plain(
        random,
        n_classes=n,
        shares=random.permutation(shares / shares.sum()),
        rows=rows,
        rule=random.choice(["marker", "majority", "first token", "one position"]),
    )


def _sorted_rows(random: np.random.Generator) -> Case:
    case = _plain(random)
    for name, split in case.splits.items():
        case = case.with_split(name, split.take(np.argsort(np.asarray(split.labels), kind="stable")))
    return case


def _padding(random: np.random.Generator) -> Case:
    """Rows of fixed width with padding tokens on the same side in every split, most of it padding."""
    lengths = heavy(float(random.uniform(8, 14)), 0.5, 6, 60)
    case = _plain(random, lengths=lengths, rule=random.choice(["majority", "marker", "first token", "order"]))
    width = max(len(row) for split in case.splits.values() for row in split.rows)
    pad = str(random.choice(["<pad>", "[PAD]", "PAD"]))
    for name, split in case.splits.items():
        rows = tuple(row + (pad,) * (width - len(row)) for row in split.rows)
        case = case.with_split(name, replace(split, rows=rows))
    return case


def _groups(random: np.random.Generator) -> Case:
    """A group column (authors, templates) that no group crosses."""
    case = _plain(random)
    names = [str(number) for number in random.permutation(100_000)]
    for name, split in case.splits.items():
        many = max(2, split.n_rows // int(random.integers(2, 12)))
        own = [names.pop() for _ in range(many)]
        groups = tuple(own[i] for i in random.integers(0, many, split.n_rows))
        case = case.with_split(name, replace(split, groups=groups))
    return case


def _declared_shift(random: np.random.Generator) -> Case:
    """A split that says in its name that it is shifted: other lengths, other class shares or other tokens."""
    chosen = plan(random, rule=random.choice(["majority", "marker", "first token"]), lengths=uniform(10, 20))
    task = task_of(chosen, random)
    case = folder(task, chosen, random)
    names = in_order({*case.splits["train"].labels})
    what = str(random.choice(["longer", "shares", "tokens"]))
    n = max(60, chosen.rows // 6)
    shares = random.dirichlet(np.ones(task.n_classes)) * 0.8 + 0.2 / task.n_classes
    rows, labels = task.draw(
        n, random, uniform(22, 40) if what == "longer" else None, shares if what == "shares" else None
    )
    split = split_of("s", rows, [names[label] for label in labels], random)
    if what == "tokens":
        # The least frequent tokens get names that train does not know.
        counts = np.unique([token for row in case.splits["train"].rows for token in row], return_counts=True)
        rare = counts[0][np.argsort(counts[1])[: max(1, len(counts[0]) // 4)]]
        split = split.mapped(tokens={str(token): f"{token}{token}" for token in rare})
    return case.with_split(f"shift_{what}", split)


def _open_vocabulary(random: np.random.Generator) -> Case:
    """Zipf's law over thousands of words: every evaluation split has words that train does not have."""
    return _plain(
        random,
        alphabet=random.choice(["words", "words with capitals", "accented words"]),
        size=int(random.integers(2_000, 6_000)),
        source=random.choice(["zipf", "word classes", "topics"]),
        rule=random.choice(["majority", "marker", "order", "neighbours"]),
    )


def _unknown_token(random: np.random.Generator) -> Case:
    """Words outside a vocabulary that was fixed beforehand are written as the unknown token in every split."""
    case = _open_vocabulary(random)
    words = sorted({token for split in case.splits.values() for row in split.rows for token in row})
    known = {words[k] for k in random.permutation(len(words))[: int(len(words) * random.uniform(0.5, 0.9))]}
    unknown = str(random.choice(["<unk>", "[UNK]", "UNK"]))
    for name, split in case.splits.items():
        rows = tuple(tuple(token if token in known else unknown for token in row) for row in split.rows)
        case = case.with_split(name, replace(split, rows=rows))
    return case


def _grammar(random: np.random.Generator) -> Case:
    """Distinct sentences of a small grammar: every row has relatives that differ in one word, in every split alike."""
    slots = int(random.integers(6, 9))
    sizes = random.integers(3, 9, slots)
    pool = list(ALPHABETS["words"](int(sizes.sum()), random))
    options = [[pool.pop() for _ in range(size)] for size in sizes.tolist()]
    n = int(min(np.prod(sizes) // 4, random.integers(400, 3_000)))
    numbers = random.choice(int(np.prod(sizes)), n, replace=False)
    picked = np.stack(np.unravel_index(numbers, tuple(sizes.tolist())), axis=1)
    rows = [tuple(options[slot][k] for slot, k in enumerate(row)) for row in picked.tolist()]
    deciding = int(random.integers(slots))
    labels = picked[:, deciding] % 2
    cut = [0, int(0.7 * n), int(0.85 * n), n]
    parts = zip(("train", "dev", "test"), cut[:-1], cut[1:], strict=True)
    return Case("", "", {name: split_of(name, rows[a:b], labels[a:b], random) for name, a, b in parts})


def _small_evaluations(random: np.random.Generator) -> Case:
    """Evaluation splits so small that class shares and lengths differ by sampling error."""
    return _plain(random, rows=int(random.integers(300, 420)))


def _table(random: np.random.Generator) -> Case:
    """A pretrained table that fits its tokens, with rows for tokens that the data do not have."""
    case = _plain(
        random,
        size=int(random.choice([20, 60, 200])),
        alphabet=random.choice(["words", "everything"]),
        source=random.choice(["word classes", "topics", "markov"]),
    )
    return with_table(case, random)


def _positions(random: np.random.Generator) -> Case:
    """An order task for a model that has positions, or a bag task for one that has none."""
    family = str(random.choice(["transformer", "lstm", "mean"]))
    rule = "majority" if family == "mean" else str(random.choice(["order", "neighbours", "one position"]))
    case = _plain(random, rule=rule)
    return replace(case, settings={"model.family": family, "variants": "{}"})


def _vocabulary(random: np.random.Generator) -> Case:
    """A vocabulary file that was fitted on train, with special tokens, or one that is general and larger."""
    case = _open_vocabulary(random)
    known = sorted({token for row in case.splits["train"].rows for token in row})
    if random.random() < 0.5:
        return case.with_vocabulary("\n".join(["<pad>", "<unk>", *known]) + "\n")
    every = sorted({token for split in case.splits.values() for row in split.rows for token in row})
    more = [f"{token}{ending}" for token in every for ending in ("n", "s")]
    listed = [token for token in [*every, *more] if random.random() < 0.9]
    return case.with_vocabulary(json.dumps(["[PAD]", "[UNK]", *dict.fromkeys(listed)]), ".json")


KINDS: dict[str, Callable[[np.random.Generator], Case]] = {
    "plain": _plain,
    "characters": _characters,
    "chance collisions": _collisions,
    "repeats within train": _repeats,
    "imbalance to 20:1": _imbalance,
    "sorted by class": _sorted_rows,
    "length is the rule": lambda random: _plain(
        random, rule="length", lengths=uniform(4, int(random.integers(20, 60)))
    ),
    "heavy-tailed lengths": lambda random: _plain(random, lengths=heavy(float(random.uniform(12, 20)), 0.9, 8)),
    "literal padding": _padding,
    "groups do not cross": _groups,
    "declared shift": _declared_shift,
    "ceiling at .7": lambda random: _plain(random, rule="chance", n_classes=2),
    "symbols with factors": lambda random: _plain(random, alphabet="symbols", size=int(random.integers(6, 36))),
    "mixed case and punctuation": lambda random: _plain(
        random, alphabet=random.choice(["two cases", "punctuation", "stop words", "everything"])
    ),
    "many classes": lambda random: _plain(
        random,
        n_classes=12,
        rows=int(random.integers(1_500, 4_000)),
        size=60,
        alphabet="everything",
        rule=random.choice(["first token", "marker", "majority", "one position"]),
    ),
    "topics": lambda random: _plain(
        random, source="topics", size=int(random.choice([60, 200, 1_000])), alphabet="words"
    ),
    "open vocabulary": _open_vocabulary,
    "unknown token": _unknown_token,
    "grammar": _grammar,
    "small evaluation splits": _small_evaluations,
    "parity": lambda random: _plain(random, rule="parity"),
    "lists of tokens": lambda random: _plain(random, form="lists"),
    "pretrained table": _table,
    "vocabulary file": _vocabulary,
    "model settings": _positions,
}
"""{kind: function of a generator}: the clean controls that concern data. Cases take the kinds in turn."""
