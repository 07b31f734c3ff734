"""The headline: the score, and whether it is real, will hold, rests on sound data and was compared fairly.

Decided here and nowhere else. The end of every command, the report, `results.json` and Python results show it.
"""

from dataclasses import replace

from brittlestar.claims.headline_numbers import OnRows
from brittlestar.claims.slices import find_worst
from brittlestar.core.commands import command_in, first_sentence, follow_kind
from brittlestar.core.headline import ActFirst, BestTrivial, Decision, Headline, HeadlineScore, WorstSlice
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.answers.fair import decide_fair
from brittlestar.reports.answers.holds import decide_holds
from brittlestar.reports.answers.real import decide_real
from brittlestar.reports.answers.sound import decide_sound
from brittlestar.reports.answers.stated import decide_stated
from brittlestar.reports.answers.vetoes import find_veto
from brittlestar.reports.finding_groups import is_serious, prove_move, rank_findings
from brittlestar.study.row_filters import title_slice


def decide_headline(evidence: Evidence, in_memory: bool = False) -> Headline:
    """Decide every answer of a headline from the records of earlier stages.

    Args:
        evidence: The record of a study with its findings and numbers, or an audit alone.
        in_memory: Whether the data of an audit alone are objects in memory; a record says so itself.
    """
    main = None if evidence.main is None else evidence.main.name
    evidence = replace(evidence, findings=rank_findings(evidence.findings, main, evidence.split))
    fair, held = decide_fair(evidence), in_memory or (evidence.record is not None and evidence.record.in_memory)
    return Headline(
        real=_follow(decide_real(evidence), held),
        holds=_follow(decide_holds(evidence), held),
        sound=_follow(decide_sound(evidence), held),
        fair=None if fair is None else _follow(fair, held),
        stated=decide_stated(evidence),
        score=_score(evidence),
        best_trivial=_best_trivial(evidence),
        act_first=_act_first(evidence),
        worst_slice=_worst_slice(evidence),
    )


def _follow(decision: Decision, in_memory: bool) -> Decision:
    """The decision with a next step that can be taken: no command trains what only the caller has."""
    if decision.next is None or not in_memory or (said := follow_kind(decision.next, in_memory=True)) == decision.next:
        return decision
    return replace(
        decision, sentence=f"{decision.sentence} To go on: {said}." if said else decision.sentence, next=None
    )


def headline_rows(evidence: Evidence) -> OnRows | None:
    """Main on the rows that the headline speaks of: those not in train where `leak.exact` is an error there."""
    numbers = evidence.numbers
    if numbers is None:
        return None
    copies = any(one.code == "leak.exact" for one in evidence.wrong)
    return numbers.unseen if copies and numbers.unseen is not None else numbers.all


def _score(evidence: Evidence) -> HeadlineScore | None:
    here, main, record = headline_rows(evidence), evidence.main, evidence.record
    if here is None or here.score is None or main is None or record is None:
        return None
    score = here.score
    return HeadlineScore(
        variant=main.name,
        title=main.title,
        metric=record.metric,
        split=here.split,
        mean=score.mean,
        interval=score.interval,
        level=score.level,
        population=score.population,
        n_seeds=score.n_seeds,
        n_rows=score.n_rows,
        alike=len(score.by_seed) > 1 and len(set(score.by_seed)) == 1,
    )


def _worst_slice(evidence: Evidence) -> WorstSlice | None:
    numbers = evidence.numbers
    worst = None if numbers is None else find_worst(numbers.slices)
    if numbers is None or worst is None or worst.below is None or worst.interval_below is None:
        return None
    name, split, score = title_slice(worst.where), numbers.all.split, worst.score
    return WorstSlice(name, split, score.n_rows, score.mean, score.interval, worst.below, worst.interval_below)


def _best_trivial(evidence: Evidence) -> BestTrivial | None:
    here, numbers = headline_rows(evidence), evidence.numbers
    if numbers is not None and here is not None:
        return None if here.baseline is None else BestTrivial(here.baseline, here.trivial)
    baselines = None if evidence.audit is None else evidence.audit.trivial_baselines
    if baselines is None or evidence.split is None:
        return None
    best = baselines.best(evidence.split)
    return BestTrivial(best.name, best.score(evidence.split, "accuracy").value)


def _act_first(evidence: Evidence) -> ActFirst | None:
    """What leads the findings, where it is proven to move main's score; where nothing is proven what blocks *Real?* or
    leaves *Sound?* open, None without such. A reference variant's finding never leads."""
    main = None if evidence.main is None else evidence.main.name
    mine = [finding for finding in evidence.findings if is_serious(finding, main)]
    if any(one.severity == "error" or prove_move(one, evidence.findings) for one in mine):
        worst = mine[0]
    elif (veto := find_veto(evidence, "real") or find_veto(evidence, "sound")) is not None:
        worst = veto[0]
    else:
        return None
    command = command_in(worst.remedy)
    remedy = first_sentence(str(worst.remedy)) if command is None else ""
    effect = "" if worst.effect is None else worst.effect.words
    return ActFirst(worst.code, worst.where.get("variant"), worst.summary, command, remedy, effect, worst.effect)
