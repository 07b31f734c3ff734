"""Requirements decided: answers of the headline, findings that must be absent, claims, and the last release."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.releases import ReleaseComparison
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.forecasts import Forecast
from brittlestar.core.gating import OUTCOME_OF_VERDICT, Outcome, Requirement
from brittlestar.core.headline import Answer, Headline
from brittlestar.core.texts import suggest
from brittlestar.reports.finding_groups import is_about_main
from brittlestar.study.units import count, unit_of

OUTCOME_OF_ANSWER: Mapping[Answer, Outcome] = {"yes": "pass", "no": "fail", "cannot-say": "cannot-say"}
MOST_CODES = 4
"""Codes that a sentence names (convention)."""


def decide_answer(headline: Headline, question: str) -> Requirement:
    """An answer of the headline that must be yes. Where nothing is compared, nothing is unfair."""
    decision = headline.answers.get(question)
    if decision is None:
        return Requirement(question, "pass", "one variant alone: nothing is compared.")
    outcome = OUTCOME_OF_ANSWER[decision.answer]
    return Requirement(question, outcome, decision.sentence, decision.next or "")


def check_patterns(patterns: Sequence[str], codes: Sequence[str]) -> None:
    """Raise InputError for each pattern that names no code."""
    families = [f"{code.partition('.')[0]}.*" for code in codes]
    problems = [
        Problem(
            f"no finding is named '{one}'", "--absent", suggest(one, [*codes, *families]) or "write leak.* or leak.near"
        )
        for one in patterns
        if not any(fnmatchcase(code, one) for code in codes)
    ]
    if problems:
        raise InputError(problems)


def decide_absent(findings: Sequence[Finding], pattern: str, main: str | None) -> Requirement:
    """Findings that must be absent: none of that name is an error or a warning about data or main. One code that says
    something about other variants alone, as a comparison with main does, is asked about these.

    A code of which every finding is inconclusive is undecided. The requirement is open where all its codes are.
    """
    name = f"absent {pattern}"
    named = [one for one in findings if fnmatchcase(one.code, pattern)]
    mine = [one for one in named if is_about_main(one, main)]
    if not mine and not any(mark in pattern for mark in "*?["):
        mine = named
    others = [one.code for one in named if one not in mine and one.severity in ("error", "warning")]
    bad = worst_first(one for one in mine if one.severity in ("error", "warning"))
    if bad:
        codes = list(dict.fromkeys(one.code for one in bad))
        more = f" (and {', '.join(codes[1:MOST_CODES])})" if len(codes) > 1 else ""
        return Requirement(name, "fail", f"{bad[0].code}: {bad[0].summary}{more}", bad[0].remedy, tuple(bad))
    by_code: dict[str, set[str]] = {}
    for one in mine:
        by_code.setdefault(one.code, set()).add(one.status)
    undecided = [code for code, statuses in by_code.items() if statuses == {"inconclusive"}]
    if len(undecided) == len(by_code):
        if not by_code:
            what = f"main; about other variants: {', '.join(dict.fromkeys(others))}" if others else "this input"
            return Requirement(name, "cannot-say", f"No check of that name looked at {what}.")
        first = next(one for one in mine if one.code == undecided[0])
        return Requirement(name, "cannot-say", f"{first.code}: {first.summary}", first.remedy)
    decided = len(by_code) - len(undecided)
    also = f"; undecided: {', '.join(undecided[:MOST_CODES])}" if undecided else ""
    also += f"; about other variants: {', '.join([*dict.fromkeys(others)][:MOST_CODES])}" if others else ""
    return Requirement(name, "pass", f"{count(decided, 'check')} found nothing{also}.")


def decide_claim(name: str, found: Judgement) -> Requirement:
    """A claim that must be supported."""
    return Requirement(name, OUTCOME_OF_VERDICT[found.verdict], found.sentence)


def decide_expected(forecasts: Sequence[Forecast], split: str, least: float) -> Requirement:
    """A forecast whose interval must lie at this accuracy or above; one that reaches below and above is open."""
    name = f"min expected {split} {unit_of('accuracy').number(least)}"
    found = next((one for one in forecasts if one.name == split), None)
    if found is None:
        to_do = f"Add {split}.csv beside the data, or run `brittlestar forecast` on its rows."
        return Requirement(name, "cannot-say", f"There is no split {split}.", to_do)
    if found.interval is None:
        return Requirement(name, "cannot-say", f"{found.sentence}.")
    low, high = found.interval
    outcome: Outcome = "pass" if low >= least else "fail" if high < least else "cannot-say"
    return Requirement(name, outcome, f"{found.sentence}.")


def decide_release(found: ReleaseComparison, by: float, metric: str) -> Requirement:
    """The last release: main must not be worse by more than so much."""
    name = f"against (no worse by {unit_of(metric).threshold(by)})"
    if found.identical:
        return Requirement(name, "pass", f"every answer to {found.rows:,} rows is that of the last release.")
    rows = f"{found.rows:,} of {found.of:,} rows are in both"
    relabelled = f"; {found.relabelled:,} rows have another label now and are left out" if found.relabelled else ""
    seeds = f"; paired over {count(found.shared_seeds, 'seed')}" if found.shared_seeds > 1 else ""
    if len(set(found.runs)) > 1:
        verb, shared = "is" if found.shared_seeds == 1 else "are", count(found.shared_seeds, "seed")
        kept = f": only the {shared} that both have {verb} compared" if found.shared_seeds else ""
        seeds = f"; {count(found.runs[0], 'run')} against {found.runs[1]}{kept}"
    sentence = f"{found.judgement.sentence} {rows}{relabelled}{seeds}."
    return Requirement(name, OUTCOME_OF_VERDICT[found.judgement.verdict], sentence)


def settle_open(requirements: Sequence[Requirement], cannot_say: Outcome | None) -> Iterator[Requirement]:
    """Requirements with open ones as `cannot_say` has it; None leaves them open."""
    for one in requirements:
        if one.outcome != "cannot-say" or cannot_say is None:
            yield one
        else:
            sentence = f"open, counted as a {cannot_say}. {one.sentence}"
            yield Requirement(one.name, cannot_say, sentence, one.next, one.findings, was_open=True)
