import pytest
import torch

from brittlestar.training.torch_process import occupy


def test_a_worker_sets_the_gpu_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert [occupy("cuda", gpu) for gpu in (0, 1, 0)] == chosen
    assert [device.index for device in chosen] == [0, 1, 0]
    assert occupy("cpu", 1) == torch.device("cpu") and len(chosen) == 3


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU: what happens without one cannot be seen")
def test_without_a_gpu_nothing_is_set() -> None:
    assert occupy("cuda", 1) == torch.device("cuda", 1)
