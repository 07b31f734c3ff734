"""`selftest`: error rates of verdicts, measured here and now."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from brittlestar.core.errors import InputError
from brittlestar.verbs.guarding import say_json
from brittlestar.verdicts.calibration import FULL, REDUCED, Entry, calibrate


def selftest(*, reduced: bool = False) -> tuple[Entry, ...]:
    """Every entry of the calibration suite, with 2,000 simulated studies each, or 400."""
    return tuple(calibrate(REDUCED if reduced else FULL))


def selftest_with_console(*, statistics: bool, reduced: bool, json_: bool, quiet: bool) -> int:
    """Measure and print; returns 1 where an entry fails. Raises InputError where nothing is asked for."""
    if not statistics:
        raise InputError("nothing to test is named", "selftest", "brittlestar selftest --statistics")
    entries = selftest(reduced=reduced)
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
