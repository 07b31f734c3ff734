"""Is the stated score what these runs show?"""

from brittlestar.claims.stated_scores import half_digit
from brittlestar.core.headline import Decision, Ground
from brittlestar.core.metrics import metric_of
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.study.units import count, unit_of


def decide_stated(evidence: Evidence) -> Decision | None:
    """Answer whether a stated score is, at the digits it is given with, what the runs show: their mean, or the best of
    them where it is stated as that. None where nobody states a score."""
    stands, numbers = evidence.stated, evidence.numbers
    if stands is None or numbers is None or numbers.all.score is None:
        return None
    score, unit = numbers.all.score, unit_of(stands.metric)
    number, mean = unit.number, unit.number(score.mean)
    best = (max if metric_of(stands.metric).higher_is_better else min)(score.by_seed)
    what = "file" if evidence.is_given else "run"
    scores = f"these {what}s score" if score.n_seeds > 1 else f"this {what} scores"
    ground = (Ground("number", "stated", stands.sentence),)
    runs = f"the {count(score.n_seeds, 'run')} ({number(min(score.by_seed))} to {number(max(score.by_seed))})"
    shown, words = (best, f"the best of {runs} is {number(best)}, and their mean {mean}")
    if stands.what == "mean" or score.n_seeds == 1:
        shown, words = score.mean, f"{scores} {mean}{f', the mean of {runs}' if score.n_seeds > 1 else ''}"
    room = half_digit(stands.stated)
    if abs(shown - stands.stated) <= room:
        return Decision("yes", f"{words}, as stated.", ground)
    if abs(best - stands.stated) <= room:
        return Decision("no", f"{number(stands.stated)} is the best of {runs}; their mean is {mean}.", ground)
    return Decision("no", f"{words}, not the stated {number(stands.stated)}.", ground)
