"""The answers that a study gives, decided once: what the end of a command, a page, the JSON and Python results show."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from brittlestar.core.commands import Advice, list_arguments
from brittlestar.core.findings import Effect
from brittlestar.core.plain import plain

Answer = Literal["yes", "no", "cannot-say"]
GroundKind = Literal["claim", "finding", "probe", "number"]

WORDS: Mapping[Answer, str] = {"yes": "yes", "no": "no", "cannot-say": "cannot say"}
"""How people read an answer."""


@dataclass(frozen=True)
class Ground:
    """What an answer rests on: a claim by its sentence, a finding or a probe by its code, or a number; `text` says it
    in one sentence."""

    kind: GroundKind
    ref: str
    text: str


@dataclass(frozen=True)
class Decision:
    """The answer to one question: `sentence` is what people read after the answer's word, `grounds` what it rests on,
    and `next` the one command that can change the answer, None where no command can."""

    answer: Answer
    sentence: str
    grounds: tuple[Ground, ...] = ()
    next: str | Advice | None = None

    @property
    def words(self) -> str:
        """The whole line: `Yes: main scores …`."""
        return f"{WORDS[self.answer].capitalize()}: {self.sentence}"


@dataclass(frozen=True)
class HeadlineScore:
    """The score of the variant under test in the metric's own unit. `split` is the headline split, or `SPLIT:unseen`
    for its rows that are not in train. `interval` is [low, high] at `level` (0.95) for `population`, None where there
    is none; `n_seeds` runs on `n_rows` rows, `alike` where all of them have this score."""

    variant: str
    title: str
    metric: str
    split: str
    mean: float
    interval: tuple[float, float] | None
    level: float
    population: str
    n_seeds: int
    n_rows: int
    alike: bool = False


@dataclass(frozen=True)
class BestTrivial:
    """The trivial baseline that is best on dev, and its score on the headline rows, None where it is not known."""

    name: str
    score: float | None


@dataclass(frozen=True)
class ActFirst:
    """The finding to act on first, with the command that can change it. Where no command can, `command` is None and
    `remedy` says in a sentence what to do; else `remedy` is empty. `effect` says what it costs, in a few words, and
    `cost` in numbers."""

    code: str
    variant: str | None
    sentence: str
    command: str | Advice | None
    remedy: str = ""
    effect: str = ""
    cost: Effect | None = None


@dataclass(frozen=True)
class WorstSlice:
    """The class or slice that is proven to be furthest below all other rows: its name (`class billing`), its rows of
    `split`, the share that is right, and by how much that is below, fractions with their intervals."""

    name: str
    split: str
    n_rows: int
    mean: float
    interval: tuple[float, float] | None
    below: float
    interval_below: tuple[float, float]


@dataclass(frozen=True)
class Headline:
    """The first thing that anybody reads. `stated` answers a score that somebody reports; `score`, `best_trivial`,
    `act_first` and `worst_slice` are None where there is none, `fair` where nothing is compared."""

    real: Decision
    holds: Decision
    sound: Decision
    fair: Decision | None = None
    stated: Decision | None = None
    score: HeadlineScore | None = None
    best_trivial: BestTrivial | None = None
    act_first: ActFirst | None = None
    worst_slice: WorstSlice | None = None

    @property
    def answers(self) -> dict[str, Decision]:
        """The answers that there are, by the question's name, in the order in which they are shown."""
        named = {"real": self.real, "holds": self.holds, "sound": self.sound, "fair": self.fair}
        return {name: decision for name, decision in named.items() if decision is not None}

    def change_commands(self, how: Callable[[str | Advice], str | Advice]) -> "Headline":
        """The same with what `how` makes of each command."""

        def change(decision: Decision) -> Decision:
            return replace(decision, next=how(decision.next or "") or None)

        act, stated = self.act_first, None if self.stated is None else change(self.stated)
        if act is not None:
            act = replace(act, command=how(act.command or "") or None)
        answers = {name: change(answer) for name, answer in self.answers.items()}
        return replace(self, **answers, stated=stated, act_first=act)

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values, with `argv` beside each command."""
        told, act = asdict(self.change_commands(str)), self.act_first
        for name, decision in {"stated": self.stated, **self.answers}.items():
            if decision is not None:
                told[name]["argv"] = list_arguments(decision.next)
        if act is not None:
            told["act_first"]["argv"] = list_arguments(act.command)
        return plain(told)
