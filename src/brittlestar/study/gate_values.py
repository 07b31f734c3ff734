"""How values of a gate's policy are read: from YAML, from Python, and from the text of an option."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from brittlestar.core.splits import is_unlabelled
from brittlestar.core.texts import find_scheme

Question = Literal["real", "holds", "sound", "fair"]
CannotSay = Literal["pass", "fail"]
QUESTIONS: tuple[str, ...] = get_args(Question)
ALL = ""
"""All classes, among recalls by class."""
_TEXTS, _PAIRS = str | list[str], str | list[str] | dict[str, float | str]


def _split_text(value: Any) -> Any:
    """`a,b` as a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _split_pairs(value: Any, name_first: bool = True) -> Any:
    """`shift=0.03,other=0.1`, or a list of such texts, as a mapping."""
    if not isinstance(value, str | Sequence):
        return value
    parts = [str(one).partition("=") for one in cast("Sequence[Any]", _split_text(value))]
    pairs = parts if name_first else [(name, "", share) for share, _, name in parts]
    return {name.strip(): amount.strip() for name, _, amount in pairs}


def _split_shares(value: Any) -> Any:
    """`0.65=new_march`, or a list of such texts, as a mapping of names to shares; a share alone has no name."""
    return _split_pairs(value, name_first=False)


def _split_recalls(value: Any) -> Any:
    """Least recalls by class, of all of them under `ALL`."""
    shares = _split_shares({"all": value} if isinstance(value, int | float) else value)
    return {ALL if name == "all" else name: share for name, share in shares.items()} if shares else shares


def _refuse_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


def _be_unlabelled(name: str) -> str:
    if not is_unlabelled(name):
        raise ValueError("a split without labels is named new_…")
    return name


def _place_beside(path: str | Path, info: ValidationInfo) -> Path:
    """A path that is relative to the folder of the policy."""
    return cast("Path", info.context or Path()) / path


def _read_claims(value: Any, info: ValidationInfo) -> tuple[Any, ...] | Path:
    if isinstance(value, str | Path):
        return _place_beside(value, info)
    if not isinstance(value, Sequence) or not value:
        raise ValueError("neither a file nor a list of claims")
    return tuple(cast("Sequence[Any]", value))


def _read_path(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError("no path")
    return _place_beside(value, info) if find_scheme(value) is None else Path(value)


def _read_release(value: Any, info: ValidationInfo) -> tuple[Any, ...]:
    """Paths, or predictions in memory as they are, alone."""
    parts: Any = [value] if isinstance(value, str | Path | int | float) else value
    named = isinstance(parts, list | tuple) and (parts is not value or {*map(type, parts)} <= {str, type(Path())})
    return tuple(_read_path(part, info) for part in parts) if named else (value,)


def _read_labelled(value: Any, info: ValidationInfo) -> Any:
    """A path, or by split; objects in memory as they are."""
    if isinstance(value, Mapping):
        return {name: _read_labelled(one, info) for name, one in cast("Mapping[Any, Any]", value).items()}
    return _place_beside(value, info) if isinstance(value, str | Path) else value


def _write_settings(value: Any) -> Any:
    """Values of settings as texts, as `--set` has them."""
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[Any, Any]", value)
    return {str(path): one if isinstance(one, str) else json.dumps(one) for path, one in given.items()}


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str | Mapping | Sequence) else str(value)


def _name_once(names: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(names))


Text = Annotated[str, BeforeValidator(_as_text, str | float), Field(min_length=1)]
Names = Annotated[tuple[Text, ...], AfterValidator(_name_once), BeforeValidator(_split_text, _TEXTS)]
Answer = Annotated[Question, BeforeValidator(lambda name: name.lower().rstrip("?") if isinstance(name, str) else name)]
Answers = Annotated[tuple[Answer, ...], AfterValidator(_name_once), BeforeValidator(_split_text, _TEXTS)]
Amount = Annotated[float, Field(ge=0), BeforeValidator(_refuse_switch)]
Share = Annotated[Amount, Field(le=1)]
LossBySplit = Annotated[dict[Text, Amount], Field(min_length=1), BeforeValidator(_split_pairs, _PAIRS)]
LeastBySplit = Annotated[
    dict[Annotated[Text, AfterValidator(_be_unlabelled)], Share],
    Field(min_length=1),
    BeforeValidator(_split_shares, _PAIRS),
]
ShiftBySplit = Annotated[
    dict[Text, Annotated[Amount, Field(gt=0, lt=1)]], Field(min_length=1), BeforeValidator(_split_shares, _PAIRS)
]
RecallByClass = Annotated[
    dict[Annotated[str, BeforeValidator(_as_text)], Share],
    Field(min_length=1),
    BeforeValidator(_split_recalls, float | _PAIRS),
]
WrittenClaims = Annotated[Any, BeforeValidator(_read_claims, str | list[Any])]
LabelFiles = Annotated[Any, BeforeValidator(_read_labelled, str | dict[str, str])]
Location = Annotated[Path, BeforeValidator(_read_path, str)]
Locations = Annotated[
    tuple[Location, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str | Path) else value, _TEXTS),
]
Release = Annotated[tuple[Any, ...], BeforeValidator(_read_release, _TEXTS)]
Columns = dict[Text, Text]
Settings = Annotated[dict[Text, str], BeforeValidator(_write_settings, dict[str, Any])]
