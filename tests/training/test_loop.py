import math
import random

import numpy as np
import pytest
import torch
from torch import nn

from brittlestar.core.scores import score, softmax
from brittlestar.core.splits import EncodedData
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.study.settings import EarlyStoppingSettings, ModelSettings, SelectionSettings, TrainingSettings
from brittlestar.training.loop import train
from brittlestar.training.process import isolate_process, seed_frameworks
from brittlestar.training.trained import Trained
from tests.training.toy import toy_data


def run(data: EncodedData, *, init: int = 1, order: int = 2, dropout: int = 3, **settings: object) -> Trained:
    with isolate_process():
        seed_frameworks(init)
        model = build(ModelSettings(family="mean"), model_info(data))
        training = TrainingSettings(**{"epochs": 4, "batch_size": 16, "learning_rate": 0.02, **settings})
        return train(model, data, training, order, dropout)


def same(one: Trained, other: Trained) -> bool:
    return one.weights == other.weights and all(
        np.array_equal(values, other.curves[name], equal_nan=True) for name, values in one.curves.items()
    )


def test_it_learns_and_keeps_the_first_best_epoch() -> None:
    trained = run(toy_data(), epochs=12)
    dev = trained.curves["dev.log_loss"]
    assert len(dev) == 13 and trained.epochs == 12
    assert trained.best_epoch == int(np.argmin(dev))
    assert dev[-1] < dev[0] - 0.1
    assert trained.scores["dev"]["best"]["log_loss"] == pytest.approx(dev[trained.best_epoch], abs=1e-6)
    assert trained.scores["dev"]["last"]["log_loss"] == pytest.approx(dev[-1], abs=1e-6)


def test_scores_are_those_of_the_stored_outputs() -> None:
    data = toy_data()
    trained = run(data)
    split = data.splits["test"]
    for checkpoint, output in trained.outputs["test"].items():
        again = score(softmax(output.values), split.labels, split.factor_weights)
        assert again == pytest.approx(trained.scores["test"][checkpoint])


def test_the_same_streams_give_the_same_bytes_whatever_the_global_state() -> None:
    data = toy_data()
    first = run(data)
    random.seed(5)
    np.random.seed(6)
    torch.manual_seed(7)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    second = run(data)
    assert same(first, second)
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())


@pytest.mark.parametrize("stream", ["init", "order", "dropout"])
def test_each_stream_changes_the_result(stream: str) -> None:
    data = toy_data()
    assert not same(run(data), run(data, **{stream: 99}))


class Blows(nn.Module):
    """Gives NaN in training after some steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.head = nn.Linear(1, 2)
        self.left = after

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        logits = self.head(lengths[:, None].float())
        if self.training:
            self.left -= 1
            if self.left < 0:
                return logits * math.nan
        return logits


def test_a_non_finite_loss_is_an_outcome_scored_at_the_majority() -> None:
    data = toy_data()
    trained = train(Blows(8), data, TrainingSettings(epochs=5, batch_size=16), 0, 0)
    assert trained.outcome == "diverged" and trained.epochs == 1
    labels = data.splits["test"].labels
    majority = np.bincount(data.splits["train"].labels).argmax()
    for checkpoint in ("best", "last"):
        assert trained.scores["test"][checkpoint]["accuracy"] == pytest.approx((labels == majority).mean())
        assert np.isfinite(trained.outputs["test"][checkpoint].values).all()
    assert not trained.steps["finite"][-1]


class EmptyIsNan(nn.Module):
    """Divides by the length, as many masked means do."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(8, 2)

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        return self.embedding(tokens).sum(1) / lengths[:, None]


def test_rows_without_a_finite_output_are_scored_at_the_majority_and_told() -> None:
    data = toy_data()
    test = data.splits["test"]
    offsets = test.offsets.copy()
    offsets[1:] -= offsets[1]
    empty = type(test)(test.codes[test.offsets[1] :], offsets, "test", test.labels, test.factor_weights, None, "x")
    data = EncodedData(data.vocabulary, data.classes, {**data.splits, "test": empty})
    trained = train(EmptyIsNan(), data, TrainingSettings(epochs=1), 0, 0)
    assert any("no finite output for 1 of 32 rows" in note for note in trained.notes)
    assert np.isfinite(trained.outputs["test"]["best"].values).all()


def test_early_stopping_waits_for_its_patience() -> None:
    rule = EarlyStoppingSettings(split="dev", metric="accuracy", patience=2)
    trained = run(toy_data(), epochs=60, early_stopping=rule, learning_rate=0.1)
    accuracy = trained.curves["dev.accuracy"]
    assert trained.epochs is not None and trained.epochs < 60
    assert trained.epochs - int(np.argmax(accuracy)) == 2


def test_selection_by_another_metric() -> None:
    trained = run(toy_data(), epochs=8, selection=SelectionSettings(split="dev", metric="accuracy"))
    assert trained.best_epoch == int(np.argmax(trained.curves["dev.accuracy"]))


def test_clipping_bounds_the_update_and_is_counted() -> None:
    data = toy_data()
    trained = run(data, clip=1e-4, optimiser="sgd", learning_rate=1.0, epochs=1)
    assert trained.curves["clipped_share"][1] == 1.0
    assert trained.steps["clipped"].all() and (trained.steps["gradient_norm"] > 1e-4).all()
    free = run(data, clip=None, optimiser="sgd", learning_rate=1.0, epochs=1)
    assert free.curves["clipped_share"][1] == 0.0


def test_pieces_of_a_batch_give_the_gradient_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy_data()
    whole = run(data, epochs=2, class_weights="balanced", label_smoothing=0.1)
    monkeypatch.setattr("brittlestar.training.batches.TOKEN_BUDGET", 24)
    pieces = run(data, epochs=2, class_weights="balanced", label_smoothing=0.1)
    np.testing.assert_allclose(pieces.curves["train.log_loss"], whole.curves["train.log_loss"], rtol=1e-5)


def test_settings_are_read_back_from_the_optimiser() -> None:
    read = run(toy_data(), optimiser="sgd", momentum=0.5, weight_decay=0.01, learning_rate=0.3, epochs=1).read_back
    assert read["training.optimiser"] == "sgd"
    paths = ("training.learning_rate", "training.momentum", "training.weight_decay")
    assert tuple(read[path] for path in paths) == (0.3, 0.5, 0.01)
    assert read["library.threads"] == 1 and read["library.SGD.nesterov"] is False
