"""A verdict in short sentences of one fact each, and their words and numbers: what the console, pages, JSON, tables and
notebooks print of it."""

from dataclasses import replace

from brittlestar.claims.judgement import Judgement
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import UNSEEN, Claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.row_filters import LABEL, describe_filter, read_filter
from brittlestar.study.sides import alternatives, splits_of, terms
from brittlestar.study.units import about, count, unit_of

CORRECTED = 0.05  # an overshoot is shown where it is this share of half the interval (convention)


UNCHANGED = "the seeds change nothing, so that rows alone decide"
"""The reason of a verdict on runs that answer alike."""


def sentence_of(found: Judgement) -> str:
    """The verdict for people: the answer, the estimate, what qualifies it, and what would settle it. Where runs are too
    few to speak of the method, and enough to speak of themselves, the verdict is on them."""
    own = choose_judgement(found)
    if own is not found and own.verdict != "inconclusive":
        said = f"{verdict_words(found).capitalize()}: {describe_claim(own.claim, own.verdict == 'refuted')}."
        return f"{said} {grounds_of(own)} {describe_silence(found)}"
    return f"{answer_of(found)} {grounds_of(found)}".strip()


def describe_silence(found: Judgement) -> str:
    """Why a verdict on a few runs says nothing about their method: a sentence."""
    if UNCHANGED in found.reasons:
        return f"All {found.seeds} runs answer alike: they are one run, and more seeds bring nothing."
    there = "is there" if found.seeds == 1 else "are there"
    return f"About the method nothing is said: {MIN_SEEDS} seeds are needed, {found.seeds} {there}."


def verdict_words(found: Judgement) -> str:
    """The verdict in a few words: `supported`, `refuted for these 3 models`, `supported (exploratory)`."""
    own = choose_judgement(found)
    if own is not found and own.verdict != "inconclusive":
        return f"{own.verdict} for {describe_models(own.seeds)}"
    return found.verdict if found.registered else f"{found.verdict} (exploratory)"


def describe_level_origin(found: Judgement, sharing: int) -> str:
    """Where the level of a verdict comes from: `98.8 %: 5 % shared by 4 claims, one look each`."""
    looks = choose_judgement(found).claim.looks
    many = len(looks) > 1 and found.population != "this-model"
    how = f"looks at {', '.join(map(str, looks))} seeds (Pocock)" if many else "one look each" if looks else "any look"
    alpha = f"{100 * found.claim.alpha:g} %"
    shared = f"{alpha} shared by {sharing} claims (Holm)" if sharing > 1 else f"{alpha} for one claim"
    shared += f", and by {count(found.claim.best_of, 'candidate')}" if found.claim.best_of > 1 else ""
    return f"{describe_level(choose_judgement(found).level)} {_name_interval(found)}: {shared}, {how}"


def _name_interval(found: Judgement) -> str:
    """What an interval is: of an equivalence that of two one-sided tests, each at alpha (TOST)."""
    return "TOST interval" if found.claim.relation == "==" else "interval"


def answer_of(found: Judgement) -> str:
    """The verdict and what is claimed: `Supported: a exceeds b by at least 1.0 points of accuracy on test.`"""
    said = describe_claim(found.claim, denied=found.verdict == "refuted")
    if found.verdict != "inconclusive":
        return f"{found.verdict.capitalize()}: {said}."
    return f"{'Inconclusive' if found.registered else 'Exploratory'}: whether {said}."


def grounds_of(found: Judgement) -> str:
    """Everything behind the answer, a sentence each."""
    said = [
        *_estimate(found),
        *_relation(found),
        *(f"{reason[:1].upper()}{reason[1:].rstrip('.')}." for reason in found.reasons),
        *_collapses(found),
        *_pending(found),
        settling_words(found) if found.verdict == "inconclusive" else "",
        *_models(found),
    ]
    return " ".join(filter(None, said))


def _estimate(found: Judgement) -> list[str]:
    if found.estimate is None:
        return [] if found.reasons else ["Nothing was measured."]
    said = [f"{_difference(found)} is {size(found)} ({basis(found)})."]
    half = 0.0 if found.interval is None else (found.interval[1] - found.interval[0]) / 2
    if found.corrected is not None and abs(found.corrected - found.estimate) > CORRECTED * half:
        corrected = unit_of(found.claim.metric).amount(found.corrected, True)
        said.append(f"Corrected for stopping at this look, the difference is {corrected}.")
    return said


def _difference(found: Judgement) -> str:
    """Of which variant the difference is, where a claim names several to choose from, or to which trivial baseline."""
    if not found.members:
        if found.baseline is None:
            claim = found.claim
            split = claim.split if splits_of(claim.arm, claim.other) else ""
            sides = " − ".join(describe_side(side, split) for side in (claim.arm, claim.other))
            named = not claim.higher_is_better and claim.relation == ">"
            return f"The difference {sides}" if named else "The difference"
        of_rivals = f", the hardest to beat of {found.rivals} that dev cannot tell apart," if found.rivals > 1 else ""
        return f"The difference to {found.baseline}{of_rivals}"
    lead = next(member.claim for member in found.members if member.estimate == found.estimate)
    mine = lead.arm if lead.arm != found.claim.arm else lead.other
    kind = "best" if found.verdict == "supported" else "furthest"
    return f"The difference of the {kind} of {len(found.members)}, {mine},"


def _relation(found: Judgement) -> list[str]:
    if found.relation == "equivalent":
        return [f"Both are equivalent within {unit_of(found.claim.metric).threshold(found.claim.margin)}."]
    if found.verdict == "inconclusive" or found.relation == "open":
        return []
    return [f"So {describe_side(found.claim.arm)} is {found.relation}."]


def _collapses(found: Judgement) -> list[str]:
    """Rates of collapsed runs, whether they differ, and the difference among the other runs."""
    rates = found.collapse_rates
    if not rates:
        return []
    shown = ", ".join(_rate(name, rate.collapsed, rate.runs, rate.interval) for name, rate in rates.items())
    said = [f"Collapsed, with 95 % intervals for new seeds: {shown}."]
    if found.collapse_p is not None:
        p = found.collapse_p
        shown = "p < .001" if p < 0.001 else f"p = {p:.{2 if p >= 0.01 else 3}f}".replace("0.", ".", 1)
        said.append(f"Equal rates: {shown} (exact test).")
    if (own := found.among_converged) is not None:
        unit = unit_of(found.claim.metric)
        number = f"{unit.amount(own.estimate, True)} {unit.interval(own.interval, True)}"
        rests = describe_basis(found.level, found.population, own.seeds, found.rows)
        said.append(f"Among converged seeds alone, conditional on that, the difference is {number} ({rests}).")
    return said


def _rate(name: str, collapsed: int, runs: int, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * bound:.0f}" for bound in interval)
    return f"{collapsed} of {runs} runs of {name} ({100 * collapsed / runs:.0f} % [{low}, {high}])"


def _pending(found: Judgement) -> list[str]:
    rest = found.seeds_at_hand - found.seeds
    if rest <= 0:
        return []
    many = f"{rest:,} further seed{'s are' if rest != 1 else ' is'}"
    if found.next_look is not None:
        return [f"{many} not yet judged: the next look is at {found.next_look} seeds."]
    return [f"{many} beyond the plan and not judged: a new plan would be exploratory."]


def _models(found: Judgement) -> list[str]:
    own = found.this_model
    if own is None:
        return []
    lead = f"For {describe_models(own.seeds)} the claim is {own.verdict}"
    if own.interval is not None:
        return [f"{lead}: {size(own)} ({basis(own)})."]
    return [f"{lead}: {own.reasons[0]}."] if own.reasons else [f"{lead}."]


def make_unmeasured(claim: Claim, reason: str, registered: bool) -> Judgement:
    """The judgement of a claim that was not measured, for this reason."""
    reasons = (reason,) if reason else ()
    found = Judgement(
        claim, "inconclusive", "open", None, None, claim.population, claim.alpha, reasons=reasons, registered=registered
    )
    return replace(found, sentence=sentence_of(found))


MOST_VARIANTS_NAMED = 6  # so many variants are named in a sentence, and the others counted (convention)


def describe_claim(claim: Claim, denied: bool = False) -> str:
    """What a claim says, or its denial."""
    across, unit = bool(splits_of(claim.arm, claim.other)), unit_of(claim.metric)
    variant, other = (describe_side(side, claim.split if across else "") for side in (claim.arm, claim.other))
    rows = None if claim.where is None else read_filter(claim.where)
    if rows is not None and claim.metric == "accuracy" and rows.column == LABEL:
        where = f"recall of {rows.value}" + ("" if across else f" on {describe_rows(claim.split)}")
    else:
        of = "" if rows is None else describe_filter(rows)
        on = "" if across else f" of {describe_rows(claim.split)}" if of else describe_rows(claim.split)
        where = f"{unit.short} on {of}{on}" if of or on else unit.short
    if denied and len(alternatives(claim.arm)) + len(alternatives(claim.other)) > 2:
        return f"that {describe_claim(claim)}"
    if claim.relation == "==":
        verb = "differ by" if denied else "differ by less than"
        return f"{variant} and {other} {verb} {unit.threshold(claim.margin)}{' or more' if denied else ''} of {where}"
    verbs = ("exceeds", "does not exceed")
    if not claim.higher_is_better:  # the side that is to have less is named first
        variant, other, verbs = other, variant, ("is below", "is not below")
    if claim.threshold < 0:
        verb = "loses more than" if denied else "loses at most"
        return f"{variant} {verb} {unit.threshold(-claim.threshold)} of {where} against {other}"
    verb = verbs[denied]
    if claim.threshold == 0:
        return f"{variant} {verb} {other} in {where}"
    return f"{variant} {verb} {other} by at least {unit.threshold(claim.threshold)} of {where}"


def describe_side(side: str, split: str = "") -> str:
    """One side in words; variants without a split of their own are on `split`, where it is not empty."""
    found = [
        " − ".join(_name_side(term.variant, term.split or split) for term in terms(alternative))
        for alternative in alternatives(side)
    ]
    found = [f"({one})" if " − " in one else one for one in found]
    if len(found) > MOST_VARIANTS_NAMED:
        return f"one of {', '.join(found[:MOST_VARIANTS_NAMED])} and {len(found) - MOST_VARIANTS_NAMED} more"
    return found[0] if len(found) == 1 else f"one of {', '.join(found[:-1])} and {found[-1]}"


def describe_rows(split: str) -> str:
    """`test`, or `the rows of test that are not in train`."""
    name = split.removesuffix(UNSEEN)
    return f"the rows of {name} that are not in train" if split.endswith(UNSEEN) else name


def _name_side(variant: str, split: str) -> str:
    name = "the best trivial baseline" if variant == BEST_TRIVIAL else variant
    return f"{name} on {describe_rows(split)}" if split else name


MOST_SEEDS_ADVISED = 100  # where it takes more seeds than this, rows are named as another way (convention)
MOSTLY = 0.75  # of the variance, where rows or seeds are named as what brings it (convention)
_IF_RIGHT = "if the estimate is right (80 % power)"


def describe_population(population: str, n_seeds: int) -> str:
    """What a number speaks of, as the glossary names it."""
    return {
        "fixed-test-set": "these rows, new seeds",
        "new-examples": "new rows, new seeds",
        "new-training-sets": "new training sets",
        "this-model": f"{describe_models(n_seeds)}, new rows",
    }[population]


def describe_models(n_seeds: int) -> str:
    """`this model`, `these 3 models`."""
    return "this model" if n_seeds == 1 else f"these {n_seeds:,} models"


def describe_level(level: float) -> str:
    """`95 %`, `98.5 %` of an interval that misses with probability `level`."""
    return f"{100 * (1 - level):.3g} %"


def describe_basis(level: float | None, population: str, n_seeds: int, n_rows: int | None, alike: bool = False) -> str:
    """What an interval rests on: `98.5 % interval; new rows, new seeds; 5 seeds, 1,000 rows`. `level` is the
    probability that it misses, None where there is no interval; models at hand are runs, and not seeds. Where all runs
    are `alike` they are one run, which says nothing of new seeds."""
    interval = "no interval" if level is None else f"{describe_level(level)} interval"
    size = count(n_seeds, "run" if population == "this-model" else "seed") + (" alike" if alike else "")
    rows = "" if n_rows is None else f", {count(n_rows, 'row')}"
    spoken = describe_population(population, n_seeds)
    return f"{interval}; {spoken.replace(', new seeds', '') if alike else spoken}; {size}{rows}"


def basis(judgement: Judgement) -> str:
    """What the interval of a verdict rests on, and which way is better where it is not the usual one."""
    level, alike = judgement.level if judgement.interval is not None else None, UNCHANGED in judgement.reasons
    found = describe_basis(level, judgement.population, judgement.seeds, judgement.rows, alike)
    found = found if level is None else found.replace("interval", _name_interval(judgement), 1)
    if (many := judgement.claim.best_of) > 1 and level is not None:
        found = f"{found}; {many:,} candidates share {100 * judgement.claim.alpha:g} %"
    return f"{found}; lower is better" if unit_of(judgement.claim.metric).lower_is_better else found


def size(judgement: Judgement, sign: bool = True, gain: bool = True) -> str:
    """The difference variant − other with its interval, `+4.8 points [+1.2, +8.4]`; as a loss where `gain` is False."""
    unit, turn = unit_of(judgement.claim.metric), 1 if gain else -1
    value = None if judgement.estimate is None else turn * judgement.estimate
    bounds = None if judgement.interval is None else sorted(turn * bound for bound in judgement.interval)
    return f"{unit.amount(value, sign)} {unit.interval(bounds, sign)}".strip()


def too_few_seeds(n_seeds: int) -> str:
    """Why so few runs say nothing about the method."""
    return f"a verdict on the method needs {MIN_SEEDS} seeds; {n_seeds:,} {'is' if n_seeds == 1 else 'are'} there"


def needed_words(judgement: Judgement) -> str:
    """What would settle an open claim, in a sentence; empty where nothing is known to."""
    if judgement.seeds < MIN_SEEDS and judgement.population != "this-model" and UNCHANGED not in judgement.reasons:
        return _sentence(too_few_seeds(judgement.seeds))
    nothing = judgement.rows_needed is None and (judgement.seeds_needed or (None,))[0] is None
    return "" if nothing else settling_words(judgement)


def settling_words(judgement: Judgement) -> str:
    """How many seeds or rows would settle an open claim, in a sentence; empty where that is not known."""
    rows, needed, end = judgement.rows_needed, judgement.seeds_needed, _describe_end(judgement)
    if needed is None:
        return "" if rows is None else _sentence(f"{about(rows)} rows would settle it {end} {_IF_RIGHT}")
    low, high = needed
    share = _share_of_rows(judgement)
    lead = (
        "" if 1 - MOSTLY < share < MOSTLY else f"{'Rows' if share >= MOSTLY else 'Seeds'} bring most of its variance. "
    )
    if low is not None:
        seeds = f"{about(low)} or more" if high is None else about(low, high)
        more_rows = rows is not None and judgement.rows is not None and judgement.rows < rows
        many = high is None or high > MOST_SEEDS_ADVISED or share >= MOSTLY
        also = f", or {about(rows)} rows," if rows and more_rows and many else ""
        return lead + _sentence(f"{seeds} seeds{also} would settle it {end} {_IF_RIGHT}")
    most = judgement.claim.most_seeds
    if rows is not None:
        more = _sentence(f"{about(rows)} rows with up to {most} seeds would settle it {end} {_IF_RIGHT}")
        return f"{lead}More seeds do not settle it on these rows. {more}"
    if judgement.rows is None:  # where scores do not reach new rows, what would settle it is rows
        return (
            f"No number of seeds settles it {_IF_RIGHT}." if judgement.population == judgement.claim.population else ""
        )
    return f"No number of seeds settles it on these rows, nor any number of rows with {most} seeds, {_IF_RIGHT}."


def _describe_end(found: Judgement) -> str:
    """What a claim would be settled as, if its estimate is right."""
    value, claim = found.estimate or 0.0, found.claim
    holds = value >= claim.threshold if claim.relation == ">" else abs(value) < claim.margin
    return "as supported" if holds else "as refuted"


def _share_of_rows(found: Judgement) -> float:
    """The share of an estimate's variance that rows bring; a half where that is not known."""
    of_seeds, of_rows = found.variance or (0.0, 0.0)
    total = of_seeds / max(found.seeds, 1) + of_rows
    return of_rows / total if total > 0 else 0.5


def choose_judgement(judgement: Judgement) -> Judgement:
    """The judgement that answers for a claim: its own, or below 5 runs that of these very models on new rows."""
    model = judgement.this_model
    return (
        model
        if judgement.verdict == "inconclusive" and judgement.seeds < MIN_SEEDS and model is not None
        else judgement
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
