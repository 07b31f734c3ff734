"""Real? Does main do more than a trivial baseline on rows that it has not seen?"""

from collections.abc import Sequence

from brittlestar.claims.headline_numbers import HeadlineNumbers, OnRows
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import (
    basis,
    choose_judgement,
    describe_population,
    describe_rows,
    describe_silence,
    needed_words,
    size,
)
from brittlestar.core.commands import DATA, Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Decision, Ground
from brittlestar.reports.answers.evidence import Evidence, more_seeds
from brittlestar.reports.answers.vetoes import find_veto
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of


def decide_real(evidence: Evidence) -> Decision:
    """Answer for the headline rows: all of them, or those not in train where `leak.exact` is an error there."""
    if evidence.record is None:
        return _without_predictions(evidence)
    numbers = evidence.numbers
    if numbers is None:
        return Decision("cannot-say", "there is no held-out split, so that every score is on rows seen in training.")
    if numbers.all.score is None:
        return _without_scores(evidence, numbers)
    wrong = evidence.wrong
    if (veto := find_veto(evidence, "real")) is not None:
        finding, answer = veto
        summary = finding.summary.removeprefix(f"{evidence.record.main}: ")
        number = _describe_number(numbers, evidence.record.metric)
        grounds = _as_grounds(wrong if finding in wrong else (finding, *wrong))
        return Decision(answer, f"{number}{finding.code}: {summary}", grounds)
    copies = [one for one in wrong if one.code == "leak.exact"]
    here = numbers.unseen if copies else numbers.all
    if here is None:
        left = f"{count(numbers.n_unseen, 'row')} of {numbers.all.split} {'is' if numbers.n_unseen == 1 else 'are'}"
        text = f"{copies[0].summary} Only {left} not in train, too few to judge."
        return Decision("cannot-say", text, _as_grounds(wrong))
    return _against_trivial(evidence, numbers, here, [one for one in wrong if one.code != "leak.exact"], copies)


def _without_predictions(evidence: Evidence) -> Decision:
    baselines = None if evidence.audit is None else evidence.audit.trivial_baselines
    text, grounds = "no predictions and no model were given.", ()
    if baselines is not None and evidence.split is not None:
        best = baselines.best(evidence.split)
        score = best.score(evidence.split, "accuracy").value
        if score is not None:
            number = f"{unit_of('accuracy').number(score)} points of accuracy on {evidence.split}"
            alone = f"the score of {best.name} alone{_left_out(evidence)}"
            text = f"no predictions were given. A model must exceed {number}, {alone}."
            beside = f"The best trivial baseline ({best.name}) scores {number}."
            grounds = (Ground("number", "best-trivial", beside),)
    return Decision("cannot-say", text, grounds, Advice(command("run", DATA)))


def _without_scores(evidence: Evidence, numbers: HeadlineNumbers) -> Decision:
    states = {state: sum(run.state == state for run in evidence.runs) for state in ("failed", "lost")}
    sentence = ", ".join(f"{n} {state}" for state, n in states.items() if n)
    text = f"no run of main has a score on {numbers.all.split} yet{f' ({sentence})' if sentence else ''}."
    waiting = any(run.state in ("planned", "running", "lost") for run in evidence.runs)
    return Decision("cannot-say", text, (), Advice(command("run")) if waiting else None)


def _against_trivial(
    evidence: Evidence, numbers: HeadlineNumbers, here: OnRows, wrong: Sequence[Finding], copies: Sequence[Finding]
) -> Decision:
    claim = here.claim
    if claim is None or claim.estimate is None or here.trivial is None:
        reason = "the data were not audited, so the trivial baselines are unknown."
        reason = f"{claim.reasons[0]}." if claim is not None and claim.reasons else reason
        return Decision("cannot-say", reason, _as_grounds(wrong), None)
    unit = unit_of(claim.claim.metric)
    best = f"the best trivial baseline ({here.baseline}, {unit.number(here.trivial)}{_left_out(evidence)})"
    where = f" on {describe_rows(here.split)}" if copies else ""
    found = choose_judgement(claim)
    grounds = (Ground("claim", format_claim(claim.claim), claim.sentence), *_as_grounds([*copies, *wrong]))
    if found.verdict == "refuted":
        return Decision("no", _describe_shortfall(found, best, where, here), grounds)
    if found.verdict == "supported" and not wrong:
        verb = "is better than" if unit.lower_is_better else "exceeds"
        text = f"main {verb} {best} by {size(found, sign=False)}{where} ({basis(found)})."
        if found is not claim:
            text += f" {describe_silence(claim)}"
        return Decision("yes", text, grounds)
    difference = f"main differs from {best} by {size(found)}{where} ({basis(found)})."
    if found.verdict == "supported":
        return Decision("cannot-say", f"{difference} But {wrong[0].code}: {wrong[0].summary}", grounds)
    asked = f"A yes needs the whole interval at +{unit.threshold(claim.claim.threshold)} or more."
    if any(finding.code == "eval.below-trivial" for finding in wrong):
        models = describe_population("this-model", claim.seeds)
        difference = f"{difference} For {models}, it is settled that main is below."
    open_ = claim if found is claim or claim.verdict == "inconclusive" else found
    needed = needed_words(open_) or (f"{claim.reasons[0].capitalize()}." if claim.reasons else "")
    return Decision("cannot-say", f"{difference} {asked} {needed}".strip(), grounds, more_seeds(evidence, claim))


def _describe_number(numbers: HeadlineNumbers, metric: str) -> str:
    """The score beside the best trivial baseline, before what makes it wrong: `main scores 60.0, below …, and `."""
    here, unit = numbers.all, unit_of(metric)
    if here.score is None or here.trivial is None:
        return ""
    best = f"the best trivial baseline ({here.baseline}, {unit.number(here.trivial)})"
    found = None if here.claim is None else choose_judgement(here.claim)
    if found is not None and found.interval is not None and found.interval[1] < 0:
        return f"{_describe_shortfall(found, best, '', here).removesuffix('.')}; the cause may be "
    return f"main scores {unit.number(here.score.mean)} beside {best}, but "


def _left_out(evidence: Evidence) -> str:
    """That the baseline which is hardest to beat was left out of those that were tried."""
    baselines = None if evidence.audit is None else evidence.audit.trivial_baselines
    return "" if baselines is None or baselines.find_kind("linear") is not None else "; linear was left out"


def _describe_shortfall(found: Judgement, best: str, where: str, here: OnRows) -> str:
    """Below the baseline in these words; else that the margin is not reached."""
    unit = unit_of(found.claim.metric)
    if found.interval is not None and found.interval[1] < 0:
        score = "" if here.score is None else f"{unit.number(here.score.mean)}, "
        below = "worse than" if unit.lower_is_better else "below"
        return f"main scores {score}{below} {best} by {size(found, sign=False, gain=False)}{where} ({basis(found)})."
    verb = "is not better than" if unit.lower_is_better else "does not exceed"
    least = unit.threshold(found.claim.threshold)
    return f"main {verb} {best} by {least}{where}: the difference is {size(found)} ({basis(found)})."


def _as_grounds(findings: Sequence[Finding]) -> tuple[Ground, ...]:
    return tuple(Ground("finding", finding.code, finding.summary) for finding in findings)
