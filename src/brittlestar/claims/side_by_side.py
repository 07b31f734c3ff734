"""Two sources of outcomes side by side: a variant of each, on the rows and seeds that both have, judged as a claim."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs, seed_rank
from brittlestar.claims.several import judge_all
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import find_metric, metric_of
from brittlestar.core.results import SplitAnswers
from brittlestar.core.scores import tabulate
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, SharedSeeds, settle_pairing
from brittlestar.study.sides import PLAIN_SPLIT, quote_name, write_metric


@dataclass(frozen=True)
class NamedRows:
    """Outcomes of one source on one split, and what names each row: a line a row, None where there are scores alone.
    `classes` are what the codes of labels mean, None where that is not known."""

    outcomes: Outcomes
    rows: pl.DataFrame | None
    classes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Shared:
    """What two sources have in common on one split: outcomes of the two variants under the names of their sources, how
    many rows and seeds each has, and how many both have. `rows` are None where scores alone are known; `identical` says
    that every run answers every row as on the other side."""

    outcomes: Outcomes
    rows: tuple[int, int, int] | None
    seeds: tuple[int, int, int]
    identical: bool


def name_rows(answers: SplitAnswers, classes: Sequence[str]) -> pl.DataFrame:
    """What names the rows of a study's split: their sequence, their label, and which of several alike they are."""
    named = np.asarray([*classes, ""], dtype=object)[answers.labels].tolist()
    return number_copies(answers.hashes, label=pl.Series(named, dtype=pl.String))


def number_copies(hashes: np.ndarray, **more: pl.Series) -> pl.DataFrame:
    """What names rows by their sequence alone, uint64 (n_rows,), or by `more` too: with which of several alike each
    is."""
    frame = pl.DataFrame({"hash": hashes, **more})
    return frame.with_columns(pl.int_range(pl.len()).over(frame.columns).alias("copy"))


def match_rows(first: pl.DataFrame, second: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Places, int64 (n_both,), of the rows that both have, in the order of the first."""
    keys = first.columns
    joined = first.with_row_index("place").join(
        second.with_row_index("other"), on=keys, how="inner", maintain_order="left"
    )
    return joined["place"].to_numpy().astype(np.int64), joined["other"].to_numpy().astype(np.int64)


def join_sides(
    names: tuple[str, str], variants: tuple[str, str], sides: tuple[NamedRows, NamedRows], metric: str
) -> Shared:
    """Outcomes of one variant of each side on the rows that both have, under the sides' `names`: of the seeds that both
    have, or of all where both have none. Raises InputError where there is nothing to compare."""
    for name, side, variant in zip(names, sides, variants, strict=True):
        if variant not in side.outcomes.variants:
            raise InputError(f"{name} has no finished run of {variant} there", "compare", "train it first")
    runs = [side.outcomes.find_runs(variant) for side, variant in zip(sides, variants, strict=True)]
    sizes, places = _find_common_rows(sides)
    if len({run.score is None for run in runs}) > 1:  # one side knows nothing but scores
        runs = [
            _as_scores(run, own.outcomes, variant, metric)
            for run, own, variant in zip(runs, sides, variants, strict=True)
        ]
    taken = [_take(run, kept, metric) for run, kept in zip(runs, places, strict=True)]
    knows = 1 if sides[0].classes is None and sides[1].classes is not None else 0  # a study knows more than a table
    if _have_the_same_codes(sides, taken):
        taken = [_ask_alike(one, taken[knows]) for one in taken]
    else:
        taken = [_as_outcomes(one, metric) for one in taken]
    both, taken = pick_seeds(taken)
    base, kept = sides[knows].outcomes, places[knows]
    outcomes = Outcomes(
        dict(zip(names, taken, strict=True)),
        _pick(base.groups, kept),
        chance=base.chance_of(metric),
        held_out=base.held_out,
    )
    counts = (len(runs[0].seeds), len(runs[1].seeds), both)
    return Shared(outcomes, sizes, counts, answer_alike(taken[0], taken[1], metric))


def _find_common_rows(
    sides: tuple[NamedRows, NamedRows],
) -> tuple[tuple[int, int, int] | None, tuple[np.ndarray | None, np.ndarray | None]]:
    """How many rows each side has, and both, and where those of both stand; None where scores alone are known."""
    if sides[0].rows is None or sides[1].rows is None:
        return None, (None, None)
    first, second = match_rows(sides[0].rows, sides[1].rows)
    if not len(first):
        named = ": rows go by the example, which is the id in a study" if "example" in sides[0].rows.columns else ""
        raise InputError(f"they have no row in common{named}", "compare", "compare studies of the same data")
    return (sides[0].rows.height, sides[1].rows.height, len(first)), (first, second)


def _pick(values: np.ndarray | None, rows: np.ndarray | None) -> np.ndarray | None:
    return values if values is None or rows is None else values[rows]


def answer_alike(first: Runs, second: Runs, metric: str) -> bool:
    """Whether runs of the same seeds give the same outcome in every row, and the same class where a metric reads that
    alone."""
    here, there = (_read_outcomes(one, metric) for one in (first, second))
    if here is None or there is None or first.seeds != second.seeds:
        return False
    return bool(np.array_equal(here, there))


def _read_outcomes(runs: Runs, metric: str) -> np.ndarray | None:
    if runs.answers is None:
        return runs.outcome
    known = find_metric(metric, runs.answers.rows.weights).needs == "predictions"
    return runs.answers.predicted if known else tabulate(runs.answers, metric)


def _take(runs: Runs, rows: np.ndarray | None, metric: str) -> Runs:
    whole = rows is None or np.array_equal(rows, np.arange(runs.n_rows or len(rows)))
    return replace(runs if whole or rows is None else runs.take_rows(rows, metric), lost=())


def _as_scores(runs: Runs, outcomes: Outcomes, variant: str, metric: str) -> Runs:
    return runs if runs.score is not None else Runs(runs.seeds, score=outcomes.scores(variant, metric))


def _have_the_same_codes(sides: tuple[NamedRows, NamedRows], runs: Sequence[Runs]) -> bool:
    first, second = sides
    if first.classes is not None and second.classes is not None:
        return first.classes == second.classes
    one, other = (None if run.answers is None else run.answers.rows for run in runs)
    if one is None or other is None:
        return one is other
    return np.array_equal(one.labels, other.labels) and one.n_classes == other.n_classes


def _ask_alike(runs: Runs, other: Runs) -> Runs:
    """Runs on the rows as those of the other side describe them, which may know their weights."""
    if runs.answers is None or other.answers is None:
        return runs
    return replace(runs, answers=replace(runs.answers, rows=other.answers.rows))


def _as_outcomes(runs: Runs, metric: str) -> Runs:
    """Runs whose classes need no code: right or wrong in every row. Raises InputError for other metrics than that."""
    if runs.answers is None:
        return runs
    if metric != "accuracy":
        what = f"it is not known that their classes are the same, so {metric} cannot be compared row by row"
        raise InputError(what, "compare", "compare accuracy: --metric accuracy")
    return replace(runs, answers=None, outcome=tabulate(runs.answers, metric))


def pick_seeds(runs: Sequence[Runs]) -> tuple[int, list[Runs]]:
    """How many seeds both have, and the runs of these alone where there are some."""
    if not all(run.seeds for run in runs):
        raise InputError("one of the two has no finished run", "compare", "train it first")
    both = sorted(set(runs[0].seeds) & set(runs[1].seeds), key=seed_rank)
    return len(both), [run.take([*map(run.seeds.index, both)]) for run in runs] if both else list(runs)


def claim_between(names: tuple[str, str], metric: str, split: str, shared: Shared, luck: SharedSeeds) -> Claim:
    """That the second exceeds the first at all, with one look at the seeds at hand. Runs are paired by seed as the rule
    of studies has it, and independent where both have no seed in common."""
    first, second = (quote_name(name) for name in names)
    seeds = min(len(variant.seeds) for variant in shared.outcomes.variants.values())
    claim = parse_claim(
        {
            "claim": f"{second} > {first} by 0 on {write_metric(metric)} on {quote_name(split, PLAIN_SPLIT)}",
            "looks": [max(seeds, MIN_SEEDS)],
            "higher_is_better": metric_of(metric).higher_is_better,
        },
        "compare",
    )
    return settle_pairing(claim, luck) if shared.seeds[2] or seeds == 1 else replace(claim, pairing="independent")


def judge_pairs(cases: Sequence[tuple[Outcomes, Claim]]) -> tuple[Judgement, ...]:
    """Judge comparisons that nobody registered, together: exploratory, so that none is `supported`, each with its q."""
    return judge_all(cases, registered=False)
