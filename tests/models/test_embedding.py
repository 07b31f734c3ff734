from pathlib import Path

import pytest
import torch
from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.models.embedding import make_embedding
from brittlestar.models.info import ModelInfo
from brittlestar.study.settings import EmbeddingSettings

ALL = torch.arange(7)
LONG = torch.arange(7).repeat(4)


def table(path: Path, rows: dict[str, list[float]]) -> str:
    path.write_text("".join(f"{token} {' '.join(map(str, row))}\n" for token, row in rows.items()), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("composition", ["joint", "factor-sum", "factor-concat"])
@pytest.mark.parametrize(("mode", "trained"), [("trained", True), ("frozen-random", False)])
def test_modes_decide_what_trains(info: ModelInfo, composition: str, mode: str, trained: bool) -> None:
    settings = EmbeddingSettings.model_validate({"dim": 5, "mode": mode, "composition": composition})
    embedding = make_embedding(settings, info)
    assert {parameter.requires_grad for parameter in embedding.parameters()} == {trained}
    vectors = embedding(ALL)
    assert vectors.shape == (7, 5)
    assert (vectors[0] == 0).all(), "padding is zero"
    assert len({tuple(row) for row in vectors.tolist()}) == 7, "all seven ids have vectors of their own"


@pytest.mark.parametrize("composition", ["factor-sum", "factor-concat"])
def test_short_and_long_batches_agree_and_padding_learns_nothing(info: ModelInfo, composition: str) -> None:
    embedding = make_embedding(EmbeddingSettings.model_validate({"dim": 5, "composition": composition}), info)
    torch.testing.assert_close(embedding(LONG), embedding(ALL).repeat(4, 1))
    gradients = []
    for batch in (LONG, LONG[:7]):
        embedding.zero_grad()
        (embedding(batch) * torch.arange(5.0)).sum().backward()
        moved = {name: one.grad for name, one in embedding.named_parameters() if one.grad is not None}
        gradients.append({name: gradient.clone() for name, gradient in moved.items()})
    for name in gradients[0]:
        torch.testing.assert_close(gradients[0][name], 4 * gradients[1][name])
    assert (gradients[0]["whole.weight"][0] == 0).all() and (gradients[0]["factors.factor_shape.weight"][-1] == 0).all()


def test_a_sum_adds_the_vectors_of_the_values(info: ModelInfo) -> None:
    embedding = make_embedding(EmbeddingSettings(dim=5, composition="factor-sum"), info)
    shape = embedding.get_parameter("factors.factor_shape.weight")
    colour = embedding.get_parameter("factors.factor_colour.weight")
    vectors = embedding(ALL)
    torch.testing.assert_close(vectors[2], shape[1] + colour[1])
    torch.testing.assert_close(vectors[4], shape[1] + colour[2])
    torch.testing.assert_close(vectors[5], shape[2] + colour[0])
    assert (colour[0] != 0).any(), "no colour is learnt too"
    torch.testing.assert_close(vectors[2] - vectors[4], colour[1] - colour[2])


def test_a_concatenation_shares_the_width(info: ModelInfo) -> None:
    embedding = make_embedding(EmbeddingSettings(dim=5, composition="factor-concat"), info)
    vectors = embedding(ALL)
    assert torch.equal(vectors[2, :3], vectors[4, :3]), "same shape"
    assert torch.equal(vectors[2, 3:], vectors[3, 3:]), "same colour"
    assert not torch.equal(vectors[2, 3:], vectors[4, 3:])


def test_a_sum_is_as_long_as_a_joint_vector_at_the_start(info: ModelInfo) -> None:
    torch.manual_seed(0)
    embedding = make_embedding(EmbeddingSettings(dim=4000, composition="factor-sum"), info)
    assert abs(float(embedding(torch.tensor([2])).detach().std()) - 1) < 0.05


@pytest.mark.parametrize(("mode", "trained"), [("frozen-pretrained", False), ("fine-tuned", True)])
def test_rows_of_a_table_land_on_their_tokens(info: ModelInfo, tmp_path: Path, mode: str, trained: bool) -> None:
    path = table(tmp_path / "v.txt", {"b": [5, 5.5], "zz": [9, 9], "ar": [2, -2.5]})
    embedding = make_embedding(EmbeddingSettings.model_validate({"dim": 2, "mode": mode, "table": path}), info)
    assert isinstance(embedding, nn.Embedding)
    assert embedding.weight[[5, 2]].tolist() == [[5, 5.5], [2, -2.5]]
    assert embedding.weight.requires_grad is trained
    assert embedding.weight[0].tolist() == [0, 0]


def test_missing_rows_are_drawn_at_the_scale_of_the_table(info: ModelInfo, tmp_path: Path) -> None:
    torch.manual_seed(0)
    rows = (torch.randn(2, 2000) * 0.01).tolist()
    path = table(tmp_path / "v.txt", {"ar": rows[0], "br": rows[1]})
    embedding = make_embedding(EmbeddingSettings(dim=2000, mode="fine-tuned", table=path), info)
    assert 0.009 < float(embedding(torch.tensor([4])).detach().std()) < 0.011
    torch.manual_seed(1)
    other = make_embedding(EmbeddingSettings(dim=2000, mode="fine-tuned", table=path), info)
    assert not torch.equal(embedding(torch.tensor([4])), other(torch.tensor([4])))
    assert torch.equal(embedding(torch.tensor([2])), other(torch.tensor([2])))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": "fine-tuned"}, r"model\.embedding\.table: mode fine-tuned needs a table"),
        ({"mode": "fine-tuned", "table": "none.txt"}, r"none\.txt: the embedding table does not exist"),
        ({"mode": "fine-tuned", "composition": "factor-sum"}, "cannot be combined with a table of token vectors"),
        ({"dim": 1, "composition": "factor-concat"}, "2 factors cannot share dim 1; raise dim"),
    ],
)
def test_contradictions(info: ModelInfo, settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_embedding(EmbeddingSettings.model_validate(settings), info)


def test_factors_must_exist(info: ModelInfo) -> None:
    plain = ModelInfo(info.vocabulary_size, info.classes, 0, 1, 9, info.tokens, {})
    with pytest.raises(InputError, match=r"factor-sum needs factors and the data has none; set data\.factors"):
        make_embedding(EmbeddingSettings(composition="factor-sum"), plain)


def test_width_of_table_and_settings_must_agree(info: ModelInfo, tmp_path: Path) -> None:
    path = table(tmp_path / "v.txt", {"ar": [1, 2, 3]})
    with pytest.raises(InputError, match=r"the table has 3 columns and .* is 32; --set model\.embedding\.dim=3"):
        make_embedding(EmbeddingSettings(mode="fine-tuned", table=path), info)


@pytest.mark.parametrize("composition", ["joint", "factor-sum"])
def test_scale_is_the_spread_of_random_vectors(info: ModelInfo, composition: str) -> None:
    def vectors(scale: float) -> torch.Tensor:
        torch.manual_seed(0)
        settings = EmbeddingSettings.model_validate({"dim": 5, "composition": composition, "scale": scale})
        return make_embedding(settings, info)(ALL)

    torch.testing.assert_close(vectors(0.05), 0.05 * vectors(1.0))
