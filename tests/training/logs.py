"""Logs as training code writes them, of curves of known shape."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

EPOCHS = 20
HEAD = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss")


def overfitting(seed: int = 0, epochs: int = EPOCHS) -> list[tuple[float, ...]]:
    """Rows of HEAD: dev loss falls to epoch 7 and rises by about .3 to the end, while train loss falls. Epochs from 0,
    as Keras counts them."""
    random, e = np.random.default_rng(seed), np.arange(1, epochs + 1)
    dev = np.where(e < 7, 0.69 - 0.045 * e, 0.42 + 0.025 * (e - 7)) + random.normal(0, 0.008, epochs)
    columns = (0.99 - 0.49 * np.exp(-e / 4), 0.65 * np.exp(-e / 5) + 0.02, 0.86 - 0.36 * np.exp(-e / 3), dev)
    return [(int(k - 1), *(round(float(column[k - 1]), 4) for column in columns)) for k in e]


def write_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]], separator: str = ",") -> Path:
    """A file with these rows; None is an empty cell."""
    lines = [separator.join("" if one is None else str(one) for one in row) for row in (head, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_lightning(path: Path, seed: int = 0) -> Path:
    """`metrics.csv` of Lightning: train steps, dev and the train mean of an epoch on rows of their own."""
    rows: list[tuple[object, ...]] = []
    for epoch, _, train, accuracy, dev in overfitting(seed):
        last = int(epoch) * 100 + 99
        rows += [(epoch, last - 50, train + 0.05, None, None, None), (epoch, last, train - 0.05, None, None, None)]
        rows += [(epoch, last, None, None, dev, accuracy), (epoch, last, None, train, None, None)]
    return write_csv(path, ("epoch", "step", "train_loss_step", "train_loss_epoch", "val_loss", "val_acc"), rows)


def write_trainer(path: Path, seed: int = 0) -> Path:
    """`trainer_state.json` of a Trainer: train loss twice an epoch, dev at its end, and a last record of totals."""
    records: list[dict[str, float]] = []
    for epoch, _, train, accuracy, dev in overfitting(seed):
        end = epoch + 1
        records += [
            {"epoch": end - 0.5, "step": end * 100 - 50, "loss": train + 0.05, "learning_rate": 2e-5},
            {"epoch": end, "step": end * 100, "loss": train - 0.05, "learning_rate": 1e-5},
            {"epoch": end, "step": end * 100, "eval_loss": dev, "eval_accuracy": accuracy, "eval_runtime": 1.0},
        ]
    records.append({"epoch": 20.0, "step": 2000, "train_loss": 0.3, "total_flos": 1.0})
    path.write_text(json.dumps({"best_metric": None, "log_history": records, "global_step": 2000}), encoding="utf-8")
    return path
