"""Which exceptions say that memory was short, and whose: the machine's or a GPU's."""

import errno
from typing import Literal

Shortage = Literal["machine", "gpu"]

_OF_THE_MACHINE = ("can't allocate memory",)
_OF_A_GPU = (
    "CUDA error: out of memory",
    "CUDA driver error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)
"""What PyTorch's RuntimeErrors say where CUDA or one of its libraries could not get memory: only PyTorch's own
allocator raises an OutOfMemoryError."""


def shortage_of(error: BaseException) -> Shortage | None:
    """Whose memory was short: Python's own error, the system's, and those of PyTorch. None for any other error."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return "machine"
    if type(error).__name__ == "OutOfMemoryError":
        return "gpu"
    text = str(error) if isinstance(error, RuntimeError) else ""
    if any(part in text for part in _OF_A_GPU):
        return "gpu"
    return "machine" if any(part in text for part in _OF_THE_MACHINE) else None
