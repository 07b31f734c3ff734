"""Study records without training: curves of a known shape, and scores that agree with them."""

from dataclasses import replace

import numpy as np

from brittlestar.core.catalogue import find_checks
from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, Setting, SplitRecord, StudyRecord, VariantRecord
from brittlestar.core.seeds import generator

EPOCHS = 20


def noise(seed, size, scale, name="noise"):
    return generator(seed, name).normal(0, scale, size)


def falling(start, end, epochs=EPOCHS, tau=3.0):
    """An exponential from `start` at epoch 0 towards `end`."""
    return end + (start - end) * np.exp(-np.arange(epochs + 1) / tau)


def turning(start, minimum, at, slope, epochs=EPOCHS):
    """Falls to `minimum` at epoch `at`, then rises by `slope` per epoch."""
    e = np.arange(epochs + 1)
    return np.where(e <= at, start + (minimum - start) * e / max(at, 1), minimum + slope * (e - at))


def cell(
    variant="main",
    seed=0,
    *,
    dev_loss=None,
    train_loss=None,
    dev=None,
    train=None,
    test=0.9,
    last_test=None,
    metric="accuracy",
    **changes,
):
    """A done cell whose best checkpoint is the first minimum of dev loss. `test` may be a dict of metrics."""
    dev_loss = falling(0.69, 0.3) if dev_loss is None else np.asarray(dev_loss, dtype=float)
    epochs = dev_loss.size - 1
    train_loss = falling(0.69, 0.2, epochs) if train_loss is None else np.asarray(train_loss, dtype=float)
    dev = falling(0.5, 0.9, epochs) if dev is None else np.asarray(dev, dtype=float)
    train = falling(0.5, 0.93, epochs) if train is None else np.asarray(train, dtype=float)
    best = int(np.argmin(dev_loss))
    curves = {
        "dev.log_loss": dev_loss,
        "train.log_loss": train_loss,
        f"dev.{metric}": dev,
        f"train.{metric}": train,
        "train.loss": np.concatenate([[np.nan], train_loss[1:]]),
    }
    test = test if isinstance(test, dict) else {metric: test}
    scores = {
        "dev": {
            "best": {"log_loss": float(dev_loss[best]), metric: float(dev[best])},
            "last": {"log_loss": float(dev_loss[-1]), metric: float(dev[-1])},
        },
        "test": {"best": test, "last": test if last_test is None else last_test},
    }
    made = CellRecord(
        hash=f"{seed:02d}{variant}".encode().hex().ljust(64, "0")[:64],
        variant=variant,
        seed=seed,
        state="done",
        outcome="trained",
        best_epoch=best,
        epochs=epochs,
        curves=curves,
        scores=scores,
    )
    return replace(made, **changes)


def diverged(variant, seed, score=0.5):
    return cell(
        variant,
        seed,
        test=score,
        outcome="diverged",
        curves={"train.loss": np.array([np.nan, 0.6, np.inf])},
        best_epoch=0,
    )


def split(name="test", rows=1000, counts=None, majority=None, ranges=None):
    counts = counts or {"0": rows // 2, "1": rows - rows // 2}
    share = max(counts.values()) / sum(counts.values())
    trivial = {
        "accuracy": share,
        "balanced_accuracy": 1 / len(counts),
        "macro_f1": 0.33,
        "hwa": share,
        "log_loss": 0.69,
    }
    return SplitRecord(
        name=name,
        rows=rows,
        classes=tuple(counts),
        class_counts=counts,
        mean_length=10.0,
        max_length=20,
        empty_rows=0,
        unknown_label_rows=0,
        unseen_token_rate=0.0,
        factor_weight_range=ranges or {},
        fingerprint="f" * 64,
        majority=trivial | (majority or {}),
    )


def variant(name, settings=None, changes=None, unequal_budget=None):
    values = {"training.epochs": EPOCHS, "training.selection.split": "dev", "training.selection.metric": "log_loss"}
    values |= settings or {}
    return VariantRecord(
        name=name,
        title=name,
        own=False,
        changes=changes or {},
        settings=tuple(Setting(path, value, "our default") for path, value in values.items()),
        parameters=1000,
        unequal_budget=unequal_budget,
    )


def study(cells, variants=None, metric="accuracy", splits=None, factors=()):
    names = list(dict.fromkeys(c.variant for c in cells))
    listed = {name: variant(name) for name in names} | (variants or {})
    return StudyRecord(
        name="synthetic",
        main="main",
        metric=metric,
        metrics=("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "ece"),
        classes=("0", "1"),
        factors=factors,
        seeds=tuple(sorted({c.seed for c in cells})),
        streams={},
        splits=splits if splits is not None else {name: split(name) for name in ("train", "dev", "test")},
        variants=listed,
        cells=tuple(cells),
        claims=(),
        notes=(),
        environment={},
        timing={},
    )


def findings(code, record):
    """What the check of a code says of a record."""
    return list(find_checks("record")[code].function(record))


def of(findings, code, variant="main"):
    """The one finding of a code about a variant."""
    found = [f for f in findings if f.code == code and f.where.get("variant") == variant]
    assert len(found) == 1, [f.summary for f in found]
    return found[0]


def told(found: Finding, status: str, *words: str) -> Finding:
    """The finding, which has this status and these words in its summary."""
    assert found.status == status and all(word in found.summary for word in words), found
    return found
