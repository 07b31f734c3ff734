import pytest

from brittlestar.core.plain import differs


@pytest.mark.parametrize(
    ("value", "read_back", "expected"),
    [
        (1.0, None, False),
        (0.1, 0.10000000149011612, False),
        (0.1, 0.11, True),
        (True, 1, True),
        (True, True, False),
        ("adam", "adamw", True),
        ((0.9, 0.999), [0.9, 0.999], False),
        ([1], [1, 2], True),
        (0, 0.0, False),
        ("auto", "estimator", False),
        ("balanced", [0.8, 1.3], False),
        ({"yes": 2.0}, [1.0, 2.0], False),
        ({"yes": 2.0}, [1.0, 3.0], True),
    ],
)
def test_what_counts_as_another_value(value: object, read_back: object, expected: bool) -> None:
    assert differs(value, read_back) is expected
