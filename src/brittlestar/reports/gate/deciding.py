"""Requirements decided: answers of the headline, findings that must be absent, claims, and the last release."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.releases import ReleaseComparison
from brittlestar.core.checks import family_of
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.forecasts import Forecast
from brittlestar.core.gating import OUTCOME_OF_VERDICT, GateOutcome, Requirement, decide_least
from brittlestar.core.headline import Answer, Headline
from brittlestar.core.texts import suggest
from brittlestar.forecasts.combining import RISE, choose_combination, read_combinations
from brittlestar.forecasts.labels import count_labels_to_decide
from brittlestar.reports.finding_groups import is_about_main
from brittlestar.study.units import count, unit_of

OUTCOME_OF_ANSWER: Mapping[Answer, GateOutcome] = {"yes": "pass", "no": "fail", "cannot-say": "cannot-say"}
MOST_CODES = 4
"""Codes that a sentence names (convention)."""
NOTHING: Mapping[str, str] = {}


def decide_answer(headline: Headline, question: str) -> Requirement:
    """An answer of the headline that must be yes. Where nothing is compared, nothing is unfair."""
    decision = headline.answers.get(question)
    if decision is None:
        return Requirement(question, "pass", "one variant alone: nothing is compared.")
    outcome = OUTCOME_OF_ANSWER[decision.answer]
    return Requirement(question, outcome, decision.sentence, str(decision.next or ""))


def check_patterns(patterns: Sequence[str], codes: Sequence[str]) -> None:
    """Raise InputError for each pattern that names no code."""
    families = [f"{family_of(code)}.*" for code in codes]
    problems = [
        Problem(
            f"no finding is named '{pattern}'",
            "--absent",
            suggest(pattern, [*codes, *families]) or "write leak.* or leak.near",
        )
        for pattern in patterns
        if not any(fnmatchcase(code, pattern) for code in codes)
    ]
    if problems:
        raise InputError(problems)


def decide_absent(
    findings: Sequence[Finding], pattern: str, main: str | None, unseen: Mapping[str, str] = NOTHING
) -> Requirement:
    """Findings that must be absent: none of that name is an error or a warning about data or main. One code that says
    something about other variants alone, as a comparison with main does, is asked about these.

    A code of which every finding is inconclusive is undecided, and so is one without a finding: `unseen` has why. The
    requirement is open where all its codes are.
    """
    name = f"absent {pattern}"
    named = [finding for finding in findings if fnmatchcase(finding.code, pattern)]
    mine = [finding for finding in named if is_about_main(finding, main)]
    if not mine and not any(mark in pattern for mark in "*?["):
        mine = named
    others = [finding.code for finding in named if finding not in mine and finding.severity in ("error", "warning")]
    bad = worst_first(finding for finding in mine if finding.severity in ("error", "warning"))
    codes = dict.fromkeys(finding.code for finding in mine)
    decided = {finding.code for finding in mine if finding.status != "inconclusive"}
    undecided = {finding.code: finding.summary for finding in mine if finding.code not in decided}
    undecided |= {code: why for code, why in unseen.items() if fnmatchcase(code, pattern) and code not in codes}
    if bad:
        failed = list(dict.fromkeys(finding.code for finding in bad))
        more = f" (and {', '.join(failed[1:MOST_CODES])})" if len(failed) > 1 else ""
        sentence = f"{bad[0].code}: {bad[0].summary}{more}"
        return Requirement(name, "fail", sentence, str(bad[0].remedy), tuple(bad), undecided=undecided)
    also = f"; about other variants: {_name_codes(others)}" if others else ""
    if not decided:
        first = next(iter(mine), None)
        alone = f"No check of that name looked at this input: {_name_reasons(undecided) or 'it has no finding'}"
        all_of_them = f"{len(undecided)} undecided: {_name_codes(undecided)}. " if len(undecided) > 1 else ""
        sentence = f"{all_of_them}{first.code}: {first.summary}" if first else f"{alone}{also}."
        return Requirement(name, "cannot-say", sentence, str(first.remedy) if first else "", undecided=undecided)
    infos = sorted((finding for finding in mine if finding.severity == "info"), key=lambda one: -_size(one))
    sentence = f"no error or warning{f' in {len(decided)} checks' if len(decided) > 1 else ''}"
    sentence += f"; {count(len(infos), 'info')}" if infos else ""
    sentence += f"; {len(undecided)} undecided: {_name_codes(undecided)}" if undecided else ""
    largest = ""
    if infos:
        effect = f" (effect {infos[0].effect_words})" if infos[0].effect else ""
        largest = f" {'Largest: ' if len(infos) > 1 else ''}{infos[0].code}{effect}: {infos[0].summary}"
    return Requirement(name, "pass", f"{sentence}{also}.{largest}", undecided=undecided)


def _size(finding: Finding) -> float:
    return finding.effect.possible if finding.effect else 0.0


def _name_codes(codes: Iterable[str]) -> str:
    """A few codes by name, and how many more there are."""
    named = list(dict.fromkeys(codes))
    more = f" and {len(named) - MOST_CODES} more" if len(named) > MOST_CODES else ""
    return f"{', '.join(named[:MOST_CODES])}{more}"


def _name_reasons(reasons: Mapping[str, str]) -> str:
    """`leak.exact, leak.near (why)`, for each reason."""
    by_reason = {why: [code for code, other in reasons.items() if other == why] for why in reasons.values()}
    return "; ".join(f"{_name_codes(codes)} ({why})" for why, codes in by_reason.items())


def decide_claim(name: str, found: Judgement) -> Requirement:
    """A claim that must be supported."""
    return Requirement(name, OUTCOME_OF_VERDICT[found.verdict], found.sentence)


def hold_open(requirement: Requirement) -> Requirement:
    """A comparison with the best trivial baseline where linear, which may be the hardest to beat, was left out: it may
    fail, and cannot pass."""
    if requirement.outcome != "pass":
        return requirement
    why = "The trivial baseline linear was left out, and main may not exceed it."
    return replace(requirement, outcome="cannot-say", sentence=f"{requirement.sentence} {why}")


def decide_expected(forecasts: Sequence[Forecast], split: str, least: float) -> Requirement:
    """A forecast whose interval, with the labels that are known, must lie at this accuracy or above; one that reaches
    below and above is open, and says from where on it would pass, and how many labels would do. Raises InputError where
    nothing is forecast of the split."""
    name = f"min expected {split} {unit_of('accuracy').number(least)}"
    found = next((forecast for forecast in forecasts if forecast.name == split), None)
    if found is None:
        known = [forecast.name for forecast in forecasts]
        to_do = f"add {split}.csv beside the data, or take its rows in: brittlestar forecast STUDY --rows FILE"
        raise InputError(f"there is no split {split}", "--min-expected", suggest(split, known) or to_do)
    sentence = found.sentence if found.joined is None else found.joined.sentence
    outcome = decide_least(found.decisive, least)
    if outcome != "cannot-say":
        return Requirement(name, outcome, f"{sentence}.")
    more = count_labels_to_decide(found, least) or found.labels_needed
    only = f"; these are {count(found.rows, 'row')}" if (more or 0) > found.rows else ""
    what = count(more or 0, "more label" if found.joined else "label")
    labels = f" About {what} of rows drawn at random would do (`labelled: FILE` in the policy){only}." if more else ""
    return Requirement(name, "cannot-say", f"{sentence}.{_tell_reach(found, least)}{labels}")


def _tell_reach(found: Forecast, least: float) -> str:
    """From where on a forecast of these rows would pass."""
    combination = choose_combination(found.signals)
    if combination is None or found.here is None or found.interval is None or found.joined:
        return ""
    reach, points = read_combinations()[combination].reach(found.here["value"], least, found.level), unit_of("accuracy")
    if reach is None:
        most, split = points.amount(min(found.here["value"] + RISE, 1.0)), found.here["split"]
        return f" No forecast of these rows could pass: at most {most}, two above {split}, are expected of any."
    above = points.amount(reach - least)
    return f" On these rows a forecast passes from {points.number(reach)} on, {above} above the bar."


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


def settle_open(requirements: Sequence[Requirement], cannot_say: GateOutcome | None) -> Iterator[Requirement]:
    """Requirements with open ones as `cannot_say` has it; None leaves them open."""
    for requirement in requirements:
        if requirement.outcome != "cannot-say" or cannot_say is None:
            yield requirement
        else:
            sentence = f"open, counted as a {cannot_say}. {requirement.sentence}"
            yield replace(requirement, outcome=cannot_say, sentence=sentence, was_open=True)
