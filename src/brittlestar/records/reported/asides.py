"""Sentences without what they say beside the training that they report: how far it was when something was seen, dates,
seeds of data, and how many trials a search had."""

from __future__ import annotations

import re

from brittlestar.records.reported.alternatives import compile_any

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
_FEW = r"(?:[\d.]+|one|two|three|four|five)"
_TRAINS = (
    "stop",
    "stops",
    "stopped",
    "stopping",
    "training",
    "trained",
    "ended",
    "finished",
    "halved",
    "reduced",
    "decayed",
)
_ENDS = "".join(rf"(?<!{word} )" for word in (*_TRAINS, "rate", "decay", "half"))
"""Words before `after 3 epochs` with which that is a length: training stopped after 3 epochs."""
_WENT = compile_any(
    r"\b(?:at|by|around|in|from|until|since) epochs? \d+",
    r"\bafter epoch \d+",
    r"\b(?:one|an|each|every|a single) epoch (?:takes?|took|consists?|has|had|compris\w*|needs?)\b[^.;]*",
    rf"{_ENDS}\b(?:after|within|before) (?:only |about |just |the first )?{_FEW} epochs?\b"
    r"(?! (?:without|of no|with no))",
    rf"\b(?:for|in|during) the (?:first|last|next|remaining) {_FEW}(?: epochs?)?(?= and\b|\.|,|$)",
    r"\b(?:after )?[\d.]+ epochs? (?:on average|in the mean)\b",
    r"\bon average (?:after )?[\d.]+ epochs?",
)
"""How far a training was when something was seen, and how long an epoch is."""
_COUNTED = compile_any(
    r"\b\d+ (?:trials|runs|samples|configurations|evaluations|iterations)\b"
    r"(?= (?:of|with|per|in|for|by)\b[^.;,]*?(?:search|optimi[sz]ation|tuning))",
    r"\bsearch (?:\(\d+ \w+\)|with \d+ \w+)",
    r"\b(?:optuna|hyperopt|tuning)\b[^.;]*?\d+ (?:trials|runs)",
    r"\b\d+ batches\b(?= of)",
    r"\beach head (?:has|with)\b[^.;]*?dimensions",
    r"\b\w+-free\b",
)
"""What else is counted, and what a model does without."""
_DATED = compile_any(
    r"\b\d{4}-\d{2}-\d{2}\b",
    rf"\b\d{{1,2}}\.? {_MONTH} \d{{4}}\b",
    rf"\b{_MONTH} (?:\d{{1,2}}, )?(?:19|20)\d\d\b",
    r"\b(?:splits?|data(?:set)?|corpus)\b[^.;,]*?\b(?:drawn|generated|split|sampled|created|simulated|shuffled)\b"
    r"[^.;,]*?\bseed (?:of )?\d+",
)
"""Dates, and the seed that data were drawn with."""


def leave_out_asides(sentence: str) -> str:
    """A sentence without numbers that are about something else than how was trained."""
    for pattern in (_COUNTED, _DATED, _WENT):
        sentence = pattern.sub("", sentence)
    return re.sub(r" {2,}", " ", sentence)
