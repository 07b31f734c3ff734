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
    """Error rates of verdicts. `statistics`: every entry of the calibration suite, with 2,000 simulated studies each,
    or 400 where `reduced`. `trainings`: 200 studies of small models that are trained here and now, or 20: how often an
    variant is told apart from itself."""
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
