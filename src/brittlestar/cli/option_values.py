"""The text of options as values: pairs, columns, lengths of time. Each refuses what it cannot read, with an example."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.study.names import DATA_ROLES, PREDICTION_ROLES, role_problems

Name = TypeVar("Name", bound=str)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_REFERENCE = re.compile(r"[\w.]+:[\w.]+")


def settings_of(given: Sequence[str], linear: str | None = None) -> dict[str, str]:
    """`PATH=VALUE` texts as {path: value}; the last one of a path counts; `linear` is the value of `--linear`. Raises
    InputError with all that are wrong."""
    problems = [
        Problem(f"{text!r} is not PATH=VALUE", "--set", "write it like --set training.epochs=3")
        for text in given
        if not re.match(r"\s*[^\s=]+\s*=", text)
    ]
    if problems:
        raise InputError(problems)
    short = {} if linear is None else {"trivial.linear": one_of(linear, ("on", "off"), "--linear")}
    return {path.strip(): value for path, _, value in (text.partition("=") for text in given)} | short


def pairs_of(given: Sequence[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` texts as {name: value}. Raises InputError with all that are wrong."""
    parts = [text.partition("=") for text in given]
    problems = [
        Problem(f"{text!r} is not NAME=VALUE", option, f"write it like {option} name=value")
        for text, (name, _, value) in zip(given, parts, strict=True)
        if not name.strip() or not value.strip()
    ]
    names = [name.strip() for name, _, _ in parts]
    if option in ONCE:
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        problems += [Problem(f"'{name}' is given twice", option, "give each name once") for name in twice]
    if problems:
        raise InputError(problems)
    return {name.strip(): value.strip() for name, _, value in parts}


ONCE = ("--split", "--strength")
"""Options of which a second value for one name would replace the first unseen."""


def columns_of_text(given: str | None) -> dict[str, str] | None:
    """`sequence=text,label=target` as {role: column}. Raises InputError with all that is wrong."""
    return _columns(given, "--columns", DATA_ROLES, "sequence=text,label=target")


def prediction_columns_of_text(given: str | None) -> dict[str, str] | None:
    """`prediction=pred,id=uid` as {role: column}. Raises InputError with all that is wrong."""
    return _columns(given, "--preds-columns", (*PREDICTION_ROLES, "p_CLASS"), "prediction=pred,id=uid")


def outcome_columns_of_text(given: str | None) -> dict[str, str] | None:
    """`variant=model,seed=run` as {role: column}. Raises InputError with all that is wrong."""
    from brittlestar.data.outcome_columns import ROLES as OUTCOME_ROLES

    return _columns(given, "--columns", OUTCOME_ROLES, "variant=model,seed=run")


def history_columns_of_text(given: str | None) -> dict[str, str] | None:
    """`dev.loss=Value,epoch=Step` as {role: column}. Raises InputError with all that is wrong."""
    from brittlestar.training.logs.column_roles import ROLES as HISTORY_ROLES

    return _columns(given, "--history-columns", HISTORY_ROLES, "dev.loss=Value,epoch=Step")


def _columns(given: str | None, option: str, roles: Sequence[str], example: str) -> dict[str, str] | None:
    if given is None:
        return None
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for part in given.split(","):
        role, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name:
            problems.append(Problem(f"{part!r} is not ROLE=COLUMN", option, f"such as {example}"))
        elif role in found:
            problems.append(Problem(f"{role!r} is given twice", option, "one column has one role"))
        else:
            found[role] = name
    problems += role_problems(found, roles, option)
    if problems:
        raise InputError(problems)
    return found


def seconds_of(text: str | None, option: str) -> float | None:
    """`90`, `90s`, `20m`, `1.5h`, `2d` in seconds, None for None. Raises InputError."""
    if text is None:
        return None
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        seconds = float(number) * _UNITS[unit]
    except ValueError:
        seconds = float("nan")
    if not 0 < seconds < 1e9:
        raise InputError(f"{option} must be a positive length of time (got {text!r})", "", "write 90s, 20m, 2h or 1d")
    return seconds


def model_of(text: str | None) -> str | None:
    """`package.module:name` as it is. Raises InputError for anything of another form."""
    if text is not None and not _REFERENCE.fullmatch(text):
        hint = ""
        if text.endswith(".py") or ".py:" in text:
            path, _, name = text.partition(":")
            hint = f"write it like an import: {path.removesuffix('.py').replace('/', '.').strip('.')}:{name or 'NAME'}"
        raise InputError(f"--model must be package.module:name (got {text!r})", "", hint)
    return text


def one_of(value: str, allowed: Sequence[Name], option: str) -> Name:
    """The value, when it is one of those allowed. Raises InputError."""
    for name in allowed:
        if name == value:
            return name
    raise InputError(f"{option} must be {' or '.join(allowed)} (got {value!r})", hint=suggest(value, allowed))


def numbers_of(name: str, text: str) -> list[float]:
    """`2,8` as numbers, the strengths of the probe `name`. Raises InputError."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        what = f"strengths must be numbers (got {text!r})"
        raise InputError(what, f"--strength {name}", "write order.window=2,8") from None


_POINTS = {"pt": 1.0, "bp": 1.00375, "in": 72.27, "cm": 72.27 / 2.54, "mm": 7.227 / 2.54}
"""Points of TeX in a length, as TeX has them: 72.27 to an inch."""


def points_of(text: str, option: str) -> float:
    """`240pt`, `8.5cm` or `3.3in` in points. Raises InputError."""
    found = re.fullmatch(r"\s*([0-9.]+)\s*(pt|bp|in|cm|mm)?\s*", text)
    try:
        number = float(found[1]) if found else 0.0
    except ValueError:
        number = 0.0
    if found is None or number <= 0:
        raise InputError(f"{text!r} is no length", option, "write 240pt, 8.5cm or 3.3in")
    return number * _POINTS[found[2] or "pt"]


def list_of_texts(given: Sequence[str]) -> tuple[str, ...]:
    """Names, each once: `a,b` says the same as the option twice, with `a` and with `b`."""
    return tuple(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


def refuse_together(given: Mapping[str, object], option: str) -> None:
    """Raise InputError for what says nothing beside an option."""
    if named := [name for name, value in given.items() if value is not None]:
        where = option if option.startswith("-") else ""
        raise InputError(f"{option} and {', '.join(named)} exclude each other", where, "leave one of them out")


def refuse_alone(given: Mapping[str, object], needed: object, option: str) -> None:
    """Raise InputError for options that say something only beside another one."""
    if not needed and (alone := [name for name, value in given.items() if value is not None]):
        what = f"{', '.join(alone)} belong{'s' if len(alone) == 1 else ''} to {option}"
        raise InputError(what, alone[0], f"add {option}")
