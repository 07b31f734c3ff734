"""One situation as somebody brings it: data, what the model learned from and reads, and what became of its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from exam.answers.models import MODELS
from exam.answers.tasks import FRESH, FRESH_SHIFT, Rows, Splits

SEEDS = 2
Reading = Callable[[str], str]
Revision = Callable[[str, np.ndarray], np.ndarray]
"""From a split and probabilities (n, classes) to those that are handed over; of no fresh split."""


def as_is(text: str) -> str:
    """A text as it stands."""
    return text


def keep_answers(split: str, answers: np.ndarray) -> np.ndarray:
    """Answers as the model gave them."""
    return answers


@dataclass(frozen=True)
class Situation:
    """`learned` are the rows that a model is fitted on, None for those of train; `reads` is what it makes of a text in
    training, `asked` when it answers; `revise` is what happens to answers afterwards; of `constant` seeds every answer
    is the first class."""

    splits: Splits
    model: str
    learned: Rows | None = None
    reads: Reading = as_is
    asked: Reading = as_is
    revise: Revision = keep_answers
    constant: frozenset[int] = frozenset()

    @property
    def given(self) -> Splits:
        """What the person has."""
        return {name: rows for name, rows in self.splits.items() if name not in (FRESH, FRESH_SHIFT)}

    @property
    def classes(self) -> list[str]:
        """The labels of train, sorted."""
        return sorted({*self.splits["train"].labels})

    def change(self, **splits: Rows) -> "Situation":
        """The same with other rows."""
        return replace(self, splits={**self.splits, **splits})

    def by_tokens(self) -> "Situation":
        """The same where texts come as tokens, as a function or an estimator is handed them."""

        def join(reading: Reading) -> Reading:
            return lambda text: reading(" ".join(text.split()))

        return replace(self, reads=join(self.reads), asked=join(self.asked))

    def fit(self, seed: int) -> Callable[[Sequence[str]], np.ndarray]:
        """Train, and return what gives probabilities (n, classes) of texts."""
        rows, classes, model = self.learned or self.splits["train"], self.classes, MODELS[self.model](seed)
        known = [place for place, label in enumerate(rows.labels) if label in {*classes}]
        model.fit([self.reads(rows.texts[place]) for place in known], [rows.labels[place] for place in known])
        places = [classes.index(str(name)) for name in model.classes_]

        def answer(texts: Sequence[str]) -> np.ndarray:
            found = np.zeros((len(texts), len(classes)))
            if seed in self.constant:
                found[:, 0] = 1.0
            elif texts:
                found[:, places] = model.predict_proba([self.asked(text) for text in texts])
            return found

        return answer

    @cached_property
    def answers(self) -> list[dict[str, np.ndarray]]:
        """Of each seed {split: probabilities (n, classes)}."""
        found: list[dict[str, np.ndarray]] = []
        for seed in range(SEEDS):
            ask = self.fit(seed)
            plain = {name: ask(rows.texts) for name, rows in self.splits.items()}
            found.append({name: self.revise(name, one) if name in self.given else one for name, one in plain.items()})
        return found

    def right(self, split: str) -> np.ndarray:
        """float64 (n,): the share of seeds that are right in each row of a split."""
        labels, classes = np.asarray(self.splits[split].labels), np.asarray(self.classes)
        return np.mean([classes[one[split].argmax(axis=1)] == labels for one in self.answers], axis=0)
