"""Forms of values, as the docstrings of verbs name them, and what reads each. A reader refuses with an example."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.cli.declaring import Option
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.store.layout import read_place
from brittlestar.study.names import DATA_ROLES, PREDICTION_ROLES, role_problems

_NUMBERS: Mapping[str, type] = {"N": int, "SCORE": float, "LOSS": float, "SHARE": float, "POINTS": float}
_PLACES = {"DATA", "STUDY", "STUDY.yaml", "FILE", "DIR", "TABLE", "RECORD", "FIRST", "SECOND", "INTO", "FROM"}
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def find_type(form: str) -> type:
    """The type of one value of a form: a number, a path or text."""
    word = form.partition(">=")[0].rstrip("…")
    return _NUMBERS.get(word, Path if {*word.split("|")} <= _PLACES else str)


def read_value(option: Option, given: Any) -> Any:
    """What was given, as a verb takes it. Raises InputError."""
    if find_type(option.form) is Path:
        return [*map(read_place, given)] if option.form.endswith("…") else read_place(given)
    reader = READERS.get(option.flags) or READERS.get(option.form)
    if reader is not None:
        return reader(given, option.flags)
    if "|" in option.form and option.form.islower():
        return read_choice(given, option.form.split("|"), option.flags)
    return split_names(given) if option.form.endswith(",…") else given


def read_choice(given: str, allowed: Sequence[str], option: str) -> str:
    """The value, when it is one of those allowed. Raises InputError."""
    if given not in allowed:
        raise InputError(f"{option} must be {' or '.join(allowed)} (got {given!r})", hint=suggest(given, allowed))
    return given


def split_names(given: Sequence[str]) -> tuple[str, ...]:
    """Names, each once: `a,b` says the same as the option twice, with `a` and with `b`."""
    return tuple(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))


def read_settings(given: Sequence[str], option: str) -> dict[str, str]:
    """`PATH=VALUE` texts as {path: value}; the last one of a path counts. Raises InputError with all that are wrong."""
    problems = [
        Problem(f"{text!r} is not PATH=VALUE", option, f"write it like {option} training.epochs=3")
        for text in given
        if not re.match(r"\s*[^\s=]+\s*=", text)
    ]
    if problems:
        raise InputError(problems)
    return {path.strip(): value for path, _, value in (text.partition("=") for text in given)}


def read_pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` texts as {name: value}, each name once. Raises InputError with all that are wrong."""
    parts = [text.partition("=") for text in given]
    problems = [
        Problem(f"{text!r} is not NAME=VALUE", option, f"write it like {option} name=value")
        for text, (name, _, value) in zip(given, parts, strict=True)
        if not name.strip() or not value.strip()
    ]
    names = [name.strip() for name, _, _ in parts]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    problems += [Problem(f"'{name}' is given twice", option, "give each name once") for name in twice]
    if problems:
        raise InputError(problems)
    return {name.strip(): value.strip() for name, _, value in parts}


def read_strengths(given: Sequence[str], option: str) -> dict[str, list[float]]:
    """`order.window=2,8` as {probe: strengths}. Raises InputError."""
    found: dict[str, list[float]] = {}
    for name, text in read_pairs(given, option).items():
        try:
            found[name] = [float(part) for part in text.split(",")]
        except ValueError:
            what = f"strengths must be numbers (got {text!r})"
            raise InputError(what, f"{option} {name}", "write order.window=2,8") from None
    return found


def read_columns(given: Sequence[str], option: str) -> dict[str, str]:
    """`sequence=text,label=target` as {role: column}; the verb knows the roles. Raises InputError with all that is
    wrong."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for part in ",".join(given).split(","):
        role, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name:
            problems.append(Problem(f"{part!r} is not ROLE=COLUMN", option, f"such as {_COLUMNS[option]}"))
        elif role in found:
            problems.append(Problem(f"{role!r} is given twice", option, "one column has one role"))
        else:
            found[role] = name
    if problems:
        raise InputError([*problems, *_find_unknown_roles(found, option)])
    return found


def _find_unknown_roles(found: Mapping[str, str], option: str) -> list[Problem]:
    """Roles that no verb gives to a column: their names are loaded where something is wrong already."""
    from brittlestar.data.outcome_columns import ROLES as OUTCOME_ROLES

    if option == "--columns":
        return role_problems(
            {role: one for role, one in found.items() if role not in OUTCOME_ROLES}, DATA_ROLES, option
        )
    return role_problems(found, (*PREDICTION_ROLES, "p_CLASS"), option)


_COLUMNS = {"--columns": "sequence=text,label=target", "--preds-columns": "prediction=pred,id=uid"}
"""An example of each."""


def read_seconds(text: str, option: str) -> float:
    """`90`, `90s`, `20m`, `1.5h`, `2d` in seconds. Raises InputError."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in _SECONDS else (text, "s")
    try:
        seconds = float(number) * _SECONDS[unit]
    except ValueError:
        seconds = float("nan")
    if not 0 < seconds < 1e9:
        raise InputError(f"{option} must be a positive length of time (got {text!r})", "", "write 90s, 20m, 2h or 1d")
    return seconds


def read_model(text: str, option: str) -> str:
    """`package.module:name` as it is. Raises InputError for anything of another form."""
    if re.fullmatch(r"[\w.]+:[\w.]+", text):
        return text
    hint = ""
    if text.endswith(".py") or ".py:" in text:
        path, _, name = text.partition(":")
        hint = f"write it like an import: {path.removesuffix('.py').replace('/', '.').strip('.')}:{name or 'NAME'}"
    raise InputError(f"{option} must be package.module:name (got {text!r})", "", hint)


def load_own_checks(given: Sequence[str], option: str) -> tuple[Any, ...]:
    """Checks of one's own by their names. Raises InputError with all that are wrong."""
    from brittlestar.pipeline.own_checks import load_checks

    return tuple(check.check for check in load_checks(given, option))


def _join(given: Sequence[str], option: str) -> str:
    return ",".join(given)


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "TIME": read_seconds,
    "PATH=VALUE…": read_settings,
    "NAME=FILE…": read_pairs,
    "PROBE=A,B…": read_strengths,
    "ROLE=COLUMN,…": read_columns,
    "--model": read_model,
    "--check": load_own_checks,
    "--require": _join,
    "--absent": _join,
    "--max-drop": _join,
    "--min-expected": _join,
}
"""By form, or by option where one form is read in two ways. A policy reads its own lists."""
