"""What a check of data is: a function that measures, and says what it saw at each place."""

import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import FEWEST_ROWS, too_few
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Check, CheckRule, Observed, Rows, declare_check
from brittlestar.core.commands import Advice
from brittlestar.core.findings import Severity, choose_status

NOTHING: Mapping[str, Any] = {}


def observe(
    sentence: str,
    severity: Severity | None = None,
    where: Mapping[str, str] = NOTHING,
    evidence: Mapping[str, Any] = NOTHING,
    remedy: str | Advice | None = None,
    lacking: str | None = None,
    rows: int | None = None,
) -> Observed:
    """What is seen of an effect: present with the `severity` that it has beyond the threshold, absent without.

    `lacking`, where it is not None, says what is missing to tell (may be empty where the sentence says that). `rows`
    were looked at, where an effect below the threshold means nothing in fewer than 50.
    """
    sentence = sentence.removesuffix(".")
    if lacking is None and severity is None and rows is not None and rows < FEWEST_ROWS:
        lacking = too_few(rows)
    if lacking is not None:
        said = f"{sentence}; {lacking}" if lacking else sentence
        return Observed("inconclusive", said, evidence, where=where)
    status = choose_status(severity is not None)
    return Observed(status, sentence, evidence, severity=severity, where=where, remedy=remedy or None)


def unknown(
    sentence: str, where: Mapping[str, str] = NOTHING, evidence: Mapping[str, Any] = NOTHING, lacking: str = ""
) -> Observed:
    """What is seen where it cannot be told; `sentence` or `lacking` says what is missing."""
    return observe(sentence, None, where, evidence, lacking=lacking)


Measure = Callable[[Analysis], Iterable[Observed]]


def data_check(
    code: str,
    threshold: str,
    remedy: str | Advice = "",
    *,
    rows: Rows = "all",
    softens: bool = False,
    reads_labels: bool = True,
    explained_by: Sequence[str] = (),
) -> Callable[[Measure], Check]:
    """Declare the function below as the check of a code; its docstring is the page, which gets the threshold and the
    remedy where it says nothing of them. `rows`, `reads_labels` and `explained_by` as in `Check`, `threshold`, `remedy`
    and `softens` as in `CheckRule`."""

    def declare(measure: Measure) -> Check:
        measure.__doc__ = _fill_page(inspect.getdoc(measure) or "", threshold, str(remedy))
        rule = CheckRule(code=code, threshold=threshold, remedy=remedy, softens=softens)
        return declare_check(rule, measure, measure, rows=rows, reads_labels=reads_labels, explained_by=explained_by)

    return declare


def _fill_page(page: str, threshold: str, remedy: str) -> str:
    parts = page.split("\n\n")
    at = next((k for k, part in enumerate(parts) if part.startswith("**What it cannot see.**")), None)
    if at is not None and "**Thresholds.**" not in page:
        parts.insert(at, textwrap.fill(f"**Thresholds.** {threshold}", 116))
    if remedy and "**What to do.**" not in page:
        parts.append(textwrap.fill(f"**What to do.** {remedy}", 116))
    return "\n\n".join(parts)


NO_OTHER_SPLIT = "There is no split besides train to compare with it"


def compare_with_train(dataset: AuditDataset, examine: Callable[[BaselineRows], Observed]) -> Iterator[Observed]:
    """One result for each split besides train."""
    if not dataset.evaluations:
        yield Observed("not-applicable", NO_OTHER_SPLIT)
    yield from map(examine, dataset.evaluations)
