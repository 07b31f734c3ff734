"""Faults in the settings of the study of a module."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.fourth_set.wording import GITHUB, RATE_LOW, RATE_PLACE, TOO_SHORT, UNSTABLE

FAULTS = (
    Fault(
        name="rate-shrunk-with-the-batch",
        kind="rate scaled down with the batch",
        report=f"{GITHUB}wuhuikai/FastFCN/issues/14",
        program="front_net",
        task="verdicts",
        changes=(),
        settings={"training.learning_rate": "0.00002", "training.batch_size": "8"},
        family="settings",
        codes=("train.rate-low", "train.short", "train.plateau", "train.optimiser"),
        words=(*RATE_LOW, *TOO_SHORT),
        place=(RATE_PLACE,),
    ),
    Fault(
        name="rate-grown-with-the-batch",
        kind="rate scaled up with the batch",
        report=f"{GITHUB}open-mmlab/mmdetection/issues/1710",
        program="front_net",
        task="verdicts",
        changes=(),
        settings={
            "training.optimiser": "sgd",
            "training.momentum": "0.9",
            "training.learning_rate": "1.2",
            "training.batch_size": "384",
        },
        family="settings",
        codes=("train.rate-high", "train.diverging", "train.short", "train.batching", "train.nonfinite"),
        words=(*UNSTABLE, *TOO_SHORT, r"batch.{0,40}(large|big|size)"),
        place=(RATE_PLACE, r"batch"),
    ),
)
