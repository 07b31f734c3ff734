"""Commands as data: what they are about stays open until somebody prints them in the place where it is known."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

STUDY, DATA, DIR = "STUDY", "DATA", "DIR"
"""What a command is about until its place is known: the study, its data, or a folder that another command makes."""
MADE = "clean-data"
"""The folder that a printed command makes, beside the one where it is pasted."""
OF_OBJECTS = ("run", "audit", "diagnose")
"""Verbs that need the data or the model of the study itself, and not its folder alone."""
_OF_DATA = ("run", "audit", "check")
"""Verbs that take data, where there is no study's folder."""


@dataclass(frozen=True)
class Command:
    """`brittlestar VERB PLACE --set PATH=VALUE --OPTION VALUE`. `place` is open (STUDY, DATA, DIR), or a text as a
    shell takes it; the value of a switch is True."""

    verb: str
    place: str = STUDY
    settings: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        """The command as a shell takes it."""
        words = [part for path, value in self.settings for part in ("--set", f"{path}={value}")]
        for name, value in self.options:
            words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        return " ".join(["brittlestar", self.verb, self.place, *map(shlex.quote, words)])

    @property
    def trains_anew(self) -> bool:
        """Whether it asks for runs that the study does not plan, or for one alone."""
        return self.verb == "run" and bool(self.settings or {"seeds", "cell"} & dict(self.options).keys())

    def at(self, place: str) -> "Command":
        """The command with `place`, as a shell takes it, for what it is about, and a name for a folder that is made."""
        where = place if self.place in (STUDY, DATA) else MADE if self.place == DIR else self.place
        options = tuple((name, MADE if value == DIR else value) for name, value in self.options)
        return replace(self, place=where, options=options)

    @property
    def call(self) -> str | None:
        """What does the same in Python where data or model are objects in memory; None where no call does."""
        if self.verb not in ("run", "audit"):
            return None
        options = {name.replace("-", "_"): value for name, value in self.at("").options}
        words = [f"{name}={[value] if name == 'only' else value!r}" for name, value in options.items()]
        words += [f"settings={dict(self.settings)!r}"] if self.settings else []
        given = f" with `{', '.join(words)}`" if words else ""
        if self.place == DIR:
            return f"`{self.verb}({', '.join([repr(MADE), *words])})`"
        again = self.verb == "run" and self.place == STUDY
        return f"the same call of `run(…)`{given}" if again else f"`{self.verb}(…)` of the same data{given}"


def command(verb: str, place: str = STUDY, settings: Mapping[str, Any] | None = None, **options: Any) -> Command:
    """A command with options by their names in Python: `command("run", settings={"training.epochs": 40}, seeds=5)`."""
    named = tuple((name.replace("_", "-"), value) for name, value in options.items())
    return Command(verb, place, tuple((path, str(value)) for path, value in (settings or {}).items()), named)


CLEAN = command("audit", DATA, write_clean=DIR)
LOOK_AGAIN = command("audit", DIR, only="leak.near")
SPLIT_AGAIN = command("audit", DATA, only="leak.group")
OF_AUDITS = (CLEAN, LOOK_AGAIN, SPLIT_AGAIN)
"""What audits advise: they are stored as text."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
Sentence = str | Command | tuple[str | Command, ...]


class Advice(tuple[tuple[str | Command, ...], ...]):
    """What to do: sentences of texts and commands. As text, commands stand in backticks, but for one that is all there
    is."""

    def __new__(cls, *sentences: Sentence) -> "Advice":
        """These sentences: each a text, a command, or pieces of both. One that ends in a command gets its full stop."""
        parts = (sentence if isinstance(sentence, tuple) else (sentence,) for sentence in sentences)
        return super().__new__(
            cls, ((*part, ".") if len(part) > 1 and isinstance(part[-1], Command) else part for part in parts)
        )

    def __getnewargs__(self) -> tuple[Sentence, ...]:
        """What it is made of again where it is copied."""
        return tuple(self)

    def __str__(self) -> str:
        """The text of all sentences."""
        alone = len(self) == 1 and len(self[0]) == 1
        shown = ([part if isinstance(part, str) or alone else f"`{part}`" for part in one] for one in self)
        return " ".join("".join(map(str, one)) for one in shown)

    def change(self, how: Callable[[Command], Command | str | None]) -> "Advice":
        """The same with what `how` makes of each command, without the sentences of which it makes nothing."""
        changed = (tuple(how(part) if isinstance(part, Command) else part for part in one) for one in self)
        return Advice(*[tuple(part for part in one if part is not None) for one in changed if None not in one])


def command_in(text: str | Advice) -> Advice | None:
    """The first command of an advice, alone; None where there is none."""
    sentences = text if isinstance(text, Advice) else ()
    found = (part for sentence in sentences for part in sentence if isinstance(part, Command))
    return next(map(Advice, found), None)


def list_arguments(text: str | Advice | None) -> list[str] | None:
    """The command that a text is, or the first of an advice, as a list of arguments, as a program starts it:
    `["brittlestar", "run", …]`. None where there is none: in a text that says more, names of data may look like one."""
    shown = str((command_in(text) if isinstance(text, Advice) else text) or "")
    return shlex.split(shown) if shown.startswith("brittlestar ") else None


def link_commands(text: str, known: Sequence[Command]) -> Advice:
    """A text that was kept without its commands, with those of the `known` ones that stand in it."""
    for one in known:
        before, found, after = text.partition(f"`{one}`")
        if found:
            ahead, behind = (link_commands(part, known)[0] for part in (before, after))
            return Advice((*ahead, one, *behind))
    return Advice(text)


def fill_commands(text: str | Advice, place: str | None, kept: bool = True) -> str:
    """The text of `fill_advice`."""
    return str(fill_advice(text, place, kept))


def fill_advice(text: str | Advice, place: str | None, kept: bool = True) -> str | Advice:
    """The text or advice with `place`, as a shell takes it, in every command about the study or its data: a study's
    folder stands for both. Sentences go whose command nothing can be named for: any, without a `place`; one that reads
    a study's folder, where no study is `kept` and the place is its data."""

    def fill(one: Command) -> Command | None:
        missing = place is None or (not kept and one.verb not in _OF_DATA)
        return None if missing and one.place in (STUDY, DATA) else one.at(place or "")

    filled = text.change(fill) if isinstance(text, Advice) else text
    return filled if str(filled) else ""


def data_place(data: str, columns: Mapping[str, str] | None, settings: Mapping[str, str] | None) -> str:
    """`data` as commands name it: with the options that are needed to read it in the same way, quoted for a shell."""
    named = ["--columns", ",".join(f"{role}={name}" for role, name in columns.items())] if columns else []
    changed = [part for path, value in (settings or {}).items() for part in ("--set", f"{path}={value}")]
    return shlex.join([data, *named, *changed])


def follow_kind(
    text: str | Advice, given: str = "", fitted: bool = False, in_memory: bool = False, unchanged: bool = False
) -> str | Advice:
    """A text that can be followed in a study of this kind. Of `prediction files` or `the curves` that are `given`, more
    seeds are more files, and what asks for another training is left out; of what is `fitted` by own code, what sets
    training; of what every seed leaves `unchanged`, more seeds. What needs objects in memory is the call that has
    them."""

    def follow(one: Command) -> Command | str | None:
        options = dict(one.options)
        if unchanged and "seeds" in options:
            return None
        if given and one.trains_anew:
            return f"the same command with {given} of {options['seeds']} seeds" if "seeds" in options else None
        if fitted and any(path.startswith("training.") for path, _ in one.settings):
            return None
        return one.call if in_memory and one.place in (STUDY, DATA, DIR) and one.verb in OF_OBJECTS else one

    return text.change(follow) if isinstance(text, Advice) else text


def first_sentence(text: str) -> str:
    """The first sentence of a text, empty for an empty one."""
    return _SENTENCES.split(text)[0]


def store_name(name: str) -> str:
    """`NAME.study`, where a study called `name` is kept unless somebody says otherwise."""
    return f"{name}.study"
