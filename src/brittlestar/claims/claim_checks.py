"""Every check that needs verdicts, by the code it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from brittlestar.claims import claim_easy_benchmark, claim_selected, claim_underpowered, claim_untuned
from brittlestar.claims.judgement import Judgement
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.study.claims import UNSEEN
from brittlestar.study.sides import splits_of

Check = Callable[[StudyRecord, Sequence[Judgement]], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    claim_underpowered.CODE: claim_underpowered.check,
    claim_easy_benchmark.CODE: claim_easy_benchmark.check,
    claim_selected.CODE: claim_selected.check,
    claim_untuned.CODE: claim_untuned.check,
}
"""{code: check}. A check's docstring is the documentation page of its code."""


def of_claims(record: StudyRecord, judgements: Sequence[Judgement]) -> tuple[Finding, ...]:
    """All findings about the claims of a study; none where it has none, and none of a claim whose split is still to
    come."""
    if not record.claims:
        return ()
    here = [one for one in judgements if _splits(one) <= record.splits.keys()]
    return tuple(finding for check in CHECKS.values() for finding in check(record, here))


def _splits(one: Judgement) -> set[str]:
    named = one.claim.split, *splits_of(one.claim.arm, one.claim.other)
    return {split.removesuffix(UNSEEN) for split in named}
