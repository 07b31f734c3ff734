"""Two studies side by side: which variants answer to each other, and where they differ."""

from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import NamedRows, claim_between, join_sides, judge_pairs, match_rows
from brittlestar.claims.study_outcomes import find_shared_luck
from brittlestar.core.errors import InputError
from brittlestar.pipeline.open import choose_main
from brittlestar.records.compare_sides import AnySide, StudySide
from brittlestar.reports.comparison import SCORE_COLUMNS, Comparison, ScorePair
from brittlestar.reports.comparison_page import draw_scores, write_comparison_page
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.finding_changes import list_finding_changes
from brittlestar.reports.showing import Shown, show_page, write_page
from brittlestar.reports.study_differences import (
    SplitChange,
    list_answer_changes,
    list_setting_changes,
    list_verdict_changes,
)
from brittlestar.study.claims import Claim, SharedLuck

FIRST, SECOND = "first", "second"
"""The two sides in claims, where their own names do not tell them apart."""


class CompareResult(Comparison, Shown):
    """Two studies, or two tables, side by side. Shown as text it is at most 12 lines; in a notebook it has its figure,
    too."""

    @property
    def _lines(self) -> list[tuple[str, str]]:
        return self.lines

    @property
    def _figure(self) -> Figure | None:
        return draw_scores(self.scores)

    @property
    def _tables(self) -> Tables:
        changed = ((one.what, one.first, one.second, ", ".join(one.variants)) for one in self.settings)
        return {
            "scores": list_rows(SCORE_COLUMNS, (one.values for one in self.scores)),
            "settings": list_rows(("setting", "first", "second", "variants"), changed),
        }

    @cached_property
    def html(self) -> str:
        """The comparison as one offline page."""
        return write_comparison_page(self)

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "comparison")

    open = show

    def write_html(self, path: str | Path) -> None:
        """Write the page. Raises StoreError where that is not possible."""
        write_page(self.html, path)


def compare_pairs(one: AnySide, other: AnySide, metric: str) -> CompareResult:
    """Two sides, whose variants answer to each other. Raises InputError where none do."""
    pairs = _pair_variants(one, other)
    if not pairs:
        what = f"they have no variant in common: {', '.join(one.variants)} and {', '.join(other.variants)}"
        raise InputError(what, "compare", "give both the same names")
    scores = _compare_scores(one, other, pairs, metric)
    sides = one.describe(), other.describe()
    if not isinstance(one, StudySide) or not isinstance(other, StudySide):
        return CompareResult(sides, (), tuple(_list_table_changes(one, other, scores)), scores)
    return CompareResult(
        sides,
        tuple(list_setting_changes(one.record, other.record)),
        tuple(_list_split_changes(one, other)),
        scores,
        tuple(list_answer_changes(one.study.assessment.headline, other.study.assessment.headline)),
        list_finding_changes(one.findings, other.findings),
        tuple(list_verdict_changes(one.study.assessment.judgements, other.study.assessment.judgements)),
    )


def _pair_variants(one: AnySide, other: AnySide) -> list[tuple[str, str]]:
    """Variants of one name; beside a study first both under test, of a table without such a one its first."""
    same = [(name, name) for name in one.variants if name in other.variants]
    if not isinstance(one, StudySide) and not isinstance(other, StudySide):
        return same
    tested = [side.main if side.main is not None or same else choose_main(side.variants) for side in (one, other)]
    first, second = tested
    return same if first is None or second is None else list(dict.fromkeys(((first, second), *same)))


def _compare_scores(one: AnySide, other: AnySide, pairs: list[tuple[str, str]], metric: str) -> tuple[ScorePair, ...]:
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


def _find_luck(one: AnySide, other: AnySide, variants: tuple[str, str], names: tuple[str, str]) -> SharedLuck:
    """What the two share through their seeds: of tables nothing is known, so their runs are paired as tables are."""
    if not isinstance(one, StudySide) or not isinstance(other, StudySide):
        return SharedLuck(dict.fromkeys(names, "alike"), {name: {} for name in names})
    pair = {names[0]: one.record.variants[variants[0]], names[1]: other.record.variants[variants[1]]}
    return find_shared_luck(pair, one.record.streams if one.record.streams == other.record.streams else {})


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


def _list_table_changes(one: AnySide, other: AnySide, scores: tuple[ScorePair, ...]) -> list[SplitChange]:
    """Splits without train that differ in rows, as far as these are known."""
    found = {pair.split: SplitChange(pair.split, *pair.rows) for pair in scores if pair.rows and len({*pair.rows}) > 1}
    for split in dict.fromkeys((*one.splits, *other.splits)):
        if split == "train":
            continue
        here, there = (side.count_rows(split) if split in side.splits else None for side in (one, other))
        if here is None or there is None:
            found[split] = SplitChange(split, here, there, 0)
    return list(found.values())
