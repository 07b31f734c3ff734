"""What the fork server loads asks nothing about GPUs: CUDA works in no process that is forked after the question."""

import subprocess
import sys

SCRIPT = """
import sys
import torch

asked = []

def note(owner, name):
    real = getattr(owner, name)

    def noted(*arguments, **named):
        asked.append(name)
        return real(*arguments, **named)

    setattr(owner, name, noted)

for name in ("is_available", "device_count", "current_device", "get_device_name", "_lazy_init"):
    note(torch.cuda, name)
for name in ("is_available", "device_count", "current_accelerator"):
    note(torch.accelerator, name)

import brittlestar.execution.preload
import brittlestar.execution.preload_optimisers

assert "torch._dynamo" in sys.modules, "what an optimiser needs is not loaded"
assert "brittlestar.execution.networks" in sys.modules
assert asked == [], asked

parameter = torch.nn.Parameter(torch.zeros(1))
parameter.grad = torch.zeros(1)
torch.optim.Adam([parameter]).step()
assert asked, "a step asks no more: this test sees nothing"
"""


def test_the_fork_server_asks_nothing_about_gpus() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
