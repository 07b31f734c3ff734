"""Options that are no parameter of a verb: several together are one, or they say what may be given together.

A function here is declared like a verb. It is called with those of its parameters that were given, and gives parameters
of the verb or of the output, or refuses.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError


def set_linear(*, settings: Mapping[str, str] | None = None, linear: str | None = None) -> dict[str, Any]:
    """One setting by a name of its own.

    Args:
        linear (on|off): Fit the slowest trivial baseline, linear. Default: on.
    """
    return {"settings": {**(settings or {}), **({} if linear is None else {"trivial.linear": linear})}}


def refuse_page_without_report(*, report: bool = True, open: bool = False) -> dict[str, Any]:
    """A page that is not written cannot be opened."""
    refuse_together({"--open": open or None} if not report else {}, "--no-report")
    return {}


def read_written_claims(
    *, outcomes: str | Path, claims: Path | None = None, claim: Sequence[str] = ()
) -> dict[str, Any]:
    """Claims of a file and of options, as they are written; what is wrong with one is told before anything is read.

    Args:
        claims (FILE): Claims: text (one a line), YAML or JSON. Default: the study's.
    """
    from brittlestar.pipeline.judge import parse_claims, read_claims, read_fields
    from brittlestar.pipeline.request import is_store
    from brittlestar.study.names import CLAIM_ALIASES, STUDY_ALIASES

    written = [*(read_claims(claims) if claims is not None else ()), *map(read_fields, claim)]
    place = "claim" if claims is None else str(claims)
    parse_claims(written, place, STUDY_ALIASES if is_store(outcomes) else CLAIM_ALIASES)
    return {"claim": written} if written else {}


def need_study(*, study: Path | None = None, history: Path | None = None) -> dict[str, Any]:
    """A study or curves."""
    if study is None and history is None:
        raise InputError("nothing to diagnose", "", "give a study's folder, or --history FILE")
    return {}


def refuse_depths(*, depth: str = "recompute", cells: int | None = None, seeds: int | None = None) -> dict[str, Any]:
    """What only deeper verification reads."""
    refuse_alone({"--cells": cells}, depth in ("retrain", "replicate"), "--depth retrain")
    refuse_alone({"--seeds": seeds}, depth == "replicate", "--depth replicate")
    return {}


def ask_probes(
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    strengths: Mapping[str, Sequence[float]] | None = None,
    rule: str | None = None,
    relabel: str | None = None,
    pairs: Path | None = None,
    own: Sequence[str] = (),
) -> dict[str, Any]:
    """Settings of the section `probes`.

    Args:
        only (PROBE,…): These probes or families alone: order,length.
        skip (PROBE,…): Leave these out.
        strengths (--strength PROBE=A,B…): Strengths of a probe: order.window=2,8. Repeatable.
        rule (RULE): The rule that gives true labels (SPR).
        relabel (PACKAGE.MODULE:NAME): A function from token lists to true labels.
        pairs (FILE): Minimal contrasts: left,right,left_label,right_label.
        own (PACKAGE.MODULE:NAME…): A probe of your own. Repeatable.
    """
    asked = {"only": list(only), "skip": list(skip), "strengths": strengths, "rule": rule, "relabel": relabel}
    asked |= {"pairs": None if pairs is None else str(pairs.resolve()), "own": own}
    return {"settings": {name: value for name, value in asked.items() if value not in (None, [], (), {})}}


def prepare_paper(
    *,
    table: tuple[str, ...] | None = None,
    split: tuple[str, ...] | None = None,
    variants: tuple[str, ...] | None = None,
    style: str | None = None,
    label: str | None = None,
    methods: bool = False,
) -> dict[str, Any]:
    """The table of a paper.

    Args:
        table (METRIC,…): Write a booktabs table of these metrics for one column.
        split (SPLIT,…): With --table: its splits. Default: the headline split.
        variants (VARIANT,…): With --table: its variants. Default: all.
        style (pm|interval|seeds): With --table: deviation, interval or every seed. Default: pm.
        label (LABEL): With --table: LaTeX's label. Default: tab:results.
    """
    from brittlestar.reports.paper.table import TableRequest

    refuse_alone({"--split": split, "--variants": variants, "--style": style, "--label": label}, table, "--table")
    asked = TableRequest(table, split, variants, style or TableRequest.style, label or TableRequest.label)
    return {"table": None if table is None else asked, "paper": methods or table is not None}


def find_report(*, first: Path, second: Path, does_it_matter: bool = False) -> dict[str, Any]:
    """A report of settings that stands in place of the second study.

    Args:
        does_it_matter: Beside a report: run what it states, and judge that.
    """
    from brittlestar.records.reported.reading import is_reported

    if is_reported(first) and not is_reported(second):
        raise InputError("a report of settings comes second", str(first), "give the study or the record first")
    if is_reported(second):
        return {"study": first, "reported": second}
    refuse_together({"--does-it-matter": does_it_matter or None}, "a comparison of two studies or tables")
    return {}


def refuse_together(given: Mapping[str, object], option: str, hint: str = "leave one of them out") -> None:
    """Raise InputError for what says nothing beside an option."""
    if named := [name for name, value in given.items() if value is not None]:
        where = option if option.startswith("-") else ""
        raise InputError(f"{option} and {', '.join(named)} exclude each other", where, hint)


def refuse_alone(given: Mapping[str, object], needed: object, option: str) -> None:
    """Raise InputError for options that say something only beside another one."""
    if not needed and (alone := [name for name, value in given.items() if value is not None]):
        what = f"{', '.join(alone)} belong{'s' if len(alone) == 1 else ''} to {option}"
        raise InputError(what, alone[0], f"add {option}")
