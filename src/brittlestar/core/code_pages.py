"""The page of every code: what its checks say of themselves, under the family that it belongs to."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.checks import CODE_PATTERN, Check, Needs, family_of

FAMILIES: Mapping[str, str] = {
    "leak": "rows that cross splits",
    "shift": "how an evaluation split differs from train",
    "label": "labels that are missing, rare, or contradict each other",
    "data": "rows that repeat, are cut, are badly encoded, or are too few",
    "shortcut": "a trivial predictor does most of the work",
    "token": "symbols that share an id, or go unknown",
    "padding": "predictions that depend on padding or on the rest of a batch",
    "embedding": "tables of token vectors",
    "position": "order tasks and position tables",
    "train": "how training went",
    "eval": "how scores were made",
    "seed": "what another seed changes",
    "probe": "behaviour under a declared change of the input",
    "claim": "what was claimed, against what the study can show",
    "report": "what is stated of a run, against what has an effect on it",
}
"""What each family is about, in the order of the documentation."""
_CODE = re.compile(rf"(?<![\w./-])({CODE_PATTERN.pattern})(?![\w/-]|\.\w)")


def split_at_codes(text: str) -> list[str]:
    """The text in pieces: each second one is a word of the form of a code."""
    return _CODE.split(text)


def name_subject(needs: Needs) -> str:
    """Where a further check of a code looks."""
    return "given predictions" if needs == "claims" else "models"


@functools.cache
def checks_of_codes() -> Mapping[str, tuple[Check, ...]]:
    """{code: its checks}, family by family. A code that is looked for in data and in models has a check for each."""
    found: dict[str, tuple[Check, ...]] = {}
    for needs in NEEDS:
        for code, check in find_checks(needs).items():
            found[code] = (*found.get(code, ()), check)
    families = list(FAMILIES)
    return MappingProxyType(dict(sorted(found.items(), key=lambda one: families.index(family_of(one[0])))))


def is_ours(code: str) -> bool:
    """Whether one of our checks has this code. Kinds of checks are loaded one after the other, those of data first."""
    return any(code in find_checks(needs) for needs in NEEDS)


def keep_ours(codes: Iterable[str]) -> list[str]:
    """The codes that have a page, each once: those of our checks, and none of others."""
    return [code for code in dict.fromkeys(codes) if is_ours(code)]


def join_pages(checks: Sequence[Check]) -> str:
    """The page of a code in Markdown. Its first line says in a sentence what the code stands for."""
    first, *others = checks
    return "\n\n".join([first.page, *(f"*In {name_subject(one.needs)}.* {one.page}" for one in others)])


def pages_of_codes() -> dict[str, str]:
    """{code: its page in Markdown}, family by family."""
    return {code: join_pages(checks) for code, checks in checks_of_codes().items()}
