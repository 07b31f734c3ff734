"""A record that is gated: it must verify, and then its study is asked what any other is asked."""

from __future__ import annotations

import shlex
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from brittlestar.core.gating import Outcome, Requirement
from brittlestar.execution.jobs import Watcher
from brittlestar.records.outcomes import Outcome as Verified
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.reports.headline_text import fill_headline
from brittlestar.verbs.gated import Gated
from brittlestar.verbs.opened_study import open_study
from brittlestar.verbs.verify import verify

NAME = "record"
_OUTCOMES: dict[Verified, Outcome] = {
    "identical": "pass", "equivalent": "pass", "differs": "fail", "cannot-tell": "cannot-say",
}  # fmt: skip


def decide_record(place: Path, root: str | None, watcher: Watcher) -> Requirement:
    """Whether a record is what was sealed (with this root hash, where one is given), and follows from itself. Raises
    InputError where it cannot be a record."""
    found = verify(place, root=root, watcher=watcher)
    wrong = [one for one in found.checked if one.outcome == found.outcome and one.details]
    command = f"brittlestar verify {shlex.quote(str(place))}{'' if root is None else f' --root {shlex.quote(root)}'}"
    if not wrong:
        return Requirement(NAME, _OUTCOMES[found.outcome], "it is what was sealed, and follows from itself.")
    others = sum(len(one.details) for one in wrong) - 1
    more = f" (and {others} more)" if others else ""
    sentence = f"{wrong[0].what}: {wrong[0].details[0]}{more}."
    return Requirement(NAME, _OUTCOMES[found.outcome], sentence, command)


@contextmanager
def examine_record(place: Path) -> Generator[Gated]:
    """What is known of the study in a record, for as long as this lasts; nothing of it is run."""
    with open_study(place) as opened:
        assessment, named = opened.assessment, shlex.quote(str(place))
        headline = fill_headline(assessment.headline, named)
        findings = fill_remedies(assessment.reading.findings, named)
        yield Gated(headline, findings, opened.record, opened.answers)
