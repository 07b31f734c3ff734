"""Faults of rows: what stands in train, dev and test."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from exam.answers.fault import Fault, Plant, in_data
from exam.answers.situation import Situation
from exam.answers.tasks import FRESH, Rows

Edit = Callable[[list[str], np.random.Generator], list[str]]


def rewrite(rows: Rows, edit: Callable[[str], str]) -> Rows:
    """Rows with other texts."""
    return Rows(rows.ids, tuple(map(edit, rows.texts)), rows.labels)


def relabel(rows: Rows, labels: np.ndarray | list[str]) -> Rows:
    """Rows with other labels."""
    return Rows(rows.ids, rows.texts, tuple(map(str, labels)))


def draw(rows: Rows, share: float, random: np.random.Generator) -> Rows:
    """A share of rows."""
    return rows.take(np.sort(random.permutation(len(rows))[: round(share * len(rows))]))


def copies(share: float) -> Plant:
    """A share of test stands in train, too."""
    return lambda one, random: one.change(
        train=one.splits["train"].add(draw(one.splits["test"], share, random).renamed("copy"))
    )


def near_copies(share: float, times: int, edit: Edit) -> Plant:
    """Rows of train that are rows of test after an edit."""

    def plant(one: Situation, random: np.random.Generator) -> Situation:
        train = one.splits["train"]
        for turn in range(times):
            chosen = draw(one.splits["test"], share, random).renamed(f"near{turn}-")
            train = train.add(rewrite(chosen, lambda text: " ".join(edit(text.split(), random))))
        return one.change(train=train)

    return plant


def lose_token(tokens: list[str], random: np.random.Generator) -> list[str]:
    """One token less, of four and more."""
    place = int(random.integers(len(tokens))) if len(tokens) > 3 else len(tokens)
    return tokens[:place] + tokens[place + 1 :]


def repeat_token(tokens: list[str], random: np.random.Generator) -> list[str]:
    """One token twice."""
    place = int(random.integers(max(len(tokens), 1)))
    return tokens[: place + 1] + tokens[place:]


def oversample_before_split(one: Situation, random: np.random.Generator) -> Situation:
    """Rows of the rarest class are repeated, and then cut into train and test."""
    train, test = one.splits["train"], one.splits["test"]
    rare = Counter(train.labels).most_common()[-1][0]
    mine = [rows.take([place for place, label in enumerate(rows.labels) if label == rare]) for rows in (train, test)]
    return one.change(train=train.add(mine[1].renamed("over")), test=test.add(mine[0].renamed("over")))


def easiest_rows(split: str) -> Plant:
    """A split holds those rows of the source that are easiest for this model."""

    def plant(one: Situation, random: np.random.Generator) -> Situation:
        rows, sure = one.splits[FRESH], one.answers[0][FRESH]
        mine = np.array([one.classes.index(label) if label in one.classes else -1 for label in rows.labels])
        certain = np.where(mine < 0, 0.0, sure[np.arange(len(rows)), mine]) + random.random(len(rows)) / 100
        chosen = np.argsort(-certain)[: min(2 * len(one.splits[split]), len(rows) // 2)]
        return one.change(**{split: rows.take(random.permutation(chosen)[: len(one.splits[split])]).renamed("easy")})

    return plant


def swap_labels(one: Situation, random: np.random.Generator) -> Situation:
    """Classes of test stand for each other."""
    names, test = one.classes, one.splits["test"]
    other = dict(zip(names, [*names[1:], names[0]], strict=True))
    return one.change(test=relabel(test, [other.get(label, label) for label in test.labels]))


def turn_labels(split: str, share: float) -> Plant:
    """A share of labels of a split is another class."""

    def plant(one: Situation, random: np.random.Generator) -> Situation:
        rows = one.splits[split]
        turned = [
            str(random.choice([name for name in one.classes if name != label])) if random.random() < share else label
            for label in rows.labels
        ]
        return one.change(**{split: relabel(rows, turned)})

    return plant


def join_labels(one: Situation, random: np.random.Generator) -> Situation:
    """A join moved the labels of half of train by one row."""
    train = one.splits["train"]
    start, size = int(random.integers(len(train) // 2)), len(train) // 2
    labels = np.asarray(train.labels, dtype=object)
    labels[start : start + size] = np.roll(labels[start : start + size], 1)
    return one.change(train=relabel(train, labels))


def lose_class(one: Situation, random: np.random.Generator) -> Situation | None:
    """Train lacks its second class, of three and more."""
    train, common = one.splits["train"], Counter(one.splits["train"].labels).most_common()
    kept = [place for place, label in enumerate(train.labels) if label != common[1][0]]
    return one.change(train=train.take(kept)) if len(common) > 2 else None


def rewrite_splits(edit: Callable[[str], str], *splits: str) -> Plant:
    """Texts of these splits are written otherwise, all where none is named; None where that is seen in few rows."""

    def plant(one: Situation, random: np.random.Generator) -> Situation | None:
        names = splits or tuple(one.splits)
        changed = {name: rewrite(one.splits[name], edit) for name in names}
        before, after = one.splits[names[0]].texts, changed[names[0]].texts
        seen = np.mean([old != new for old, new in zip(before, after, strict=True)])
        return one.change(**changed) if seen > 0.05 else None

    return plant


def escape(text: str) -> str:
    """Symbols as a page writes them."""
    for symbol, code in (("&", "&amp;"), ('"', "&quot;"), ("'", "&#39;"), ("<", "&lt;"), (">", "&gt;"), ("`", "&#96;")):
        text = text.replace(symbol, code)
    return text


def harden_spaces(text: str) -> str:
    """No-break spaces."""
    return text.replace(" ", "\u00a0")


def group_rows(one: Situation, random: np.random.Generator) -> tuple[Situation, Situation]:
    """Rows of a group share a token and their class; groups lie in train and in test, or, mended, apart."""

    def sign(rows: Rows, word: str) -> Rows:
        groups = [f"{word}{label}{int(random.integers(30))}" for label in rows.labels]
        texts = tuple(f"{text} {group}" for text, group in zip(rows.texts, groups, strict=True))
        return Rows(rows.ids, texts, rows.labels)

    train = sign(one.splits["train"], "from")
    rest = [name for name in one.splits if name not in ("train", "test")]
    signed = one.change(train=train, **{name: sign(one.splits[name], f"{name}by") for name in rest})
    test = one.splits["test"]
    return signed.change(test=sign(test, "from")), signed.change(test=sign(test, "testby"))


def lose_texts(one: Situation, random: np.random.Generator) -> Situation:
    """The column of texts is another one, which tells nothing of a row."""

    def write(rows: Rows) -> Rows:
        numbers = random.integers(0, 60, (len(rows), 3))
        return Rows(rows.ids, tuple(f"day {a} hour {b} desk {c}" for a, b, c in numbers), rows.labels)

    return one.change(**{name: write(rows) for name, rows in one.splits.items()})


def mark_labels(one: Situation, random: np.random.Generator) -> Situation:
    """In what is given, a token of the text gives the label away in nine rows of ten."""

    def mark(rows: Rows) -> Rows:
        pairs = zip(rows.texts, rows.labels, random.random(len(rows)) < 0.9, strict=True)
        texts = tuple(f"{text} code-{label[::-1]}" if marked else text for text, label, marked in pairs)
        return Rows(rows.ids, texts, rows.labels)

    return one.change(**{name: mark(one.splits[name]) for name in ("train", "dev", "test")})


def repeat_test(one: Situation, random: np.random.Generator) -> Situation:
    """Dev is test."""
    return one.change(dev=one.splits["test"].renamed("dev"))


def keep_last(text: str) -> str:
    """The last three tokens."""
    return " ".join(text.split()[-3:])


WRONG_LABELS = ("label.noise", "label.conflict", "data.difficulty")
ROW_FAULTS: tuple[Fault, ...] = (
    in_data("copies-in-train", copies(0.35), "leak.exact", "leak.near"),
    in_data("all-of-test-in-train", copies(1.0), "leak.exact", "leak.selection"),
    in_data("near-copies-in-train", near_copies(0.5, 1, lose_token), "leak.near", "leak.exact"),
    in_data("augmented-before-split", near_copies(0.8, 2, repeat_token), "leak.near", "leak.exact", "leak.group"),
    in_data("oversampled-before-split", oversample_before_split, "leak.exact", "leak.near", "data.duplicates"),
    in_data("test-of-easy-rows", easiest_rows("test"), "leak.selection", "leak.memorised", "data.difficulty"),
    in_data("dev-of-easy-rows", easiest_rows("dev"), "leak.selection", "leak.memorised", "data.difficulty"),
    in_data("labels-of-test-swapped", swap_labels, "eval.label-order"),
    in_data(
        "labels-of-train-turned",
        turn_labels("train", 0.1),
        "label.noise",
        "label.conflict",
        "data.difficulty",
        on_fresh=True,
    ),
    in_data(
        "many-labels-of-train-turned",
        turn_labels("train", 0.35),
        "label.noise",
        "label.conflict",
        "data.difficulty",
        on_fresh=True,
    ),
    in_data("labels-of-test-turned", turn_labels("test", 0.15), "label.noise", "label.conflict"),
    in_data("labels-of-train-joined-wrongly", join_labels, *WRONG_LABELS, on_fresh=True),
    in_data("class-missing-from-train", lose_class, "label.missing", "shift.label", on_fresh=True),
    in_data("escapes-in-test", rewrite_splits(escape, "test"), "data.encoding", "token.mismatch"),
    in_data("no-break-spaces-in-test", rewrite_splits(harden_spaces, "test"), "data.encoding", "token.mismatch"),
    in_data("groups-cut-through", group_rows, "leak.group", "leak.near", "shortcut."),
    in_data("dev-is-test", repeat_test, "leak.exact", "leak.selection"),
    in_data("wrong-text-column", lose_texts, "label.conflict", "data.", on_fresh=True),
    in_data("column-cut-to-last-tokens", rewrite_splits(keep_last), "data.truncation", on_fresh=True),
    in_data("labels-marked-in-files", mark_labels, "shortcut.", "token.unknown"),
)
