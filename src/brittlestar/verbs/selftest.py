"""`selftest`: error rates of verdicts, measured here and now."""

from __future__ import annotations

from brittlestar.claims.calibration import FULL, REDUCED, Entry, calibrate
from brittlestar.verbs.same_arm import STUDIES, same_arm

FEW = 20


def selftest(*, statistics: bool = True, trainings: bool = False, reduced: bool = False) -> tuple[Entry, ...]:
    """Measure how often verdicts err, on studies whose truth is known.

    Args:
        statistics: Every entry of the calibration suite, on simulated studies.
        trainings: Studies of small models that are trained here and now: how often a variant is found to differ from
            itself.
        reduced: 400 simulated studies an entry in place of 2,000, and 20 trained studies in place of 200.

    Returns:
        Entries with what was measured (an error rate or a coverage in [0, 1], or the number that its name says), the
        bounds that a sound method keeps, and whether they hold. Bad methods (`control`) have to lie outside.

    Example:
        >>> from brittlestar import selftest
        >>> entries = selftest(reduced=True)
        >>> any(one.control for one in entries), {type(one.passed) for one in entries}
        (True, {<class 'bool'>})
    """
    simulated = tuple(calibrate(REDUCED if reduced else FULL)) if statistics else ()
    return simulated + ((same_arm(FEW if reduced else STUDIES),) if trainings else ())
