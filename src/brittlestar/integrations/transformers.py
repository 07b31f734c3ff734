"""A Trainer of Hugging Face transformers as a fit function: its own tokeniser, collator, arguments and callbacks."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from brittlestar.core.metrics import softmax
from brittlestar.core.optional import require
from brittlestar.integrations.own_loop import History, LoopFit, encode_rows, labelled_rows, merge_epochs

EXTRA = "transformers"
_CLOCKS = ("runtime", "samples_per_second", "steps_per_second", "model_preparation_time", "jit_compilation_time")


def trainer_fit(
    build_trainer: Callable[..., Any], *, encode: Callable[[Sequence[Sequence[str]]], Any] | None = None
) -> LoopFit:
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
    return LoopFit(build_trainer, partial(_fit_trainer, build_trainer, encode))


def _fit_trainer(
    build_trainer: Callable[..., Any],
    encode: Callable[[Sequence[Sequence[str]]], Any] | None,
    train: Any,
    dev: Any,
    seed: int,
) -> tuple[Callable[[list[list[str]]], np.ndarray], History]:
    library = require("transformers", EXTRA)
    require("accelerate", EXTRA)
    library.set_seed(seed % 2**32)
    trainer = build_trainer(*labelled_rows(train, dev), seed)
    if not isinstance(trainer, library.Trainer):
        raise TypeError(f"build_trainer returned a {type(trainer).__name__}, not a transformers.Trainer")
    if encode is None:
        if trainer.processing_class is None:
            raise TypeError("the Trainer has no tokeniser: give it processing_class=, or encode= to trainer_fit")
        encode = partial(encode_rows, trainer.processing_class)
    trainer.args.seed = trainer.args.data_seed = seed % 2**32
    if trainer.compute_metrics is None:
        trainer.compute_metrics = _score_accuracy
    trainer.remove_callback(library.trainer.DEFAULT_PROGRESS_CALLBACK)  # thousands of lines in a log or below a cell
    library.set_seed(seed % 2**32)
    trainer.train()

    def predict_proba(rows: list[list[str]]) -> np.ndarray:
        return softmax(_first(trainer.predict(encode(rows)).predictions))

    return predict_proba, read_log(trainer.state.log_history)


def read_log(log_history: Sequence[Mapping[str, Any]]) -> History:
    """The history in a Trainer's `log_history`: the loss on train, the learning rate, and what was evaluated."""
    entries: list[tuple[float, dict[str, float]]] = []
    for entry in log_history:
        values: dict[str, float] = {}
        for name, value in entry.items():
            kind, _, metric = name.partition("_")
            if name == "loss":
                values["train.loss"] = value
            elif name == "learning_rate":
                values[name] = value
            elif kind == "eval" and metric not in _CLOCKS and isinstance(value, int | float):
                values[f"dev.{metric}"] = value
        if values:
            entries.append((float(entry.get("epoch", 0.0)), values))
    return merge_epochs(entries)


def _score_accuracy(outputs: Any) -> dict[str, float]:
    return {"accuracy": float((_first(outputs.predictions).argmax(axis=1) == np.asarray(outputs.label_ids)).mean())}


def _first(predictions: Any) -> np.ndarray:
    """The logits: models may give more beside them."""
    return np.asarray(predictions[0] if isinstance(predictions, tuple) else predictions)
