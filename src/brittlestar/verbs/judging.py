"""`judge`: what a study, or a table of outcomes, supports of each claim."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.execution.layout import open_store
from brittlestar.execution.record import read_record
from brittlestar.execution.study_document import read_claims as read_store_claims
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim
from brittlestar.study.names import CLAIM_ALIASES, STUDY_ALIASES
from brittlestar.verbs.again import is_store
from brittlestar.verbs.more_seeds import as_registered
from brittlestar.verdicts.aa import SelfTest, against_itself
from brittlestar.verdicts.judge import judge as judge_outcomes
from brittlestar.verdicts.judge import outcomes_of
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.of_study import outcomes_of_study
from brittlestar.verdicts.sources import crossed
from brittlestar.verdicts.studied import judge_study, recorded_claims, without_record


@dataclass(frozen=True)
class Judged:
    """Judgements in the order of the claims, and what a variant held against itself gave."""

    judgements: tuple[Judgement, ...]
    against_itself: SelfTest | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        itself = None if self.against_itself is None else self.against_itself.as_json()
        return {"claims": [one.as_json() for one in self.judgements], "against_itself": itself}


def judge(
    outcomes: Any,
    claim: str | Mapping[str, Any] | Claim | Sequence[Any] | None = None,
    *,
    registered: bool = True,
    anytime: bool = False,
    ladder: float | None = None,
) -> Any:
    """Judge claims about variants from a study or from outcomes.

    Args:
        outcomes: A study's folder; a table of outcomes as file or frame, with columns variant, seed, example and
            outcome, or variant, seed and score; or
            `{variant: {"seeds": …, "examples": …, "outcome": (n_seeds, n_rows)}}`, or
            `{variant: {"seeds": …, "score": (n_seeds,)}}`. Metrics that are no mean over rows need columns label and
            prediction (and weight_FACTOR), or scores. Rows with the same value in the column `group`, or in the one
            that the claim names, are one unit.
        claim: A sentence (`a > b by 0.01 on accuracy`), a mapping with the sentence under `claim` and more fields,
            fields alone, or a list of any of these, judged together. Without it a study's own claims are judged.
        registered: For tables, your word that the claim was written before the results; without it no claim is
            `supported`.
        anytime: Give intervals that hold at every number of seeds, not at planned looks alone.
        ladder: The score of the best trivial baseline, for claims about `best-trivial` on a table.

    Returns:
        A `Judgement` for one claim, a tuple of them for a list. Estimates are variant - other, in the metric's own unit
        (fractions; nats for log loss).

    Raises:
        InputError: The claim or the outcomes are wrong, with every mistake.

    Example:
        >>> from brittlestar import judge
        >>> scores = {"new": {"seeds": range(5), "score": [0.90, 0.91, 0.90, 0.92, 0.91]},
        ...           "old": {"seeds": range(5), "score": [0.80, 0.81, 0.79, 0.82, 0.80]}}
        >>> found = judge(scores, "new > old by 0.01 on accuracy")
        >>> found.verdict, round(found.estimate, 3)
        ('supported', 0.104)
    """
    if is_store(outcomes):
        single = isinstance(claim, str | Mapping | Claim)
        written: list[Any] | None = None if claim is None else [claim] if single else list(claim)
        found = _of_study(Path(outcomes), written, anytime).judgements
        return found[0] if single else found
    read = read_table(Path(outcomes)) if isinstance(outcomes, str | Path) else outcomes
    if claim is None:
        raise InputError("no claim is given", "claim", "write one: judge(outcomes, 'a > b by 0.01 on accuracy')")
    return judge_outcomes(read, claim, registered=registered, anytime=anytime, ladder=ladder)


def judge_path(
    path: Path,
    *,
    claims: Path | None = None,
    sentences: Sequence[str] = (),
    exploratory: bool = False,
    anytime: bool = False,
    ladder: float | None = None,
    itself: str | None = None,
) -> Judged:
    """What the command does: claims of a file (`claims`) and single `sentences`, or those of the study at `path`;
    `itself` names a variant to hold against itself. Raises InputError."""
    written: list[Any] = [*(read_claims(claims) if claims is not None else ()), *sentences]
    place = "claim" if claims is None else str(claims)
    if is_store(path):
        if ladder is not None or exploratory:
            option = "--ladder" if ladder is not None else "--exploratory"
            raise InputError("a study knows this itself", option, "leave the option out; it is for tables")
        return _of_study(path, _parsed(written, place, STUDY_ALIASES) or None, anytime, itself)
    if not written:
        raise InputError("no claim is given", "judge", 'write one: --claim "a > b by 0.01 on accuracy"')
    table = read_table(path)
    parsed = _parsed(written, place)
    judged = judge_outcomes(table, written, registered=not exploratory, anytime=anytime, ladder=ladder)
    result = Judged(tuple(judged))
    if itself is None:
        return result
    return replace(result, against_itself=against_itself(outcomes_of(table, parsed[0].group), itself, parsed[0]))


def read_table(path: Path) -> pl.DataFrame:
    """A table of outcomes. Raises InputError where there is none or it cannot be read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None or not path.is_file():
        what = "there is no such file or study" if not path.exists() else "this is no study and no table"
        raise InputError(what, str(path), "give a study's folder, or a .csv or .parquet file of outcomes")
    try:
        frame = reader(path)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(f"the table cannot be read: {str(error).splitlines()[0]}", str(path)) from error
    twice = [name for name in frame.columns if "_duplicated_" in name]
    if twice:
        raise InputError(f"the column {twice[0].partition('_duplicated_')[0]} stands there twice", str(path))
    return frame


def _csv(path: Path) -> pl.DataFrame:
    """Columns as the whole file has them: numbers where every value of a seed, a score or an outcome is one, else text.
    Raises PolarsError."""
    frame = pl.read_csv(path, infer_schema=False)
    numbers = {"outcome": pl.Float64, "score": pl.Float64, "seed": pl.Int64}
    weights = {name: pl.Float64 for name in frame.columns if name.startswith("weight_")}
    for name, kind in {**numbers, **weights}.items():
        if name in frame.columns:
            typed = frame[name].cast(kind, strict=False)
            if typed.null_count() == frame[name].null_count():
                frame = frame.with_columns(typed)
    return frame


READERS = {".csv": _csv, ".parquet": pl.read_parquet}


def read_claims(path: Path) -> list[Any]:
    """Claims of a file: JSON or YAML, a list of sentences or mappings, or a mapping with them under `claims`; or plain
    text, one sentence a line. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the claims cannot be read: {error}", str(path)) from error
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        import yaml

        try:
            found = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
        except (ValueError, RecursionError, yaml.YAMLError) as error:
            raise InputError(f"the claims cannot be read: {error}", str(path)) from error
        listed = found.get("claims") if isinstance(found, Mapping) else found
        if not isinstance(listed, list) or not listed:
            raise InputError(
                "there is no list of claims", str(path), "write a list of sentences, or one under `claims`"
            )
        return [without_record(one) for one in listed]
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    if not any(lines):
        raise InputError("there is no claim in it", str(path), "write one a line: a > b by 0.01 on accuracy")
    return [line for line in lines if line]


def _parsed(written: Sequence[Any], place: str, names: Mapping[str, str] = CLAIM_ALIASES) -> list[Claim]:
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


def _of_study(folder: Path, written: Sequence[Any] | None, anytime: bool, itself: str | None = None) -> Judged:
    store = open_store(folder)
    record = read_record(store)
    claims = None
    if written is not None:
        registered = read_store_claims(store)
        claims = [as_registered(claim, registered) for claim in _parsed(written, "claim", STUDY_ALIASES)]
    if not (recorded_claims(record) if claims is None else claims):
        hint = 'write one: --claim "a > b by 0.01 on accuracy"; what is not registered is exploratory'
        raise InputError("this study has no claims", str(folder), hint)
    found = judge_study(store, record, claims or None, anytime=anytime)
    if itself is None:
        return Judged(found)
    claim = found[0].claim
    if streams := crossed(record):
        what = f"its cells are crossed over {' and '.join(streams)}, so that they are no independent runs"
        raise InputError(what, "--aa", "hold a variant of an uncrossed study against itself")
    return Judged(found, against_itself(outcomes_of_study(store, record, claim.split, claim.metric), itself, claim))
