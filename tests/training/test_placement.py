from __future__ import annotations

import pytest
import torch

from brittlestar.training.placement import occupy, place_on_device


@pytest.mark.parametrize(
    ("kind", "place", "gpus", "device"),
    [
        ("cpu", 0, 0, "cpu"),
        ("cpu", 5, 4, "cpu"),
        ("cuda", 0, 1, "cuda:0"),
        ("cuda", 3, 1, "cuda:0"),
        ("cuda", 1, 2, "cuda:1"),
        ("cuda", 4, 3, "cuda:1"),
        ("cuda", 2, 0, "cuda:0"),
    ],
)
def test_places_take_the_gpus_in_turn_and_share_them(kind: str, place: int, gpus: int, device: str) -> None:
    assert place_on_device(kind, place, gpus) == torch.device(device)


def test_as_many_workers_as_places_share_the_gpus_evenly() -> None:
    taken = [place_on_device("cuda", place, 3).index for place in range(8)]
    assert sorted(taken.count(index) for index in range(3)) == [2, 3, 3]


def test_a_worker_sets_the_gpu_of_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert [occupy("cuda", place) for place in (0, 1, 2)] == chosen
    assert [device.index for device in chosen] == [0, 1, 0]
    assert occupy("cpu", 1) == torch.device("cpu") and len(chosen) == 3


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU: what happens without one cannot be seen")
def test_without_a_gpu_nothing_is_set() -> None:
    assert occupy("cuda", 1) == torch.device("cuda", 0)
