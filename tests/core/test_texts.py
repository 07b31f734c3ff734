"""Short texts: what is suggested for a path that is not there, and positions in words."""

from pathlib import Path

import pytest

from brittlestar.core.texts import suggest_file
from brittlestar.core.trivial_baselines import place_words


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ticket2.csv", "did you mean tickets2.csv or ticket.csv?"),
        ("ticket.tsv", "none"),
        ("dataa", "did you mean data?"),
        ("mail", "did you mean mail.csv?"),
        ("data/../maill.csv", "did you mean mail.csv?"),
        ("ticket.csv", "none"),  # it is there
        ("nowhere/ticket.csv", "none"),
    ],
)
def test_what_stands_beside_a_missing_path_is_suggested(
    written: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("tickets2.csv", "ticket.csv", "mail.csv"):
        Path(name).touch()
    Path("data").mkdir()
    assert suggest_file(written, "none") == expected


def test_positions_from_the_end_are_said_in_words() -> None:
    assert [place_words(one) for one in ("1", "31", "-1", -13)] == ["1", "31", "1 from the end", "13 from the end"]
