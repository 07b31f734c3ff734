"""A Trainer of Hugging Face transformers as a fit function: its own tokeniser, collator, arguments and callbacks."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from brittlestar.core.optional import require
from brittlestar.core.scores import softmax

__all__ = ["trainer_fit"]

EXTRA = "transformers"
Encode = Callable[[Sequence[Sequence[str]]], Any]
_CLOCKS = ("runtime", "samples_per_second", "steps_per_second", "model_preparation_time", "jit_compilation_time")
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
    rows = LabelledRows(train.tokens, train.labels, classes)
    if dev is None:
        return rows, None
    kept = [number for number, label in enumerate(dev.labels) if label in classes]
    return rows, LabelledRows([dev.tokens[k] for k in kept], [dev.labels[k] for k in kept], classes)


def trainer_fit(build_trainer: Callable[..., Any], *, encode: Encode | None = None) -> "TrainerFit":
    """Make a fit function of what builds a Trainer: give it to `run` as `model=`, or name it with `--model`.

    Python, NumPy and PyTorch are seeded before the Trainer is built and before it trains, and its own seeds are set.
    Curves are read off its `log_history`: log and evaluate by epoch. Without `compute_metrics` it reports accuracy.
    It trains where its arguments say, on a GPU where there is one.

    Args:
        build_trainer: Called as `build_trainer(train, dev, seed)`; returns a `transformers.Trainer`, ready to train.
            `train` and `dev` (None where there is no such split) have `tokens`, `labels`, `classes` (the sorted labels
            of train), `numbers` (the class of each row), and `encode(tokenizer)`, a dataset for the Trainer.
        encode: From token lists to a dataset that the Trainer predicts; without it they go as words through the
            Trainer's `processing_class`.

    Returns:
        A fit function: it trains once for each seed, and returns what predicts and the history.

    Raises:
        MissingExtraError: transformers or accelerate is not installed; when it is called.
        TypeError: What `build_trainer` returns is no Trainer, or has no tokeniser; when it is called.
    """
    return TrainerFit(build_trainer, encode)


@dataclass(frozen=True)
class TrainerFit:
    """A fit function around `build`; it has the name and the source of that."""

    build: Callable[..., Any]
    to_dataset: Encode | None = None
    __signature__ = _AS_CALLED

    @property
    def __name__(self) -> str:
        return str(getattr(self.build, "__name__", type(self.build).__name__))

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        return self.build

    def __call__(self, train: Any, dev: Any, seed: int) -> Any:
        """Train once; a function that predicts, and a history."""
        library = require("transformers", EXTRA)
        require("accelerate", EXTRA)
        library.set_seed(seed % 2**32)
        trainer = self.build(*labelled_rows(train, dev), seed)
        if not isinstance(trainer, library.Trainer):
            raise TypeError(f"build_trainer returned a {type(trainer).__name__}, not a transformers.Trainer")
        if self.to_dataset is None and trainer.processing_class is None:
            raise TypeError("the Trainer has no tokeniser: give it processing_class=, or encode= to trainer_fit")
        encode = self.to_dataset or partial(encode_rows, trainer.processing_class)
        trainer.args.seed = trainer.args.data_seed = seed % 2**32
        if trainer.compute_metrics is None:
            trainer.compute_metrics = _score_accuracy
        trainer.remove_callback(library.trainer.DEFAULT_PROGRESS_CALLBACK)  # thousands of lines in a log
        library.set_seed(seed % 2**32)
        trainer.train()

        def predict_proba(rows: list[list[str]]) -> np.ndarray:
            return softmax(_first(trainer.predict(encode(rows)).predictions))

        return predict_proba, read_log(trainer.state.log_history)


def read_log(log_history: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """The history in a Trainer's `log_history`, one dict for each epoch: the mean of its losses on train, the last
    learning rate, and what was evaluated last. What belongs to the epoch in progress belongs to the one that it
    becomes."""
    epochs: dict[int, dict[str, list[float]]] = {}
    for entry in log_history:
        number = int(np.ceil(float(entry.get("epoch", 0.0)) - 1e-6))
        for name, value in entry.items():
            kind, _, metric = name.partition("_")
            named = {"loss": "train.loss", "learning_rate": name}.get(name, "")
            if kind == "eval" and metric not in _CLOCKS and isinstance(value, int | float):
                named = f"dev.{metric}"
            if named:
                epochs.setdefault(number, {}).setdefault(named, []).append(float(value))
    return [
        {"epoch": number, **{n: float(np.mean(v)) if n == "train.loss" else v[-1] for n, v in values.items()}}
        for number, values in sorted(epochs.items())
    ]


def _score_accuracy(outputs: Any) -> dict[str, float]:
    return {"accuracy": float((_first(outputs.predictions).argmax(axis=1) == np.asarray(outputs.label_ids)).mean())}


def _first(predictions: Any) -> np.ndarray:
    """The logits: models may give more beside them."""
    return np.asarray(predictions[0] if isinstance(predictions, tuple) else predictions)
