"""Which device a process computes on: the executor says which of a machine's GPUs."""

import torch


def occupy(kind: str, gpu: int) -> torch.device:
    """Make the GPU with this number the one that plain `cuda` means in this process, where `kind` is `cuda`; which
    device that is. Without a GPU nothing is set: whoever asks for one is then told."""
    if kind != "cuda":
        return torch.device(kind)
    device = torch.device("cuda", gpu)
    if torch.cuda.is_available():
        torch.cuda.set_device(device)
    return device
