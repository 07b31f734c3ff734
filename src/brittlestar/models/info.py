"""What a model may know of the data before it sees a row."""

from dataclasses import dataclass

import numpy as np

from brittlestar.core.splits import PAD_ID, UNKNOWN_ID, EncodedData


@dataclass(frozen=True)
class ModelInfo:
    """Handed to every factory.

    `vocabulary_size` counts padding and unknown; `classes` are the sorted labels of train, in the order of the
    logits; `max_length` is the number of tokens of the longest train row (later rows may be longer); `tokens[id]` is
    the token's string; `factors[name]` is int32 (vocabulary_size,), 0 where a token has no value of that factor.
    """

    vocabulary_size: int
    classes: list[str]
    pad_id: int
    unknown_id: int
    max_length: int
    tokens: list[str]
    factors: dict[str, np.ndarray]


def model_info(data: EncodedData) -> ModelInfo:
    """Read the facts off encoded data; `data` must have a split named `train` (KeyError otherwise)."""
    lengths = data.splits["train"].lengths
    return ModelInfo(
        vocabulary_size=data.vocabulary.size,
        classes=list(data.classes),
        pad_id=PAD_ID,
        unknown_id=UNKNOWN_ID,
        max_length=int(lengths.max()) if len(lengths) else 0,
        tokens=list(data.vocabulary.tokens),
        factors={name: np.array(values, dtype=np.int32) for name, values in data.vocabulary.factors.items()},
    )
