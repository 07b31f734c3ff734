"""Loaded in the fork server of a study that may use PyTorch's own optimisers."""

from brittlestar.training.process import has_torch

if has_torch():
    from brittlestar.training.torch_process import load_optimisers

    load_optimisers()
