"""What stands on one side of a claim: a variant, a variant on another split, a difference of two, or several to choose
from.

`VARIANT`; `VARIANT@SPLIT`; `VARIANT - VARIANT`, what one variant has more than another; `VARIANT or VARIANT or
VARIANT`, at least one of them. A name of letters (of any script), digits, `.`, `_` and `-` stands as it is; any other
name, such as one with spaces, stands between double quotes, written like a text of JSON: `"my model"`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

SPLIT_MARK = "@"
LESS = " - "
OR = " or "
QUOTED = r'"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+"'
PLAIN = r"[^\W_][\w.-]*"
PLAIN_SPLIT = r'[^\s@"]+'
NAME = rf"(?:{QUOTED}|{PLAIN})(?:@(?:{QUOTED}|{PLAIN_SPLIT}))?"
_TERM = rf"{NAME}(?:\s+-\s+{NAME})?"
SIDE = rf"{_TERM}(?:\s+or\s+{_TERM})*"


def quote_name(name: str, plain: str = PLAIN) -> str:
    """The name as a claim has it: as it is where it matches `plain`, else between double quotes."""
    return name if re.fullmatch(plain, name) else json.dumps(name, ensure_ascii=False)


def read_name(text: str) -> str:
    """The name that stands in a claim, without its quotes."""
    return json.loads(text, strict=False) if text.startswith('"') else text


PLAIN_PART = r'[^\s\[\]":]+'


def write_metric(name: str) -> str:
    """The name of a metric as a claim has it: `f1:"not spam"` where its class needs quotes."""
    kind, colon, part = name.partition(":")
    return f"{kind}{colon}{quote_name(part, PLAIN_PART)}" if colon else name


def read_metric(text: str) -> str:
    """The name of a metric that stands in a claim, without quotes."""
    kind, colon, part = text.partition(":")
    return f"{kind}{colon}{read_name(part)}"


def _cut_side(side: str, mark: str) -> list[str]:
    """A side cut at every mark that is in no quotes."""
    found, start = [], 0
    for match in re.finditer(f"{QUOTED}|{mark}", side):
        if match[0] == mark:
            found.append(side[start : match.start()])
            start = match.end()
    return [*found, side[start:]]


@dataclass(frozen=True)
class Term:
    """A variant that is added (`sign` 1) or taken away (-1), on a split of its own, or on the claim's where `split` is
    empty."""

    sign: int
    variant: str
    split: str

    @property
    def label(self) -> str:
        """As it is written: VARIANT or VARIANT@SPLIT."""
        variant = quote_name(self.variant)
        return f"{variant}{SPLIT_MARK}{quote_name(self.split, PLAIN_SPLIT)}" if self.split else variant


def with_names(side: str, names: Mapping[str, str]) -> str:
    """A side with other names for some of its variants, single spaces, and quotes only around names that need them."""
    single = re.sub(rf"({QUOTED})|\s+", lambda match: match[1] or " ", side.strip())

    def rename_term(term: Term) -> str:
        return Term(1, names.get(term.variant, term.variant), term.split).label

    return OR.join(LESS.join(map(rename_term, terms(alternative))) for alternative in alternatives(single))


def alternatives(side: str) -> tuple[str, ...]:
    """The sides that a side offers to choose from, itself alone where it is one."""
    return tuple(_cut_side(side, OR))


def terms(side: str) -> tuple[Term, ...]:
    """The variants that one alternative is made of."""
    found: list[Term] = []
    for place, name in enumerate(_cut_side(side, LESS)):
        variant, *split = _cut_side(name, SPLIT_MARK)
        found.append(Term(-1 if place else 1, read_name(variant), read_name(split[0]) if split else ""))
    return tuple(found)


def all_terms(*sides: str) -> tuple[Term, ...]:
    """Every variant that sides name, in their order; the sign is that within its side."""
    return tuple(term for side in sides for alternative in alternatives(side) for term in terms(alternative))


def splits_of(*sides: str) -> tuple[str, ...]:
    """Splits that sides name, each once."""
    return tuple(dict.fromkeys(term.split for term in all_terms(*sides) if term.split))


def arms_of(*sides: str) -> tuple[str, ...]:
    """Variants that sides name, each once."""
    return tuple(dict.fromkeys(term.variant for term in all_terms(*sides)))
