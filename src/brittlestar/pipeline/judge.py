"""Judging: what a study, or a table of outcomes, supports of each claim."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.claims.aa import against_itself
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcome_table import judge_written, list_variants, open_outcomes, read_outcomes, select_split
from brittlestar.claims.sentences import needed_words
from brittlestar.claims.study_outcomes import judge_study, list_defaults, make_outcomes, recorded_claims, without_record
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.commands import fill_commands
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.core.seeds import describe_gaps
from brittlestar.core.texts import suggest_file
from brittlestar.data.files import READERS, read_file
from brittlestar.data.outcome_columns import rename_columns
from brittlestar.data.tables import Table, format_count, format_list
from brittlestar.pipeline.judge_result import Judged, SettlingStep
from brittlestar.pipeline.more_seeds import as_registered
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.request import is_store
from brittlestar.reports.answers.evidence import Evidence, more_seeds
from brittlestar.reports.headline_text import fill_headline
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import Store, open_store, read_place
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_document import read_claims as read_store_claims
from brittlestar.study.claim_parsing import GRAMMAR, parse_claim
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.default_claims import default_table_sentences
from brittlestar.study.names import BEST_TRIVIAL, CLAIM_ALIASES, STUDY_ALIASES
from brittlestar.study.sides import QUOTED, quote_name, write_metric
from brittlestar.study.yaml_reading import read_yaml, read_yaml_of

NO_CLAIM = "write one: a > b by 0.01 on accuracy"
MOST_NAMED = 8
"""Variants that an error names: a sentence that a person reads (convention)."""
ACCURACY = "accuracy"
"""The metric of default claims of a table, unless somebody names another."""


def judge_source(
    source: Any,
    written: Any,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
    itself: str | None = None,
) -> Judged:
    """What a study or outcomes support of claims, `written` in any form; None without. Raises InputError."""
    if written is not None and not isinstance(written, Sequence):
        raise InputError(f"a claim is {written!r}", "claim", GRAMMAR)
    if written and metric is not None:
        raise InputError("--metric chooses default claims, and claims are given", "", "name the metric in each claim")
    if is_store(source):
        refused = {
            "--best-trivial applies to outcome tables; a study reads it from its audit": best_trivial is not None,
            "--exploratory applies to outcome tables; a study knows which claims it registered": not registered,
            "--columns names those of outcome tables": bool(columns),
        }
        if wrong := [Problem(what) for what, is_given in refused.items() if is_given]:
            raise InputError(wrong)
        return _judge_stored(read_place(source), written, anytime, itself, metric)
    if written is not None and not written:
        raise InputError("no claim is given", "claim", NO_CLAIM)
    read = open_outcomes(read_table(Path(source)) if isinstance(source, str | Path) else source)
    if columns and not isinstance(read, Table):
        raise InputError("a mapping names its parts itself", "--columns", "leave it out, or give a table")
    read = rename_columns(read, columns) if columns else read
    given = written or _write_default_claims(read, metric or ACCURACY, best_trivial is not None)
    told = registered and bool(written)  # nobody wrote default claims of a table before its results
    judged = judge_written(read, given, registered=told, anytime=anytime, best_trivial=best_trivial)
    seeds = read.frame["seed"].unique().to_list() if isinstance(read, Table) and "seed" in read.frame.columns else []
    gaps = describe_gaps(int(seed) if str(seed).isdecimal() else seed for seed in seeds)
    notes = (*read.placed_notes, *filter(None, [gaps])) if isinstance(read, Table) else ()
    result = Judged(judged, written=bool(written), settling=settling(judged), notes=notes)
    if itself is None:
        return result
    claim = judged[0].claim
    outcomes = select_split(read_outcomes(read, claim.metric, claim.group), claim)
    return replace(result, against_itself=against_itself(outcomes, itself, claim))


def _write_default_claims(read: Any, metric: str, trivial: bool) -> list[str]:
    """Claims on a table that nobody wrote any for. Raises InputError where there are none to write."""
    variants, splits = list_variants(read, metric)
    known = trivial or any(CLAIM_ALIASES.get(name, name) == BEST_TRIVIAL for name in variants)
    found = default_table_sentences(variants, splits, metric, known)
    if not found:
        there = f"{format_count(len(variants), 'variant')}: {format_list(variants, MOST_NAMED)}"
        first, other = (quote_name(name) for name in (*variants, BEST_TRIVIAL)[:2])
        sentence = shlex.quote(f"{first} > {other} by 0.01 on {write_metric(metric)}")
        raise InputError(f"no claim is given, and the table has {there}", "claim", f"write one: --claim {sentence}")
    return found


def read_table(path: Path) -> Table:
    """A table of outcomes. Raises InputError where there is none or it cannot be read."""
    if not path.is_file():
        what = "this is a folder, and no study" if path.is_dir() else "there is no such file or study"
        hint = f"give a study's folder, or a table: {', '.join(READERS)}"
        raise InputError(what, str(path), suggest_file(path, hint))
    return read_file(path, str(path))


def read_claims(path: Path) -> list[Any]:
    """Claims of a JSON or YAML file: a list, also under `claims`; of plain text, one a line. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the claims cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(what, str(path), suggest_file(path)) from error
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        found = _read_json(text, path) if path.suffix.lower() == ".json" else read_yaml_of(text, path).value
        listed = found.get("claims") if isinstance(found, Mapping) else found
        if not isinstance(listed, list) or not listed:
            hint = "write a list of sentences, or one under `claims`"
            raise InputError("there is no list of claims", str(path), hint)
        return [without_record(one) for one in listed]
    before_note = re.compile(rf'(?:{QUOTED}|[^#"])*(?=#|$)')  # a `#` between quotes begins none
    found = [(line, before_note.match(line)) for line in text.splitlines()]
    lines = [(line.partition("#")[0] if match is None else match[0]).strip() for line, match in found]
    if not any(lines):
        raise InputError("there is no claim in it", str(path), "write one a line: a > b by 0.01 on accuracy")
    return [line for line in lines if line]


def _read_json(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the claims cannot be read: {error}", str(path)) from error


def read_fields(text: str) -> Any:
    """A claim of the command line: a sentence, or a mapping in braces. Raises InputError."""
    if not text.lstrip().startswith("{"):
        return text
    document = read_yaml(text, lambda _line, _column: "--claim")
    if document.problems:
        hint = 'write {claim: "a > b by 0.01 on accuracy", population: fixed-test-set}'
        raise InputError(f"the claim cannot be read: {document.problems[0].what}", "--claim", hint)
    return document.value


def parse_claims(written: Sequence[Any], place: str, names: Mapping[str, str] = CLAIM_ALIASES) -> list[Claim]:
    """Claims, with every mistake of every one told at once."""
    found: list[Claim] = []
    problems: list[Problem] = []
    for number, one in enumerate(written, start=1):
        try:
            where = f"{place}, claim {number}" if len(written) > 1 or place != "claim" else place
            found.append(one if isinstance(one, Claim) else parse_claim(one, where, names))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _judge_stored(
    folder: Path, written: Sequence[Any] | None, anytime: bool, itself: str | None, metric: str | None
) -> Judged:
    store = open_store(folder)
    claims = None
    if written is not None:
        registered = read_store_claims(store)
        claims = [as_registered(claim, registered) for claim in parse_claims(written, "claim", STUDY_ALIASES)]
    record = read_live_record(store, metric, [claim.metric for claim in claims or ()])
    answers = AnsweredRows(store, record)
    if metric is not None:
        claims = [*list_defaults(record, answers)]
    if not (recorded_claims(record) if claims is None else claims):
        hint = 'write one: --claim "a > b by 0.01 on accuracy"; what is not registered is exploratory'
        raise InputError("this study has no claims", str(folder), hint)
    found = judge_study(record, answers, claims or None, anytime=anytime)
    own = None if claims or anytime else found
    place = shlex.quote(str(folder))
    result = Judged(
        found,
        written=claims is not None,
        settling=settling(found, record, place),
        notes=(*record.notes, *filter(None, [describe_gaps(record.seeds)])),
        assess=partial(_assess, store, record, answers, own),
    )
    if itself is None:
        return result
    claim = found[0].claim
    if streams := list_crossed_streams(record):
        what = f"its runs are crossed over {' and '.join(streams)}, so they are not independent"
        raise InputError(what, "--aa", "hold a variant of an uncrossed study against itself")
    outcomes = make_outcomes(record, answers, claim.split, claim.metric)
    return replace(result, against_itself=against_itself(outcomes, itself, claim))


def _assess(store: Store, record: StudyRecord, answers: StudyAnswers, judged: Sequence[Judgement] | None) -> StudyView:
    """The study of some judgements, which is not assessed before anybody asks."""
    from brittlestar.pipeline.assess import assess_study

    view = assess_study(store, record, answers=answers, judgements=judged)
    return replace(view, headline=fill_headline(view.headline, shlex.quote(str(store.root))))


def settling(
    judged: Sequence[Judgement], record: StudyRecord | None = None, place: str = ""
) -> tuple[SettlingStep, ...]:
    """What would settle each open claim, with the command that does it in the study at `place`; claims that nothing is
    known to settle are left out. A population that outcomes do not reach needs other outcomes, and no more seeds."""
    found: list[SettlingStep] = []
    for one in (judgement for judgement in judged if judgement.verdict == "inconclusive"):
        words = needed_words(one) if one.population == one.claim.population else ""
        if one.population != one.claim.population == "new-examples" and one.rows is None:
            words = "Give outcomes row by row: columns variant, seed, example and outcome."
        if words:
            more = record is not None and not record.in_memory
            command = more_seeds(Evidence(record=record), one) if more else None
            named = None if command is None else fill_commands(command, place)
            found.append(SettlingStep(format_claim(one.claim), words, named))
    return tuple(found)
