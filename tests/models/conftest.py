import numpy as np
import pytest

from brittlestar.models.info import ModelInfo


@pytest.fixture
def info() -> ModelInfo:
    """Four shape-colour tokens, one without a colour, one without any factor value; three classes."""
    tokens = ["<padding>", "<unknown>", "ar", "br", "ag", "b", "?"]
    factors = {
        "shape": np.array([0, 0, 1, 2, 1, 2, 0], dtype=np.int32),
        "colour": np.array([0, 0, 1, 1, 2, 0, 0], dtype=np.int32),
    }
    return ModelInfo(7, ["0", "1", "2"], 0, 1, 9, tokens, factors)
