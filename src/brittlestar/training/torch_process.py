"""What PyTorch sets in a process that trains: one thread, private random state, and what the hardware can do."""

from collections.abc import Generator
from contextlib import contextmanager

import torch

from brittlestar.core.errors import InputError
from brittlestar.core.optional import NO_GPU
from brittlestar.study.settings import TrainingSettings


@contextmanager
def isolate_torch(kind: str, gpu: int) -> Generator[str]:
    """One thread, PyTorch's random state of its own, and the device, the GPU with this number for cuda, whose name is
    given; everything is as before afterwards."""
    device, threads = occupy(kind, gpu), torch.get_num_threads()
    devices = [device] if device.type == "cuda" and torch.cuda.is_available() else []
    try:
        torch.set_num_threads(1)
        with torch.random.fork_rng(devices=devices):
            yield str(device)
    finally:
        torch.set_num_threads(threads)


def refuse_missing_hardware(training: TrainingSettings) -> None:
    """Raise InputError where this machine's device cannot do what the settings ask for."""
    if training.device == "cuda" and not torch.cuda.is_available():
        raise InputError(*NO_GPU)
    if training.precision == "bf16" and not bf16_supported(training.device):
        what = f"no bf16 instructions were found on this {training.device}"
        raise InputError(what, "training.precision", "use fp32, the default")


def load_optimisers() -> None:
    """Make PyTorch's optimisers: the first one loads some 800 modules, which takes every cell that uses one a second
    unless the process it is forked from has done it. None takes a step: that asks CUDA whether there is a GPU, and
    after the question CUDA works in no process that is forked from this one."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    for family in (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD):
        family([parameter], lr=0.0)


def bf16_supported(device: str) -> bool:
    """Whether bf16 matrix products run in hardware on this device (`cpu` or `cuda`).

    Of CPUs, those that Linux says have AVX512-BF16 or AMX: elsewhere PyTorch's bf16 products were not measured."""
    if device == "cuda":
        return torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as handle:  # noqa: PTH123 - a kernel file
            flags = next((line for line in handle if line.startswith("flags")), "").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def occupy(kind: str, gpu: int) -> torch.device:
    """Make the GPU with this number the one that plain `cuda` means in this process, where `kind` is `cuda`; which
    device that is. Without a GPU nothing is set: whoever asks for one is then told."""
    if kind != "cuda":
        return torch.device(kind)
    device = torch.device("cuda", gpu)
    if torch.cuda.is_available():
        torch.cuda.set_device(device)
    return device
