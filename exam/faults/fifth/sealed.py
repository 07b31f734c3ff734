"""The fifth set: subjects, faults and doses of its own, whose contents are fixed by hashes (`sealed.json`)."""

from __future__ import annotations

from pathlib import Path

from exam.faults.fifth import FAULTS, SUBJECTS
from exam.sealing import SealedSet

FIFTH = SealedSet(
    "fifth", "fifth", FAULTS, SUBJECTS, Path(__file__).with_name("sealed.json"), rows=(300, 3_000), cases=3
)

if __name__ == "__main__":
    FIFTH.seal()
