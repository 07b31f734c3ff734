"""Holds? Does main's score survive the shifted splits, and the changes whose answer is known?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from brittlestar.claims.class_shares import describe_class_shares
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import basis, choose_judgement, needed_words, size
from brittlestar.core.headline import Decision, Ground
from brittlestar.reports.answers.evidence import Evidence, more_seeds
from brittlestar.reports.answers.vetoes import find_veto, tell_again
from brittlestar.study.claims import DEFAULT_MARGIN, format_claim
from brittlestar.study.units import count, unit_of

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.expectations_broken import BrokenExpectation


def decide_holds(evidence: Evidence) -> Decision:
    """Answer from each shifted split against the headline split, and from the probes whose answer is known. What is
    forecast of rows without labels stands behind the answer as expected, and decides nothing."""
    measured = _decide_measured(evidence)
    expected = [forecast for forecast in evidence.forecasts if forecast.answer == "forecast"]
    if not expected:
        why = "".join(f" No forecast: {forecast.sentence}." for forecast in evidence.forecasts[:1])
        return replace(measured, sentence=f"{measured.sentence}{why}")
    worst = min(expected, key=lambda one: one.value or 0.0)
    more = f" ({count(len(expected) - 1, 'more forecast')} in the grounds)" if len(expected) > 1 else ""
    return replace(measured, sentence=f"{measured.sentence} Not measured: {worst.brief}{more}.")


def _decide_measured(evidence: Evidence) -> Decision:
    if (veto := find_veto(evidence, "holds")) is not None and evidence.record is not None:
        finding, answer = veto
        grounds = (Ground("finding", finding.code, finding.summary),)
        return Decision(answer, f"the score itself is open. {tell_again(evidence, finding)}", grounds)
    shifts = () if evidence.numbers is None else evidence.numbers.shifts
    probed = evidence.probed
    broken: Sequence[BrokenExpectation] = ()
    kept = 0
    if probed is not None:
        from brittlestar.diagnosis.probes.expectations_broken import broken_expectations, kept_expectations

        found = broken_expectations(probed)  # what a cause explains is broken all the same
        broken = tuple(one for one in found if one.explained_by is None) or found
        kept = kept_expectations(probed)
    known = [(shift, choose_judgement(shift)) for shift in shifts]
    lost = [(one, found) for one, found in known if found.verdict == "refuted"]
    grounds = (
        *(Ground("claim", format_claim(shift.claim), shift.sentence) for shift in shifts),
        *(Ground("probe", expectation.code, expectation.sentence) for expectation in broken),
        *(Ground("number", forecast.name, f"{forecast.sentence}.") for forecast in evidence.forecasts),
    )
    if lost or broken:
        return Decision("no", _lost(evidence, [found for _, found in lost], broken), grounds)
    open_ = [(one, found) for one, found in known if found.verdict == "inconclusive"]
    if open_:
        return Decision("cannot-say", _open(evidence, open_), grounds, more_seeds(evidence, open_[0][0]))
    if shifts:
        worst = min((found for _, found in known), key=_gain)
        unit = unit_of(worst.claim.metric)
        many = count(len(shifts), "shifted split")
        within = f"main loses at most {unit.threshold(DEFAULT_MARGIN)} against {_other(worst)} on {many}"
        also = f"; {count(kept, 'probe')} with a known answer held" if kept else ""
        return Decision("yes", f"{within} (worst: {worst.claim.split} {size(worst)}; {basis(worst)}){also}.", grounds)
    if kept:
        text = f"{count(kept, 'probe')} of changed rows with a known answer held. No shifted split is there."
        return Decision("yes", text, grounds)
    if evidence.record is None:
        return Decision("cannot-say", "no predictions were given.", grounds)
    sentence = f"there is no shifted split with predictions. {_ask_for_shift(evidence)}"
    return Decision("cannot-say", sentence, grounds, None)


def _ask_for_shift(evidence: Evidence) -> str:
    """What to add so that a shift is looked at: rows, and of given predictions those of these rows, too."""
    where, again = "shift_NAME.csv with rows from elsewhere beside the data", "command"
    if evidence.record is not None and evidence.record.in_memory:
        where, again = "rows from elsewhere as a split 'shift_NAME' to the data", "call"
    given = ", with predictions of that split," if evidence.is_given else ","
    return f"Add {where}{given} and give the same {again}."


def _gain(judgement: Judgement) -> float:
    """How far main rises; where lower is better the claim itself is turned."""
    return judgement.estimate or 0.0


def _other(judgement: Judgement) -> str:
    """The split that a shifted one is held against."""
    sides = f"{judgement.claim.arm} {judgement.claim.other}"
    return next(side.partition("@")[2] for side in sides.split() if "@" in side)


def _lost(evidence: Evidence, lost: Sequence[Judgement], broken: Sequence[BrokenExpectation]) -> str:
    """The largest loss in a sentence, with what class shares alone explain of it, and how many there are beside it."""
    worst = min(lost, key=_gain, default=None)
    probe = max(broken, key=lambda one: one.loss, default=None)
    more = len(lost) + len(broken) - 1
    also = f" ({count(more, 'more loss', 'more losses')}: see the grounds)" if more else ""
    if probe is not None and (worst is None or probe.loss > -_gain(worst)):
        return f"{probe.sentence.rstrip('.')}{also}."
    assert worst is not None
    text = f"on {worst.claim.split} main loses {size(worst, sign=False, gain=False)} against {_other(worst)}"
    shares = None if evidence.numbers is None else evidence.numbers.class_shares.get(worst.claim.split)
    if shares is None or evidence.record is None:
        return f"{text} ({basis(worst)}){also}."
    told = describe_class_shares(shares, evidence.record.classes).partition("; ")[2]
    return f"{text} ({basis(worst)}){also}. {told[:1].upper()}{told[1:]}."


def _open(evidence: Evidence, open_: Sequence[tuple[Judgement, Judgement]]) -> str:
    """What is not settled about shifted splits, each as a claim and the judgement that answers for it."""
    measured = [(one, found) for one, found in open_ if found.estimate is not None]
    names = {found.claim.split for _, found in open_}
    if evidence.is_given and not any(names & set(run.scores) for run in evidence.runs):
        listed = " or ".join(sorted(names))
        to_do = f"Add rows whose column split is {listed} to the predictions."
        return f"no predictions were given for {listed}. {to_do}"
    if not measured:
        claim = open_[0][1]
        return f"{claim.claim.split}: {claim.reasons[0]}."
    one, worst = min(measured, key=lambda pair: _gain(pair[1]))
    unit = unit_of(worst.claim.metric)
    text = f"on {worst.claim.split} main changes by {size(worst)} against {_other(worst)} ({basis(worst)})."
    least = f"A loss of at most {unit.threshold(DEFAULT_MARGIN)} counts as holding."
    return f"{text} {least} {needed_words(one)}".strip()
