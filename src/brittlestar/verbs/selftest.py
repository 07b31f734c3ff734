"""`selftest`: error rates of verdicts, measured here and now."""

from __future__ import annotations

from brittlestar.verbs.same_arm import STUDIES, same_arm
from brittlestar.verdicts.calibration import FULL, REDUCED, Entry, calibrate

FEW = 20


def selftest(*, statistics: bool = True, trainings: bool = False, reduced: bool = False) -> tuple[Entry, ...]:
    """Error rates of verdicts. `statistics`: every entry of the calibration suite, with 2,000 simulated studies each,
    or 400 where `reduced`. `trainings`: 200 studies of small models that are trained here and now, or 20: how often a
    variant is found to differ from itself."""
    simulated = tuple(calibrate(REDUCED if reduced else FULL)) if statistics else ()
    return simulated + ((same_arm(FEW if reduced else STUDIES),) if trainings else ())
