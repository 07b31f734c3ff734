"""Settings in the command that ran something: `python train.py --lr 3e-4 --no-bidirectional model.hidden=64`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.stated import Stated, join_list

_CALLED = re.compile(
    r"(?:[$>!%]\s+)?(?:\w+=\S*\s+)*(?:(?:uv|poetry|pdm|conda|srun|sbatch|nohup|time|bash|sh|accelerate)\b[^|;]*?\s)?"
    r"(?:python[\d.]*(?:\s+-m\s+\S+)?|torchrun|deepspeed|fairseq-\w+|allennlp|\./\S+|\S+\.(?:py|sh))\s"
)
"""How the line of a command begins."""
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)(?:=(?P<value>.*))?", re.DOTALL)
_OVERRIDE = re.compile(r"\+{0,2}(?P<name>[A-Za-z_][\w.]*)=(?P<value>.*)", re.DOTALL)
_OTHER = re.compile(
    r"(?:^|[/_-])(?:eval\w*|test|predict\w*|infer\w*|pretrain\w*|prepare\w*|preprocess\w*|plot\w*|download\w*)(?:\.|_|-|$)"
)
"""Programs that train nothing that is reported."""
_ENDS = ("|", "||", "&&", "&", ";", ">", ">>", "2>&1", "<")
_ASSIGNED = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Z_]\w*)=(\S+)[ \t]*$", re.MULTILINE)
_LOOPED = re.compile(r"\bfor[ \t]+(\w+)[ \t]+in[ \t]+([^;\n]+?)[ \t]*(?:;|\n|$)")
_CONTINUED = re.compile(r"\\[ \t\r]*\n")


def take_commands(text: str) -> tuple[list[Stated], str]:
    """The first mention of each option of the commands of a page, and the page without these commands; its lines keep
    their numbers."""
    found: dict[str, Stated] = {}
    rest: list[str] = []
    number = 1
    given = dict(_ASSIGNED.findall(text) + _LOOPED.findall(text))
    for line in _split_lines(text):
        options = [*read_command(_fill_in(line, given), number)]
        for one in options:
            same = found.setdefault(one.name, one)
            if same is not one and find_paths(one.name) == ("seeds",) and one.text not in same.text.split(", "):
                found[one.name] = Stated(one.name, f"{same.text}, {one.text}", same.line)  # a command for each seed
        rest.append("\n" * line.count("\n") if options else line)
        number += line.count("\n") + 1
    return [*found.values()], "\n".join(rest)


def _fill_in(line: str, given: Mapping[str, str]) -> str:
    """A line with the values of variables that a script sets itself."""
    return re.sub(r"\$\{?(\w+)\}?", lambda found: given.get(found[1], found[0]), line) if given else line


def _split_lines(text: str) -> list[str]:
    """Lines, those of one command together."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and lines[-1].rstrip(" \t\r").endswith("\\"):
            lines[-1] = f"{lines[-1]}\n{line}"
        else:
            lines.append(line)
    return lines


def read_command(line: str, number: int = 0) -> Iterator[Stated]:
    """Options and overrides of one command; nothing of what is none."""
    plain = _CONTINUED.sub(" ", re.sub(r"(?m)^\s*#.*\\[ \t]*\n", "", line)).strip().strip("`")
    begun = _CALLED.match(plain)
    if begun is None and not re.match(r"(?:--[A-Za-z][\w-]*(?:[ =]|$)[^-]*){2,}", plain):
        return
    try:
        words = shlex.split(plain[begun.end() :] if begun else plain, comments=True)
    except ValueError:  # a quotation mark that nobody closes
        return
    script = begun[0].split()[-1] if begun else ""
    if _OTHER.search(script.rpartition("/")[2]):
        return
    own: list[str] = []
    for word in words:
        own += [] if word in _ENDS else [word.rstrip(";")]
        if word in _ENDS or word.endswith(";"):
            break
    yield from read_options(own, number)


def find_options(value: Any) -> list[Stated]:
    """Settings of a list of the words of a command, or of overrides; nothing of another value."""
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    words = [one for one in listed if isinstance(one, str)]
    typed = any(re.match(r"--[A-Za-z]", one) for one in words) or all(
        _OVERRIDE.fullmatch(one) or one.startswith("~") for one in words
    )
    return [*read_options(words)] if words and len(words) == len(listed) and typed else []


def read_options(words: Sequence[str], number: int = 0) -> Iterator[Stated]:
    """Options with all that follows them, `--no-name` and names alone as no and yes, and overrides `name=value`."""
    name: str | None = None
    values: list[str] = []
    for word in (*words, None):
        option = None if word is None else _OPTION.fullmatch(word)
        if word is not None and not option and name is not None and find_paths(name) == ("training.class_weights",):
            values.append(word.replace("=", ": "))
            continue
        override = None if word is None or option else _OVERRIDE.fullmatch(word)
        if word is not None and not option and not override:
            values.append(word.rstrip(",") if name else word)
            continue
        if name is not None and (len(name) > 1 or find_paths(name)):
            yield _state_option(name, values, number)
        name, values = None, []
        if override is not None:
            yield Stated(override["name"], override["value"] or "none", number)
        elif option is not None and option["value"] is not None:
            yield Stated(option["name"], option["value"] or "none", number)
        elif option is not None:
            name = option["name"]


def _state_option(name: str, values: Sequence[str], number: int) -> Stated:
    if values:
        return Stated(name, join_list(values) if len(values) > 1 else values[0], number)
    refused = re.fullmatch(r"no[-_](.+)", name)
    return Stated(refused[1], "false", number) if refused else Stated(name, "true", number)
