"""What an experiment changes in a network before it is trained, and where it is trained."""

import pytest
import torch
from torch import nn

from brittlestar.study.settings import ModelSettings
from brittlestar.training.readback import alter, read_model
from brittlestar.training.torch_process import occupy


def network() -> nn.Sequential:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    layers[2].weight.requires_grad_(False)
    return layers


def test_matrices_that_are_trained_are_multiplied_and_nothing_else() -> None:
    before, after = network(), alter(network(), ModelSettings(initial_scale=3.0))
    for (name, one), other in zip(before.named_parameters(), after.parameters(), strict=True):
        assert torch.equal(other, one * (3 if name == "0.weight" else 1)), name


@pytest.mark.parametrize(("asked", "alike"), [("batch", False), ("stored", True)])
def test_stored_statistics_are_used_in_training_as_in_evaluation(asked: str, alike: bool) -> None:
    model = alter(network(), ModelSettings.model_validate({"batch_statistics": asked}))
    assert read_model(model)["model.batch_statistics"] == asked
    rows = torch.randn(8, 3)
    found = [model.train(mode)(rows) for mode in (True, False, True)]
    assert torch.equal(found[0], found[1]) == alike
    if alike:
        assert torch.equal(found[0], found[2]) and not model[1].running_mean.any()


def test_a_worker_sets_the_gpu_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert [occupy("cuda", gpu) for gpu in (0, 1, 0)] == chosen
    assert [device.index for device in chosen] == [0, 1, 0]
    assert occupy("cpu", 1) == torch.device("cpu") and len(chosen) == 3
