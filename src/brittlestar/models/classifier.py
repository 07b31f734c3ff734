"""The frame that the built-in families share: embedding, encoder, pooling, head; and the two that cannot see order, the
mean of embeddings and logistic regression on token counts."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from brittlestar.study.settings import DropoutSettings

_STEPS = 1 << 16  # the values of 16 bits


class Dropout(nn.Dropout):
    """`nn.Dropout` by `dropout`."""

    def forward(self, input: Tensor) -> Tensor:
        """Same shape and type as `input`."""
        return dropout(input, self.p, self.training)


class SequenceClassifier(nn.Module):
    """`forward(tokens int64 (B, L), lengths int64 (B,)) -> logits (B, C)`.

    No row's logits depend on the amount of right padding or on the other rows. Rows of length 0 and batches with
    L = 0 are legal. The encoder maps (L, B, E) to (L, B, D) given the mask (L, B) and the lengths: time comes first
    from the embedding to the pooling, because that is the layout in which the recurrent kernels are fastest.
    """

    def __init__(
        self, embedding: nn.Module, encoder: nn.Module, pooling: nn.Module, head: nn.Linear, dropout: DropoutSettings
    ) -> None:
        super().__init__()
        self.embedding = embedding
        self.embedding_dropout = Dropout(dropout.embedding)
        self.encoder = encoder
        self.pooling = pooling
        self.head_dropout = Dropout(dropout.head)
        self.head = head

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Logits (B, C)."""
        tokens = at_least_one_column(tokens)
        mask = token_mask(tokens.shape[1], lengths)
        states = self.embedding_dropout(self.embedding(tokens.t()))
        states = self.encoder(states, mask, lengths)
        return self.head(self.head_dropout(self.pooling(states, mask, lengths)))


class NoEncoder(nn.Module):
    """Hands the embeddings to the pooling as they are."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.output_width = width

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, E) to the same."""
        return states


class BagClassifier(nn.Module):
    """Logits are linear in the counts of the row's tokens: `counts (B, V) @ head.weight (V, C) + head.bias`.

    Counts are never built: the weights of the row's tokens are added up, which is the same and costs nothing per
    unused token. The problem is convex and starts at zero, so that a token which train lacks has no say.
    """

    def __init__(self, vocabulary_size: int, classes: int) -> None:
        super().__init__()
        self.head = CountWeights(vocabulary_size, classes)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """tokens int64 (B, L), lengths int64 (B,) to logits (B, C)."""
        tokens = at_least_one_column(tokens)
        return self.head(tokens, token_mask(tokens.shape[1], lengths).t())


class CountWeights(nn.Module):
    """One weight per token and class, and one bias per class."""

    def __init__(self, vocabulary_size: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(vocabulary_size, classes))
        self.bias = nn.Parameter(torch.zeros(classes))

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """tokens int64 (B, L), mask bool (B, L) to logits (B, C)."""
        included = mask.to(self.weight.dtype)
        return functional.embedding_bag(tokens, self.weight, mode="sum", per_sample_weights=included) + self.bias


def at_least_one_column(tokens: Tensor) -> Tensor:
    """A batch of empty rows gets one column of id 0, which every mask hides: no layer below has to know of L = 0."""
    return tokens if tokens.shape[1] else tokens.new_zeros((tokens.shape[0], 1))


def token_mask(length: int, lengths: Tensor) -> Tensor:
    """bool (length, B), true where the position holds a token of the row."""
    return torch.arange(length, device=lengths.device).unsqueeze(1) < lengths.unsqueeze(0)


def dropout(states: Tensor, probability: float, training: bool) -> Tensor:
    """`states` with each entry 0 with `probability` (to the nearest 1/65536) and scaled so that the mean stays.

    Draws from PyTorch's global generator. Off the CPU, and where a probability rounds to 0 or 1, it is PyTorch's own.
    """
    dropped = round(probability * _STEPS)
    if not training or states.device.type != "cpu" or not 0 < dropped < _STEPS:
        return functional.dropout(states, probability, training)
    size = states.numel()
    draws = torch.empty((size + 3) // 4, dtype=torch.int64).random_(-(2**63), None).view(torch.int16)
    kept = draws[:size].ge_(dropped - _STEPS // 2).view(states.shape)  # 0 or 1: PyTorch converts no bool as fast
    return states * kept.float().mul_(_STEPS / (_STEPS - dropped)).to(states.dtype)
