"""What a check of data is: a function that measures. `decide` makes the findings of what it measured, and nothing else
does."""

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import FEWEST_ROWS, too_few
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Check, Rows
from brittlestar.core.commands import Advice
from brittlestar.core.findings import Finding, Severity
from brittlestar.core.splits import is_shifted, is_unlabelled

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class DataResult:
    """What a check measured at one place.

    `sentence` says it with its numbers, and needs no full stop. `severity` is that of an effect beyond the threshold,
    None below it. `lacking`, where it is not None, says what is missing to tell (may be empty where the sentence says
    that). `rows` were looked at, where an effect below the threshold means nothing in fewer than 50. `evidence["p"]` is
    the p-value of the effect, before correction. `remedy` takes the place of the rule's.
    """

    sentence: str
    severity: Severity | None = None
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    remedy: str | Advice = ""
    lacking: str | None = None
    rows: int | None = None


def unknown(
    sentence: str, where: Mapping[str, str] = NOTHING, evidence: Mapping[str, Any] = NOTHING, lacking: str = ""
) -> DataResult:
    """The result where it cannot be told; `sentence` or `lacking` says what is missing."""
    return DataResult(sentence, None, where, evidence, "", lacking)


@dataclass(frozen=True)
class CheckRule:
    """The `code` of a check, its `threshold` in words, the usual `remedy` of what is present, and whether it `softens`:
    what it finds in a split that was declared as shifted is information."""

    code: str
    threshold: str
    remedy: str | Advice = ""
    softens: bool = False


def decide(rule: CheckRule, result: DataResult) -> Finding:
    """The finding that a result is: status, severity and sentence."""
    sentence, lacking, severity = result.sentence.removesuffix("."), result.lacking, result.severity
    if lacking is None and severity is None and result.rows is not None and result.rows < FEWEST_ROWS:
        lacking = too_few(result.rows)
    split = result.where.get("split", "")
    if severity is not None and rule.softens and (is_shifted(split) or is_unlabelled(split)):
        severity = "info"
    status = "inconclusive" if lacking is not None else "absent" if severity is None else "present"
    summary = f"{sentence}; {lacking}." if lacking else f"{sentence}."
    remedy = (result.remedy or rule.remedy) if status == "present" else ""
    evidence = dict(result.evidence)
    return Finding(rule.code, status, summary, rule.threshold, severity, dict(result.where), evidence, remedy)


Measure = Callable[[Analysis], Iterable[DataResult]]


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
        @functools.wraps(measure)
        def function(analysis: Analysis) -> list[Finding]:
            rule = CheckRule(code, threshold, remedy, softens)
            return [decide(rule, result) for result in measure(analysis)]

        function.__doc__ = _fill_page(inspect.getdoc(measure) or "", threshold, str(remedy))
        return Check(code, function, "data", rows, reads_labels, explained_by)

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


def compare_with_train(dataset: AuditDataset, examine: Callable[[BaselineRows], DataResult]) -> Iterator[DataResult]:
    """One result for each split besides train."""
    if not dataset.evaluations:
        yield unknown(NO_OTHER_SPLIT)
    yield from map(examine, dataset.evaluations)
