"""What a check is, whatever it reads, and how checks are run so that one that fails hides nothing else."""

import inspect
import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from brittlestar.core.commands import Advice
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding, Severity, Status, Way
from brittlestar.core.splits import is_shifted, is_unlabelled

Needs = Literal["data", "record", "answers", "probes", "claims"]
Rows = Literal["all", "sample"]

CODE_PATTERN = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Role:
    """What a finding about a variant says of its score, beside others about that variant.

    A `cause` is a `broken` way from the variant to its scores; a `shaky` one, where answers depend on what must not
    matter (broken, too, where nothing else is known); or what was seen to keep a model from learning, which is left
    `untaught`. `place` is its place among causes of its kind, the surest first, in tens, so that others fit between;
    `mild` its place among those that are a cause in a model that fails even as information (0: none).
    A `symptom` says that something is wrong, and not why: that a score is `low`, or `other`.
    It follows `always` where there is a cause; from `any-failure`, a broken or shaky way, or a variant that failed
    otherwise; from a `failure` of a variant that was not taught; or from what keeps it `untaught`, failed or not. What
    is untaught itself follows from a failure, too. `explains` are codes, and beginnings of codes, that follow from it
    in particular. `effect` is the way in which its points are known: that of its family, or `none`.
    """

    cause: Literal["broken", "shaky", "untaught"] | None = None
    place: int = 0
    mild: int = 0
    symptom: Literal["low", "other"] | None = None
    follows: Literal["always", "any-failure", "failure", "untaught"] | None = None
    explains: tuple[str, ...] = ()
    effect: Way | Literal["family", "none"] = "family"


NONE = Role()


@dataclass(frozen=True)
class Observed:
    """What a check saw at one place, whatever it reads: a finding without its code and rule.

    `sentence` says it with its numbers, and needs no full stop. `evidence` holds JSON values; `evidence["p"]` of data
    is the p-value of the effect, before correction. `split` is the one that it speaks of, and `where` what else it is
    about. `severity` and `remedy` of what is present, and `threshold`, are those of the rule, unless they are given.
    """

    status: Status
    sentence: str
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    _: KW_ONLY
    severity: Severity | None = None
    remedy: str | Advice | None = None
    split: str | None = None
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    threshold: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckRule:
    """The `code` of a check, its `threshold` in words, the usual `severity` and `remedy` of what is present, and
    whether it `softens`: what it finds in a split that was declared as shifted is information."""

    code: str
    threshold: str
    severity: Severity = "warning"
    remedy: str | Advice = ""
    softens: bool = False


def decide(rule: CheckRule, seen: Observed) -> Finding:
    """The finding that something observed is. Nothing else makes one."""
    where = {**({} if seen.split is None else {"split": seen.split}), **seen.where}
    present, split = seen.status == "present", where.get("split", "")
    severity = (seen.severity or rule.severity) if present else None
    if present and rule.softens and (is_shifted(split) or is_unlabelled(split)):
        severity = "info"
    usual = rule.remedy if present else ""
    remedy = "" if seen.status in ("absent", "not-applicable") else usual if seen.remedy is None else seen.remedy
    summary, threshold = f"{seen.sentence.removesuffix('.')}.", seen.threshold or rule.threshold
    return Finding(rule.code, seen.status, summary, threshold, severity, where, dict(seen.evidence), remedy)


@dataclass(frozen=True)
class Check:
    """One check: `function(subject)` yields findings with this `code`; its docstring is the page of the code.

    `needs` says what the subject is: `data` an `audits.analysis.Analysis`, `record` a `StudyRecord`, `answers` a
    `core.answers.AnsweredStudy`, `probes` a `diagnosis.probes.suite_tests.SuiteTests`, `claims` a
    `claims.claim_findings.JudgedStudy`. A check changes nothing and draws randomness only from
    `core.seeds.generator(0, code, …)`. `absent` says what was looked at, `inconclusive` what is missing to tell, and
    `not-applicable` what there is none of to look at. A check of data yields at least one finding; the others one for
    each thing that they are about, which may be none. A finding of data that rests on a test against chance has the
    p-value before correction under `evidence["p"]`; its `status` is decided by the effect alone, because the audit
    corrects all p-values together and takes back what chance explains.

    `rows` says what a check of data sees of a split with more than 20 million tokens: `all` of it, or a `sample`, which
    every finding then tells under `evidence["drawn"]`. One that does not read labels looks at rows without labels, too.
    `explained_by` are codes of data that say why, where they are present in the same split. `role` is that of
    the findings of one of ours about a variant.
    """

    code: str
    function: Callable[[Any], Iterable[Finding]]
    needs: Needs = "data"
    rows: Rows = "all"
    reads_labels: bool = True
    explained_by: Sequence[str] = ()
    role: Role = NONE

    def __post_init__(self) -> None:
        problems: list[str] = []
        if not CODE_PATTERN.fullmatch(str(self.code)):
            problems.append("its code is not `family.name` in lower case")
        if self.needs not in get_args(Needs):
            problems.append(f"it needs {self.needs!r}, which is none of {', '.join(get_args(Needs))}")
        if self.rows not in get_args(Rows):
            problems.append(f"it sees {self.rows!r} of the rows, which is none of {', '.join(get_args(Rows))}")
        if not callable(self.function):
            problems.append("its function cannot be called")
        else:
            if not self.page:
                problems.append("its function has no docstring, which would be its page in the documentation")
            if _count_arguments(self.function) != 1:
                problems.append("its function does not take exactly one argument, what it reads")
        if problems:
            hint = "a check is a code and a function of what it reads that yields findings, with a docstring"
            raise InputError(f"this is no check: {'; '.join(problems)}", f"Check({self.code!r})", hint)

    @property
    def page(self) -> str:
        """The page of its code in the documentation: the docstring of its function."""
        return (inspect.getdoc(self.function) or "").strip()


def declare_check(
    rule: CheckRule, observe: Callable[[Any], Iterable[Observed]], written: Callable[..., Any], **fields: Any
) -> Check:
    """The check that decides on what is observed of a subject; `written` is the function that its author wrote, whose
    docstring is the page. `fields` are those of `Check`."""

    def function(subject: Any) -> list[Finding]:
        return [decide(rule, seen) for seen in observe(subject)]

    function.__doc__, function.__module__ = written.__doc__, written.__module__
    return Check(rule.code, function, **fields)


def read_remedy(page: str | None) -> str:
    """The last part of the page of a code: what to do."""
    return " ".join((page or "").partition("**What to do.**")[2].split())


def family_of(code: str) -> str:
    """`leak` of `leak.exact`."""
    return code.partition(".")[0]


def choose_codes(names: Sequence[str], codes: Iterable[str]) -> tuple[set[str], list[str]]:
    """The codes that names of codes or families choose, all of them without any name; and names that choose none."""
    known = set(codes)
    chosen = {name: {code for code in known if name in (code, family_of(code))} for name in names}
    return (set().union(*chosen.values()) if names else known), [name for name in names if not chosen[name]]


def join_checks(ours: Mapping[str, Check], own: Sequence[Check], needs: Needs) -> dict[str, Check]:
    """Ours, then those of others that need the same. Raises InputError for two checks of one code."""
    everything = dict(ours)
    for check in own:
        if check.needs != needs:
            continue
        if check.code in everything and everything[check.code].function is not check.function:
            raise InputError(f"there is a check {check.code} already", "checks", "give yours another name")
        everything[check.code] = check
    return everything


def run_checks(checks: Iterable[Check], subject: Any) -> list[Finding]:
    """Findings of every check about one subject, in the order of the checks. A check that fails, or yields something
    else than findings of its code, is `inconclusive`, with the error under `evidence["failure"]`."""
    return [found for check in checks for found in _run(check, subject)]


def _run(check: Check, subject: Any) -> list[Finding]:
    try:
        found: list[Any] = list(check.function(subject))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return [
            _report_failure(check, f"{type(error).__name__}: {error}", f"{Path(where.filename).name}:{where.lineno}")
        ]
    silent = not found and check.needs == "data"
    if silent or not all(isinstance(one, Finding) and one.code == check.code for one in found):
        return [_report_failure(check, f"it yielded {found!r:.200}, not findings of its code, at least one", "")]
    return found


def _report_failure(check: Check, failure: str, at: str) -> Finding:
    ours = check.function.__module__.partition(".")[0] == __name__.partition(".")[0]
    place = f" at {at}" if at else ""
    summary = f"The check failed{place} ({failure:.300}): nothing is known about {check.code}."
    remedy = (
        "Please report this: a check must not fail, whatever it reads."
        if ours
        else "Mend the check; tests/conformance/check_conformance.py in brittlestar's repository tries it on odd input."
    )
    seen = Observed("inconclusive", summary, {"failure": failure, "at": at}, remedy=remedy)
    return decide(CheckRule(code=check.code, threshold="The check runs to its end."), seen)


def _count_arguments(function: Callable[..., Any]) -> int:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return sum(
        parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        for parameter in parameters
    )
