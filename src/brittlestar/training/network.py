"""A network with its weights, as a model that can be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from brittlestar.core.metrics import softmax
from brittlestar.core.splits import UNKNOWN_ID, EncodedData, EncodedSplit, Vocabulary
from brittlestar.data.written_rows import WrittenRows
from brittlestar.training.outputs import made_finite
from brittlestar.training.scoring import predict


@dataclass(frozen=True)
class NetworkPredictor:
    """A module on its device, and the `data` that it was trained on.

    Where these are not the data as they are stored, `vocabulary` is that of the stored ones, and `read` gives rows
    under it as the model reads them.
    """

    model: nn.Module
    data: EncodedData
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    bf16: bool = False
    vocabulary: Vocabulary | None = None
    read: Callable[[EncodedSplit], EncodedSplit] = lambda split: split

    @property
    def classes(self) -> tuple[str, ...]:
        """Those of train."""
        return self.data.classes

    def predict(self, rows: WrittenRows) -> np.ndarray:
        """Probabilities float32 (n_rows, C); where an output is not finite, the shares of classes in train."""
        if not rows.n_rows:
            return np.zeros((0, len(self.classes)), np.float32)
        vocabulary = self.vocabulary or self.data.vocabulary
        code = {token: k for k, token in enumerate(vocabulary.tokens) if k > UNKNOWN_ID}
        ids = np.fromiter((code.get(token, UNKNOWN_ID) for token in rows.lexicon), np.int32, len(rows.lexicon))
        labels = np.zeros(rows.n_rows, np.int32)
        split = self.read(EncodedSplit(ids[rows.codes], rows.offsets, "rows", labels, {}, None, "rows"))
        return softmax(made_finite(self.logits(split), self.data)[0])

    def logits(self, split: EncodedSplit, rows: np.ndarray | None = None) -> np.ndarray:
        """Logits float32 (n, C) of all rows of a split that `read` gave, or of `rows` (n,) in the order given."""
        return predict(self.model, split, self.device, self.bf16, rows)
