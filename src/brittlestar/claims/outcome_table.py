"""Claims judged on outcomes that somebody gives: a table, records, or a mapping of arrays, which is
read as the long table that judging takes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.claims.frames import of_table
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.several import judge_all
from brittlestar.claims.summaries import is_summary, judge_summaries, read_summaries
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import metric_names, metric_of
from brittlestar.core.texts import suggest
from brittlestar.data.encode import shorten_text
from brittlestar.data.memory import Form, is_column, is_table, table_of_object
from brittlestar.data.outcome_columns import ROLES, find_missing_metric, short
from brittlestar.data.tables import Table, column_of_values, format_list
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claim_parsing import parse_claim, write_claim
from brittlestar.study.claims import DEFAULT_LOOKS, UNSEEN, Claim, format_claim
from brittlestar.study.names import BEST_TRIVIAL, CLAIM_ALIASES
from brittlestar.study.sides import all_terms, arms_of, splits_of

GIVE_RUNS = "give {'variant': {'seeds': …, 'examples': …, 'outcome': …}}"
FORM = Form(
    "give a frame with the columns variant, seed and score (or example and outcome), {variant: array}, or "
    "pairs (variant, score)"
)
Column = tuple[list[Any], np.ndarray] | np.ndarray
"""Values of a variant, and int64 (lines,) which of them each line has; or an array of one value a line."""


def tabulate_mapping(variants: Mapping[Any, Any]) -> Table:
    """The table of `{variant: {"seeds", "examples", "outcome": seeds x examples}}`, `{variant: {"seeds", "score"}}`, or
    `{variant: array}` of either, whose runs are numbered on, so that no two variants share a seed; `"group"` may name
    the group of each example. What it holds is read as of any table. Raises InputError where the form is another
    one."""
    parts: list[dict[str, Column]] = []
    for name, given in variants.items():
        parts.append(_read_variant(name, given, sum(len(part["seed"][0]) for part in parts)))
    if not parts:
        raise InputError("there are no variants", "outcomes", GIVE_RUNS)
    if len({"example" in part for part in parts}) > 1:
        what = "some variants have scores alone, and others outcomes row by row"
        raise InputError(what, "outcomes", "give outcome, or score, for all of them")
    names = [name for name in parts[0] if all(name in part for part in parts)]
    try:
        return Table("outcomes", pl.DataFrame([_join(name, [part[name] for part in parts]) for name in names]))
    except InputError as error:
        raise error.with_place("outcomes") from error.__cause__


def _read_variant(name: Any, given: Any, runs: int) -> dict[str, Column]:
    """The columns of one variant, its runs one after the other, behind so many `runs` of others."""
    where = f"outcomes['{name}']"
    if is_column(given) and len(given):
        given = _make_array(given, "outcome", where)
        given = {"seeds": range(runs, runs + len(given)), "outcome" if given.ndim > 1 else "score": given}
    if not isinstance(name, str) or not name.strip() or not isinstance(given, Mapping):
        raise InputError(f"{name!r}: {type(given).__name__} is no variant with its runs", "outcomes", GIVE_RUNS)
    given = cast("Mapping[str, Any]", given)
    kind = "score" if "score" in given else "outcome"
    if kind not in given:
        hint = "give outcome (seeds x examples) or score (one a seed)"
        raise InputError(f"variant '{name}' has neither", where, hint)
    values, wide = _make_array(given[kind], kind, where), kind == "outcome"
    seeds = _list_values(given.get("seeds"), f"{where}.seeds")
    _refuse_odd_seeds(seeds, f"{where}.seeds")
    examples = [*range(values.shape[-1] if values.ndim else 0)]
    if given.get("examples") is not None:
        examples = _list_values(given["examples"], f"{where}.examples")
    shape = (len(seeds), len(examples)) if wide else (len(seeds),)
    if values.shape != shape:
        hint = "seeds x examples" if wide else "one a seed"
        raise InputError(f"{kind} has shape {values.shape}, not {shape}", where, hint)
    each = len(examples) if wide else 1
    found: dict[str, Column] = {
        "variant": ([name], np.zeros(values.size, np.int64)),
        "seed": (seeds, np.repeat(np.arange(len(seeds)), each)),
        kind: values.ravel(),
    }
    if wide:
        found["example"] = examples, np.tile(np.arange(each), len(seeds))
    if wide and given.get("group") is not None:
        groups = _list_values(given["group"], f"{where}.group")
        if len(groups) != each:
            what = f"{len(groups)} groups are given for {each} examples"
            raise InputError(what, f"{where}.group", "name the group of each example")
        found["group"] = groups, np.tile(np.arange(each), len(seeds))
    return found


def _list_values(given: Any, where: str) -> list[Any]:
    if given is None or isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"it is a {type(given).__name__}, not a list", where, "name each in a list")
    found = list(cast("Iterable[Any]", given))
    if not found:
        raise InputError("it is empty", where, "name each in a list")
    return found


def _refuse_odd_seeds(seeds: list[Any], where: str) -> None:
    """Among other values a seed would be taken for its text."""
    for seed in seeds:
        whole = isinstance(seed, int | float | np.integer | np.floating) and seed == seed and abs(seed) < 2**63
        if isinstance(seed, bool) or not (isinstance(seed, str) or (whole and seed == int(seed))):
            what = f"seeds contain a value that is no seed (first: {short(seed)})"
            raise InputError(what, where, "a seed is a whole number below 2**63, or a name")


def _make_array(given: Any, what: str, where: str) -> np.ndarray:
    """The values as one array of any type. Raises InputError where rows differ in length."""
    try:
        return np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{what} is no table of numbers: {error}", where, "seeds x examples") from None


def _join(name: str, parts: list[Column]) -> pl.Series:
    """One column of all variants."""
    if isinstance(parts[0], np.ndarray):
        arrays = cast("list[np.ndarray]", parts)
        if all(array.dtype.kind in "fiub" for array in arrays):
            return pl.Series(name, np.concatenate(arrays))
        return column_of_values(name, [value for array in arrays for value in array.tolist()])
    pairs = cast("list[tuple[list[Any], np.ndarray]]", parts)
    known = column_of_values(name, [value for values, _ in pairs for value in values])
    starts = np.cumsum([0, *(len(values) for values, _ in pairs[:-1])])
    return known[np.concatenate([start + at for start, (_, at) in zip(starts, pairs, strict=True)])]


def open_outcomes(given: Any) -> Any:
    """Anything that `judge` takes as a table; outcomes as they are. Raises InputError."""
    if isinstance(given, Outcomes | Table):
        return given
    if isinstance(given, list) and given and all(isinstance(one, tuple) and len(one) == 2 for one in given):
        given = _gather_pairs(given)
    if isinstance(given, Mapping) and not is_table(given, ROLES.__contains__):
        return tabulate_mapping(cast("Mapping[Any, Any]", given))
    return table_of_object(given, FORM, "outcomes")


def _gather_pairs(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    """{variant: array} of pairs (variant, a score or a row of outcomes of one seed, or all of them)."""
    runs: dict[str, list[Any]] = {}
    for name, value in pairs:
        runs.setdefault(str(name), []).append(value)
    return {name: values[0] if len(values) == 1 and is_column(values[0]) else values for name, values in runs.items()}


def read_outcomes(given: Any, metric: str, group: str | None = None) -> Mapping[str | None, Outcomes]:
    """Outcomes of anything that `judge` takes under a metric, by split (None without a column `split`). Raises
    InputError."""
    given = open_outcomes(given)
    return {None: given} if isinstance(given, Outcomes) else of_table(given, metric, group)


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
    summed = isinstance(outcomes, Table) and is_summary(outcomes)
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
    if summed:
        return judge_summaries(outcomes, claims, registered=registered, anytime=anytime, best_trivial=best_trivial)
    groups = {one.group for one in claims if one.group is not None}
    if len(groups) > 1:
        raise InputError(f"claims name several groups: {', '.join(sorted(groups))}", "claim", "judge them one by one")
    read = _read_each(outcomes, dict.fromkeys(one.metric for one in claims), next(iter(groups), None))
    constants = {} if best_trivial is None else {BEST_TRIVIAL: float(best_trivial)}
    cases = [(select_split(read[one.metric], one, constants), one) for one in claims]
    if misfits := [problem for case in cases if (problem := find_misfit(*case)) is not None]:
        raise InputError(dict.fromkeys(misfits))
    planned = ({"looks", "max_seeds"} & one.keys() if isinstance(one, Mapping) else () for one in written)
    paired = [(on, _settle_pairing(on, claim)) for on, claim in cases]
    once = [case if plan else (case[0], _look_once(*case)) for case, plan in zip(paired, planned, strict=True)]
    return judge_all(once, registered=registered, anytime=anytime)


def list_variants(given: Any, metric: str) -> tuple[tuple[str, ...], list[str]]:
    """The variants and the splits (none without a column `split`) that a table has of a metric. Raises InputError."""
    given = open_outcomes(given)
    summed = isinstance(given, Table) and is_summary(given)
    read = read_summaries(given, metric)[0] if summed else read_outcomes(given, metric)
    variants = (name for one in read.values() for name in (one.variants if isinstance(one, Outcomes) else one))
    return tuple(dict.fromkeys(variants)), [split for split in read if split is not None]


def _settle_pairing(outcomes: Outcomes, claim: Claim) -> Claim:
    """A claim on a table that does not say how its sides are paired: independent where no seed is in all of them."""
    sides = [name for name in arms_of(claim.arm, claim.other) if name in outcomes.variants]
    seeds = [set(outcomes.variants[name].seeds) for name in sides if name not in outcomes.seedless]
    apart = len(seeds) > 1 and not set.intersection(*seeds) and max(map(len, seeds)) > 1
    return replace(claim, pairing="independent") if apart and claim.pairing is None else claim


def _look_once(outcomes: Outcomes, claim: Claim) -> Claim:
    """A claim on a table, which is finished, that plans no looks of its own: it has one, at all seeds of the side that
    has the fewest."""
    sides = [name for name in arms_of(claim.arm, claim.other) if name in outcomes.variants]
    runs = [len(outcomes.variants[name].seeds) + len(outcomes.variants[name].lost) for name in sides]
    if claim.looks != DEFAULT_LOOKS or not any(runs):
        return claim
    seeds = max(min(filter(None, runs)), MIN_SEEDS)
    return replace(claim, looks=(seeds,), max_seeds=seeds)


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


SPLITS_NAMED = 10  # a sentence that a person reads


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
        hint = suggest(claim.split, there) or f"the table has {format_list([*map(shorten_text, there)], SPLITS_NAMED)}"
        raise InputError(f"there are no outcomes on split '{shorten_text(claim.split)}'", "claim", hint)
    constants = constants or {}
    variants = {CLAIM_ALIASES.get(name, name): runs for name, runs in own.variants.items()}
    if BEST_TRIVIAL in variants and BEST_TRIVIAL in constants:
        what = f"the table has outcomes of {BEST_TRIVIAL}, and a score is given for it"
        raise InputError(what, "--best-trivial", "leave the score out")
    alone = BEST_TRIVIAL in variants and len(variants[BEST_TRIVIAL].seeds) == 1
    seedless = own.seedless | {BEST_TRIVIAL} if alone else own.seedless
    return replace(own, variants=variants, constants={**own.constants, **constants}, seedless=seedless)


def find_misfit(outcomes: Outcomes, claim: Claim) -> Problem | None:
    """The first cell that is no value of the claim's metric: row by row and in every score, fractions lie in [0, 1] and
    log loss is 0 or more. Of a metric with a scale of its own nothing is known."""
    terms = dict.fromkeys(all_terms(claim.arm, claim.other))
    for term in terms:
        on = outcomes.elsewhere.get(term.split) if term.split else outcomes
        runs = on.variants.get(term.variant) if on is not None else None
        if on is not None and runs is not None and (found := _find_wrong_cell(claim.metric, term.variant, runs, on)):
            return found
    for label in dict.fromkeys(term.label for term in terms):
        value = outcomes.constants.get(label)
        if value is not None and _find_outside(claim.metric, value):
            return Problem(f"{claim.metric} of {label} is {value:g}", "outcomes", _hint(claim.metric, value))
    return None


def _find_outside(metric: str, values: np.ndarray | float) -> np.ndarray:
    low, high = metric_of(metric).range
    return np.asarray((values < low) | (values > high))


def _find_wrong_cell(metric: str, variant: str, runs: Runs, on: Outcomes) -> Problem | None:
    by_row, share = runs.outcome is not None and metric_of(metric).additive, metric_of(metric).is_share
    values = runs.outcome if by_row else runs.score
    if values is None or not (wrong := _find_outside(metric, values)).any():
        return None
    run, *rows = (int(k) for k in np.unravel_index(int(np.argmax(wrong)), wrong.shape))
    value, seed = float(values[(run, *rows)]), runs.seeds[run]
    if not by_row:
        return Problem(f"{metric} of variant {variant}, seed {seed} is {value:g}", "outcomes", _hint(metric, value))
    example = on.examples[rows[0]] if len(on.examples) else rows[0]
    cell = f"variant {variant}, seed {seed}, example {example}: {value:g}"
    what = f"an outcome of {metric} is {'0 (wrong) or 1 (right)' if share else '0 or more'} ({cell})"
    classes = share and bool((values == np.round(values)).all())
    hint = "outcomes that are classes are predictions: give columns label and prediction" if classes else ""
    return Problem(what, "outcomes", hint or _hint(metric, value))


def _hint(metric: str, value: float) -> str:
    low, high = metric_of(metric).range
    if not metric_of(metric).is_share:
        return f"{metric} is {low:g} or more" if math.isinf(high) else f"{metric} lies between {low:g} and {high:g}"
    if 1 < value <= 100:
        return f"it is a fraction: {value:g} % is {value / 100:.6g}, and a claim's 1 point is 0.01"
    return "it is a fraction between 0 and 1; another metric has a name of its own: {claim: …, higher_is_better: true}"
