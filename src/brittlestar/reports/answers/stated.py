"""Is the stated score what these runs show?"""

from brittlestar.claims.stated_scores import half_digit
from brittlestar.core.headline import Decision, Ground
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.study.units import count, unit_of


def decide_stated(evidence: Evidence) -> Decision | None:
    """Answer whether a stated score lies among the runs: yes; beyond all of them, and outside their interval for new
    rows: no; between the two nobody can say. One run is that score or it is not. None where nobody states a score."""
    stands, numbers = evidence.stated, evidence.numbers
    if stands is None or numbers is None or numbers.all.score is None:
        return None
    score, unit = numbers.all.score, unit_of(stands.metric)
    stated, mean = unit.number(stands.stated), unit.number(score.mean)
    low, high = min(score.by_seed), max(score.by_seed)
    files = "these files score" if evidence.is_given and score.n_seeds > 1 else "this file scores"
    files = files if evidence.is_given else "these runs score" if score.n_seeds > 1 else "this run scores"
    ground = (Ground("number", "stated", stands.sentence),)
    room = half_digit(stands.stated)
    if low - room <= stands.stated <= high + room:
        if score.n_seeds == 1:
            return Decision("yes", f"{files} {mean}, as stated.", ground)
        runs = f"the {count(score.n_seeds, 'run')} ({unit.number(low)} to {unit.number(high)})"
        place = f"is the best of {runs}" if stands.the_best else f"lies among {runs}"
        text = f"{stated} {place}; their mean is {mean}."
        return Decision("yes", text, ground)
    inside = score.interval is not None and score.interval[0] <= stands.stated <= score.interval[1]
    if score.n_seeds == 1 or not inside:
        return Decision("no", f"{files} {mean}, not the stated {stated}.", ground)
    side = "above" if stands.stated > high else "below"
    text = (
        f"{stated} is {side} all {count(score.n_seeds, 'run')} ({unit.number(low)} to {unit.number(high)}, mean "
        f"{mean}), and inside their interval {unit.interval(score.interval)}."
    )
    return Decision("cannot-say", text, ground)
