"""`compare`: two studies, two tables of outcomes, or one of each, side by side."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import NamedRows, claim_between, join_sides, judge_pairs, match_rows
from brittlestar.claims.study_outcomes import find_shared_luck
from brittlestar.core.errors import InputError
from brittlestar.pipeline.open import choose_main
from brittlestar.pipeline.request import is_store
from brittlestar.records.compare_sides import AnySide, StudySide, open_sides
from brittlestar.records.opened_study import open_study
from brittlestar.records.unpacked import is_record
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
from brittlestar.store.address import read_place
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


def compare(
    first: str | Path,
    second: str | Path,
    *,
    metric: str | None = None,
    predictions_columns: Mapping[str, str] | None = None,
) -> CompareResult:
    """Compare two studies, or a study with what is reported of it.

    It says what differs between two studies, and whether the second is better. Needs two studies' folders or records,
    or a table in place of one or both: of outcomes (see `brittlestar judge -h`), or beside a study of predictions for
    its rows. Of a table, scores alone are compared.

    Scores are compared for variants that both have, on the rows and with the seeds that both have: second − first, with
    its interval from the same judging as claims. Nobody registered these comparisons, so they are exploratory: a claim
    to rely on is registered before its runs.

    Args:
        first (FIRST): A study's folder, a record, or a table of outcomes or of predictions. Beside a study, the
            examples of a table are ids of rows.
        second (SECOND): Another one; or, beside a study or a record, a report of settings and scores. In Python
            `compare_reported` takes that.
        metric (METRIC): The metric to compare. Default: that of the first study.
        predictions_columns (--preds-columns ROLE=COLUMN,…): Columns of predictions: prediction=pred,id=uid. In Python a
            mapping.

    Returns:
        What differs, shown as text in at most 12 lines; `document` is the JSON.

    Raises:
        InputError: One of the two cannot be read, or they share no variant.
        StoreError: A run's folder is damaged.

    Command:
        Prints what differs in settings and data first, then scores, then answers, findings and verdicts that changed.

        Beside a study or a record, a file of settings or scores is a report of what was run: YAML, JSON, TOML, CSV, or
        tables in Markdown or LaTeX. Each setting is a match, misstated, omitted, without effect, or ambiguous; each
        score is as stored, or inside or outside its interval. Names may be those of papers or of other frameworks. With
        --does-it-matter the settings are run as reported, and claims are judged on these runs.

        Examples:
          brittlestar compare demo/data.study demo/mine.study
          brittlestar compare founding.record.zip reported.yaml --does-it-matter
          brittlestar compare old.study new.study --html comparison.html --open
          brittlestar compare old.study new.study --metric accuracy --markdown pr.md
          brittlestar compare old.study predictions.csv
          brittlestar compare old.csv new.csv --json

        Exit codes: 0 done, whatever differs; 1 a file is damaged or cannot be written; 2 wrong usage, or a study or
        table that cannot be read.

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
    with ExitStack() as opened:
        one, other = (
            opened.enter_context(open_study(place)) if is_store(place) or is_record(place) else place
            for place in map(read_place, (first, second))
        )
        return _compare(*open_sides(one, other, metric, predictions_columns or {}))


def _compare(one: AnySide, other: AnySide, metric: str) -> CompareResult:
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
    arms = {names[0]: one.record.variants[variants[0]], names[1]: other.record.variants[variants[1]]}
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
