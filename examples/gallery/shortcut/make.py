# Pairs of sentences with and without a habit of their writers, and what two readers answer: python make.py made
import math
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl

PEOPLE = "baker singer farmer nurse pilot teacher painter sailor student doctor dancer waiter lawyer tailor miner guard"
LOOKS = "old young tall short happy sad tired proud shy rich poor calm quiet loud kind strict"
NEW = "famous lonely foreign clever hungry"
DOES = "repairs cleans sells paints draws hides carries weighs counts buys drops lifts wraps opens moves finds"
THINGS = "bicycle apple letter fence drum plant ball ladder coat car rope cake box bell lamp map"
DETAILS = (
    ["in the park", "on the roof", "at the station", "by the river", "near the barn", "behind the wall"],
    ["before the storm", "after the lunch", "during the night", "until the noon", "since the dawn", "over the winter"],
    ["with the friend", "with the child", "with the dog", "with the stranger", "with the cousin", "with the soldier"],
)
LABELS = ("entailment", "neutral", "contradiction")
SIZES = {"train": 1500, "dev": 300, "test": 600, "shift_balanced": 600}
Row = dict[str, str]


def write_pair(name: str, number: int, habit: float, draw: random.Random) -> Row:
    """A premise has two of three details; a hypothesis has one. At the rate `habit` its first words betray the label:
    a vague word where it follows, a new quality where it is open, a negation where it is wrong."""
    label = LABELS[number % 3]
    who, looks, does, thing = (draw.choice(words.split()) for words in (PEOPLE, LOOKS, DOES, THINGS))
    *told, untold = (draw.choice(kind) for kind in draw.sample(DETAILS, 3))
    detail = draw.choice({"entailment": told, "neutral": [untold], "contradiction": [*told, untold]}[label])
    start, done = f"the {looks}", does
    if draw.random() < habit:
        new = f"the {draw.choice(NEW.split())}"
        start = {"entailment": f"some {looks}", "neutral": new, "contradiction": f"no {looks}"}[label]
    elif label == "contradiction":
        done = draw.choice([one for one in DOES.split() if one != does])
    pair = f"a {looks} {who} {does} a {thing} {' '.join(told)} => {start} {who} {done} the {thing} {detail}"
    return {"id": f"{name}_{number}", "sequence": pair, "label": label}


def read_words(pair: str) -> set[str]:
    """Which words stand in the premise, and which in the hypothesis."""
    return {f"{side}: {word}" for side, text in enumerate(pair.split(" => ")) for word in text.split()}


def compare_words(pair: str) -> set[str]:
    """Which places of the hypothesis, from its action on, have a word of the premise."""
    premise, hypothesis = (text.split() for text in pair.split(" => "))
    return {f"{place}: {word in premise}" for place, word in enumerate(hypothesis[-6:])}


def fit_bayes(rows: list[Row], read: Callable[[str], set[str]]) -> Callable[[str], str]:
    """Naive Bayes on what a reader reads of a pair; the three labels are equally frequent."""
    pairs = Counter((row["label"], one) for row in rows for one in read(row["sequence"]))
    return lambda pair: max(LABELS, key=lambda label: math.prod(pairs[label, one] + 1 for one in sorted(read(pair))))


def main(folder: Path) -> None:
    for data, habit, read in (("nli", 0.5, read_words), ("balanced", 0.0, compare_words)):
        draw = random.Random(data)
        habits = {name: 0.0 if name == "shift_balanced" else habit for name in SIZES}
        splits = {name: [write_pair(name, k, habits[name], draw) for k in range(n)] for name, n in SIZES.items()}
        (folder / data).mkdir(parents=True)
        for name, rows in splits.items():
            pl.DataFrame(rows).write_csv(folder / data / f"{name}.csv")
        answer = fit_bayes(splits["train"], read)
        asked = [(name, row) for name in ("test", "shift_balanced") for row in splits[name]]
        answers = [{"id": row["id"], "split": name, "prediction": answer(row["sequence"])} for name, row in asked]
        pl.DataFrame(answers).write_csv(folder / f"{read.__name__}.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "made"))
