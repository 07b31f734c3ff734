"""Rules over letters, written as a user would: functions from rows of tokens to labels, for `probes: {relabel: …}`."""

from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def _labels(holds: Sequence[bool]) -> list[str]:
    return ["yes" if hold else "no" for hold in holds]


def ends(rows: Rows) -> list[str]:
    """The last token is the first one again."""
    return _labels([len(row) > 1 and row[0] == row[-1] for row in rows])


def before(rows: Rows) -> list[str]:
    """Some `a` stands somewhere before some `b`."""
    return _labels(["a" in row and "b" in list(row)[list(row).index("a") :] for row in rows])


def vowel(rows: Rows) -> list[str]:
    """The third token is a vowel."""
    return _labels([len(row) > 2 and row[2] in ("a", "e", "i") for row in rows])


def more(rows: Rows) -> list[str]:
    """There are more `x` than `y`."""
    return _labels([list(row).count("x") > list(row).count("y") for row in rows])


def enough(rows: Rows) -> list[str]:
    """Two `z` at least; for development."""
    return _labels([list(row).count("z") >= 2 for row in rows])


def start(rows: Rows) -> list[str]:
    """The second token is `p` or `q`; for development."""
    return _labels([len(row) > 1 and row[1] in ("p", "q") for row in rows])
