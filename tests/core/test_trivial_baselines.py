import pytest

from brittlestar.core.trivial_baselines import place_words


@pytest.mark.parametrize(
    ("position", "words"), [("1", "1"), ("31", "31"), ("-1", "1 from the end"), (-13, "13 from the end")]
)
def test_positions_from_the_end_are_said_in_words(position: str | int, words: str) -> None:
    assert place_words(position) == words
