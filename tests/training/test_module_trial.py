"""What is refused of an own module, and what is said of it, before anything is trained."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.core.splits import EncodedSplit
from brittlestar.models.info import ModelInfo
from brittlestar.models.own import OwnCodeError, OwnModel
from brittlestar.training.build_trial import BuiltWeights, try_build
from brittlestar.training.module_trial import TrialRows, choose_rows, try_module

INFO = ModelInfo(7, ["no", "yes"], 0, 1, 9, [], {})
FILE = Path(__file__).name
OTHERWISE = "answers the same rows otherwise a second time in evaluation mode. Functional dropout needs `training=self"


class Net(nn.Module):
    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4, dtype=dtype)
        self.head = nn.Linear(4, 2, dtype=dtype)
        self.register_buffer("place", torch.zeros(64, 2))
        self.kept: Any = 0.0

    def score(self, tokens: Tensor) -> Tensor:
        return self.head(self.embedding(tokens).sum(1))

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        return self.score(tokens)


def made(forward: Callable[[Net, Tensor, Tensor], Any], **options: Any) -> Net:
    """A module with this `forward`."""
    torch.manual_seed(0)
    return type("Odd", (Net,), {"forward": forward})(**options)


def rows() -> TrialRows:
    generator = torch.Generator().manual_seed(1)
    tokens = torch.randint(2, 7, (32, 6), generator=generator)
    return TrialRows(tokens, torch.full((32,), 6), torch.arange(32) % 2)


def tried(module: nn.Module) -> tuple[str, ...]:
    return try_module(module, INFO, rows(), "own:build (own.py:1)")


def test_of_a_sound_module_nothing_is_said_and_nothing_changes() -> None:
    module = Net()
    module.head.eval()
    before = {name: one.clone() for name, one in module.state_dict().items()}
    assert tried(module) == ()
    assert module.training and not module.head.training
    assert all(torch.equal(before[name], one) for name, one in module.state_dict().items())
    assert all(parameter.grad is None for parameter in module.parameters())


def nan_in(mode: bool) -> Net:
    return made(lambda self, tokens, lengths: self.score(tokens) * (float("nan") if self.training == mode else 1))


def no_gradient(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    return nn.Linear(4, 2)(self.embedding(tokens).detach().sum(1))


def root_of_zero(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    return self.score(tokens) + (self.head.weight * 0).sum().sqrt()


def spoil(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    logits = self.score(tokens)
    tokens.zero_()
    return logits


def pair_in_training(self: Net, tokens: Tensor, lengths: Tensor) -> Any:
    return (self.score(tokens), 0) if self.training else self.score(tokens)


def one_shape(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    self.kept = self.score(tokens) + self.kept
    return self.kept


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nan_in(True), "Odd.forward returned NaN for 32 of 32 rows in training mode, before any step (the first has 6"),
        (nan_in(False), "Odd.forward returned NaN for 32 of 32 rows in evaluation mode"),
        (made(lambda self, t, _: self.score(t) / torch.zeros(2)), "returned infinite values for 32 of 32 rows"),
        (made(lambda self, t, _: self.score(t).detach()),
         "Odd.forward returned logits without a gradient: nothing can"),
        (made(no_gradient), "no gradient reaches a parameter of Odd: nothing can be trained"),
        (Net().requires_grad_(False), "Net has no parameter that requires a gradient: nothing can be trained"),
        (made(root_of_zero), "the gradient of head.weight is not finite: the first step would lose all weights"),
        (made(spoil), "the backward pass through Odd.forward raised RuntimeError: one of the variables"),
        (made(pair_in_training), "Odd.forward returned a tuple in training mode; expected logits (32, 2); return the"),
        (made(lambda self, t, _: SimpleNamespace(logits=self.score(t))), "returned a SimpleNamespace; expected"),
        (made(lambda self, t, _: self.score(t)[:, :1]), "expected logits (2, 2); give one logit per class"),
        (made(lambda self, t, _: self.embedding(t)), "returned shape (2, 6, 4); expected logits"),
        (made(lambda self, t, _: self.score(t).long()), "returned a tensor of int64; expected logits"),
        (made(lambda self, t, _: self.score(t + 99)), "Odd.forward raised IndexError: index out of range in self"),
        (made(one_shape), "(called a second time, with another batch); rows come in batches of any size"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_refused_with_its_line(module: nn.Module, message: str) -> None:
    with pytest.raises(BrittlestarError) as told:
        tried(module)
    assert isinstance(told.value, InputError | OwnCodeError)
    assert message in str(told.value) and FILE in told.value.problems[0].where


def clamp_lengths(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    return self.score(tokens) / lengths.clamp_(max=2).unsqueeze(1)


def change_weights(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    if not self.training:
        self.head.weight.data.mul_(0.99)
    return self.score(tokens)


def keep_state(self: Net, tokens: Tensor, lengths: Tensor) -> Tensor:
    logits = self.score(tokens) + self.kept
    self.kept = logits.detach().mean(0)
    return logits


@pytest.mark.parametrize(
    ("module", "note"),
    [
        (made(clamp_lengths), "changes its lengths in place. Change a copy."),
        (made(change_weights), OTHERWISE),
        (made(keep_state), OTHERWISE),
        (made(lambda self, t, _: self.head(functional.dropout(self.embedding(t).sum(1), 0.5))), OTHERWISE),
        (made(lambda self, t, _: self.score(t).softmax(1)), "returns probabilities where logits are expected"),
    ],
)  # fmt: skip
def test_what_is_odd_is_said_in_one_line(module: nn.Module, note: str) -> None:
    (told,) = tried(module)
    assert note in told and told.startswith(f"Odd.forward ({FILE}:")


def test_weights_of_another_width_are_named() -> None:
    (told,) = tried(Net(torch.float16))
    assert told.startswith("own:build (own.py:1) has weights in float16: in float16 small updates round to nothing")
    (told,) = tried(Net(torch.float64))
    assert "has weights in float64: they are trained so, and answers are kept in float32." in told


def test_a_slow_module_is_asked_once_in_each_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.training.module_trial.MOST_SECONDS", -1.0)
    assert tried(made(keep_state)) == ()


def split(lengths: list[int]) -> EncodedSplit:
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    codes = np.full(int(offsets[-1]), 2, np.int32)
    return EncodedSplit(codes, offsets, "rows", np.arange(len(lengths), dtype=np.int32) % 2, {}, None, "train")


def test_rows_are_of_all_lengths_and_of_few_tokens() -> None:
    chosen = choose_rows(split([*range(1, 101), 100_000]))
    assert chosen.tokens.shape == (32, 100) and int(chosen.lengths.min()) == 1
    assert choose_rows(split([100_000])).tokens.shape == (2, 100_000)
    assert choose_rows(split([0, 3, 2])).lengths.tolist() == [0, 2, 3]


def seeded() -> nn.Module:
    torch.manual_seed(3)
    return nn.Linear(3, 3)


def loaded() -> nn.Module:
    layer = nn.Linear(3, 3, bias=False)
    layer.weight.data = torch.arange(9.0).reshape(3, 3)
    return layer


@pytest.mark.parametrize(
    ("build", "alike"),
    [
        (lambda: nn.Linear(3, 3), False),
        (lambda: nn.Sequential(loaded(), nn.Linear(3, 2)), False),
        (lambda: nn.BatchNorm1d(3), False),
        (lambda: nn.LazyLinear(3), False),
        (seeded, True),
        (loaded, True),
    ],
)
def test_a_factory_whose_weights_know_no_seed_is_named(build: Callable[[], nn.Module], alike: bool) -> None:
    module, notes = try_build(build, 5, "f")
    assert isinstance(module, nn.Module)
    assert [note.startswith("f gives the same weights for every seed") for note in notes] == [True] * alike


def test_a_slow_factory_is_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr("brittlestar.training.build_trial.MOST_SECONDS", -1.0)
    try_build(lambda: calls.append(1) or nn.Linear(1, 1), 0, "f")
    assert calls == [1]


def own() -> OwnModel:
    return OwnModel("own:build", "factory", test_weights_that_two_modules_share, "own:build", "", Path(), ())


def with_weight(weight: Tensor) -> nn.Module:
    module = nn.Linear(2, 2)
    module.weight = nn.Parameter(weight)
    return module


def test_weights_that_two_modules_share() -> None:
    built, memory = BuiltWeights(), torch.randn(2, 2)
    layer = nn.Linear(2, 2)
    for module in (layer, nn.Sequential(nn.Linear(2, 2), with_weight(memory)), nn.LazyLinear(2)):
        built.add(own(), module)
    with pytest.raises(InputError, match="own:build returned the same weights twice: a run would go on from what"):
        built.add(own(), layer.double())  # memory of its own by now, and the same parameters
    with pytest.raises(InputError, match=r"weights that an earlier call returned \(1.weight\)") as told:
        built.add(own(), nn.Sequential(nn.Linear(2, 2), with_weight(memory)))  # the module before is gone
    assert FILE in told.value.problems[0].where and "anew in each call" in told.value.problems[0].hint


def test_frozen_weights_may_be_shared_and_those_that_are_gone_are_forgotten() -> None:
    built, frozen = BuiltWeights(), nn.Linear(2, 2).requires_grad_(False)
    tied = nn.Linear(2, 2)
    for _ in range(3):
        built.add(own(), nn.Sequential(frozen, nn.Linear(2, 2)))
    built.add(own(), nn.Sequential(tied, tied))
    assert len(built.memory) <= 4 and sys.getrefcount(tied) < 9
