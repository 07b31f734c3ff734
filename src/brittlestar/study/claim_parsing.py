"""From a sentence or a mapping of fields to a `Claim`, with every mistake told at once."""

import json
import math
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, cast, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import metric_of
from brittlestar.core.texts import suggest
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study import claims
from brittlestar.study.claims import DEFAULT_LOOKS, DEFAULT_MARGIN, Claim, check_reach, format_claim
from brittlestar.study.names import CLAIM_ALIASES
from brittlestar.study.row_filters import HINT, RECALL, of_class, read_filter
from brittlestar.study.sides import PLAIN_SPLIT, QUOTED, SIDE, alternatives, read_name, with_names

ANYTIME = "anytime"
OF_CLASS = "write recall[CLASS] for one class, balanced_accuracy for the mean of all"
MOST_SEEDS = 2_000  # beyond it no study is planned
GRAMMAR = (
    "write `VARIANT > OTHER by T on METRIC [on SPLIT] [where COLUMN = VALUE]` or "
    "`VARIANT == OTHER within M on METRIC [on SPLIT]`; METRIC may be recall[CLASS]"
)

_SENTENCE = re.compile(
    rf"\s*(?P<arm>{SIDE})\s*(?P<relation>==|>|<)\s*(?P<other>{SIDE})\s+(?P<word>by|within)\s+"
    rf"(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    rf"\s+on\s+(?P<metric>[A-Za-z_]\w*)(?:\[(?P<of>{QUOTED}|[^\"\[\]]+)\])?"
    rf"(?:\s+on\s+(?P<split>{QUOTED}|{PLAIN_SPLIT}))?(?:\s+where\s+(?P<where>\S.*))?\s*"
)


def parse_claim(written: object, where: str = "", names: Mapping[str, str] = CLAIM_ALIASES) -> Claim:
    """The claim of a sentence, of fields with the sentence under `claim`, or of fields alone. Problems name `where`;
    `names` are other names of variants, with those that they stand for. Raises InputError with every problem."""
    reader = _Reader(where, names)
    if isinstance(written, str):
        fields = reader.sentence(written)
    elif isinstance(written, Mapping):
        fields = reader.mapping(cast(Mapping[str, Any], written))
    else:
        raise InputError(f"a claim is {written!r}", where, GRAMMAR)
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


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and MIN_SEEDS <= value <= MOST_SEEDS


def _are_looks(value: Any) -> bool:
    looks = cast(list[Any], value) if isinstance(value, list | tuple) else []
    growing = all(map(_is_count, looks)) and all(a < b for a, b in pairwise(looks))
    return value == ANYTIME or (isinstance(value, list | tuple) and growing)


def _is_text(value: Any) -> bool:
    """A text with something in it, and without half a surrogate pair, which no file holds."""
    return isinstance(value, str) and value != "" and not re.search("[\ud800-\udfff]", value)


def _is_side(value: Any) -> bool:
    return _is_text(value) and re.fullmatch(SIDE, value) is not None


def _is_filter(value: Any) -> bool:
    try:
        return value is None or (_is_text(value) and bool(str(read_filter(value))))
    except InputError:
        return False


def _one_of(*options: Any) -> tuple[Callable[[Any], bool], str]:
    return lambda value: isinstance(value, str) and value in options, f"one of {', '.join(options)}"


_NAMED = "the name of a variant: letters, digits, '.', '_' and '-', or any name between double quotes"
_FIELDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "arm": (_is_side, _NAMED),
    "other": (_is_side, f"{_NAMED}; or best-trivial"),
    "relation": _one_of(">", "<", "=="),
    "threshold": (_is_number, "a finite number"),
    "metric": (lambda value: isinstance(value, str) and value.isidentifier(), "the name of a metric"),
    "split": (_is_text, "the name of a split"),
    "population": _one_of(*get_args(claims.Population)),
    "margin": (lambda value: _is_number(value) and value > 0, "a number of more than 0"),
    "alpha": (lambda value: _is_number(value) and 1e-6 <= value <= 0.5, "a number from 0.000001 to 0.5"),
    "looks": (_are_looks, f"a list of growing numbers of seeds, each at least {MIN_SEEDS}, or {ANYTIME}"),
    "max_seeds": (_is_count, f"a whole number from {MIN_SEEDS} to {MOST_SEEDS:,}: fewer seeds never settle a claim"),
    "settle": _one_of(*get_args(claims.Settle)),
    "higher_is_better": (lambda value: isinstance(value, bool), "true or false"),
    "group": (lambda value: value is None or _is_text(value), "the name of a column, or null"),
    "collapse_below": (lambda value: value is None or _is_number(value), "a score, or null"),
    "chance": (lambda value: value is None or _is_number(value), "a score, or null"),
    "pairing": _one_of(*get_args(claims.Pairing)),
    "where": (_is_filter, f"which rows: {HINT}"),
}


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
        for name in [name for name in given if name not in _FIELDS]:
            self.refuse(f"'{name}' is no field of a claim", suggest(str(name), ["claim", *_FIELDS]))
            del given[name]
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
        fields = {
            name: with_names(value, self.names) if name in ("arm", "other") and _is_side(value) else value
            for name, value in written.items()
        }
        for name, value in fields.items():
            check, words = _FIELDS[name]
            if not check(value):
                exponent = isinstance(value, str) and re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", value)
                also = f"; YAML reads it as text: write {float(value):g}" if exponent else ""
                self.refuse(f"{name} is {value!r}", f"allowed: {words}{also}")
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
        for name in ("collapse_below", "chance"):
            if values.get(name) is not None:
                values[name] = float(values[name])
        if values.get("where") is not None:
            values["where"] = str(read_filter(values["where"]))
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
    odd = next((side for side in sides.groups() if '"' not in side and not _is_side(side)), None) if sides else None
    if odd is not None:
        return f'write a name with spaces or signs between double quotes: "{odd}"; {GRAMMAR}'
    return GRAMMAR
