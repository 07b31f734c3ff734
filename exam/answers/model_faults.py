"""Faults of what a model learns from and reads, and of the answers that are handed over."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.answers.fault import Fault, Plant, in_answers, in_model
from exam.answers.row_faults import draw, keep_last, relabel
from exam.answers.situation import SEEDS, Reading, Situation


def learn_from(*splits: str) -> Plant:
    """The model is fitted on train and on these splits."""

    def plant(one: Situation, random: np.random.Generator) -> Situation:
        rows = one.splits["train"]
        for name in splits:
            rows = rows.add(one.splits[name])
        return replace(one, learned=rows)

    return plant


def learn_from_few(one: Situation, random: np.random.Generator) -> Situation | None:
    """Thirty rows of train are used."""
    few = draw(one.splits["train"], 30 / len(one.splits["train"]), random)
    return replace(one, learned=few) if len({*few.labels}) > 1 else None


def learn_out_of_step(one: Situation, random: np.random.Generator) -> Situation:
    """The texts of train were shuffled without their labels."""
    train = one.splits["train"]
    return replace(one, learned=relabel(train, random.permutation(np.asarray(train.labels, dtype=object))))


def read_otherwise(asked: Reading, reads: Reading | None = None) -> Plant:
    """Texts are read in another way when the model is asked, or always; None where that is seen in few rows."""

    def plant(one: Situation, random: np.random.Generator) -> Situation | None:
        seen = np.mean([asked(text) != text for text in one.splits["test"].texts])
        return replace(one, asked=asked, reads=reads or one.reads) if seen > 0.05 else None

    return plant


def answer_one_class(one: Situation, random: np.random.Generator) -> Situation:
    """Every seed answers its first class."""
    return replace(one, constant=frozenset(range(SEEDS)))


def collapse_seed(one: Situation, random: np.random.Generator) -> Situation:
    """One of two seeds answers its first class."""
    return replace(one, constant=frozenset({SEEDS - 1}))


def keep_first(text: str) -> str:
    """The first three tokens."""
    return " ".join(text.split()[:3])


def revise(change: Callable[[np.ndarray], np.ndarray], *splits: str) -> Plant:
    """Answers of these splits are changed, those of all where none is named."""

    def change_some(split: str, answers: np.ndarray) -> np.ndarray:
        return change(answers) if not splits or split in splits else answers

    return lambda one, random: replace(one, revise=change_some)


def shuffle_answers(one: Situation, random: np.random.Generator) -> Situation:
    """Answers on test stand in the order of another file."""
    order = random.permutation(len(one.splits["test"]))
    return revise(lambda answers: answers[order], "test")(one, random)  # pyright: ignore[reportReturnType]


def sort_answers(answers: np.ndarray) -> np.ndarray:
    """Sorted by what is answered."""
    return answers[np.argsort(answers.argmax(axis=1), kind="stable")]


def sharpen(answers: np.ndarray) -> np.ndarray:
    """Far too sure."""
    raised = np.maximum(answers, 1e-9) ** 8
    return raised / raised.sum(axis=1, keepdims=True)


def say_sure(answers: np.ndarray) -> np.ndarray:
    """The same confidence for every answer, .99."""
    rest = 0.01 / max(answers.shape[1] - 1, 1)
    return np.where(np.arange(answers.shape[1]) == answers.argmax(axis=1)[:, None], 0.99, rest)


OF_ROWS = ("eval.row", "eval.label-order", "eval.out-of-step", "eval.order")
MODEL_FAULTS: tuple[Fault, ...] = (
    in_model("trained-on-test", learn_from("test"), "leak.selection", "leak.memorised", on_fresh=False, unsound=True),
    in_model("trained-on-dev", learn_from("dev"), "leak.selection", on_fresh=False, unsound=True),
    in_model("few-rows-used", learn_from_few, "train.", "data.small", "eval.train-mismatch"),
    in_model("labels-out-of-step", learn_out_of_step, "train.batching", "eval.train-mismatch", *OF_ROWS),
    in_model("lower-case-when-asked", read_otherwise(str.lower), "eval.train-mismatch", "token.mismatch"),
    in_model("upper-case-when-asked", read_otherwise(str.upper), "eval.train-mismatch", "token.mismatch"),
    in_model("cut-when-asked", read_otherwise(keep_first), "eval.train-mismatch", "data.truncation"),
    in_model("cut-by-the-model", read_otherwise(keep_last, keep_last), "data.truncation", "train."),
    in_model("one-class-answered", answer_one_class, "eval.constant"),
    in_model("seed-collapsed", collapse_seed, "seed.collapse"),
    in_answers("rows-one-later", revise(lambda answers: np.roll(answers, 1, axis=0), "test"), *OF_ROWS),
    in_answers("rows-reversed", revise(lambda answers: answers[::-1], "test"), *OF_ROWS),
    in_answers("rows-of-another-file", shuffle_answers, *OF_ROWS),
    in_answers("rows-sorted-by-answer", revise(sort_answers, "test"), *OF_ROWS),
    in_answers("classes-in-another-order", revise(lambda answers: np.roll(answers, 1, axis=1)), "eval.label-order"),
    in_answers("far-too-sure", revise(sharpen), "eval.calibration"),
    in_answers("one-confidence", revise(say_sure), "eval.calibration", "eval.constant"),
)
