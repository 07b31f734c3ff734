"""What every built-in family promises."""

from itertools import product
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.models.build import build
from brittlestar.models.info import ModelInfo
from brittlestar.study.in_effect import unused_settings
from brittlestar.study.settings import ModelSettings

from .rows import ROWS, padded

VARIANTS: list[dict[str, Any]] = [
    *({"family": family, "bidirectional": both} for family, both in product(("lstm", "gru"), (False, True))),
    {"family": "transformer"},
    {"family": "transformer", "positions": False},
    {"family": "mean"},
    {"family": "bag"},
]
POOLINGS = ["last", "mean", "max", "attention"]


def make(info: ModelInfo, seed: int = 0, **variant: Any) -> nn.Module:
    torch.manual_seed(seed)
    return build(ModelSettings.model_validate({"hidden": 8, "embedding": {"dim": 6}, **variant}), info)


def name_of(variant: dict[str, Any]) -> str:
    return "-".join(str(value) for value in variant.values())


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_neither_padding_nor_batch_mates_matter(info: ModelInfo, variant: dict[str, Any], pooling: str) -> None:
    model = make(info, pooling=pooling, **variant).eval()
    together = model(*padded(ROWS))
    assert together.shape == (len(ROWS), 3) and together.dtype == torch.float32
    torch.testing.assert_close(model(*padded(ROWS, width=17)), together, atol=1e-5, rtol=0)
    alone = torch.cat([model(*padded([row])) for row in ROWS])
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=0)
    assert together.std(0).max() > 0 or variant["family"] == "bag"


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_empty_rows_and_empty_batches_train_without_nan(info: ModelInfo, variant: dict[str, Any], pooling: str) -> None:
    model = make(info, pooling=pooling, **variant)
    for rows, width in ((ROWS, None), ([[], []], 0), ([[], []], 3)):
        model.zero_grad()
        logits = model(*padded(rows, width))
        assert logits.shape == (len(rows), 3)
        nn.functional.cross_entropy(logits, torch.zeros(len(rows), dtype=torch.int64)).backward()
        gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
        assert gradients and all(gradient.isfinite().all() for gradient in gradients)


ORDER_BLIND = [{"family": "mean"}, {"family": "bag"}, {"family": "transformer", "positions": False}]


@pytest.mark.parametrize("variant", ORDER_BLIND, ids=name_of)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_is_invisible_to_those_that_say_so(
    info: ModelInfo, variant: dict[str, Any], row: list[int], random: Any
) -> None:
    model = make(info, **variant).eval()
    if variant["family"] == "bag":
        nn.init.normal_(model.get_parameter("head.weight"))
    shuffled = list(row)
    random.shuffle(shuffled)
    torch.testing.assert_close(model(*padded([row])), model(*padded([shuffled])), atol=1e-5, rtol=0)


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant not in ORDER_BLIND], ids=name_of)
def test_order_is_visible_to_the_others(info: ModelInfo, variant: dict[str, Any]) -> None:
    model = make(info, **variant).eval()
    assert (model(*padded([[2, 3, 4]])) - model(*padded([[4, 3, 2]]))).abs().max() > 1e-4


def test_bag_is_linear_in_counts(info: ModelInfo) -> None:
    model = make(info, family="bag")
    nn.init.normal_(model.get_parameter("head.weight"))
    nn.init.normal_(model.get_parameter("head.bias"))
    tokens, lengths = padded(ROWS, width=9)
    counts = torch.stack([torch.bincount(torch.tensor(row, dtype=torch.int64), minlength=7) for row in ROWS]).float()
    expected = counts @ model.get_parameter("head.weight") + model.get_parameter("head.bias")
    torch.testing.assert_close(model(tokens, lengths), expected)


def test_mean_is_a_linear_head_on_the_mean_embedding(info: ModelInfo) -> None:
    model = make(info, family="mean").eval()
    table, head = model.get_parameter("embedding.weight"), model.get_submodule("head")
    torch.testing.assert_close(model(*padded([[2, 5, 5]], width=6))[0], head(table[[2, 5, 5]].mean(0)))


def test_weights_come_from_the_callers_seed_and_say_where_they_are(info: ModelInfo) -> None:
    first, again, other = make(info), make(info), make(info, seed=1)
    names = [name.split(".")[0] for name, _ in make(info, pooling="attention", bidirectional=True).named_parameters()]
    assert names == ["embedding"] + ["encoder"] * 16 + ["pooling"] + ["head"] * 2
    for (name, one), two, three in zip(first.named_parameters(), again.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two), name
        assert not torch.equal(one, three), name


def test_dropout_is_where_the_settings_put_it(info: ModelInfo) -> None:
    quiet = {"embedding": 0, "encoder": 0, "head": 0}
    batch = padded(ROWS)
    for place in ("embedding", "encoder", "head"):
        model = make(info, dropout={**quiet, place: 0.5}).train()
        assert not torch.equal(model(*batch), model(*batch)), place
        assert torch.equal(model.eval()(*batch), model(*batch)), place
    model = make(info, dropout=quiet).train()
    assert torch.equal(model(*batch), model(*batch))


def test_heads_must_divide_hidden(info: ModelInfo) -> None:
    with pytest.raises(InputError, match=r"model\.heads: hidden 8 is not a multiple of heads 3; change one of them"):
        make(info, family="transformer", heads=3)


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_settings_called_unused_change_nothing(info: ModelInfo, variant: dict[str, Any]) -> None:
    other: dict[str, Any] = {
        "hidden": 12, "layers": 3, "bidirectional": not variant.get("bidirectional", False), "heads": 2,
        "positions": not variant.get("positions", True), "pooling": "max", "embedding": {"dim": 9},
    }  # fmt: skip
    given: dict[str, Any] = {"hidden": 8, "embedding": {"dim": 6}, **variant}
    unused = [path for path in unused_settings(given.get("family", "lstm"), given.get("layers", 2)) if path in other]
    assert unused
    reference = make(info, **given)
    changed = make(info, **{**given, **{path: other[path] for path in unused}})
    assert torch.equal(reference.eval()(*padded(ROWS)), changed.eval()(*padded(ROWS)))
    for path in set(other) - set(unused):
        moved = make(info, **{**given, path: other[path]}).eval()
        assert not torch.equal(reference(*padded(ROWS)), moved(*padded(ROWS))), f"{path} has an effect"


def test_dropout_between_layers_needs_two(info: ModelInfo) -> None:
    assert "dropout.encoder" in unused_settings("lstm", 1)
    assert "dropout.encoder" not in unused_settings("lstm", 2)
    model = make(info, layers=1, dropout={"embedding": 0, "encoder": 0.9, "head": 0}).train()
    assert torch.equal(model(*padded(ROWS)), model(*padded(ROWS)))
