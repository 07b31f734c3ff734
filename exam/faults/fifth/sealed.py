"""The fifth set: subjects, faults and doses of its own, whose contents are fixed by one hash.

`python -m exam.faults.fifth.sealed` makes all of its cases, which takes a minute, and holds them against it.
"""

from __future__ import annotations

from exam.faults.fifth import FAULTS, SUBJECTS
from exam.sealing import SealedSet

FIFTH = SealedSet(
    "fifth",
    "fifth",
    FAULTS,
    SUBJECTS,
    rows=(300, 3_000),
    sealed="c61e7f851a05edd876bfd2436daa1b3725f3d619f044ece79c23db382790ea6c",
    cases=3,
)

if __name__ == "__main__":
    print(f"the cases of the fifth set are those that were sealed: {FIFTH.check()}")
