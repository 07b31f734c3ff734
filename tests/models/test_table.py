import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from brittlestar.core.errors import InputError
from brittlestar.models.table import read_table

TOKENS = ["<p>", "<u>", "a", "▲r", "new york"]
SKIP = (0, 1)


def text(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["", "4 2\n"])
@pytest.mark.parametrize("end", ["\n", " \n", "\r\n"])
def test_text_with_and_without_header(tmp_path: Path, header: str, end: str) -> None:
    lines = ["▲r 1 -2e-1", "other 0 0", "new york 3 4", "7 1 1"]
    found = read_table(text(tmp_path, header + "".join(line + end for line in lines)), TOKENS, SKIP)
    assert found.ids.tolist() == [3, 4] and (found.asked, found.table_rows) == (3, 4)
    np.testing.assert_allclose(found.vectors, [[1, -0.2], [3, 4]], rtol=1e-6)
    assert found.vectors.dtype == np.float32


def test_one_column_of_numbers_is_not_a_header(tmp_path: Path) -> None:
    found = read_table(text(tmp_path, "7 3\na 5\n"), ["<p>", "<u>", "a", "7"], SKIP)
    assert found.vectors.tolist() == [[5], [3]]


def test_padding_and_unknown_are_never_looked_up(tmp_path: Path) -> None:
    found = read_table(text(tmp_path, "<p> 1 1\na 2 2\n"), TOKENS, SKIP)
    assert found.ids.tolist() == [2]


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = text(tmp_path, "a 1 2\n▲r 1\nnew york 1 x\na 3 4\nzz nan 1\n")
    with pytest.raises(InputError) as caught:
        read_table(path, TOKENS, SKIP)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}:2: expected a token and 2 numbers, found 2 fields",
        f"{path}:3: token 'new york': a field is not a number",
        f"{path}:4: token 'a' stands in the table twice",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the embedding table is empty"),
        ("a\n", ":1: expected a token and its numbers"),
        ("b 1 2\n", r"none of the 3 tokens of train stands in the table \(1 rows\)"),
        ("5 2\na 1 2\n", ":1: the first line promises 5 rows and 1 follow"),
        ("a 1 inf\n", ":1: token 'a': a number is not finite"),
    ],
)
def test_broken_text(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_table(text(tmp_path, content), TOKENS, SKIP)


def test_bytes_that_are_not_utf8_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(b"a 1 2\n\xff\xfe 1 2\n")
    with pytest.raises(InputError, match=":2: the token is not UTF-8"):
        read_table(path, TOKENS, SKIP)


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
        (torch.ones(1, 2), ["a"], "weights", r"expected a tensor `embedding`.*found tensors \['weights'\]"),
        (torch.ones(2, 2), ["a"], "embedding", r"must name each of the rows of `embedding` \(2, 2\)"),
        (torch.ones(2), ["a", "b"], "embedding", "must name each of the rows"),
        (torch.ones(1, 2), "[", "embedding", "metadata `tokens` is not JSON"),
        (torch.ones(2, 2), ["a", "a"], "embedding", "row 1: token 'a' stands in the table twice"),
        (torch.full((1, 2), torch.inf), ["a"], "embedding", "row 0: token 'a': a number is not finite"),
    ],
)
def test_broken_safetensors(tmp_path: Path, tensor: torch.Tensor, tokens: object, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_table(safetensors(tmp_path, tensor, tokens, name), TOKENS, SKIP)


def test_not_safetensors_at_all(tmp_path: Path) -> None:
    path = tmp_path / "v.safetensors"
    path.write_text("a 1 2", encoding="utf-8")
    with pytest.raises(InputError, match="not a safetensors file"):
        read_table(path, TOKENS, SKIP)
