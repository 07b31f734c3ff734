"""The frame that the built-in families share: embedding, encoder, pooling, head."""

import torch
from torch import Tensor, nn

from brittlestar.models.dropout import Dropout
from brittlestar.study.settings import DropoutSettings


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


def at_least_one_column(tokens: Tensor) -> Tensor:
    """A batch of empty rows gets one column of id 0, which every mask hides: no layer below has to know of L = 0."""
    return tokens if tokens.shape[1] else tokens.new_zeros((tokens.shape[0], 1))


def token_mask(length: int, lengths: Tensor) -> Tensor:
    """bool (length, B), true where the position holds a token of the row."""
    return torch.arange(length, device=lengths.device).unsqueeze(1) < lengths.unsqueeze(0)
