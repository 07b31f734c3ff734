"""Names that others give to settings, metrics, splits and columns (`names.yaml`), and how two spellings are one."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPELLINGS = (("isation", "ization"), ("iser", "izer"), ("ise", "ize"), ("behaviour", "behavior"))


@cache
def load_names() -> Mapping[str, Any]:
    """The whole file; its own words say what each part is."""
    text = Path(__file__).with_name("names.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", yaml.load(text, _LOADER))


def list_names(part: str, meaning: str) -> tuple[str, ...]:
    """What something is called elsewhere, the commonest name first, each in words joined by `_`."""
    return tuple(name.replace(" ", "_") for name in load_names()[part][meaning])


def list_metric_names(metric: str) -> tuple[str, ...]:
    """What a metric is called elsewhere, `f1` for macro F1 too, which says not of what kind it is; none of another."""
    meant = {"macro_f1": ("macro_f1", "f1")}.get(metric, (metric,))
    return tuple(name for one in meant if one in load_names()["metrics"] for name in list_names("metrics", one))


def list_words(name: str) -> list[str]:
    """The words of a name, in lower case: `maxEpochs`, `max-epochs` and `Max epochs` have the same ones."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]


def spell_word(word: str) -> str:
    """A word in the singular, and in American spelling."""
    for ours, theirs in _SPELLINGS:
        word = re.sub(rf"{ours}(?=s?$)", theirs, word)
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "ias")) else word
