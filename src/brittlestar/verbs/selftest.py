"""`selftest`: error rates of verdicts, measured here and now."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from brittlestar.core.errors import InputError
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.same_arm import STUDIES, same_arm
from brittlestar.verdicts.calibration import FULL, REDUCED, Entry, calibrate

FEW = 20


def selftest(*, statistics: bool = True, trainings: bool = False, reduced: bool = False) -> tuple[Entry, ...]:
    """Measure how often verdicts err, on studies whose truth is known.

    Args:
        statistics: Every entry of the calibration suite, on simulated studies.
        trainings: Studies of small models that are trained here and now: how often a variant is found to differ from
            itself.
        reduced: 400 simulated studies an entry in place of 2,000, and 20 trained studies in place of 200.

    Returns:
        Entries with a rate in [0, 1], the bounds that a sound method keeps, and whether the rate is as it should be.
        Entries of bad methods (`control`) have to lie outside.

    Example:
        >>> from brittlestar import selftest
        >>> entries = selftest(reduced=True)
        >>> all(0 <= one.rate <= 1 for one in entries), any(one.control for one in entries)
        (True, True)
    """
    simulated = tuple(calibrate(REDUCED if reduced else FULL)) if statistics else ()
    return simulated + ((same_arm(FEW if reduced else STUDIES),) if trainings else ())


def selftest_with_console(*, statistics: bool, trainings: bool, reduced: bool, json_: bool, quiet: bool) -> int:
    """Measure and print; returns 1 where an entry fails. Raises InputError where nothing is asked for."""
    if not statistics and not trainings:
        what = "brittlestar selftest --statistics, or --trainings"
        raise InputError("nothing to test is named", "selftest", what)
    entries = selftest(statistics=statistics, trainings=trainings, reduced=reduced)
    passed = all(one.passed for one in entries)
    if json_:
        say_json({"statistics": [one.as_json() for one in entries], "passed": passed})
    elif not quiet:
        console = Console(highlight=False, markup=False, emoji=False)
        for one in entries:
            mark = ("ok  ", "green") if one.passed else ("FAIL", "bold red")
            bounds = f"{one.low:.3f} to {one.high:.3f}" + (" is for sound methods" if one.control else "")
            console.print(Text.assemble(mark, f"  {one.name:62} {one.rate:.3f}  ({bounds})"))
        console.print(Text(f"{sum(one.passed for one in entries)} of {len(entries)} entries as they should be"))
    return 0 if passed else 1
