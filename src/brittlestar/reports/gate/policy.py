"""A policy from a file, a mapping and options: every key that is declared, with every mistake told at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import ValidationError, create_model

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.gating import GateOutcome, Requirement
from brittlestar.core.texts import suggest, suggest_file
from brittlestar.reports.gate import answers, claims, findings, forecasts, releases, scores, shifts
from brittlestar.reports.gate.ask import Ask, Reads
from brittlestar.reports.gate.findings import check_patterns
from brittlestar.study.gate_policy import GatePolicy, GateSource, GateTerms, declare_key
from brittlestar.study.gate_values import QUESTIONS
from brittlestar.study.yaml_reading import read_yaml_of

ASKS: Mapping[str, Ask[Any]] = {
    ask.key: ask for module in (answers, findings, forecasts, shifts, scores, claims, releases) for ask in module.ASKS
}
"""Every requirement by its key, in the order in which they are decided."""
WrittenPolicy = create_model(
    "WrittenPolicy",
    __base__=(GateTerms, GateSource),
    __doc__="The policy of a gate, as `gate --policy` reads it.",
    **cast(
        "Any", {key: (ask.form, declare_key(ask.must_be, ask.example, says=ask.requires)) for key, ask in ASKS.items()}
    ),
)
KEYS = (*ASKS, *GateTerms.model_fields, *GateSource.model_fields)


def find_reads(policy: GatePolicy) -> Reads:
    """The most that a requirement reads; the headline where nothing is asked."""
    asked: list[Reads] = [ASKS[key].reads for key in policy.asked]
    return max(asked, key=[*get_args(Reads)].index) if asked else "headline"


def check_policy(policy: GatePolicy) -> None:
    """Raise InputError for requirements that lack what they speak of, or that name no finding."""
    problems: list[Problem] = []
    terms = policy.terms
    if terms.no_worse_by_slice is not None and not terms.slices:
        problems.append(Problem("no slices are named", "no_worse_by_slice", write_key("slices")))
    if terms.slices and terms.no_worse_by_slice is None:
        hint = f"{write_key('no_worse_by_slice')}, beside {write_key('against')}"
        problems.append(Problem("nothing is required of the slices", "slices", hint))
    if "against" not in policy.asked:
        asked = {"no_worse_by_class": terms.no_worse_by_class, "no_worse_by_slice": terms.no_worse_by_slice}
        what, hint = "there is no last release to be no worse than", "add --against STUDY|FILE"
        problems += [Problem(what, key, hint) for key, by in asked.items() if by is not None]
        if "no_worse_by" in terms.model_fields_set:
            problems.append(Problem(what, "no_worse_by", hint))
    if problems:
        raise InputError(problems)
    if "absent" in policy.asked:
        check_patterns(policy.asked["absent"])


def settle_open(requirements: Sequence[Requirement], cannot_say: GateOutcome | None) -> Iterator[Requirement]:
    """Requirements with open ones as `cannot_say` has it; None leaves them open."""
    for requirement in requirements:
        if requirement.outcome != "cannot-say" or cannot_say is None:
            yield requirement
        else:
            sentence = f"open, counted as a {cannot_say}. {requirement.sentence}"
            yield replace(requirement, outcome=cannot_say, sentence=sentence, was_open=True)


def write_key(key: str) -> str:
    """An example of a key as a policy has it: `slices: customer,length`."""
    return f"{key}: {_example(key)}"


def _example(key: str) -> str:
    return str((WrittenPolicy.model_fields[key].examples or [""])[0])


def read_policy(path: Path) -> GatePolicy:
    """The policy of a YAML file, its paths relative to the file's folder, addresses as they are. Raises InputError with
    line and column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the policy cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(what, str(path), suggest_file(path, "give a YAML file")) from error
    document = read_yaml_of(text, path)
    if not isinstance(document.value, dict) or not document.value:
        raise InputError("a policy is a mapping", str(path), f"write `{write_key('require')}`")

    def place_of(key: str) -> str:
        line, column = document.places.get((key,), (1, 1))
        return f"{path}:{line}:{column}"

    return make_policy(cast("dict[str, Any]", document.value), place_of=place_of, folder=path.parent)


def make_policy(
    written: Mapping[str, Any],
    base: GatePolicy | None = None,
    place_of: Callable[[str], str] | None = None,
    folder: Path | None = None,
) -> GatePolicy:
    """The policy with what is `written` in place of what `base` has; None leaves it, and an empty value asks nothing.

    `place_of(key)` says where a key stands, None that it is an option; paths are relative to `folder`. Raises
    InputError with every mistake.
    """
    given = {key: value for key, value in written.items() if value is not None}
    try:
        found = WrittenPolicy.model_validate(given, context=folder or Path())
    except ValidationError as error:
        errors = {str(details["loc"][0]): details for details in reversed(error.errors(include_url=False))}
        problems = [_describe(key, dict(errors[key]), place_of) for key in map(str, given) if key in errors]
        raise InputError(problems) from None
    base, changed = base or GatePolicy(), {key: getattr(found, key) for key in found.model_fields_set}
    asked = {**base.asked, **changed}
    terms = {key: value for key, value in changed.items() if key in GateTerms.model_fields}
    source = {key: value for key, value in changed.items() if key in GateSource.model_fields}
    return GatePolicy(
        asked={key: asked[key] for key in ASKS if key in asked and asked[key] not in ((), {})},
        terms=base.terms.model_copy(update=terms),
        source=base.source.model_copy(update=source),
    )


def _describe(key: str, details: Mapping[str, Any], place_of: Callable[[str], str] | None) -> Problem:
    """What the value of a key must be, what it is, and what to write."""
    where = "" if place_of is None else place_of(key)
    if details["type"] == "extra_forbidden":
        return Problem(f"a policy has no key '{key}'", where, suggest(key, KEYS) or f"keys: {', '.join(KEYS)}")
    name, must_be = key if place_of else f"--{key.replace('_', '-')}", WrittenPolicy.model_fields[key].title
    inner = next((part for part in details["loc"][1:] if part and isinstance(part, str) and part != "[key]"), "")
    of = f" for {inner}" if inner and details["input"] != inner else ""
    near = suggest(str(details["input"]), QUESTIONS) if details["type"] == "literal_error" else ""
    hint = write_key(key) if place_of else f"{name} {_example(key)}"
    return Problem(f"{name} must be {must_be} (got {details['input']!r}{of})", where, near or hint)
