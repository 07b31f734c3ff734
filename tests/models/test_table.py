"""Embedding tables: what is read, how they look, and which vectors a model begins with."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.models.embedding import make_embedding
from brittlestar.models.info import ModelInfo
from brittlestar.models.table import look_at_table, read_table
from brittlestar.study.settings import EmbeddingSettings

TOKENS = ["<p>", "<u>", "a", "▲r", "new york"]
SKIP = (0, 1)


def text(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["", "5 2\n"])
@pytest.mark.parametrize("end", ["\n", " \n", "\r\n"])
def test_text_with_and_without_header(tmp_path: Path, header: str, end: str) -> None:
    lines = ["▲r 1 -2e-1", "<p> 9 9", "other 0 0", "new york 3 4", "7 1 1"]
    found = read_table(text(tmp_path, header + "".join(line + end for line in lines)), TOKENS, SKIP)
    assert found.ids.tolist() == [3, 4] and found.table_rows == 5
    np.testing.assert_allclose(found.vectors, [[1, -0.2], [3, 4]], rtol=1e-6)
    assert found.vectors.dtype == np.float32


def test_one_column_of_numbers_is_not_a_header(tmp_path: Path) -> None:
    found = read_table(text(tmp_path, "7 3\na 5\n"), ["<p>", "<u>", "a", "7"], SKIP)
    assert found.vectors.tolist() == [[5], [3]]


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = text(tmp_path, "9 2\na 1 2\n▲r 1\nnew york 1 x\na 3 4\nzz nan 1\n")
    with pytest.raises(InputError) as caught:
        read_table(path, TOKENS, SKIP)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}:3: token '▲r' has not 2 finite numbers",
        f"{path}:4: token 'new york' has not 2 finite numbers",
        f"{path}:5: token 'a' stands in the table twice",
        f"{path}:1: the first line promises 9 rows and 5 follow",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the embedding table is empty"),
        ("a\n", ":1: expected a token and its numbers"),
        ("b 1 2\n", r"none of the 3 tokens of train stands in the table \(1 rows\)"),
        ("a 1 inf\n", ":1: token 'a' has not 2 finite numbers"),
    ],
)
def test_broken_text(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_table(text(tmp_path, content), TOKENS, SKIP)


def safetensors(tmp_path: Path, tensor: torch.Tensor, tokens: object, name: str = "embedding") -> Path:
    path = tmp_path / "v.safetensors"
    save_file({name: tensor}, path, metadata={"tokens": tokens if isinstance(tokens, str) else json.dumps(tokens)})
    return path


def test_safetensors(tmp_path: Path) -> None:
    values = torch.tensor([[1.0, 2], [3, 4], [5, 6]], dtype=torch.bfloat16)
    found = read_table(safetensors(tmp_path, values, ["▲r", "zz", "a"]), TOKENS, SKIP)
    assert found.ids.tolist() == [2, 3] and found.vectors.tolist() == [[5, 6], [1, 2]] and found.table_rows == 3


@pytest.mark.parametrize(
    ("tensor", "tokens", "name", "message"),
    [
        (torch.ones(1, 2), ["a"], "weights", "not a table of token vectors .*it needs a tensor `embedding`"),
        (torch.ones(2, 2), ["a"], "embedding", r"must name each of the rows of `embedding` \(2, 2\)"),
        (torch.ones(1, 2), "[", "embedding", "not a table of token vectors"),
        (torch.ones(2, 2), ["a", "a"], "embedding", "row 1: token 'a' stands in the table twice"),
        (torch.full((1, 2), torch.inf), ["a"], "embedding", "row 0: token 'a' has not 2 finite numbers"),
    ],
)
def test_broken_safetensors(tmp_path: Path, tensor: torch.Tensor, tokens: object, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_table(safetensors(tmp_path, tensor, tokens, name), TOKENS, SKIP)


def test_a_table_is_looked_at_in_its_order_with_the_rows_around(tmp_path: Path) -> None:
    path = text(tmp_path, "5 2\na 1 2\nb 3 nan\nc 5 six\na 7 8\nnew york 9 10\n")
    look = look_at_table(path, {"b"}, around=1)
    assert look.names == ("a", "b", "c", "a", "new york") and look.rows.tolist() == [0, 1, 2]
    assert np.array_equal(look.vectors, np.asarray([[1, 2], [3, np.nan], [5, np.nan]], np.float32), equal_nan=True)
    assert look_at_table(path, {"a"}).rows.tolist() == [0, 3]
    assert look_at_table(path, {"none"}).vectors.shape == (0, 2)
    table = torch.arange(8.0).reshape(4, 2)
    look = look_at_table(safetensors(tmp_path, table, ["a", "b", "c", "d"]), {"d"}, around=2)
    assert look.rows.tolist() == [1, 2, 3] and look.vectors.tolist() == table[1:].tolist()


def test_what_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    path = text(tmp_path, "x").rename(tmp_path / "no.safetensors")
    with pytest.raises(InputError, match="not a table of token vectors"):
        look_at_table(path, {"a"})


ALL = torch.arange(7)
LONG = ALL.repeat(4)


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


def test_what_contradicts_the_data_or_the_table(info: ModelInfo, tmp_path: Path) -> None:
    plain = ModelInfo(info.vocabulary_size, info.classes, 0, 1, 9, info.tokens, {})
    with pytest.raises(InputError, match=r"factor-sum needs factors and the data has none; set data\.factors"):
        make_embedding(EmbeddingSettings(composition="factor-sum"), plain)
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
