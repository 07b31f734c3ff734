import subprocess
import sys

import pytest
import torch
from torch import nn

from brittlestar.training.optimisers import Adam


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_every_step_is_pytorchs_to_the_last_bit(decoupled: bool, weight_decay: float) -> None:
    random = torch.Generator().manual_seed(0)
    shapes = [(5, 3), (7,), (2, 3, 4), (1,)]
    ours = [nn.Parameter(torch.randn(shape, generator=random)) for shape in shapes]
    theirs = [nn.Parameter(parameter.detach().clone()) for parameter in ours]
    mine = Adam(ours, 0.01, weight_decay, decoupled)
    family = torch.optim.AdamW if decoupled else torch.optim.Adam
    other = family(theirs, lr=0.01, weight_decay=weight_decay, fused=True)
    for step in range(20):
        for optimiser in (mine, other):
            optimiser.zero_grad()
            optimiser.param_groups[0]["lr"] = 0.01 / (1 + step)
        for place, (one, two) in enumerate(zip(ours, theirs, strict=True)):
            if place != step % len(shapes):  # a parameter without a gradient stays, and its step is not counted
                one.grad = torch.randn(one.shape, generator=random)
                two.grad = one.grad.clone()
        mine.step()
        other.step()
        assert all(torch.equal(one, two) for one, two in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("decoupled", [False, True])
def test_its_group_says_what_pytorchs_defaults_are(decoupled: bool) -> None:
    parameter = nn.Parameter(torch.zeros(1))
    family = torch.optim.AdamW if decoupled else torch.optim.Adam
    theirs = family([parameter], lr=0.1, weight_decay=0.2).param_groups[0]
    ours = Adam([parameter], 0.1, 0.2, decoupled).param_groups[0]
    assert {key: ours[key] for key in ours if key != "params"} == {
        key: theirs[key] for key in ours if key != "params" and key in theirs
    } | ({} if "decoupled_weight_decay" in theirs else {"decoupled_weight_decay": decoupled})


def test_a_step_without_gradients_changes_nothing() -> None:
    parameter = nn.Parameter(torch.ones(2))
    Adam([parameter], 0.1, 0.1, True).step()
    assert torch.equal(parameter, torch.ones(2))


def test_training_does_not_load_the_compiler() -> None:
    code = """
import sys, torch
from torch import nn
from brittlestar.training.optimisers import Adam
parameter = nn.Parameter(torch.ones(2))
optimiser = Adam([parameter], 0.1, 0.0, False)
parameter.sum().backward()
optimiser.step()
optimiser.zero_grad()
print("torch._dynamo" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
