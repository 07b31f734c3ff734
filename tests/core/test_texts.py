"""Short texts: what is suggested for a path that is not there, positions in words, and sizes."""

from pathlib import Path

import pytest

from brittlestar.core.texts import show_size, suggest_file
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


def test_sizes_have_a_unit() -> None:
    shown = [show_size(size) for size in (0, 999, 1000, 999_949, 999_950, 1_234_567, 5_400_000_000)]
    assert shown == ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "1.2 MB", "5.4 GB"]
