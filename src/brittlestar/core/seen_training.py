"""What was seen while a model trained, beside its curves: how the loss was fed, what the optimiser moved, and how."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from brittlestar.core.plain import plain, read_record, round_floats

Form = Literal[
    "scores",
    "probabilities",
    "log-probabilities",
    "shares of a batch",
    "cut at zero",
    "between 0 and 1",
]
"""What the outputs of a model look like: any numbers; rows that are positive and sum to 1, or their logarithms; columns
that sum to 1 over the rows of a batch, or their logarithms; none below zero and many of exactly zero; none below 0 or
above 1."""
Still = Literal[
    "frozen", "not registered", "not given", "unused", "no gradient", "zero gradient", "not moved", "stopped"
]
"""Why no step moves a parameter: it asks for no gradient, or neither gets one nor was given to an optimiser; its module
is in a list or dict that PyTorch does not look into; gradients reach it, and no optimiser that took a step has it; its
module was never called; it was, and no gradient reached it; all its gradients were exactly zero; it had gradients and
stayed; the first steps moved it, and later ones did not."""


DIGITS = 6  # of what is written (convention)
OWN_ARITHMETIC, SQUARED_ERROR = "own arithmetic", "squared_error"
"""Losses that no function of PyTorch made: any, and one that is read to be a squared error."""


@dataclass(frozen=True)
class SeenLoss:
    """The loss that was optimised: the name of its function in PyTorch, the line of own code that called it, what its
    input looked like late in training, and the shapes of input and target in the first call. `numbers`: its targets
    are the numbers of classes, where it measures a distance. `turned`: it is made larger, not smaller. `ignored` is the
    number of a class that it never counts, of which there are targets; -1 without one."""

    function: str
    where: str
    form: Form
    input_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    numbers: bool = False
    turned: bool = False
    ignored: int = -1


@dataclass(frozen=True)
class StillParameter:
    """A parameter that no step moved: its name, how many values it has, why, and the line that defines its module.
    `drawn` is a digest of its values, which differs between seeds where it was drawn at random; `table`: it is a table
    of embeddings."""

    name: str
    values: int
    why: Still
    where: str = ""
    drawn: str = ""
    table: bool = False


@dataclass(frozen=True)
class LayerGradient:
    """The size of the gradients of one table of weights: the root of their mean square, the median over the first and
    over the last third of the steps that were looked at. `gain` is the size of its weights before any step, the root of
    their mean square times the root of how many numbers each unit reads: about 1 where it is drawn as usual. `kind`:
    of a table of embeddings, of a recurrent layer, or of another one."""

    name: str
    early: float
    late: float
    gain: float = float("nan")
    kind: Literal["table", "recurrent", "other"] = "other"


@dataclass(frozen=True)
class SeenSteps:
    """Medians over steps that were looked at: `first` loss, the very first; `early` and `late`, over the first and last
    third; `least` and `most` of all. `spread` is the interquartile range of the late ones. `update` is the norm of
    an update over the norm of what it changes; `gradient` the norm of all gradients, early and late; `bound` the share
    of steps whose norm is the largest one: where gradients are clipped, all that were. `size` is the norm of what is
    trained at the end over that at the start, `largest` the largest norm of all gradients, `fall` what the loss lost
    from the third quarter to the last one, by medians. Not a number where none was seen."""

    first: float
    early: float
    late: float
    least: float
    most: float
    spread: float
    update: float
    gradient: tuple[float, float]
    bound: float
    size: float
    largest: float
    fall: float = float("nan")


@dataclass(frozen=True)
class SeenReading:
    """What a model with a tokeniser of its own reads. Of `tokens` of train, the most frequent, `unknown` are to it what
    a token is that it never saw, and those of each group of `merged` are one; the shares are of all tokens of train:
    unknown ones, and merged ones but the most frequent of each group. Of rows of up to `longest` tokens it reads the
    first `read_to`, or the last `read_last`: None where no such place was found. Behind a row, `ignored` tokens change
    nothing, as if they were padding; `strangers_ignored`: nor does one that it never saw. The first `skips_first` and
    the last `skips_last` tokens of every row are not read. Without `tokens` places alone were tried."""

    tokens: int
    unknown: tuple[str, ...]
    merged: tuple[tuple[str, ...], ...]
    unknown_share: float
    merged_share: float
    longest: int
    read_to: int | None
    read_last: int | None
    ignored: tuple[str, ...] = ()
    ignored_share: float = 0.0
    strangers_ignored: bool = False
    skips_first: int = 0
    skips_last: int = 0


@dataclass(frozen=True)
class SeenPass:
    """A pass without gradients over `rows` rows after `step` steps: its mean `loss`, and the share of rows whose
    largest output is their target; None where targets are no classes."""

    step: int
    rows: int
    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class SeenPairs:
    """Rows and classes as a loop puts them beside each other: of `rows` different ones, the balanced accuracy with
    which counts of what the model is given tell the class, in cross-validation (`fed`); and the same of as many rows of
    train and their labels (`true`)."""

    rows: int
    fed: float
    true: float = float("nan")


@dataclass(frozen=True)
class SeenRows:
    """Of steps that were looked at: how many rows they read, and how many `different` ones these were to the model.
    `expected` is how many different rows so many draws from train, with replacement, hold in the mean; 0 where that is
    not known. `early` and `late` are how many different tokens a row had, in the mean, in the first and in the last
    third of these steps (medians); 0 where fewer than six were looked at."""

    looked: int
    different: int
    expected: float = 0.0
    early: float = 0.0
    late: float = 0.0


@dataclass(frozen=True)
class SeenTraining:
    """What was seen of one run.

    `steps` of optimisers, of which `optimiser` is the first, `rate` its learning rate at the first and the last step
    and `usual_rate` the median, `decay` its weight decay, and `stepped_at` the line that calls it. `dropout` is the
    largest of all modules. `accumulated`: the share of steps whose gradient still held that of the step before;
    `one_class`: the share of batches of several rows with one class in them; `batch`: rows of a batch, the median.
    `trained_in_eval` and `predicted_in_train`: names of modules whose mode matters and was the wrong one. `still` are
    parameters that no step moved, `parameters` how many values there are in all; `equal` layers of which all units are
    the same; `narrowest` the layer inside the model that passes the fewest numbers on to a layer that reads no others,
    and how many; `stale` batch normalisations with the share of their running statistics that is still what it was
    before any step; `options` those of the optimiser that are not its library's own defaults; `gradients` belong to
    tables of weights, in the order of the model; `reading` is what a model with a tokeniser of its own reads.
    `trainable` is how many values ask for gradients at the end; `start` is a digest of all trainable weights as they
    were drawn before any step, empty where none was.
    `backwards` is how often gradients were asked for; `passes` are those over held-out rows between steps, `rows` those
    that steps read, `pairs` these and their classes. `batches` is how often the loss was computed, `reached` the share
    of those looked at from which gradients went back. `forms`: of rows of train, given in a form that training may have
    given them: how many, how many are right as they are, how many more in that form, and how many no more. None or
    empty where it was not seen; without any step of an optimiser, `steps` is 0.
    """

    steps: int
    parameters: int
    loss: SeenLoss | None = None
    course: SeenSteps | None = None
    optimiser: str | None = None
    rate: tuple[float, float] | None = None
    usual_rate: float | None = None
    decay: float | None = None
    dropout: float | None = None
    stepped_at: str = ""
    accumulated: float | None = None
    one_class: float | None = None
    batch: float | None = None
    trained_in_eval: tuple[str, ...] = ()
    predicted_in_train: tuple[str, ...] = ()
    still: tuple[StillParameter, ...] = ()
    equal: tuple[str, ...] = ()
    gradients: tuple[LayerGradient, ...] = ()
    reading: SeenReading | None = None
    narrowest: tuple[str, int] | None = None
    stale: tuple[tuple[str, float], ...] = ()
    options: Mapping[str, float] = field(default_factory=dict[str, float])
    backwards: int = 0
    passes: tuple[SeenPass, ...] = ()
    rows: SeenRows | None = None
    pairs: SeenPairs | None = None
    trainable: int | None = None
    start: str = ""
    batches: int = 0
    reached: float | None = None
    forms: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    @property
    def moved(self) -> int:
        """How many values belong to parameters that steps moved."""
        return self.parameters - sum(parameter.values for parameter in self.still if parameter.why != "stopped")

    def as_json(self) -> dict[str, Any]:
        """As it is written; `read_seen` reads it."""
        return round_floats(plain(asdict(self)), DIGITS)


@dataclass(frozen=True)
class SeenFile:
    """A file that own code opened: the split whose rows stand in it, its name, and the line that opened it. `whole`: it
    holds rows of train, too, so that nobody sees which of them were used."""

    split: str
    name: str
    line: str
    whole: bool = False


@dataclass(frozen=True)
class SeenFiles:
    """Files with rows of splits that own code was not handed as files, and what is named in its source that opens files
    `unseen`."""

    files: tuple[SeenFile, ...] = ()
    unseen: tuple[str, ...] = ()


def read_seen(written: Mapping[str, Any] | None) -> SeenTraining | None:
    """What `as_json` wrote; None where nothing was seen."""
    return None if written is None else read_record(SeenTraining, written)


def read_opened(written: Mapping[str, Any] | None) -> SeenFiles | None:
    """What was written of files; None where nobody looked."""
    return None if written is None else read_record(SeenFiles, written)
