"""Settings of studies of factories that are healthy."""

from __future__ import annotations

from collections.abc import Mapping

SETTINGS: dict[str, tuple[str, Mapping[str, str]]] = {
    "adamw": ("decoupled decay of a hundredth", {"optimiser": "adamw", "weight_decay": "0.01", "epochs": "10"}),
    "momentum": (
        "gradient descent with momentum and half a cosine",
        {"optimiser": "sgd", "learning_rate": "0.1", "momentum": "0.9", "schedule.kind": "cosine", "epochs": "20"},
    ),
    "cosine": (
        "half a cosine after one epoch of warm-up",
        {"schedule.kind": "cosine", "schedule.warmup": "1", "epochs": "12"},
    ),
    "warm-up": ("two epochs of warm-up", {"schedule.warmup": "2", "epochs": "12"}),
    "steps-down": (
        "half the rate every fourth epoch",
        {"schedule.kind": "step", "schedule.every": "4", "schedule.gamma": "0.5", "epochs": "14"},
    ),
    "smoothed": ("a tenth of each target is spread over the classes", {"label_smoothing": "0.1", "epochs": "10"}),
    "stopped-early": (
        "five epochs without a lower loss on dev end it",
        {"early_stopping.patience": "5", "epochs": "40"},
    ),
    "selected-by-accuracy": (
        "the epoch that is right most often on dev",
        {"selection.metric": "accuracy", "epochs": "12"},
    ),
    "batches-of-8": ("small batches, a small rate", {"batch_size": "8", "learning_rate": "0.0015"}),
    "batches-of-16": ("rather small batches", {"batch_size": "16", "learning_rate": "0.002"}),
    "batches-of-64": ("rather large batches", {"batch_size": "64", "learning_rate": "0.005", "epochs": "12"}),
    "batches-of-128": (
        "large batches, a larger rate, more epochs",
        {"batch_size": "128", "learning_rate": "0.008", "epochs": "20"},
    ),
    "clipped-at-five": ("only long gradients are cut", {"clip": "5", "epochs": "10"}),
    "not-clipped": ("these gradients are short", {"clip": "null", "epochs": "10"}),
    "balanced": ("classes weigh the same, whatever their rows", {"class_weights": "balanced", "epochs": "12"}),
    "small-rate": ("the usual rate of Adam, for longer", {"learning_rate": "0.001", "epochs": "25"}),
    "some-decay": ("a little of the weights is added to gradients", {"weight_decay": "0.0001", "epochs": "10"}),
    "rate-of-one-percent": (
        "a large rate that still works, and falls",
        {"learning_rate": "0.01", "schedule.kind": "cosine", "epochs": "12"},
    ),
    "twenty-epochs": ("longer than needed; the best epoch is kept", {"epochs": "20"}),
    "all-of-it": (
        "a recipe as people write it",
        {
            "optimiser": "adamw",
            "weight_decay": "0.01",
            "schedule.kind": "cosine",
            "schedule.warmup": "1",
            "label_smoothing": "0.05",
            "clip": "1",
            "batch_size": "64",
            "learning_rate": "0.005",
            "epochs": "20",
        },
    ),
}
"""{name: (why, settings of `training`)}: each is used with every factory."""
