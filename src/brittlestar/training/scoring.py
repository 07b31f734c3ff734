"""Logits of a model over a split's rows, without dropout and in row order, and a network that is asked for them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from brittlestar.core.scores import softmax
from brittlestar.core.splits import UNKNOWN_ID, EncodedData, EncodedSplit, Vocabulary
from brittlestar.data.written_rows import WrittenRows
from brittlestar.training.batches import pad_rows, scoring_batches
from brittlestar.training.trained import made_finite


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


def forward(model: nn.Module, split: EncodedSplit, rows: np.ndarray, device: torch.device, bf16: bool) -> torch.Tensor:
    """Logits (len(rows), C) of one padded batch, under bf16 autocast when asked; in 32 bits, where a module does not
    compute in more."""
    tokens, lengths = pad_rows(split, rows)
    inputs = torch.from_numpy(tokens).to(device), torch.from_numpy(lengths).to(device)
    if not bf16:
        return widen(model(*inputs))
    with torch.autocast(device.type, torch.bfloat16):
        logits = model(*inputs)
    return logits.float()


def widen(logits: torch.Tensor) -> torch.Tensor:
    """The same in 32 bits where it has 16: a sum over the rows of a batch does not fit there."""
    return logits.float() if logits.dtype in (torch.float16, torch.bfloat16) else logits


def predict(
    model: nn.Module, split: EncodedSplit, device: torch.device, bf16: bool = False, rows: np.ndarray | None = None
) -> np.ndarray:
    """Logits float32 (n, C) of all rows of `split`, or of `rows` (n,) in the order given.

    The model's mode is put back afterwards.
    """
    chosen = np.arange(split.n_rows) if rows is None else rows
    was_training = model.training
    model.eval()
    pieces: list[np.ndarray] = []
    order: list[np.ndarray] = []
    with torch.no_grad():
        for batch in scoring_batches(split.lengths, chosen):
            answered = forward(model, split, batch, device, bf16)
            pieces.append(answered.float().cpu().numpy().copy())  # a module may write into what it returned
            order.append(batch)
    model.train(was_training)
    if not pieces:
        return np.zeros((0, 0), dtype=np.float32)
    stacked = np.concatenate(pieces)
    logits = np.empty((len(chosen), stacked.shape[1]), dtype=np.float32)
    place = np.empty(split.n_rows, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    logits[place[np.concatenate(order)]] = stacked
    return logits
