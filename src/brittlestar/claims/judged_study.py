"""What checks of claims read: a study with the verdicts on its claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.standing import Standing
from brittlestar.core.results import StudyRecord
from brittlestar.study.claims import UNSEEN
from brittlestar.study.sides import splits_of


@dataclass(frozen=True)
class JudgedStudy:
    """A study and its verdicts. `comparisons[variant]` is that of its runs with the best trivial baseline; `stated` is
    where a stated score stands among the runs, None where nobody states one."""

    record: StudyRecord
    verdicts: Sequence[Judgement]
    comparisons: Mapping[str, Judgement]
    stated: Standing | None = None

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The verdicts on claims whose splits are all there."""
        return tuple(one for one in self.verdicts if _splits(one) <= self.record.splits.keys())


def _splits(one: Judgement) -> set[str]:
    named = one.claim.split, *splits_of(one.claim.arm, one.claim.other)
    return {split.removesuffix(UNSEEN) for split in named}
