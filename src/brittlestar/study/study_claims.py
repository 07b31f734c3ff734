"""The claims of a study: read from its file, and checked against its variants, metrics and splits."""

import re
from collections.abc import Collection
from typing import Any

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import factor_names, metric_names
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, check_claim
from brittlestar.study.draft import Draft
from brittlestar.study.names import MAIN, STUDY_ALIASES
from brittlestar.study.settings import Study
from brittlestar.study.variants import LoadedStudy


def claims_of(loaded: LoadedStudy, splits: Collection[str] | None = None) -> tuple[Claim, ...]:
    """The claims of a study, checked against the names of its splits where they are given. Raises InputError."""
    claims: list[Claim] = []
    problems: list[Problem] = []
    for position, written in enumerate(loaded.study.claims):
        found, wrong = _check_claim(written, loaded.study, loaded.where(f"claims.{position}"), splits)
        claims.extend(found)
        problems.extend(wrong)
    if problems:
        raise InputError(problems)
    return tuple(claims)


def check_claims(draft: Draft, study: Study | None) -> list[Problem]:
    """Everything wrong with the claims of a draft. Without a valid study only the sentences are read."""
    written: Any = draft.values.get("claims")
    if not isinstance(written, list):
        return []
    splits = tuple(study.data.splits) if study is not None and study.data.path is None else None
    problems: list[Problem] = []
    for position, claim in enumerate(written):
        where = draft.mark(("claims", position)).where
        problems.extend(_check_claim(claim, study, where, splits)[1])
    return problems


def _check_claim(
    written: Any, study: Study | None, where: str, splits: Collection[str] | None
) -> tuple[list[Claim], list[Problem]]:
    try:
        claim = parse_claim(written, where, STUDY_ALIASES)
        if study is None:
            return [claim], []
        metrics = metric_names(factor_names(study.data.factors))
    except InputError as error:
        return [], list(error.problems)
    except re.error:  # told where the pattern stands
        return [], []
    changed = [variant.set for variant in study.variants.values()]
    given = bool(study.model.predictions) or any("model.predictions" in one for one in changed)
    variants = None if given else (MAIN, *study.variants)  # files of predictions name their own variants
    redraws = study.streams.split == "varied"
    return [claim], check_claim(claim, where, variants=variants, metrics=metrics, splits=splits, redraws=redraws)
