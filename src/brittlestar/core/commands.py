"""Commands in remedies and pages: `STUDY` and `DATA` stand for what the reader has until it is known, and `DIR` for a
folder that is made."""

import re
import shlex
from collections.abc import Mapping
from itertools import pairwise

_PLACE = re.compile(
    r"(brittlestar (?:run|report|status|audit|probe|judge|check|plan|diagnose|trace) )(?:STUDY|DATA)(?![\w./-])"
)
_COMMAND = re.compile(r"`(brittlestar [^`]+)`")
_BLANK = re.compile(r"\b(?!STUDY\b|DATA\b|DIR\b)[A-Z]{2,}\b|…|\bN\b")
_MADE = re.compile(r"(brittlestar audit (?:[^`<>\n]*?--write-clean )?)DIR(?![\w./-])")
MADE = "clean-data"
"""The folder that a printed command makes, beside the one where it is pasted."""
_CALLED = {"run": "the same call of `run(…)`", "audit": "`audit(…)` of the same data"}
"""Commands that need the objects themselves, as calls."""
_SEEDS = re.compile(r"`brittlestar run STUDY --seeds (\d+)`")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
_TRAINS = re.compile(r"`brittlestar run STUDY --(?:set|seeds|cell)\b")

_UNSETTLED = "Curves alone do not settle it; a study of the data can (the run command)."


def fill_commands(text: str, place: str) -> str:
    """The text with `place`, as a shell and the text's own notation take it, in every command about this study or its
    data, and a name for the folder that a command makes. A study's folder stands for both: the verbs that read data
    take it."""
    return _MADE.sub(lambda found: found[1] + MADE, _PLACE.sub(lambda found: found[1] + place, text))


def data_place(data: str, columns: Mapping[str, str] | None, settings: Mapping[str, str] | None) -> str:
    """`data` as commands name it: with the options that are needed to read it in the same way, quoted for a shell."""
    named = ["--columns", ",".join(f"{role}={name}" for role, name in columns.items())] if columns else []
    changed = [part for path, value in (settings or {}).items() for part in ("--set", f"{path}={value}")]
    return shlex.join([data, *named, *changed])


def command_in(text: str) -> str | None:
    """The first command of a text that can be pasted once STUDY and DATA are filled in, None where there is none."""
    return next((one for one in _COMMAND.findall(text) if not _BLANK.search(one)), None)


def for_given_predictions(remedy: str) -> str:
    """A remedy for a study whose predictions were handed in: more seeds are more files, and what asks for another
    training is left out, since none takes place here."""
    remedy = _SEEDS.sub(r"the same command with prediction files of \1 seeds", remedy)
    return " ".join(one for one in _SENTENCES.split(remedy) if not _TRAINS.search(one))


def for_logged_curves(remedy: str) -> str:
    """A remedy for curves made elsewhere: more seeds are more curves, and what trains here is left out."""
    kept = _SEEDS.sub(r"the same command with the curves of \1 seeds", remedy)
    return " ".join(one for one in _SENTENCES.split(kept) if not _TRAINS.search(one)) or _UNSETTLED


def for_fitted(remedy: str) -> str:
    """A remedy for a model that fits itself: settings of training do not reach it, so what changes them is left out."""
    return " ".join(one for one in _SENTENCES.split(remedy) if "`brittlestar run STUDY --set training." not in one)


def for_objects(text: str) -> str:
    """A text about a study whose data or model are objects in memory, or a command about it: what needs these objects
    is the call that made it, with what is new."""
    if text.startswith("brittlestar "):
        return _make_call(text) or text
    return _COMMAND.sub(lambda found: _make_call(found[1]) or found[0], text)


def _make_call(command: str) -> str:
    """The call in Python of a command that needs the objects; empty for one that reads the study's folder alone."""
    _, verb, place, *options = shlex.split(command)
    if verb not in _CALLED or place not in ("STUDY", "DATA"):
        return ""
    given, changed = dict[str, str](), dict[str, str]()
    for option, value in pairwise([*options, ""]):
        if option == "--set":
            path, _, new = value.partition("=")
            changed[path] = new
        elif option.startswith("--"):
            shown = value if option == "--seeds" else repr(MADE if value == "DIR" else value)
            given[option.removeprefix("--").replace("-", "_")] = (
                "True" if value.startswith("--") or not value else shown
            )
    words = [f"{name}={value}" for name, value in given.items()] + ([f"settings={changed!r}"] if changed else [])
    return f"{_CALLED[verb]} with `{', '.join(words)}`" if words else _CALLED[verb]


def first_sentence(text: str) -> str:
    """The first sentence of a text, empty for an empty one."""
    return _SENTENCES.split(text)[0]


def store_name(name: str) -> str:
    """`NAME.study`, where a study called `name` is kept unless somebody says otherwise."""
    return f"{name}.study"
