import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from brittlestar.core.errors import InputError
from brittlestar.study.settings import ScheduleSettings, TrainingSettings
from brittlestar.training.optimisers import class_weights, rate_factor, summed_loss, total_weight


def factors(schedule: ScheduleSettings, epochs: int, steps: int) -> list[float]:
    return [rate_factor(schedule, epochs, step, steps) for step in range(epochs * steps)]


def test_constant_is_one() -> None:
    assert set(factors(ScheduleSettings(), 3, 4)) == {1.0}


def test_cosine_agrees_with_pytorch() -> None:
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=20)
    expected: list[float] = []
    for _ in range(20):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        theirs.step()
    np.testing.assert_allclose(factors(ScheduleSettings(kind="cosine"), 4, 5), expected, atol=1e-9)


def test_step_falls_every_so_many_epochs() -> None:
    schedule = ScheduleSettings(kind="step", every=2, gamma=0.5)
    assert factors(schedule, 6, 3) == [1.0] * 6 + [0.5] * 6 + [0.25] * 6


def test_warm_up_is_linear_and_never_zero() -> None:
    ramp = factors(ScheduleSettings(warmup=2), 4, 5)
    np.testing.assert_allclose(ramp[:10], np.arange(1, 11) / 10)
    assert ramp[10:] == [1.0] * 10
    assert factors(ScheduleSettings(warmup=0.5), 1, 10)[0] == pytest.approx(0.2)


def test_loss_is_pytorchs_weighted_mean() -> None:
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(17, 3, generator=random)
    labels = torch.randint(0, 3, (17,), generator=random)
    for weights in (None, torch.tensor([0.5, 1.0, 3.0])):
        ours = summed_loss(logits, labels, weights, 0.1) / total_weight(labels, weights)
        assert float(ours) == pytest.approx(
            float(functional.cross_entropy(logits, labels, weight=weights, label_smoothing=0.1)), rel=1e-6
        )


def test_balanced_weights_are_scikit_learns() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.array([0] * 7 + [1] * 2 + [2] * 3)
    ours = class_weights(TrainingSettings(class_weights="balanced"), ("a", "b", "c"), labels)
    assert ours is not None
    np.testing.assert_allclose(ours, compute_class_weight("balanced", classes=np.arange(3), y=labels), rtol=1e-6)


def test_weights_of_an_unknown_class_are_refused() -> None:
    with pytest.raises(InputError, match="no class z in train"):
        class_weights(TrainingSettings(class_weights={"z": 2.0}), ("a", "b"), np.array([0, 1]))


def test_one_pass_of_cosine_with_warm_up_ends_near_zero() -> None:
    values = factors(ScheduleSettings(kind="cosine", warmup=1), 10, 10)
    assert max(values) == pytest.approx(1.0) and values[-1] < 1e-3 and all(math.isfinite(v) for v in values)
