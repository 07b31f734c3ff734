"""From a sentence or a mapping of fields to a `Claim`, with every mistake told at once."""

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import metric_of
from brittlestar.core.texts import suggest
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study import claims
from brittlestar.study.claims import DEFAULT_LOOKS, DEFAULT_MARGIN, Claim, check_reach, format_claim
from brittlestar.study.names import CLAIM_ALIASES
from brittlestar.study.row_filters import HINT, RECALL, of_class, read_filter
from brittlestar.study.settings import Candidates
from brittlestar.study.sides import (
    PLAIN_PART,
    PLAIN_SPLIT,
    QUOTED,
    SIDE,
    alternatives,
    read_metric,
    read_name,
    with_names,
)

ANYTIME = "anytime"
OF_CLASS = "write recall[CLASS] for one class, balanced_accuracy for the mean of all"
MOST_SEEDS = 2_000  # beyond it no study is planned
GRAMMAR = (
    "write `VARIANT > OTHER by T on METRIC [on SPLIT] [where COLUMN = VALUE]` or "
    "`VARIANT == OTHER within M on METRIC [on SPLIT]`; METRIC may be recall[CLASS] or f1:CLASS"
)

_SENTENCE = re.compile(
    rf"\s*(?P<arm>{SIDE})\s*(?P<relation>==|>|<)\s*(?P<other>{SIDE})\s+(?P<word>by|within)\s+"
    rf"(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    rf"\s+on\s+(?P<metric>[A-Za-z_][\w.]*(?::(?:{QUOTED}|{PLAIN_PART}))?)(?:\[(?P<of>{QUOTED}|[^\"\[\]]+)\])?"
    rf"(?:\s+on\s+(?P<split>{QUOTED}|{PLAIN_SPLIT}))?(?:\s+where\s+(?P<where>\S.*))?\s*"
)


def parse_claim(written: object, where: str = "", names: Mapping[str, str] = CLAIM_ALIASES) -> Claim:
    """The claim of a sentence, of fields with the sentence under `claim`, or of fields alone. Problems name `where`;
    `names` are other names of variants, with those that they stand for. Raises InputError with every problem."""
    if isinstance(written, str):
        return _parse_sentence(written, where, tuple(names.items()))
    if not isinstance(written, Mapping):
        raise InputError(f"a claim is {written!r}", where, GRAMMAR)
    reader = _Reader(where, names)
    return _complete(reader, reader.mapping(cast(Mapping[str, Any], written)), where)


@cache
def _parse_sentence(sentence: str, where: str, names: tuple[tuple[str, str], ...]) -> Claim:
    """The claim of a sentence: default claims are asked for by each stage of a command."""
    reader = _Reader(where, dict(names))
    return _complete(reader, reader.sentence(sentence), where)


def _complete(reader: "_Reader", fields: dict[str, Any], where: str) -> Claim:
    """The claim of its fields. Raises InputError with every problem."""
    reader.stop_if_wrong()
    claim = reader.complete_claim(fields)
    reader.problems.extend(check_reach(claim, where))
    reader.stop_if_wrong()
    return claim


def write_claim(claim: Claim) -> str:
    """The claim as `--claim`, a file of claims or a study file take it: its sentence, in braces with those fields that
    the sentence leaves out and that are not as by default. Of a metric that is not known, the direction is one."""
    sentence = format_claim(claim)
    usual = parse_claim(sentence, names={}).fields()
    notes = () if metric_of(claim.metric).is_known else ("higher_is_better",)
    fields = {name: value for name, value in claim.fields().items() if value != usual.get(name) or name in notes}
    if claim.looks:
        fields.pop("max_seeds", None)  # the last look says it
    elif "looks" in fields:
        fields["looks"] = ANYTIME
    if not fields:
        return sentence
    written = ", ".join(f"{name}: {_plain(value)}" for name, value in fields.items())
    return f"{{claim: {json.dumps(sentence, ensure_ascii=False)}, {written}}}"


def _plain(value: Any) -> str:
    is_word = isinstance(value, str) and re.fullmatch(r"[a-z][a-z-]*", value)
    return str(value) if is_word else json.dumps(value, ensure_ascii=False)


def _name_side(side: str, info: ValidationInfo) -> str:
    """Variants under their one name; a quoted name may write half of a character, which no file holds."""
    named = with_names(side, cast("Mapping[str, str]", info.context)) if re.fullmatch(SIDE, side) else "\ud800"
    if re.search("[\ud800-\udfff]", named):
        raise ValueError("no side of a claim")
    return named


def _refuse_shrinking(looks: tuple[int, ...]) -> tuple[int, ...]:
    if any(a >= b for a, b in pairwise(looks)):
        raise ValueError("each look has more seeds than the one before")
    return looks


def _settle_filter(text: str) -> str:
    try:
        return str(read_filter(text))
    except InputError as error:
        raise ValueError(str(error)) from error


def _field(allowed: str = "") -> Any:
    """A field that may be left out, and what is allowed in it, where that is no choice of words."""
    return Field(None, description=allowed)


_Text = Annotated[str, Field(min_length=1)]
_Side = Annotated[_Text, AfterValidator(_name_side)]
_Count = Annotated[int, Field(ge=MIN_SEEDS, le=MOST_SEEDS)]
_Looks = Annotated[tuple[_Count, ...], Field(strict=False), AfterValidator(_refuse_shrinking)]
_NAMED = "the name of a variant: letters, digits, '.', '_' and '-', or any name between double quotes"


class _Fields(BaseModel):
    """The fields of a claim as a mapping states them, each by itself. `null` is refused where it says nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    arm: _Side = _field(_NAMED)
    other: _Side = _field(f"{_NAMED}; or best-trivial")
    relation: Literal[">", "<", "=="] = _field()
    threshold: float = _field("a finite number")
    metric: Annotated[str, Field(pattern=r"^[^\W\d][\w.]*(:.+)?$")] = _field("the name of a metric")
    split: _Text = _field("the name of a split")
    population: claims.Population = _field()
    margin: Annotated[float, Field(gt=0)] = _field("a number of more than 0")
    alpha: Annotated[float, Field(ge=1e-6, le=0.5)] = _field("a number from 0.000001 to 0.5")
    looks: Literal["anytime"] | _Looks = _field(
        f"a list of growing numbers of seeds, each at least {MIN_SEEDS}, or {ANYTIME}"
    )
    max_seeds: _Count = _field(f"a whole number from {MIN_SEEDS} to {MOST_SEEDS:,}: fewer seeds never settle a claim")
    settle: claims.Settle = _field()
    higher_is_better: bool = _field("true or false")
    group: _Text | None = _field("the name of a column, or null")
    collapse_below: float | None = _field("a score, or null")
    chance: float | None = _field("a score, or null")
    pairing: claims.Pairing = _field()
    best_of: Candidates = _field("a whole number from 1 to 1,000")
    where: Annotated[_Text, AfterValidator(_settle_filter)] | None = _field(f"which rows: {HINT}")


class _Reader:
    def __init__(self, where: str, names: Mapping[str, str]) -> None:
        self.where = where
        self.names = names
        self.problems: list[Problem] = []

    def refuse(self, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, self.where, hint))

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise InputError(dict.fromkeys(self.problems))

    def sentence(self, text: str) -> dict[str, Any]:
        """The fields that a sentence states."""
        match = _SENTENCE.fullmatch(text)
        if match is None:
            self.refuse(f"{text!r} is not a claim", _advice(text))
            return {}
        equal, number = match["relation"] == "==", float(match["number"])
        if equal != (match["word"] == "within"):
            expected = "within" if equal else "by"
            self.refuse(f"{text!r} is not a claim", f"{match['relation']} takes '{expected}', not '{match['word']}'")
        if not math.isfinite(number):
            self.refuse(f"{match['number']} is too large a number")
        fields: dict[str, Any] = {name: match[name] for name in ("arm", "relation", "other", "metric")}
        fields["metric"] = read_metric(match["metric"])
        fields |= {"margin": number} if equal else {"threshold": number}
        if match["split"] is not None:
            fields["split"] = read_name(match["split"])
        if (match["of"] is None) != (match["metric"] != RECALL):
            self.refuse(f"{match['metric']} stands {'alone' if match['of'] is None else 'with a class'}", OF_CLASS)
        elif match["of"] is not None and match["where"] is not None:
            self.refuse(f"{text!r} says twice which rows are meant", "keep the class or `where`")
        elif match["of"] is not None:
            fields |= {"metric": "accuracy", "where": str(of_class(read_name(match["of"])))}
        elif match["where"] is not None:
            fields["where"] = match["where"]
        return _turn_relation(self.check_fields(fields))

    def mapping(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that a mapping states, its sentence included; the two may not contradict each other."""
        given = dict(written)
        sentence = given.pop("claim", None)
        given = self.check_fields(given)
        if sentence is None:
            needed = ["arm", "other", "relation", "metric"]
            needed.append("margin" if given.get("relation") == "==" else "threshold")
            missing = [name for name in needed if name not in given]
            if missing:
                self.refuse(f"a claim lacks {', '.join(missing)}", "give the sentence under `claim`, or every field")
            return _turn_relation(given)
        if not isinstance(sentence, str):
            self.refuse(f"claim is {sentence!r}", GRAMMAR)
            return {}
        stated = self.sentence(sentence)
        given = _turn_relation(given) if {"arm", "other", "relation"} <= set(given) else given
        for name in set(given) & set(stated):
            if given[name] != stated[name]:
                told = f"{name} is {given[name]!r}, and the sentence says {stated[name]!r}"
                self.refuse(told, "keep one of them")
        return {**given, **stated}

    def check_fields(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """The fields, each checked by itself, variants under their one name; two sides differ."""
        names, fields = _Fields.model_fields, dict(written)
        try:
            fields = _Fields.model_validate(fields, context=self.names).model_dump(exclude_unset=True)
        except ValidationError as error:
            wrong = {str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)}
            for name in [name for name in fields if str(name) in wrong]:
                value = fields[name] if name in names else fields.pop(name)
                if name not in names:
                    self.refuse(f"'{name}' is no field of a claim", suggest(str(name), ["claim", *names]))
                    continue
                allowed = names[name].description or f"one of {', '.join(get_args(names[name].annotation))}"
                exponent = isinstance(value, str) and re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", value)
                also = f"; YAML reads it as text: write {float(value):g}" if exponent else ""
                self.refuse(f"{name} is {value!r}", f"allowed: {allowed}{also}")
        sides = [alternatives(fields[name]) for name in ("arm", "other") if isinstance(fields.get(name), str)]
        if len(sides) < 2:
            return fields
        for name in dict.fromkeys(name for name in sides[0] if name in sides[1]):
            self.refuse(f"'{name}' is compared with itself", "name two different variants")
        several = [side for side in sides if len(side) > 1]
        if len(several) > 1:
            self.refuse("both sides name several variants", "one side alone may say `or`")
        elif several and fields.get("relation") == "==":
            self.refuse("== with `or` could mean two things", "claim each variant by itself, or `a or b > c by T`")
        elif several and len(set(several[0])) < len(several[0]):
            self.refuse("one variant is named twice", "name each once")
        return fields

    def complete_claim(self, fields: Mapping[str, Any]) -> Claim:
        """The claim with every default filled in."""
        values = dict(fields)
        equal = values["relation"] == "=="
        if equal and values.get("threshold", 0) != 0:
            self.refuse("a claim of == has no threshold", "give its margin")
        values["threshold"] = 0.0 if equal else float(values["threshold"]) + 0.0  # -0.0 and 0.0 are one claim
        margin = values.get("margin", values["threshold"] if values["threshold"] > 0 else DEFAULT_MARGIN)
        values |= {"margin": float(margin), "alpha": float(values.get("alpha", 0.05))}
        values |= _plan(values, self.refuse)
        values.setdefault("higher_is_better", metric_of(values["metric"]).higher_is_better)
        return Claim(**values)


def _plan(values: Mapping[str, Any], refuse: Callable[[str, str], None]) -> dict[str, Any]:
    looks, most = values.get("looks"), values.get("max_seeds")
    if looks in (ANYTIME, [], ()):
        return {"looks": (), "max_seeds": DEFAULT_LOOKS[-1] if most is None else most}
    if looks is None:
        most = DEFAULT_LOOKS[-1] if most is None else most
        return {"looks": (*(look for look in DEFAULT_LOOKS if look < most), most), "max_seeds": most}
    if most is not None and looks[-1] != most:
        refuse(f"the last look is at {looks[-1]} seeds and max_seeds is {most}", "make them equal, or leave one out")
    return {"looks": tuple(looks), "max_seeds": looks[-1]}


def _turn_relation(fields: dict[str, Any]) -> dict[str, Any]:
    """`a < b` as `b > a`."""
    if fields.get("relation") != "<":
        return fields
    return {**fields, "arm": fields.get("other"), "other": fields.get("arm"), "relation": ">"}


def _advice(text: str) -> str:
    if re.search(r"[0-9]\s*(%|points?\b)", text):
        return "differences are fractions: write 0.01 for one point"
    for wrong, right in ((">=", ">"), ("<=", "<"), ("=>", ">"), ("!=", ">"), (" = ", "==")):
        if wrong in text:
            return f"use {right} in place of {wrong.strip()}; {GRAMMAR}"
    sides = re.match(r"\s*(.+?)\s*(?:==|>|<)\s*(.+?)\s+(?:by|within)\s", text)
    odd = (
        next((side for side in sides.groups() if '"' not in side and not re.fullmatch(SIDE, side)), None)
        if sides
        else None
    )
    if odd is not None:
        return f'write a name with spaces or signs between double quotes: "{odd}"; {GRAMMAR}'
    return GRAMMAR
