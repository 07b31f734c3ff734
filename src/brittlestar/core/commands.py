"""Commands in remedies and pages: `STUDY` and `DATA` stand for what the reader has until it is known."""

from __future__ import annotations

import re

_PLACE = re.compile(r"(brittlestar (?:run|report|status|audit|probe|judge) )(?:STUDY|DATA)(?![\w./-])")


def filled(text: str, place: str) -> str:
    """The text with `place`, as a shell and the text's own notation take it, in every command about this study or its
    data. A study's folder stands for both: `run`, `report`, `status`, `audit`, `probe` and `judge` take it."""
    return _PLACE.sub(lambda found: found[1] + place, text)


def store_name(name: str) -> str:
    """`NAME.study`, where a study called `name` is kept unless somebody says otherwise."""
    return f"{name}.study"
