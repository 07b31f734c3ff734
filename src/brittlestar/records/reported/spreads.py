"""What stands behind a mean: `84.2 ± 0.1`, `84.2 (0.1)`, `84.2 (SD 0.1)`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.records.reported.values import LONGEST, Number, read_number

SD, ERROR, HALF = "SD", "standard error", "half of the 95 % interval"
KINDS: Mapping[str, str] = {
    SD: r"\b(?:sd|std|stdev|standard[ _]deviation)\b",
    ERROR: r"\b(?:se|sem|standard[ _]error)\b",
    HALF: r"\bci\b|interval",
}
"""What a spread may be, and the words that say so. One that nobody names may be any."""
PERCENT = re.compile(r"\\?%|\bper ?cent\b|\bpct\b")
_BEHIND = re.compile(r"±(?P<plus>[^±()]+)(?:\((?P<of>[^()]*)\))?|\((?P<bracket>[^±()]+)\)")
_PART = re.compile(r"(?P<before>[^\d.,]*)(?P<number>[\d.,]+)(?P<after>\D*(?:\d+ (?:seeds|runs))?)")


@dataclass(frozen=True)
class Spread:
    """A spread as stated, and what it is said to be: one of KINDS, any where nothing is said."""

    text: str
    number: Number
    kinds: tuple[str, ...]


def read_score(text: str) -> tuple[Number, Spread | str | None] | None:
    """The mean that a text states, and what stands behind it, both without `%`: the spread, or in its own words what is
    none. None where the text states no mean."""
    if len(text) > LONGEST:
        return None
    signed = re.sub(r"\\pm|\+ ?/ ?[-−]|\+[-−]", "±", PERCENT.sub(" ", text))
    plain = re.sub(r"\*\*|[$~]|[_^]?\{|\}|\\[,;! ]|(?<=\d)[*†‡§]+", " ", signed).strip()
    plain = re.sub(r"^\((.*±[^()]*)\)|\( *(±[^()]*)\)", r"\1\2", plain)
    first, rest = re.fullmatch(r"([^±(\[]*)(.*)", plain, re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]
    mean, found = read_number(first), _BEHIND.fullmatch(rest)
    if mean is None:
        return None
    spread = None if found is None else read_spread(found["plus"] or found["bracket"], found["of"] or "")
    return mean, spread or rest or None


def read_spread(text: str, words: str = "") -> Spread | None:
    """A spread alone, with the `words` that stand elsewhere; None where it is something else: `5 seeds`."""
    found = _PART.fullmatch(PERCENT.sub(" ", text).strip())
    number = None if found is None else read_number(found["number"])
    if found is None or number is None:
        return None
    said = re.sub(r"\b(?:points|pts|pp)\b|[=:]", " ", f"{found['before']} {found['after']} {words}".lower()).strip()
    kinds = tuple(kind for kind, pattern in KINDS.items() if re.search(pattern, said)) if said else tuple(KINDS)
    return Spread(f"± {found['number'].strip()}", number, kinds) if kinds else None


def list_spreads(found: ScoreEstimate) -> dict[str, tuple[float, ...]]:
    """What the spread of some runs is, by kind: the SD with n − 1 first, and with n; none of one run."""
    n = found.n_seeds
    if n < 2:
        return {}
    squares = sum((one - found.mean) ** 2 for one in found.by_seed)
    sd = (squares / (n - 1)) ** 0.5
    half = {} if found.interval is None else {HALF: ((found.interval[1] - found.interval[0]) / 2,)}
    return {SD: (sd, (squares / n) ** 0.5), ERROR: (sd / n**0.5,), **half}
