"""The two families that cannot see order: the mean of embeddings, and logistic regression on token counts."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from brittlestar.models.classifier import at_least_one_column, token_mask


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
        return F.embedding_bag(tokens, self.weight, mode="sum", per_sample_weights=included) + self.bias
