"""`explain`: what the code of a finding means, how it is decided, and what to do about it."""

from collections.abc import Sequence

from brittlestar.core.checks import Check, choose_codes, family_of
from brittlestar.core.code_pages import checks_of_codes
from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest
from brittlestar.reports.explanation import Explanation as Explanation

MOST_NEAR = 3
"""Codes that are named for one that does not exist (convention)."""
OTHERWISE = "`brittlestar explain` lists the families; a check of your own is named with --check PACKAGE.MODULE:NAME"


def explain(code: str = "", *, checks: Sequence[Check] = ()) -> Explanation:
    """Explain a finding and how to fix it.

    Needs neither data nor a network: the text is that of the documentation.

    Args:
        code ([CODE|FAMILY]): A code, such as leak.exact; a family, such as leak, lists its codes. Without either all
            families are listed.
        checks (--check PACKAGE.MODULE:NAME…): A check of your own, whose docstring is its page. Repeatable. In Python
            the checks themselves.

    Returns:
        The page of the code, or the codes of a family, or all; shown as text it is that page, or a line each.

    Raises:
        InputError: There is no such code or family.

    Command:
        Prints what the code stands for, what that means, how it is decided, from which threshold on, what the check
        cannot see, and what to do. --quiet prints the first sentence.

        Examples:
          brittlestar explain leak.exact
          brittlestar explain leak
          brittlestar explain house.stutter --check own_checks:STUTTER

        Exit codes: 0 done; 2 there is no such code.

    Example:
        >>> from brittlestar import explain
        >>> explain("leak.exact").document["codes"][0]["summary"]
        'Evaluation rows whose token sequence is in train more often than chance allows.'
    """
    known = {**checks_of_codes(), **{check.code: (check,) for check in checks}}
    chosen, unknown = choose_codes([code] if code else [], known)
    if unknown:
        near = suggest(code, sorted({*known, *map(family_of, known)}), MOST_NEAR)
        raise InputError(f"there is no code {code!r}", "", near or OTHERWISE)
    return Explanation(code, {one: checks for one, checks in known.items() if one in chosen})
