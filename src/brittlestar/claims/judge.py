"""`judge`: verdicts on claims from outcomes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from brittlestar.claims.frames import of_table
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.judging import find_case_p, needs_models
from brittlestar.claims.many import has_rivals, judge_any, list_sides
from brittlestar.claims.mappings import of_mapping
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.sentences import sentence_of
from brittlestar.claims.value_checks import IN_PART, find_misfit, is_right_in_part
from brittlestar.claims.weighing import Case, at_level, open_case
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import metric_names, metric_of
from brittlestar.core.texts import suggest
from brittlestar.data.encode import shorten_text
from brittlestar.data.memory import is_frame, table_of_object
from brittlestar.data.outcome_columns import find_missing_metric
from brittlestar.data.tables import Table, format_list
from brittlestar.statistics.multiplicity import find_holm_levels, find_q_values
from brittlestar.study.claim_parsing import parse_claim, write_claim
from brittlestar.study.claims import UNSEEN, Claim, format_claim
from brittlestar.study.names import BEST_TRIVIAL, CLAIM_ALIASES
from brittlestar.study.sides import splits_of


def judge_all(
    cases: Sequence[tuple[Outcomes, Claim]],
    *,
    registered: bool = True,
    anytime: bool = False,
    sharing: int | None = None,
) -> tuple[Judgement, ...]:
    """Judge claims together, each on its outcomes. Several registered ones share alpha: alpha / k each where there are
    looks, Holm's levels where each has one. `sharing` is k where more claims than these share it. Claims that were not
    registered are exploratory: they get Benjamini and Hochberg's q and are never `supported`. Raises InputError."""
    if not registered:
        found = [judge_any(outcomes, claim, registered=False, anytime=anytime) for outcomes, claim in cases]
        q = find_q_values([_p_of(one) for one in found])
        return tuple(_explore(one, value) for one, value in zip(found, q, strict=True))
    sharing = len(cases) if sharing is None else sharing
    single = all(len(claim.looks) == 1 or claim.population == "this-model" for _, claim in cases)
    if sharing > 1 and not anytime and single and len({claim.alpha for _, claim in cases}) == 1:
        return _judge_by_holm(cases, sharing)
    return tuple(
        judge_any(outcomes, claim, alpha=claim.alpha / max(sharing, 1), anytime=anytime) for outcomes, claim in cases
    )


def _judge_by_holm(cases: Sequence[tuple[Outcomes, Claim]], sharing: int) -> tuple[Judgement, ...]:
    """Claims at Holm's levels. Runs are paired once, for the p-value and for the verdict."""
    opened = [
        None if len(list_sides(claim)) > 1 or has_rivals(outcomes, claim) else open_case(outcomes, claim, None, False)
        for outcomes, claim in cases
    ]
    p = [_find_p(outcomes, claim, case) for (outcomes, claim), case in zip(cases, opened, strict=True)]
    levels = find_holm_levels([*p, *[1.0] * (sharing - len(p))], cases[0][1].alpha)
    return tuple(
        judge_any(outcomes, claim, alpha=level, opened=None if case is None else at_level(case, level))
        for (outcomes, claim), level, case in zip(cases, levels[: len(p)], opened, strict=True)
    )


def _find_p(outcomes: Outcomes, claim: Claim, case: Case | None) -> float:
    """The p-value that Holm's procedure orders a claim by."""
    if case is None:
        return _p_of(judge_any(outcomes, claim))
    if needs_models(case):
        case = open_case(outcomes, replace(claim, population="this-model"), None, False)
    p = find_case_p(case)
    return 1.0 if p is None else p


def _p_of(found: Judgement) -> float:
    """The p-value of a judgement, or of that on the models at hand where there are too few seeds for one."""
    own = found.p if found.this_model is None else found.this_model.p
    return 1.0 if own is None else own


def _explore(found: Judgement, q: float) -> Judgement:
    """The judgement of a claim that was not registered: never `supported`."""
    shown = "q < .001" if q < 0.001 else f"q = {q:.3f}".replace("0.", ".", 1)
    note = f"the claim is exploratory: it was not registered before the results ({shown})"
    verdict = "inconclusive" if found.verdict == "supported" else found.verdict
    own = None if found.this_model is None else _explore(found.this_model, q)
    said = replace(found, verdict=verdict, reasons=(note, *found.reasons), q=q, this_model=own)
    return replace(said, sentence=sentence_of(said))


def open_outcomes(given: Any) -> Any:
    """Anything that `judge` takes, a frame or records as a table. Raises InputError."""
    records = isinstance(given, list) and all(isinstance(row, Mapping) for row in cast("list[Any]", given))
    if isinstance(given, Outcomes | Mapping | Table):
        return given
    if not records and not is_frame(given):
        hint = "give a pandas or Polars frame, or {variant: {'seeds': …, 'examples': …, 'outcome': …}}"
        raise InputError(f"outcomes are a {type(given).__name__}", "outcomes", hint)
    table, problems = table_of_object(given, "outcomes")
    if table is None:
        raise InputError(problems)
    return table


def read_outcomes(given: Any, metric: str, group: str | None = None) -> Mapping[str | None, Outcomes]:
    """Outcomes of anything that `judge` takes under a metric, by split (None without a column `split`). Raises
    InputError."""
    given = open_outcomes(given)
    if isinstance(given, Outcomes):
        return {None: given}
    if isinstance(given, Mapping):
        if group is not None and not any(isinstance(one, Mapping) and "group" in one for one in given.values()):
            what = f"no variant names its groups, and the claim groups by '{group}'"
            raise InputError(what, "claim.group", "give the group of each example under `group`")
        return {None: of_mapping(given)}
    return of_table(given, metric, group)


def _read_each(given: Any, metrics: Iterable[str], group: str | None) -> Mapping[str, Mapping[str | None, Outcomes]]:
    apart = isinstance(given, Table) and "metric" in given.frame.columns
    found: dict[str, Mapping[str | None, Outcomes]] = {}
    for metric in metrics:
        read = None if apart else next(iter(found.values()), None)
        found[metric] = read_outcomes(given, metric, group) if read is None else read
    return found


Written = str | Mapping[str, Any] | Claim  # a claim: a sentence, fields with or without one, or as it was read


def judge_written(
    outcomes: Any, written: Sequence[Written], *, registered: bool, anytime: bool, best_trivial: float | None
) -> tuple[Judgement, ...]:
    """Judge claims as they are written, together, on a table or a mapping of outcomes: the verb `judge` says what these
    and the options may be. Raises InputError with what is wrong with claims or outcomes."""
    claims = [one if isinstance(one, Claim) else parse_claim(one, "claim") for one in written]
    outcomes = open_outcomes(outcomes)
    problems = [problem for one, claim in zip(written, claims, strict=True) for problem in _unfit(one, claim, outcomes)]
    problems += [
        Problem(f"'{format_claim(claim)}' is written twice", "claim", "keep one: each shares the 5 % with the others")
        for k, claim in enumerate(claims)
        if claim in claims[:k]
    ]
    if best_trivial is not None and not math.isfinite(best_trivial):
        problems.append(Problem(f"--best-trivial must be a score (got {best_trivial:g})"))
    if problems:
        raise InputError(problems)
    groups = {one.group for one in claims if one.group is not None}
    if len(groups) > 1:
        raise InputError(f"claims name several groups: {', '.join(sorted(groups))}", "claim", "judge them one by one")
    read = _read_each(outcomes, dict.fromkeys(one.metric for one in claims), next(iter(groups), None))
    constants = {} if best_trivial is None else {BEST_TRIVIAL: float(best_trivial)}
    cases = [(select_split(read[one.metric], one, constants), one) for one in claims]
    if misfits := [problem for case in cases if (problem := find_misfit(*case)) is not None]:
        raise InputError(dict.fromkeys(misfits))
    judged = judge_all(cases, registered=registered, anytime=anytime)
    return tuple(
        replace(one, sentence=f"{one.sentence} {IN_PART}") if is_right_in_part(*case) else one
        for one, case in zip(judged, cases, strict=True)
    )


def _unfit(written: Any, claim: Claim, outcomes: Any) -> list[Problem]:
    """What keeps a claim from being judged on a table: a metric that it does not have, or whose direction nobody said,
    and rows not in train."""
    problems: list[Problem] = []
    missing = find_missing_metric(outcomes, claim.metric) if isinstance(outcomes, Table) else None
    told = isinstance(written, Claim) or (isinstance(written, Mapping) and "higher_is_better" in written)
    if missing is not None:
        problems.append(missing)
    elif not told and not metric_of(claim.metric).is_known:
        what = f"there is no metric '{claim.metric}' here, so that the claim must say which way is better"
        near = suggest(claim.metric, metric_names(("shape", "colour")))
        hint = f"write {write_claim(claim)}, or false"
        problems.append(Problem(what, "claim", f"{near} else {hint}" if near else hint))
    for split in (claim.split, *splits_of(claim.arm, claim.other)):
        if split.endswith(UNSEEN):
            what = f"a table does not say which rows of {split.removesuffix(UNSEEN)} are unseen"
            hint = "judge the study's folder, which says so; or give a table of those rows alone"
            problems.append(Problem(what, "claim", hint))
    return problems


MOST_NAMED = 10  # a sentence that a person reads


def select_split(
    read: Mapping[str | None, Outcomes], claim: Claim, constants: Mapping[str, float] | None = None
) -> Outcomes:
    """The outcomes of the split that a claim is on; a table without a column split is what the claim says it is. They
    have the score of the best trivial baseline, or its one run, which stands for every seed. Raises InputError."""
    there = {split: one for split, one in read.items() if split is not None}
    if None in read:
        own = read[None]
    elif claim.split in there:
        own = replace(there[claim.split], elsewhere=there)
    else:
        hint = suggest(claim.split, there) or f"the table has {format_list([*map(shorten_text, there)], MOST_NAMED)}"
        raise InputError(f"there are no outcomes on split '{shorten_text(claim.split)}'", "claim", hint)
    constants = constants or {}
    arms = {CLAIM_ALIASES.get(name, name): runs for name, runs in own.arms.items()}
    if BEST_TRIVIAL in arms and BEST_TRIVIAL in constants:
        what = f"the table has outcomes of {BEST_TRIVIAL}, and a score is given for it"
        raise InputError(what, "--best-trivial", "leave the score out")
    alone = BEST_TRIVIAL in arms and len(arms[BEST_TRIVIAL].seeds) == 1
    seedless = own.seedless | {BEST_TRIVIAL} if alone else own.seedless
    return replace(own, arms=arms, constants={**own.constants, **constants}, seedless=seedless)
