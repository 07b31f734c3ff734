"""What training loops of other libraries share as fit functions: rows as numbers, and curves under our names."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

History = list[dict[str, float]]
_AS_CALLED = inspect.Signature(
    [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("train", "dev", "seed")]
)


@dataclass(frozen=True)
class LabelledRows:
    """Rows of a split: `tokens[i]` and `labels[i]` belong to row i, `numbers[i]` is the position of its label in
    `classes`, the sorted labels of train. Of dev, rows with a label that train lacks are left out."""

    tokens: list[list[str]]
    labels: list[str]
    classes: tuple[str, ...]

    @property
    def numbers(self) -> list[int]:
        """The class of each row."""
        place = {label: number for number, label in enumerate(self.classes)}
        return [place[label] for label in self.labels]

    def encode(self, tokenizer: Any, **options: Any) -> list[dict[str, Any]]:
        """The rows through a tokenizer of `transformers`, each with its number as `labels`: a dataset for a Trainer.
        Tokens are given as words, and `options` beside them; it truncates at the tokenizer's `model_max_length`."""
        encoded = encode_rows(tokenizer, self.tokens, **options)
        return [{**row, "labels": number} for row, number in zip(encoded, self.numbers, strict=True)]


def encode_rows(tokenizer: Any, tokens: Sequence[Sequence[str]], **options: Any) -> list[dict[str, Any]]:
    """Rows of tokens through a tokenizer of `transformers`, as words."""
    if not tokens:
        return []
    words = [list(row) for row in tokens]
    found = tokenizer(words, **{"is_split_into_words": True, "truncation": True, **options})
    return [{name: values[number] for name, values in found.items()} for number in range(len(words))]


def labelled_rows(train: Any, dev: Any) -> tuple[LabelledRows, LabelledRows | None]:
    """The splits that a fit function is given, with the classes of train."""
    classes = tuple(sorted(set(train.labels)))
    if dev is None:
        return LabelledRows(train.tokens, train.labels, classes), None
    kept = [number for number, label in enumerate(dev.labels) if label in classes]
    known = LabelledRows([dev.tokens[k] for k in kept], [dev.labels[k] for k in kept], classes)
    return LabelledRows(train.tokens, train.labels, classes), known


@dataclass(frozen=True)
class LoopFit:
    """A fit function around `build`; it has the name and the source of that."""

    build: Callable[..., Any]
    fit: Callable[..., Any] = field(repr=False)
    __signature__ = _AS_CALLED

    @property
    def __name__(self) -> str:
        return str(getattr(self.build, "__name__", type(self.build).__name__))

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        return self.build

    def __call__(self, train: Any, dev: Any, seed: int) -> Any:
        """Train once; a function that predicts, and a history."""
        return self.fit(train, dev, seed)


def merge_epochs(entries: Sequence[tuple[float, Mapping[str, float]]]) -> History:
    """One dict for each epoch out of (epoch, values), parts of an epoch included: the mean of its train losses, of
    everything else the last value. What belongs to the epoch in progress belongs to the one that it becomes."""
    epochs: dict[int, dict[str, list[float]]] = {}
    for epoch, values in entries:
        number = int(np.ceil(epoch - 1e-6))
        for name, value in values.items():
            epochs.setdefault(number, {}).setdefault(name, []).append(float(value))
    return [dict(_join_parts(number, values)) for number, values in sorted(epochs.items())]


def _join_parts(number: int, values: Mapping[str, list[float]]) -> Iterator[tuple[str, float]]:
    yield "epoch", number
    for name, parts in values.items():
        yield name, float(np.mean(parts)) if name == "train.loss" else parts[-1]
