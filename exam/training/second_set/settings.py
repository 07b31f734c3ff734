"""Faults in the settings of the study of a module."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.second_set.wording import DECAY, GITHUB, RATE_HIGH, RATE_LOW, TOO_SHORT

FAULTS = (
    Fault(
        name="rate-of-another-optimiser-kept",
        kind="rate a hundred times too high",
        report=f"{GITHUB}rajveermalviya/language-modeling/issues/3",
        program="lstm_net",
        task="order",
        changes=(),
        settings={"training.learning_rate": "1.0"},
        family="settings",
        codes=("train.rate-high", "train.diverging", "train.gradient-exploding", "train.saturated"),
        words=(*RATE_HIGH, r"diverg"),
        place=(r"learning.?rate|\blr\b|\brate\b",),
    ),
    Fault(
        name="rate-of-fine-tuning-from-scratch",
        kind="rate too low",
        report=f"{GITHUB}fizyr/keras-retinanet/pull/843",
        program="cell_net",
        task="brackets",
        changes=(),
        settings={"training.learning_rate": "0.00001"},
        family="settings",
        codes=("train.rate-low", "train.short"),
        words=(*RATE_LOW, *TOO_SHORT),
        place=(r"learning.?rate|\blr\b|\brate\b|epoch",),
    ),
    Fault(
        name="stops-after-one-epoch",
        kind="too few epochs",
        report=f"{GITHUB}ATOMScience-org/AMPL/pull/87",
        program="transformer_net",
        task="order",
        changes=(),
        settings={"training.epochs": "1"},
        family="settings",
        codes=("train.short", "train.rate-low"),
        words=(*TOO_SHORT, r"epochs?"),
        place=(r"epoch|step|train",),
    ),
    Fault(
        name="decay-added-to-the-gradient",
        kind="weight decay too strong",
        report=f"{GITHUB}codertimo/BERT-pytorch/issues/32",
        program="cnn_net",
        task="counts",
        changes=(),
        settings={"training.weight_decay": "0.3"},
        family="settings",
        codes=("train.over-regularised",),
        words=DECAY,
        place=(r"decay|weight|regulari",),
    ),
    Fault(
        name="one-batch-for-all-rows",
        kind="batch size of all rows",
        report=f"{GITHUB}ourownstory/neural_prophet/issues/152",
        program="transformer_net",
        task="order",
        changes=(),
        settings={"training.batch_size": "1024"},
        family="settings",
        codes=("train.batching", "train.short", "train.rate-low"),
        words=(*TOO_SHORT, *RATE_LOW, r"batch(es)?.{0,40}(too )?(large|big|size)", r"smaller batch"),
        place=(r"batch|step|epoch|rate",),
    ),
)
