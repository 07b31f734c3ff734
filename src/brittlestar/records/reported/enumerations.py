"""Sentences that name several settings, and then their values: each name beside its own, of `A and B are 1 and 2`."""

from __future__ import annotations

import re

from brittlestar.records.reported.aliases import LONGEST, find_paths

_N = (
    r"(?:[-−]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-−+]?\d+)?(?:\s*(?:[×x·]|\\times|\\cdot)\s*10\s*\^?\{?[-−]?\d+\}?)?\s?(?:\\?%)?|"
    r"10\^?\{?[-−]\d+\}?)"
)
_AND = r"\s*(?:,\s*(?:and\s+)?|\s+and\s+|/\s*)"
_SEVERAL = re.compile(
    r"\s*(?:\b(?:are|were|is|was|of|to|at)|=|:)(?: all)?(?: (?:set|equal|fixed))?(?: (?:to|at))?:?\s*"
    rf"(?P<values>{_N}(?:{_AND}{_N})+)(?P<end>,?\s*respectively|(?=\s*(?:[.;,)]|$)))"
)
_ALL = re.compile(rf"\s+(?:are|were) (?:all |both |each )(?:set |fixed |equal )?(?:to |at )?(?P<value>{_N})")
_AS = re.compile(
    rf"(?P<value>{_N}) (?:was used |is used |were used )?(?:as|for) (?:the |"
    rf"a )?(?P<name>[A-Za-z][A-Za-z -]*?)(?=,|\.|;| and\b|$)"
)


def pair_values(sentence: str) -> str:
    """A sentence in which every value follows its own name, where names or values are enumerated before the others."""
    for pattern in (_SEVERAL, _ALL):
        for found in reversed([*pattern.finditer(sentence)]):
            values = re.findall(_N, found["values"]) if pattern is _SEVERAL else [found["value"]]
            begun = max(found.start() - LONGEST, 0)
            before = re.split(r"[.;:(]", sentence[begun : found.start()])[-1]
            names = _split_names(before)
            if pattern is _ALL:
                names = [one for one in names if _is_known(one)]
                values *= len(names)
            names = names[-len(values) :] if values else []
            if len(names) < 2 or len(names) < len(values) or not all(_is_known(one) for one in names):
                continue
            pairs = ", ".join(f"{name} is {value.strip()}" for name, value in zip(names, values, strict=True))
            start = found.start() - len(before) + before.rindex(names[0]) if names[0] in before else found.start()
            sentence = f"{sentence[:start]}{' ' if start == found.start() else ''}{pairs}{sentence[found.end() :]}"
    return _AS.sub(_turn, sentence)


def _turn(found: re.Match[str]) -> str:
    return f"{found['name']} is {found['value'].strip()}" if _is_known(found["name"]) else found[0]


def _split_names(names: str) -> list[str]:
    """The names of an enumeration; what stands before the first one is left out."""
    parts = [
        re.sub(r"^(?:an? |the )", "", one.strip(), flags=re.IGNORECASE)
        for one in re.split(r",\s*(?:and\s+)?|\s+and\s+|\s*/\s*", names)
    ]
    words = parts[0].split()
    first = next(
        (" ".join(words[place:]) for place in range(len(words)) if _is_known(" ".join(words[place:]))), parts[0]
    )
    last = (parts[-1].split() or [""])[-1]
    return [one if _is_known(one) or not _is_known(f"{one} {last}") else f"{one} {last}" for one in (first, *parts[1:])]


def _is_known(name: str) -> bool:
    return len(find_paths(name)) == 1


def pair_cells(name: str, value: str) -> list[tuple[str, str]]:
    """Names with their values, where two cells hold several of both: `lr / weight decay`, `3e-3 / 0.01`."""
    if len(name) > LONGEST or len(value) > LONGEST:
        return []
    for mark in (r"\s*<br\s*/?>\s*", r"\s*[/&,;|]\s*", r"\s+and\s+"):
        values, names = re.split(mark, value), re.split(mark, name.strip())
        if len(values) > 1 and len(names) == len(values):
            last = names[-1].split()[-1:]
            whole = [" ".join([one, *last]) for one in names[:-1]]  # embedding / hidden size
            short = [one for one in names[:-1] if " " not in one and last[-1:] in (["size"], ["dim"], ["dropout"])]
            names = [
                long if one in short and _is_known(long) else one for one, long in zip(names, [*whole, ""], strict=True)
            ]
            if all(_is_known(one) for one in names):
                return [*zip(names, values, strict=True)]
    return []
