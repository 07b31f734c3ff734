"""Embeddings: joint or composed of factors, drawn at random or read from a table, trained or frozen."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from brittlestar.core.errors import InputError
from brittlestar.models.info import ModelInfo
from brittlestar.models.table import read_table
from brittlestar.study.settings import EmbeddingSettings

_PRETRAINED = ("frozen-pretrained", "fine-tuned")


def make_embedding(settings: EmbeddingSettings, info: ModelInfo) -> nn.Module:
    """A module from ids int64 (…) to float32 (…, dim); padding maps to zeros.

    Raises InputError when the settings contradict each other, the data or the table.
    """
    if settings.composition != "joint":
        embedding = _build_factored(settings, info)
    elif settings.mode in _PRETRAINED:
        embedding = _build_pretrained(settings, info)
    else:
        embedding = nn.Embedding(info.vocabulary_size, settings.dim, padding_idx=info.pad_id)
    if settings.mode not in _PRETRAINED:
        with torch.no_grad():  # standard normal vectors get another standard deviation
            for parameter in embedding.parameters():
                parameter.mul_(settings.scale)
    if settings.mode.startswith("frozen"):
        embedding.requires_grad_(False)
    return embedding


class FactoredEmbedding(nn.Module):
    """A token's vector is composed of one vector per factor value.

    `compose` is `sum`, or `concat`, where the factors share `dim` as evenly as it goes. A token with a value of some
    factor and none of another gets a learnt vector for "no value" there. A token without any factor value, and the
    unknown token, get a vector of their own (`whole`), so that they collide with nothing. Two tokens with the same
    values share their vector: that is what the composition means.
    """

    codes: Tensor

    def __init__(self, factors: dict[str, np.ndarray], pad_id: int, dim: int, compose: str) -> None:
        super().__init__()
        values = np.stack(list(factors.values()), axis=1).astype(np.int64)
        has_value = np.max(values, axis=1, keepdims=False) > 0
        is_whole = np.logical_not(has_value)
        is_whole[pad_id] = False
        counts = values.max(axis=0) + 1
        # The row after the last value is the zero vector of tokens that are not composed.
        codes = np.where(has_value[:, None], values, counts[None, :])
        whole = np.where(is_whole, np.cumsum(is_whole), 0)
        self.concatenated = compose == "concat"
        self.register_buffer("codes", torch.from_numpy(np.column_stack([codes, whole])), persistent=False)
        shares = [dim // len(factors) + (place < dim % len(factors)) for place in range(len(factors))]
        widths = shares if self.concatenated else [dim] * len(factors)
        scale = 1.0 if self.concatenated else 1 / math.sqrt(len(factors))
        self.factors = nn.ModuleDict()
        for name, count, width in zip(factors, counts.tolist(), widths, strict=True):
            table = nn.Embedding(count + 1, width, padding_idx=count)
            with torch.no_grad():
                table.weight.mul_(scale)
            self.factors[f"factor_{name}"] = table
        self.whole = nn.Embedding(int(is_whole.sum()) + 1, dim, padding_idx=0)

    def forward(self, tokens: Tensor) -> Tensor:
        """ids int64 (…) to float32 (…, dim)."""
        if tokens.numel() > len(self.codes):
            return F.embedding(tokens, self._compose(self.codes))
        return self._compose(self.codes[tokens])

    def _compose(self, codes: Tensor) -> Tensor:
        parts = [table(codes[..., place]) for place, table in enumerate(self.factors.values())]
        composed = torch.cat(parts, dim=-1) if self.concatenated else torch.stack(parts).sum(0)
        return composed + self.whole(codes[..., -1])


def _build_factored(settings: EmbeddingSettings, info: ModelInfo) -> FactoredEmbedding:
    where = "model.embedding.composition"
    if not info.factors:
        raise InputError(
            f"{settings.composition} needs factors and the data has none", where, "set data.factors, or use joint"
        )
    if settings.mode in _PRETRAINED:
        raise InputError(
            f"{settings.composition} cannot be combined with a table of token vectors ({settings.mode})",
            where,
            "use joint, or mode trained or frozen-random",
        )
    compose = settings.composition.removeprefix("factor-")
    if compose == "concat" and settings.dim < len(info.factors):
        raise InputError(f"{len(info.factors)} factors cannot share dim {settings.dim}", where, "raise dim")
    return FactoredEmbedding(info.factors, info.pad_id, settings.dim, compose)


def _build_pretrained(settings: EmbeddingSettings, info: ModelInfo) -> nn.Embedding:
    if settings.table is None:
        raise InputError(
            f"mode {settings.mode} needs a table", "model.embedding.table", "name a text or safetensors file"
        )
    path = Path(settings.table)
    table = read_table(path, info.tokens, skip=(info.pad_id, info.unknown_id))
    if table.vectors.shape[1] != settings.dim:
        width = table.vectors.shape[1]
        raise InputError(
            f"the table has {width} columns and model.embedding.dim is {settings.dim}",
            str(path),
            f"--set model.embedding.dim={width}",
        )
    embedding = nn.Embedding(info.vocabulary_size, settings.dim, padding_idx=info.pad_id)
    vectors = torch.from_numpy(table.vectors)
    with torch.no_grad():
        # Rows that the table lacks are drawn at the table's own scale; at another they would stand out by norm alone.
        embedding.weight.mul_(vectors.std(correction=0))
        embedding.weight[torch.from_numpy(table.ids)] = vectors
    return embedding
