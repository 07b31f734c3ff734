"""`compare`: two studies, or two tables of outcomes, side by side."""

from dataclasses import replace
from pathlib import Path

from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import claim_between, join_sides, judge_pairs, match_rows
from brittlestar.claims.study_judgements import find_shared_luck
from brittlestar.core.errors import InputError
from brittlestar.reports.comparison import ScorePair
from brittlestar.reports.study_differences import (
    SplitChange,
    list_answer_changes,
    list_finding_changes,
    list_setting_changes,
    list_verdict_changes,
)
from brittlestar.study.claims import Claim, SharedLuck
from brittlestar.verbs.compare_result import CompareResult
from brittlestar.verbs.compare_sides import StudySide, TableSide, open_side

FIRST, SECOND = "first", "second"
"""The two sides in claims, where their own names do not tell them apart."""


def compare(first: str | Path, second: str | Path, *, metric: str | None = None) -> CompareResult:
    """Compare two studies: what differs in settings and data, then scores, findings and verdicts.

    Scores are compared on the rows, and with the seeds, that both have; each difference has an interval from the same
    judging as claims. Nobody registered these comparisons, so they are exploratory.

    Args:
        first: A study's folder, or a table of outcomes as `judge` reads it.
        second: Another one of the same kind. Every difference is second − first.
        metric: The metric to compare; without it the one that heads the first (accuracy for tables).

    Returns:
        What differs, shown as text in at most 12 lines; `document` is the JSON.

    Raises:
        InputError: One of the two cannot be read, they are of two kinds, or they share no variant.
        StoreError: A run's folder is damaged.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import compare, run
        >>> _ = run("data", seeds=2, settings={"training.epochs": "2"}, executor="serial", out="longer.study")
        >>> result = compare("data.study", "longer.study")
        >>> [(one.what, one.first, one.second) for one in result.settings if one.what == "training.epochs"]
        [('training.epochs', 1, 2)]
        >>> result.data_words
        'the same rows in every split'
    """
    one, other = open_side(Path(first), metric), open_side(Path(second), metric)
    if type(one) is not type(other):
        hint = "write the study's scores as a table first: brittlestar export STUDY --scores FILE"
        raise InputError("a study and a table of outcomes cannot be compared", str(second), hint)
    metric = metric or one.metric
    pairs = _pair_variants(one, other)
    if not pairs:
        what = f"they have no variant in common: {', '.join(one.variants)} and {', '.join(other.variants)}"
        raise InputError(what, "compare", "give both the same names")
    scores = _compare_scores(one, other, pairs, metric)
    sides = one.describe(), other.describe()
    if isinstance(one, TableSide) and isinstance(other, TableSide):
        return CompareResult(sides, (), tuple(_list_table_changes(one, other, scores)), scores)
    assert isinstance(one, StudySide) and isinstance(other, StudySide)
    gained, lost = list_finding_changes(one.findings, other.findings)
    return CompareResult(
        sides,
        tuple(list_setting_changes(one.record, other.record)),
        tuple(_list_split_changes(one, other)),
        scores,
        tuple(list_answer_changes(one.study.assessment.headline, other.study.assessment.headline)),
        tuple(gained),
        tuple(lost),
        tuple(list_verdict_changes(one.study.assessment.judgements, other.study.assessment.judgements)),
    )


def _pair_variants(one: StudySide | TableSide, other: StudySide | TableSide) -> list[tuple[str, str]]:
    """Variants of one name, and both variants under test whatever they are called, these first."""
    tested = (
        [(one.record.main, other.record.main)] if isinstance(one, StudySide) and isinstance(other, StudySide) else []
    )
    return list(dict.fromkeys((*tested, *((name, name) for name in one.variants if name in other.variants))))


def _compare_scores(
    one: StudySide | TableSide, other: StudySide | TableSide, pairs: list[tuple[str, str]], metric: str
) -> tuple[ScorePair, ...]:
    """Every pair on every split that both have, without train; the headline split first. All are judged together."""
    names = (one.name, other.name) if one.name != other.name else (FIRST, SECOND)
    splits = [name for name in dict.fromkeys(("test", *one.splits)) if name in one.splits and name in other.splits]
    found: list[ScorePair] = []
    cases: dict[int, tuple[Outcomes, Claim]] = {}
    for variants in pairs:
        for split in (name for name in splits if name != "train"):
            try:
                shared = join_sides(
                    names, variants, (one.read_rows(split, metric), other.read_rows(split, metric)), metric
                )
                claim = claim_between(names, metric, split, shared, _find_luck(one, other, variants, names))
                means = tuple(float(shared.outcomes.scores(name, metric).mean()) for name in names)
            except InputError as error:
                found.append(ScorePair(variants, split, metric, reason=error.problems[0].what))
            else:
                cases[len(found)] = shared.outcomes, claim
                found.append(
                    ScorePair(
                        variants,
                        split,
                        metric,
                        (means[0], means[1]),
                        shared.rows,
                        shared.seeds,
                        identical=shared.identical,
                    )
                )
    judged = dict(zip(cases, judge_pairs(list(cases.values())), strict=True))
    return tuple(replace(pair, judgement=judged.get(k)) for k, pair in enumerate(found))


def _find_luck(
    one: StudySide | TableSide, other: StudySide | TableSide, variants: tuple[str, str], names: tuple[str, str]
) -> SharedLuck:
    """What the two share through their seeds: of tables nothing is known, so their runs are paired as tables are."""
    if not isinstance(one, StudySide) or not isinstance(other, StudySide):
        return SharedLuck(dict.fromkeys(names, "alike"), {name: {} for name in names})
    arms = {names[0]: one.describe_variant(variants[0]), names[1]: other.describe_variant(variants[1])}
    return find_shared_luck(arms, one.record.streams if one.record.streams == other.record.streams else {})


def _list_split_changes(one: StudySide, other: StudySide) -> list[SplitChange]:
    found: list[SplitChange] = []
    for name in dict.fromkeys((*one.splits, *other.splits)):
        here, there = one.record.splits.get(name), other.record.splits.get(name)
        if here is None or there is None:
            found.append(SplitChange(name, here and here.rows, there and there.rows, 0))
        elif here.fingerprint != there.fingerprint:
            both = len(match_rows(one.name_rows(name), other.name_rows(name))[0])
            found.append(SplitChange(name, here.rows, there.rows, both))
    return found


def _list_table_changes(one: TableSide, other: TableSide, scores: tuple[ScorePair, ...]) -> list[SplitChange]:
    found = {pair.split: SplitChange(pair.split, *pair.rows) for pair in scores if pair.rows and len({*pair.rows}) > 1}
    for split in dict.fromkeys((*one.splits, *other.splits)):
        here, there = (side.count_rows(split) if split in side.splits else None for side in (one, other))
        if here is None or there is None:
            found[split] = SplitChange(split, here, there, 0)
    return list(found.values())
