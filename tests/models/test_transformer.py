import math

import torch

from brittlestar.models.classifier import token_mask
from brittlestar.models.transformer import TransformerEncoder, TransformerLayer, sinusoids


def test_sinusoids_follow_the_paper() -> None:
    table = sinusoids(50, 7, torch.device("cpu"))
    assert table.shape == (50, 7)
    for place in (0, 1, 49):
        for column in range(7):
            angle = place / 10_000 ** (2 * (column // 2) / 7)
            expected = math.sin(angle) if column % 2 == 0 else math.cos(angle)
            assert abs(float(table[place, column]) - expected) < 1e-4


def test_attention_equals_torch_multi_head_attention() -> None:
    torch.manual_seed(0)
    layer = TransformerLayer(8, 2, 0.0)
    reference = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    reference.load_state_dict(
        {
            "in_proj_weight": layer.query_key_value.weight,
            "in_proj_bias": layer.query_key_value.bias,
            "out_proj.weight": layer.attention_output.weight,
            "out_proj.bias": layer.attention_output.bias,
        }
    )
    states = torch.randn(3, 5, 8)
    visible = token_mask(5, torch.tensor([5, 2, 1])).t()
    expected = reference(states, states, states, key_padding_mask=~visible)[0]
    torch.testing.assert_close(layer._attend(states, visible[:, None, None, :]), expected, atol=1e-5, rtol=0)


def test_longer_rows_than_any_seen_are_legal() -> None:
    encoder = TransformerEncoder(4, 8, 1, 2, True, 0.0)
    lengths = torch.tensor([3000])
    assert encoder(torch.randn(3000, 1, 4), token_mask(3000, lengths), lengths).isfinite().all()
