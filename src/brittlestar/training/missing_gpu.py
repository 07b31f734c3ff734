"""What is said where a study for cuda finds no GPU, to whoever asks with PyTorch and to whoever asks without."""

NO_GPU = ("no CUDA device is available", "training.device", "use cpu, or install a CUDA build of PyTorch")
"""What is wrong, where, and what to try."""
