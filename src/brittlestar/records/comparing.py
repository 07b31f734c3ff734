"""Two studies side by side: which variants answer to each other, and where they differ."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import NamedRows, claim_between, join_sides, judge_pairs, match_rows
from brittlestar.claims.study_outcomes import find_shared_luck
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.pipeline.open import choose_main
from brittlestar.records.compare_sides import Compared, name_by_content
from brittlestar.records.opened_study import OpenedRecord, OpenedStudy
from brittlestar.reports.comparison import SCORE_COLUMNS, Comparison, ScorePair
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.figures.differences import draw_pairs
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.finding_changes import list_finding_changes
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.reports.showing import Shown
from brittlestar.reports.study_differences import (
    OwnCode,
    SplitChange,
    list_answer_changes,
    list_code_changes,
    list_setting_changes,
    list_untold,
    list_verdict_changes,
)
from brittlestar.study.claims import Claim, SharedSeeds

FIRST, SECOND = "first", "second"
"""The two sides in claims, where their own names do not tell them apart."""


class CompareResult(Comparison, Shown):
    """Two studies, or two tables, side by side. Shown as text it is at most 12 lines; in a notebook it has its figure,
    too."""

    @property
    def _figure(self) -> Figure | None:
        judged = {score.label: score.answer for score in self.scores if score.answer is not None}
        metric = next((score.metric for score in self.scores if score.label in judged), "")
        return draw_pairs(judged, metric)

    @property
    def _tables(self) -> Tables:
        changed = (
            (setting.what, setting.first, setting.second, ", ".join(setting.variants)) for setting in self.settings
        )
        return {
            "scores": list_rows(SCORE_COLUMNS, (score.values for score in self.scores)),
            "settings": list_rows(("setting", "first", "second", "variants"), changed),
        }


def compare_pairs(one: Compared, other: Compared, metric: str) -> CompareResult:
    """Two sides, whose variants answer to each other. Raises InputError where none do."""
    pairs = _pair_variants(one, other)
    if not pairs:
        what = f"they have no variant in common: {', '.join(one.variants)} and {', '.join(other.variants)}"
        raise InputError(what, "compare", "give both the same names")
    scores, sides = _compare_scores(one, other, pairs, metric), (one.side, other.side)
    if one.study is None or other.study is None:
        return CompareResult(sides, (), tuple(_list_table_changes(one, other, scores)), scores)
    first, second = one.study.reading, other.study.reading
    code = _find_code(one.study, other.study), _find_code(other.study, one.study)
    return CompareResult(
        sides,
        (*list_code_changes(*code), *list_setting_changes(one.study.record, other.study.record)),
        tuple(_list_split_changes(one.study, other.study)),
        scores,
        tuple(list_answer_changes(first.headline, second.headline)),
        list_finding_changes(_find_remedies(one.study), _find_remedies(other.study)),
        tuple(list_verdict_changes(first.judgements, second.judgements)),
        list_untold(*code),
    )


def _find_code(study: OpenedStudy, other: OpenedStudy) -> dict[str, OwnCode]:
    return {name: code for name, code in study.own_code.items() if name in other.record.variants}


def _find_remedies(study: OpenedStudy) -> tuple[Finding, ...]:
    """The findings of a study, with remedies that can be pasted here."""
    place = None if isinstance(study, OpenedRecord) else shlex.quote(str(study.path))
    return fill_remedies(study.reading.findings, place)


def _pair_variants(one: Compared, other: Compared) -> list[tuple[str, str]]:
    """Variants of one name; beside a study first both under test, of a table without such a one its first."""
    same = [(name, name) for name in one.variants if name in other.variants]
    if one.study is None and other.study is None:
        return same
    first, second = (
        side.main if side.main is not None or same else choose_main(side.variants) for side in (one, other)
    )
    return same if first is None or second is None else list(dict.fromkeys(((first, second), *same)))


def _compare_scores(one: Compared, other: Compared, pairs: list[tuple[str, str]], metric: str) -> tuple[ScorePair, ...]:
    """Every pair on every split that both have, without train; the headline split first. All are judged together."""
    names = (one.name, other.name) if one.name != other.name else (FIRST, SECOND)
    splits = [name for name in dict.fromkeys(("test", *one.splits)) if name in one.splits and name in other.splits]
    found: list[ScorePair] = []
    cases: dict[int, tuple[Outcomes, Claim]] = {}

    @cache
    def read(split: str) -> tuple[NamedRows, NamedRows]:
        return one.read_rows(split, metric), other.read_rows(split, metric)

    for variants in pairs:
        for split in (name for name in splits if name != "train"):
            try:
                shared = join_sides(names, variants, read(split), metric)
                claim = claim_between(names, metric, split, shared, _find_luck(one, other, variants, names))
                means = tuple(float(shared.outcomes.scores(name, metric).mean()) for name in names)
            except InputError as error:
                found.append(ScorePair(variants, split, metric, reason=error.problems[0].what))
            else:
                cases[len(found)] = shared.outcomes, claim
                about = (variants, split, metric, (means[0], means[1]), shared.rows, shared.seeds)
                found.append(ScorePair(*about, identical=shared.identical))
    judged = dict(zip(cases, judge_pairs(list(cases.values())), strict=True))
    return tuple(replace(pair, judgement=judged.get(k)) for k, pair in enumerate(found))


def _find_luck(one: Compared, other: Compared, variants: tuple[str, str], names: tuple[str, str]) -> SharedSeeds:
    """What the two share through their seeds: of tables nothing is known, so their runs are paired as tables are."""
    if one.study is None or other.study is None:
        return SharedSeeds(dict.fromkeys(names, "alike"), {name: {} for name in names})
    first, second = one.study.record, other.study.record
    pair = {names[0]: first.variants[variants[0]], names[1]: second.variants[variants[1]]}
    return find_shared_luck(pair, first.streams if first.streams == second.streams else {})


def _list_split_changes(one: OpenedStudy, other: OpenedStudy) -> Iterator[SplitChange]:
    for name in dict.fromkeys((*one.record.every_split, *other.record.every_split)):
        here, there = one.record.every_split.get(name), other.record.every_split.get(name)
        if here is None or there is None:
            yield SplitChange(name, here and here.rows, there and there.rows, 0)
        elif here.fingerprint != there.fingerprint:
            both = len(match_rows(name_by_content(one, name), name_by_content(other, name))[0])
            yield SplitChange(name, here.rows, there.rows, both)


def _list_table_changes(one: Compared, other: Compared, scores: tuple[ScorePair, ...]) -> list[SplitChange]:
    """Splits without train that differ in rows, as far as these are known."""
    found = {pair.split: SplitChange(pair.split, *pair.rows) for pair in scores if pair.rows and len({*pair.rows}) > 1}
    for split in dict.fromkeys((*one.splits, *other.splits)):
        if split != "train" and not (split in one.splits and split in other.splits):
            found[split] = SplitChange(split, one.splits.get(split), other.splits.get(split), 0)
    return list(found.values())
