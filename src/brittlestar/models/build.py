"""From settings to a built-in model."""

from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.models.classifier import BagClassifier, NoEncoder, SequenceClassifier
from brittlestar.models.embedding import make_embedding
from brittlestar.models.info import ModelInfo
from brittlestar.models.pooling import make_pooling
from brittlestar.models.recurrent import RecurrentEncoder
from brittlestar.models.transformer import TransformerEncoder
from brittlestar.study.settings import ModelSettings


def build(settings: ModelSettings, info: ModelInfo) -> nn.Module:
    """A model of `settings.family`: `forward(tokens int64 (B, L), lengths int64 (B,)) -> logits (B, C)`.

    Weights are drawn from torch's global generator, which the caller has seeded; nothing here seeds. Raises
    InputError when settings contradict each other, the data or an embedding table.
    """
    classes = len(info.classes)
    if settings.family == "bag":
        return BagClassifier(info.vocabulary_size, classes)
    if settings.family == "transformer" and settings.hidden % settings.heads:
        raise InputError(
            f"hidden {settings.hidden} is not a multiple of heads {settings.heads}", "model.heads", "change one of them"
        )
    embedding = make_embedding(settings.embedding, info)
    encoder = _encoder(settings)
    width = encoder.output_width
    pooling_name = "mean" if settings.family == "mean" else settings.pooling
    both_ends = isinstance(encoder, RecurrentEncoder) and encoder.bidirectional
    pooling = make_pooling(pooling_name, width, both_ends)
    return SequenceClassifier(embedding, encoder, pooling, nn.Linear(width, classes), settings.dropout)


def _encoder(settings: ModelSettings) -> RecurrentEncoder | TransformerEncoder | NoEncoder:
    width, dropout = settings.embedding.dim, settings.dropout.encoder
    match settings.family:
        case "lstm" | "gru" as cell:
            return RecurrentEncoder(cell, width, settings.hidden, settings.layers, settings.bidirectional, dropout)
        case "transformer":
            return TransformerEncoder(
                width, settings.hidden, settings.layers, settings.heads, settings.positions, dropout
            )
        case _:
            return NoEncoder(width)
