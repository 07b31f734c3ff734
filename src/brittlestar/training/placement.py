"""Which device a process computes on: where a machine has several GPUs, the places of a run take them in turn."""

import torch


def place_on_device(kind: str, place: int, gpus: int) -> torch.device:
    """The device for the worker at `place` (from 0) of a run, `kind` being `cpu` or `cuda` and `gpus` the number of
    GPUs. Several workers share one GPU where there are more places than GPUs; without a GPU it is the first, which
    whoever asks for it is then told."""
    return torch.device("cuda", place % max(gpus, 1)) if kind == "cuda" else torch.device(kind)


def occupy(kind: str, place: int) -> torch.device:
    """Make the device of `place` the one that plain `cuda` means in this process; which one that is."""
    if kind != "cuda" or not torch.cuda.is_available():
        return place_on_device(kind, place, 0)
    device = place_on_device(kind, place, torch.cuda.device_count())
    torch.cuda.set_device(device)
    return device
