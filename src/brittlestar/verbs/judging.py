"""`judge`: what a study, or a table of outcomes, supports of each claim."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.execution.layout import open_store
from brittlestar.execution.record import read_record
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, check_claim
from brittlestar.verbs.again import is_store
from brittlestar.verdicts.aa import SelfTest, against_itself
from brittlestar.verdicts.judge import judge as judge_outcomes
from brittlestar.verdicts.judge import judge_all, outcomes_of
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.of_study import outcomes_of_study
from brittlestar.verdicts.outcomes import Outcomes

READERS = {".csv": pl.read_csv, ".parquet": pl.read_parquet}


@dataclass(frozen=True)
class Judged:
    """Judgements in the order of the claims, and what an arm held against itself gave."""

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
    """Say what outcomes support: one claim gives a `Judgement`, a list of claims a tuple of them, judged together.

    `outcomes` is a study's folder; a CSV or Parquet file or a frame with columns arm, seed, example and outcome, or
    arm, seed and score; or `{arm: {"seeds", "examples", "outcome": seeds x examples}}` or `{arm: {"seeds", "score"}}`.
    Metrics that are no mean over rows need columns label and prediction (and weight_FACTOR), or scores. A column
    `group`, or the one that the claim names, makes rows one unit.

    `claim` is a sentence (`a > b by 0.01 on accuracy`), a mapping with the sentence under `claim` and more fields, or
    fields alone; a study's own claims where it is left out, and claims that it has not registered are exploratory.
    `registered` is your word, for tables, that it was written before the results; without it nothing is `supported`.
    `anytime` gives intervals that hold wherever one stops. `ladder` is the score of the best trivial predictor, for
    claims about `shortcut-ladder`. Raises InputError with what is wrong with claim or outcomes.
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
    `itself` names an arm to hold against itself. Raises InputError."""
    written: list[Any] = [*(read_claims(claims) if claims is not None else ()), *sentences]
    if is_store(path):
        found = _of_study(path, written or None, anytime)
        return found if itself is None else replace(found, against_itself=_itself_of_study(path, itself, found))
    if not written:
        raise InputError("no claim is given", "judge", 'write one: --claim "a > b by 0.01 on accuracy"')
    table = read_table(path)
    parsed = [parse_claim(one, "claim") for one in written]
    judged = judge_outcomes(table, parsed, registered=not exploratory, anytime=anytime, ladder=ladder)
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
        return reader(path)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise InputError(f"the table cannot be read: {str(error).splitlines()[0]}", str(path)) from error


def read_claims(path: Path) -> list[Any]:
    """Claims of a file: JSON or YAML, a list of sentences or mappings, or a mapping with them under `claims`; or plain
    text, one sentence a line. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the claims cannot be read: {error}", str(path)) from error
    if path.suffix.lower() in (".json", ".yaml", ".yml"):
        import yaml

        try:
            found = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError) as error:
            raise InputError(f"the claims cannot be read: {error}", str(path)) from error
        listed = found.get("claims") if isinstance(found, Mapping) else found
        if not isinstance(listed, list) or not listed:
            raise InputError(
                "there is no list of claims", str(path), "write a list of sentences, or one under `claims`"
            )
        return [_without_record(one) for one in listed]
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _without_record(one: Any) -> Any:
    """A claim as a study keeps it, without what it adds."""
    if not isinstance(one, Mapping):
        return one
    return {name: value for name, value in one.items() if name not in ("hash", "registered")}


def _of_study(folder: Path, written: Sequence[Any] | None, anytime: bool) -> Judged:
    store = open_store(folder)
    record = read_record(store)
    kept = {parse_claim(_without_record(one), "claims.json").hash: bool(one["registered"]) for one in record.claims}
    given: Sequence[Any] = [_without_record(one) for one in record.claims] if written is None else written
    if not given:
        hint = 'write one: --claim "a > b by 0.01 on accuracy"; what is not registered is exploratory'
        raise InputError("this study has no claims", str(folder), hint)
    claims = [one if isinstance(one, Claim) else parse_claim(one, "claim") for one in given]
    problems = [
        problem
        for claim in claims
        for problem in check_claim(
            claim,
            "claim",
            metrics=record.metrics,
            arms=tuple(record.variants),
            splits=tuple(record.splits),
            redraws=record.streams.get("split") == "varied",
        )
    ]
    if problems:
        raise InputError(problems)
    found: dict[int, Judgement] = {}
    for registered in (True, False):
        chosen = [k for k, claim in enumerate(claims) if kept.get(claim.hash, False) is registered]
        many = len(chosen) if registered else 1
        read: dict[tuple[str, str], Outcomes] = {}
        for k in chosen:
            claim = claims[k]
            key = (claim.split, claim.metric)
            if key not in read:
                read[key] = outcomes_of_study(store, record, *key)
            shared = replace(claim, alpha=claim.alpha / max(many, 1))
            (judged,) = judge_all(read[key], [shared], registered=registered, anytime=anytime)
            found[k] = replace(judged, claim=claim)
    return Judged(tuple(found[k] for k in range(len(claims))))


def _itself_of_study(folder: Path, arm: str, found: Judged) -> SelfTest:
    store = open_store(folder)
    claim = found.judgements[0].claim
    return against_itself(outcomes_of_study(store, read_record(store), claim.split, claim.metric), arm, claim)
