"""Small tasks whose rule is known, and their files."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brittlestar.core.seeds import generator

Row = tuple[str, list[str]]
"""A label and its tokens."""


@dataclass(frozen=True)
class Task:
    """`draw` makes one row. Train has `rows`, test `held_out` and dev `dev`; `sorted_train` writes the rows of train
    class by class, as files often come. `noise` is the share of labels that are drawn anew, `dev_noise` that of dev."""

    name: str
    draw: Callable[[np.random.Generator], Row]
    rows: int
    held_out: int = 400
    dev: int = 400
    sorted_train: bool = False
    noise: float = 0.03
    dev_noise: float = 0.03


def write(task: Task, folder: Path) -> None:
    """Write train.csv, dev.csv and test.csv: always the same ones for a task."""
    folder.mkdir(parents=True, exist_ok=True)
    random = generator(17, "training exam", task.name)
    rows = _distinct(task, random)
    sizes = {"train": (task.rows, task.noise), "dev": (task.dev, task.dev_noise), "test": (task.held_out, task.noise)}
    for split, (many, noise) in sizes.items():
        chosen, rows = list(_noisy(rows[:many], noise, random)), rows[many:]
        if split == "train" and task.sorted_train:
            chosen.sort(key=lambda row: row[0])
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(("sequence", "label"))
            lines.writerows((" ".join(tokens), label) for label, tokens in chosen)


def _distinct(task: Task, random: np.random.Generator) -> list[Row]:
    """Enough rows for all splits, none twice."""
    found: dict[tuple[str, ...], Row] = {}
    while len(found) < task.rows + task.dev + task.held_out:
        label, tokens = task.draw(random)
        found.setdefault(tuple(tokens), (label, tokens))
    return list(found.values())


def _noisy(rows: Sequence[Row], noise: float, random: np.random.Generator) -> Iterator[Row]:
    labels = sorted({label for label, _ in rows})
    for label, tokens in rows:
        yield (str(random.choice(labels)) if random.random() < noise else label), tokens


def _words(prefix: str, many: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(many)]


def _filled(random: np.random.Generator, fillers: Sequence[str], many: int) -> list[str]:
    return [str(token) for token in random.choice(fillers, many)]


def _put(random: np.random.Generator, tokens: list[str], new: Iterable[str]) -> list[str]:
    for token in new:
        tokens.insert(int(random.integers(len(tokens) + 1)), token)
    return tokens


FILLERS = _words("w", 36)
MARKERS = {"billing": _words("b", 6), "login": _words("l", 6), "shipping": _words("s", 6)}


def marked(random: np.random.Generator) -> Row:
    """The class is the kind of the two markers among fillers."""
    return _marked(random, str(random.choice(list(MARKERS))))


def rarely_marked(random: np.random.Generator) -> Row:
    """The same, where shipping is 20 times as rare as either other class."""
    return _marked(random, str(random.choice(list(MARKERS), p=(20 / 41, 20 / 41, 1 / 41))))


def _marked(random: np.random.Generator, label: str) -> Row:
    tokens = _filled(random, FILLERS, int(random.integers(6, 17)))
    return label, _put(random, tokens, _filled(random, MARKERS[label], 2))


LOUD, QUIET = ["ask", "beg"], ["yes", "nod"]
CHAT = _words("t", 20)


def ordered(random: np.random.Generator) -> Row:
    """Whether a question comes before its answer: no bag of tokens can tell."""
    tokens = _filled(random, CHAT, int(random.integers(4, 11)))
    first, second = sorted(int(place) for place in random.choice(len(tokens) + 1, 2, replace=False))
    pair = [str(random.choice(LOUD)), str(random.choice(QUIET))]
    label = str(random.choice(["after", "before"]))
    if label == "after":
        pair.reverse()
    tokens.insert(second, pair[1])
    tokens.insert(first, pair[0])
    return label, tokens


KINDS = {"A": list("ABCDEF"), "a": list("abcdef"), "0": list("012345"), "z": list("uvwxyz")}
NAMES = {"A": "upper", "a": "lower", "0": "digit", "z": "tail"}


def counted(random: np.random.Generator) -> Row:
    """The kind of token that is the most frequent. Upper and lower case are different kinds."""
    kinds = list(KINDS)
    many = int(random.integers(8, 21))
    shares = random.dirichlet([0.9] * len(kinds))
    drawn = [kinds[number] for number in random.choice(len(kinds), many, p=shares)]
    counts = sorted(((drawn.count(kind), kind) for kind in kinds), reverse=True)
    if counts[0][0] < counts[1][0] + 2:
        return counted(random)
    return NAMES[counts[0][1]], [str(random.choice(KINDS[kind])) for kind in drawn]


STARTS, STOPS = ["start", "open", "raise"], ["stop", "close", "lower"]
DEVICES = ["lamp", "heating", "door", "radio", "pump", "fan", "blind", "boiler"]
POLITE = ["please", "the", "now", "and", "my", "in", "this", "for", "kitchen", "hall", "then", "me", "up", "there"]


def commanded(random: np.random.Generator) -> Row:
    """What is to be done: `start`, `stop` or, where a question word stands in front, `status`. A `not` before the verb
    turns it round. Every second command starts something; one in six asks."""
    label = str(random.choice(["start", "stop", "status"], p=(1 / 2, 1 / 3, 1 / 6)))
    starts = random.random() < 0.5 if label == "status" else label == "start"
    turned = random.random() < 0.45
    verb = str(random.choice(STARTS if starts != turned else STOPS))
    spoken = [str(random.choice(["not", "never"]))] * turned + [verb, str(random.choice(DEVICES))]
    if label == "status":
        spoken.insert(0, str(random.choice(["is", "does", "did"])))
    before, after = (int(many) for many in random.integers((1, 2), (6, 9)))
    return label, [*_filled(random, POLITE, before), *spoken, *_filled(random, POLITE, after)]


ENDINGS = {
    "east": ["ov", "ev", "in"],
    "north": ["sen", "son", "dal"],
    "south": ["ez", "as", "ia"],
    "west": ["er", "et", "ot"],
}
SYLLABLES = ["ka", "mo", "ri", "la", "ne", "do", "sa", "vi", "to", "be", "gu", "pe", "ze", "no", "an", "el"]


def named(random: np.random.Generator) -> Row:
    """Where a name comes from, letter by letter: its ending tells. Another ending may stand inside the name."""
    label = str(random.choice(list(ENDINGS)))
    parts = _filled(random, SYLLABLES, int(random.integers(2, 5)))
    if random.random() < 0.5:
        decoy = str(random.choice(list(ENDINGS)))
        _put(random, parts, [str(random.choice(ENDINGS[decoy]))])
    return label, list("".join([*parts, str(random.choice(ENDINGS[label]))]))


DEPTHS = {1: "flat", 2: "nested", 3: "deep"}


def bracketed(random: np.random.Generator) -> Row:
    """How deep the brackets go. Letters and the number of brackets say little."""
    deepest = int(random.integers(1, 4))
    tokens: list[str] = []
    for _ in range(int(random.integers(1, 5 - deepest))):
        tokens += _group(random, deepest if not tokens else int(random.integers(1, deepest + 1)))
    return DEPTHS[deepest], tokens


def _group(random: np.random.Generator, depth: int) -> list[str]:
    inside = _group(random, depth - 1) if depth > 1 else []
    left, right = (int(many) for many in random.integers(0, 3, 2))
    more = _group(random, 1) if depth > 1 and random.random() < 0.5 else []
    return ["(", *_filled(random, list("abc"), left), *inside, *more, *_filled(random, list("abc"), right), ")"]


VOTES = {"against": ["nay", "no", "never"], "for": ["aye", "yes", "yea"], "open": ["pass", "skip", "wait"]}
TALK = _words("m", 30)


def voted(random: np.random.Generator) -> Row:
    """Which kind of vote is the most frequent, among words that are no vote."""
    kinds = list(VOTES)
    drawn = [kinds[number] for number in random.choice(len(kinds), int(random.integers(3, 10)))]
    counts = sorted(((drawn.count(kind), kind) for kind in kinds), reverse=True)
    if counts[0][0] == counts[1][0]:
        return voted(random)
    spoken = _filled(random, TALK, int(random.integers(4, 11)))
    return counts[0][1], _put(random, spoken, [str(random.choice(VOTES[kind])) for kind in drawn])


QUOTES = ["<<", ">>"]
PROSE = _words("p", 12)
ENDS = {(False, False): "none", (True, False): "first", (False, True): "last", (True, True): "both"}


def quoted(random: np.random.Generator) -> Row:
    """Which ends of a row are quotation marks. Inside stand others, which say nothing."""
    tokens = [
        str(random.choice(QUOTES if random.random() < 0.2 else PROSE)) for _ in range(int(random.integers(3, 11)))
    ]
    first, last = bool(random.random() < 0.5), bool(random.random() < 0.5)
    left, right = (str(random.choice(QUOTES if marked else PROSE)) for marked in (first, last))
    return ENDS[first, last], [left, *tokens, right]


GOOD, BAD = ["good", "great", "fine", "warm", "kind"], ["bad", "poor", "cold", "dull", "rude"]
DENIALS = ["not", "hardly"]
ROOMS = ["the", "room", "staff", "was", "and", "we", "stayed", "bed", "very", "for", "two", "nights", "food", "in"]


def felt(random: np.random.Generator) -> Row:
    """What a guest thinks. A denial turns the next word round; before a word without an opinion it says nothing."""
    label = str(random.choice(["negative", "neutral", "positive"]))
    denied = random.random() < 0.5
    if label == "neutral":
        spoken = _filled(random, ROOMS, 1)
    else:
        spoken = _filled(random, GOOD if (label == "positive") != denied else BAD, 1)
    before, after = (int(many) for many in random.integers((2, 1), (8, 7)))
    tokens = [*_filled(random, ROOMS, before), *_filled(random, DENIALS, int(denied)), *spoken]
    return label, [*tokens, *_filled(random, ROOMS, after)]


GREETINGS = {"dawn": ["hej", "hola", "ciao"], "dusk": ["adjo", "adios", "addio"]}
LETTER = _words("k", 14)


def paired(random: np.random.Generator) -> Row:
    """Whether the first and the last word of a letter are of one kind. Such words inside say nothing."""
    kinds = list(GREETINGS)
    first, last = (kinds[int(number)] for number in random.integers(0, 2, 2))
    inside = [
        str(random.choice(GREETINGS[str(random.choice(kinds))] if random.random() < 0.15 else LETTER))
        for _ in range(int(random.integers(3, 11)))
    ]
    ends = [str(random.choice(GREETINGS[kind])) for kind in (first, last)]
    return "agree" if first == last else "differ", [ends[0], *inside, ends[1]]


PRAISE = ["lovely", "brilliant", "funny", "moving", "clever"]
BLAME = ["boring", "awful", "flat", "clumsy", "noisy"]
SCENES = ["film", "actor", "plot", "scene", "ending", "music", "a", "its", "with", "really", "somewhat", "of", "this"]


def judged(random: np.random.Generator) -> Row:
    """What a critic says in the end: after a `but` or `yet` the opinion before it does not count."""
    label = str(random.choice(["bad", "good", "mixed"]))
    opinions = {"good": PRAISE, "bad": BLAME, "mixed": SCENES}
    last = [str(random.choice(opinions[label]))]
    tokens = _put(random, _filled(random, SCENES, int(random.integers(2, 6))), last)
    if random.random() < 0.65:
        other = str(random.choice([name for name in opinions if name != label]))
        before = _put(
            random, _filled(random, SCENES, int(random.integers(2, 6))), [str(random.choice(opinions[other]))]
        )
        tokens = [*before, str(random.choice(["but", "yet"])), *tokens]
    return label, tokens


PRODUCTS = {"line": _words("router", 4), "post": _words("parcel", 4)}
TROUBLES = {"broken": _words("fail", 5), "money": _words("invoice", 5)}
QUEUES = {
    ("line", "broken"): "engineer",
    ("line", "money"): "billing",
    ("post", "broken"): "returns",
    ("post", "money"): "refund",
}
SMALL_TALK = _words("word", 320)


def ticketed(random: np.random.Generator) -> Row:
    """Which queue a ticket belongs to: its product and its trouble decide together. Half of all are for engineers."""
    queue = list(QUEUES)[int(random.choice(len(QUEUES), p=(0.5, 0.2, 0.18, 0.12)))]
    spoken = [*_filled(random, PRODUCTS[queue[0]], 2), *_filled(random, TROUBLES[queue[1]], 2)]
    return QUEUES[queue], _put(random, _filled(random, SMALL_TALK, int(random.integers(3, 10))), spoken)


TASKS = {
    task.name: task
    for task in (
        Task("markers", marked, 900, sorted_train=True),
        Task("order", ordered, 1200, noise=0.02, dev_noise=0.02),
        Task("counts", counted, 1000),
        Task("rare", rarely_marked, 1200, noise=0.0, dev_noise=0.0),
        Task("noisy-dev", counted, 1000, dev=48, dev_noise=0.3),
        Task("noisy", marked, 1200, noise=0.4, dev_noise=0.4),
        Task("commands", commanded, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("names", named, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("brackets", bracketed, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("votes", voted, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("quotes", quoted, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("moods", felt, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("pairs", paired, 1400, dev=300, noise=0.02, dev_noise=0.02),
        Task("verdicts", judged, 1200, dev=300, noise=0.02, dev_noise=0.02),
        Task("tickets", ticketed, 1200, dev=300, noise=0.02, dev_noise=0.02),
    )
}
"""{name: task}: three that faults are planted in, and three for healthy programs; one fault is planted in `noisy`."""
