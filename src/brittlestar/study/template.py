"""A commented study file for data that somebody has looked at: it teaches, and it runs as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml
from jinja2 import Environment, StrictUndefined, Template

from brittlestar.core.metrics import headline_metric
from brittlestar.study.claims import UNSEEN
from brittlestar.study.default_claims import default_sentences
from brittlestar.study.names import MAIN
from brittlestar.study.paths import find_setting
from brittlestar.study.schema import describe_allowed, keys_at
from brittlestar.study.settings import Study
from brittlestar.study.sides import SPLIT_MARK

_WIDTH = 34  # columns before the comments of a new study file


@dataclass(frozen=True)
class DataLook:
    """A first look at the data, taken before any setting is chosen.

    `tokens` is the proposed tokeniser and `factors` the proposed pattern, both as `DataSettings` writes them;
    `factor_names` are the pattern's named groups, in its order. `classes[label]` counts train's rows;
    `vocabulary_size` is the number of distinct tokens of train (padding and unknown not counted); lengths are in
    tokens, over train. `splits[name]` is the number of rows, `unseen[name]` of those whose sequence is no row of train,
    as written; `missing` names those of `dev` and `test` that are not
    there.
    """

    tokens: str
    factors: str | None
    factor_names: tuple[str, ...]
    classes: Mapping[str, int]
    vocabulary_size: int
    length_min: int
    length_mean: float
    length_max: int
    has_group: bool
    splits: Mapping[str, int]
    unseen: Mapping[str, int]
    missing: tuple[str, ...]


def study_text(look: DataLook, data_path: str, name: str, columns: Mapping[str, str] | None = None) -> str:
    """The text of a study file `name` on the data at `data_path` (relative to that file): active lines are what the
    data suggests; other settings are comments with default and what is allowed. It loads without a problem."""
    total = sum(look.classes.values())
    data = {"path": data_path, "tokens": look.tokens, "factors": look.factors}
    data |= {f"columns.{column}": written for column, written in (columns or {}).items()}
    metric = headline_metric(look.factor_names)
    return _read_template().render(
        look=look,
        name=name,
        shares=[f"{_plain(label)} {count / total:.1%}" for label, count in look.classes.items()],
        data={key: value for key, value in data.items() if value is not None},
        metric=metric,
        claims=default_sentences(look.splits, look.unseen, metric, MAIN),
        why=_why,
        section=_section,
    )


@cache
def _read_template() -> Template:
    made = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True)
    cast(dict[str, Any], made.filters).update(plain=_plain, quoted=_quote_text, remark=_align_remark)
    return made.from_string(Path(__file__).with_name("study.yaml.j2").read_text(encoding="utf-8"))


def _why(sentence: str) -> str:
    if SPLIT_MARK in sentence:
        return "it holds there within a point"
    return "also where train has no copy" if sentence.endswith(UNSEEN) else "it beats the best trivial rule"


def _section(name: str, given: Mapping[str, Any] = MappingProxyType({})) -> str:
    """A section with what is given as active lines, and each other setting as a comment: default, what is allowed."""
    lines = _lines((name,), {f"{name}.{path}": value for path, value in given.items()}, "  ")
    return "\n".join([f"{name}:", *lines])


def _lines(location: tuple[str, ...], given: Mapping[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key in keys_at(location):
        here = (*location, key)
        path = ".".join(here)
        default = find_setting(_DEFAULTS, path)
        if isinstance(default, dict) and keys_at(here):
            active = any(name.startswith(f"{path}.") for name in given)
            lines.append(f"{indent}{key}:" if active else f"{indent}# {key}:")
            inner = _lines(here, given, f"{indent}  ")
            lines += inner if active else [line.replace(f"{indent}  # ", f"{indent}#   ", 1) for line in inner]
        elif path in given:
            lines.append(f"{indent}{key}: {_quote_text(given[path])}")
        else:
            lines.append(_align_remark(f"{indent}# {key}: {_format_value(default)}", describe_allowed(here)))
    return lines


_DEFAULTS = Study.model_validate({"name": "x", "data": {}}).model_dump(mode="json")


def _align_remark(text: str, remark: str, width: int = _WIDTH) -> str:
    return f"{text.ljust(width)}  # {remark}" if remark else text


def _format_value(value: Any) -> str:
    return "" if value is None else yaml.safe_dump(value, default_flow_style=True, width=1000).split("\n")[0]


def _quote_text(value: str) -> str:
    """Text as YAML reads it back unchanged, quoted where it has to be."""
    letters = value.replace("-", "").replace("_", "")
    if letters.isalpha() and value.isascii() and value[0] != "-" and value.lower() not in ("null", "true", "false"):
        return value
    return yaml.safe_dump(value, default_style="'", allow_unicode=True, width=100_000).strip()


def _plain(text: str) -> str:
    """Text from data in a comment: on one line, without characters that YAML refuses, not too long."""
    clean = "".join(letter if letter.isprintable() else "·" for letter in text)
    return clean if len(clean) <= 30 else f"{clean[:29]}…"
