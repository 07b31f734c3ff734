"""A LightningModule as a fit function: its own loop, batches and callbacks."""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from brittlestar.core.metrics import softmax
from brittlestar.core.optional import require
from brittlestar.integrations.own_loop import History, LoopFit, labelled_rows, merge_epochs

EXTRA = "lightning"
_PARTS = {"train": "train", "val": "dev", "valid": "dev", "validation": "dev", "dev": "dev"}
_METRICS = {"acc": "accuracy"}


def lightning_fit(build_module: Callable[..., Any]) -> LoopFit:
    """Make a fit function of what builds a LightningModule: give it to `run` as `model=`, or name it with `--model`.

    Python, NumPy and PyTorch are seeded before the module is built. What the module logs as `train_loss`, `val_loss`,
    `val_acc` and the like becomes the history; `val` is dev. It trains where its Trainer says.

    Args:
        build_module: Called as `build_module(train, dev, seed)`; returns `(module, trainer, make_loader)`, the second a
            `lightning.Trainer`. `train` and `dev` (None where there is no such split) have `tokens`, `labels`,
            `classes` (the sorted labels of train) and `numbers` (the class of each row). It is called as
            `make_loader(tokens, numbers, shuffle)` and returns batches of rows, shuffled for train alone; `numbers` is
            None where the module predicts. `predict_step` returns logits (rows of the batch, classes).

    Returns:
        A fit function: it trains once for each seed, and returns what predicts and the history.

    Raises:
        MissingExtraError: Lightning is not installed; when it is called.
        TypeError: `build_module` returns something else; when it is called.
    """
    return LoopFit(build_module, partial(_fit_module, build_module))


def _fit_module(
    build_module: Callable[..., Any], train: Any, dev: Any, seed: int
) -> tuple[Callable[[list[list[str]]], np.ndarray], History]:
    library = require("lightning", EXTRA)
    rows, known = labelled_rows(train, dev)
    with _kept_environment():
        library.seed_everything(seed % 2**32, workers=True, verbose=False)
        built = build_module(rows, known, seed)
        if not isinstance(built, tuple) or len(built) != 3 or not isinstance(built[1], library.Trainer):
            raise TypeError("build_module must return (module, lightning.Trainer, make_loader)")
        module, trainer, make_loader = built
        entries: list[tuple[float, dict[str, float]]] = []

        def note_epoch(trainer: Any, module: Any) -> None:
            entries.append((trainer.current_epoch + 1, read_metrics(trainer)))

        trainer.callbacks.append(library.pytorch.callbacks.LambdaCallback(on_train_epoch_end=note_epoch))
        loaders = [make_loader(rows.tokens, rows.numbers, True)]
        if known is not None:
            loaders.append(make_loader(known.tokens, known.numbers, False))
        trainer.fit(module, *loaders)

    def predict_proba(tokens: list[list[str]]) -> np.ndarray:
        with _kept_environment():
            batches: Sequence[Any] = trainer.predict(module, make_loader(tokens, None, False))
        return softmax(np.concatenate([batch.detach().float().cpu().numpy() for batch in batches]))

    return predict_proba, merge_epochs(entries)


def read_metrics(trainer: Any) -> dict[str, float]:
    """What a module has logged so far, under our names, and the learning rate of its first optimiser."""
    found: dict[str, float] = {}
    metrics: Mapping[str, Any] = trainer.callback_metrics
    for name, value in metrics.items():
        part, _, metric = name.replace("/", "_").removesuffix("_epoch").partition("_")
        if part in _PARTS and metric and not metric.endswith("_step"):
            found[f"{_PARTS[part]}.{_METRICS.get(metric, metric)}"] = float(value)
    if trainer.optimizers:
        found["learning_rate"] = float(trainer.optimizers[0].param_groups[0]["lr"])
    return found


@contextmanager
def _kept_environment() -> Generator[None]:
    """Lightning leaves its seed in the environment, where the next run of this process would find it."""
    kept = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - kept.keys():
            del os.environ[name]
        os.environ.update(kept)
