"""Findings that must be absent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.checks import family_of
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding
from brittlestar.core.gating import Requirement
from brittlestar.core.results import StudyRecord
from brittlestar.core.texts import suggest
from brittlestar.reports.finding_groups import is_about_main
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.study.gate_values import Names
from brittlestar.study.units import count

MOST_CODES = 4
"""Codes that a sentence names (convention)."""
NOTHING: Mapping[str, str] = {}


def check_patterns(patterns: Sequence[str]) -> None:
    """Raise InputError for each pattern that names no code."""
    codes = [code for needs in NEEDS for code in find_checks(needs)]
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


@ask(key="absent", form=Names, must_be="names of findings", example="'leak.*,padding.*'", reads="findings")
def decide_all_absent(patterns: Sequence[str], gated: Gated) -> Iterator[Requirement]:
    """No finding of these names is an error or a warning about the data or main."""
    unseen, main = _explain_unseen(gated.record), None if gated.record is None else gated.record.main
    for pattern in patterns:
        yield decide_absent(gated.read_findings, pattern, main, unseen)


def _explain_unseen(record: StudyRecord | None) -> dict[str, str]:
    """{code: why it has no finding, where it has none}."""
    found: dict[str, str] = {}
    for needs in NEEDS:
        why = "nothing here for it to look at"
        if record is None and needs != "data":
            why = "it needs predictions or runs"
        elif record is not None and record.probes is None and needs == "probes":
            why = "it asks models again, and given predictions cannot be asked"
        found |= {code: why for code in find_checks(needs) if code not in found}
    return found


def decide_absent(
    findings: Sequence[Finding], pattern: str, main: str | None, unseen: Mapping[str, str] = NOTHING
) -> Requirement:
    """Findings that must be absent: none of that name is an error or a warning about data or main. One code that says
    something about other variants alone, as a comparison with main does, is asked about these.

    A code that is inconclusive alone is undecided. One that is not applicable, or has no finding (`unseen` has why),
    fails nothing and passes nothing: a requirement of which no code was decided is open.
    """
    name = f"absent {pattern}"
    named = [finding for finding in findings if fnmatchcase(finding.code, pattern)]
    mine = [finding for finding in named if is_about_main(finding, main)]
    if not mine and not any(mark in pattern for mark in "*?["):
        mine = named
    others = [finding.code for finding in named if finding not in mine and finding.severity in ("error", "warning")]
    bad = [finding for finding in mine if finding.severity in ("error", "warning")]
    decided = {finding.code for finding in mine if finding.is_settled}
    open_ = [one for one in mine if one.status == "inconclusive" and one.code not in decided]
    undecided = {one.code: one.summary for one in open_}
    found = {finding.code: finding.summary for finding in mine}
    nothing = {code: why for code, why in {**unseen, **found}.items() if fnmatchcase(code, pattern)}
    nothing = {code: why for code, why in nothing.items() if code not in decided and code not in undecided}
    if bad:
        failed = list(dict.fromkeys(finding.code for finding in bad))
        more = f" (and {', '.join(failed[1:MOST_CODES])})" if len(failed) > 1 else ""
        sentence = f"{bad[0].code}: {bad[0].summary}{more}"
        return Requirement(
            name, "fail", sentence, str(bad[0].remedy), tuple(bad), undecided=undecided, not_applicable=nothing
        )
    also = f"; about other variants: {_name_codes(others)}" if others else ""
    if not decided and open_:
        first = open_[0]
        all_of_them = f"{len(undecided)} undecided: {_name_codes(undecided)}. " if len(undecided) > 1 else ""
        sentence = f"{all_of_them}{first.code}: {first.summary}"
        return Requirement(name, "cannot-say", sentence, str(first.remedy), undecided=undecided, not_applicable=nothing)
    if not decided:
        why = _name_reasons(nothing) or "no check of that name looked at this input"
        return Requirement(
            name, "cannot-say", f"not applicable: {why}{also}.", undecided=undecided, not_applicable=nothing
        )
    infos = sorted((finding for finding in mine if finding.severity == "info"), key=lambda one: -_size(one))
    sentence = f"no error or warning{f' in {len(decided)} checks' if len(decided) > 1 else ''}"
    sentence += f"; {count(len(infos), 'info')}" if infos else ""
    sentence += f"; {len(undecided)} undecided: {_name_codes(undecided)}" if undecided else ""
    sentence += f"; {len(nothing)} not applicable: {_name_codes(nothing)}" if nothing else ""
    largest = ""
    if infos:
        effect = f" (effect {infos[0].effect_words})" if infos[0].effect else ""
        largest = f" {'Largest: ' if len(infos) > 1 else ''}{infos[0].code}{effect}: {infos[0].summary}"
    return Requirement(name, "pass", f"{sentence}{also}.{largest}", undecided=undecided, not_applicable=nothing)


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
    return "; ".join(f"{_name_codes(codes)} ({why.removesuffix('.')})" for why, codes in by_reason.items())


ASKS = (decide_all_absent,)
