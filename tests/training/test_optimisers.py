"""Optimisers, against formulas and against torch's own; batches and their order."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from brittlestar.core.errors import InputError
from brittlestar.study.settings import ScheduleSettings, TrainingSettings
from brittlestar.training.batches import TOKEN_BUDGET, pad_rows, training_batches, within_budget
from brittlestar.training.optimisers import Adam, class_weights, rate_factor, summed_loss, total_weight
from tests.training.toy import toy_split


def factors(schedule: ScheduleSettings, epochs: int, steps: int) -> list[float]:
    return [rate_factor(schedule, epochs, step, steps) for step in range(epochs * steps)]


def test_cosine_agrees_with_pytorch() -> None:
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=20)
    expected: list[float] = []
    for _ in range(20):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        theirs.step()
    np.testing.assert_allclose(factors(ScheduleSettings(kind="cosine"), 4, 5), expected, atol=1e-9)


def test_step_falls_every_so_many_epochs() -> None:
    schedule = ScheduleSettings(kind="step", every=2, gamma=0.5)
    assert factors(schedule, 6, 3) == [1.0] * 6 + [0.5] * 6 + [0.25] * 6


def test_without_a_schedule_the_rate_stays_and_warm_up_is_linear_and_never_zero() -> None:
    assert set(factors(ScheduleSettings(), 3, 4)) == {1.0}
    ramp = factors(ScheduleSettings(warmup=2), 4, 5)
    np.testing.assert_allclose(ramp[:10], np.arange(1, 11) / 10)
    assert ramp[10:] == [1.0] * 10
    assert factors(ScheduleSettings(warmup=0.5), 1, 10)[0] == pytest.approx(0.2)


def test_loss_is_pytorchs_weighted_mean() -> None:
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(17, 3, generator=random)
    labels = torch.randint(0, 3, (17,), generator=random)
    for weights in (None, torch.tensor([0.5, 1.0, 3.0])):
        ours = summed_loss(logits, labels, weights, 0.1) / total_weight(labels, weights)
        assert float(ours) == pytest.approx(
            float(functional.cross_entropy(logits, labels, weight=weights, label_smoothing=0.1)), rel=1e-6
        )


def test_balanced_weights_are_scikit_learns() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.array([0] * 7 + [1] * 2 + [2] * 3)
    ours = class_weights(TrainingSettings(class_weights="balanced"), ("a", "b", "c"), labels)
    assert ours is not None
    np.testing.assert_allclose(ours, compute_class_weight("balanced", classes=np.arange(3), y=labels), rtol=1e-6)


def test_weights_of_an_unknown_class_are_refused() -> None:
    with pytest.raises(InputError, match="no class z in train"):
        class_weights(TrainingSettings(class_weights={"z": 2.0}), ("a", "b"), np.array([0, 1]))


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
        assert all(torch.equal(our, two) for our, two in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("decoupled", [False, True])
def test_its_group_says_what_pytorchs_defaults_are(decoupled: bool) -> None:
    parameter = nn.Parameter(torch.zeros(1))
    family = torch.optim.AdamW if decoupled else torch.optim.Adam
    theirs = family([parameter], lr=0.1, weight_decay=0.2).param_groups[0]
    ours = Adam([parameter], 0.1, 0.2, decoupled).param_groups[0]
    assert {key: ours[key] for key in ours if key != "params"} == {
        key: theirs[key] for key in ours if key != "params" and key in theirs
    } | ({} if "decoupled_weight_decay" in theirs else {"decoupled_weight_decay": decoupled})


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


def test_padded_rows_are_the_rows() -> None:
    split = toy_split("train", 20, 0)
    rows = np.array([7, 3, 19])
    tokens, lengths = pad_rows(split, rows)
    for row, padded, length in zip(rows, tokens, lengths, strict=True):
        own = split.codes[split.offsets[row] : split.offsets[row + 1]]
        assert padded[:length].tolist() == own.tolist()
        assert (padded[length:] == 0).all()


def test_rows_without_tokens_pad_to_nothing() -> None:
    split = toy_split("train", 3, 0, lengths=(0, 0))
    tokens, lengths = pad_rows(split, np.arange(3))
    assert tokens.shape == (3, 0) and lengths.tolist() == [0, 0, 0]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=300), st.integers(1, 17), st.integers(0, 5))
def test_an_epoch_has_every_row_once(lengths: list[int], batch_size: int, epoch: int) -> None:
    batches = training_batches(np.array(lengths), batch_size, 11, epoch)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(0 < len(batch) <= batch_size for batch in batches)


def test_batches_depend_on_seed_and_epoch_only() -> None:
    lengths = np.random.default_rng(0).integers(1, 30, 500)
    first, again = (training_batches(lengths, 16, 3, 1) for _ in range(2))
    assert [batch.tolist() for batch in first] == [batch.tolist() for batch in again]
    for other in (training_batches(lengths, 16, 4, 1), training_batches(lengths, 16, 3, 2)):
        assert [batch.tolist() for batch in first] != [batch.tolist() for batch in other]
    used = sum(len(batch) * lengths[batch].max() for batch in first)
    assert used < 1.3 * lengths.sum(), "rows of one length are together"


@given(st.lists(st.integers(0, TOKEN_BUDGET * 2), min_size=1, max_size=60), st.integers(1, 20))
def test_pieces_stay_within_the_budget_or_hold_one_row(lengths: list[int], most: int) -> None:
    sizes = np.array(sorted(lengths))
    pieces = list(within_budget(np.arange(len(sizes)), sizes, most))
    assert np.concatenate(pieces).tolist() == list(range(len(sizes)))
    for piece in pieces:
        assert len(piece) <= most
        assert len(piece) == 1 or len(piece) * sizes[piece].max() <= TOKEN_BUDGET
