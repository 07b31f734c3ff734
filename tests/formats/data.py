"""Splits, trivial baselines and detection limits, as documents have them."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict, get_type_hints

from brittlestar.core.results import SplitRecord
from brittlestar.core.trivial_baselines import TrivialBaseline

_RECORD = {name: hint for name, hint in get_type_hints(SplitRecord).items() if name not in ("name", "majority")}
SplitShape = TypedDict(
    "SplitShape",
    {
        **_RECORD,
        "majority": NotRequired[Mapping[str, float]],
        "majority_rate": NotRequired[float],
    },
)
SplitShape.__doc__ = """A split without any model. `classes` are the labels present; lengths are in tokens;
`unseen_token_rate` is the share of tokens that train lacks; `majority` has the score of train's most frequent class by
metric."""


class DataShape(TypedDict):
    """The splits by name."""

    splits: Mapping[str, SplitShape]


class BaselinesShape(TypedDict):
    """The trivial baselines, the majority class first (`rungs`), then given predictions by variant. `rows` and `unseen`
    count each split's rows, and those not in train; `leading` names, by metric, those that dev cannot tell from the
    best."""

    rungs: Sequence[TrivialBaseline]
    given: Mapping[str, TrivialBaseline]
    metrics: Sequence[str]
    rows: Mapping[str, int]
    unseen: Mapping[str, int]
    positions: Mapping[str, float]
    notes: Sequence[str]
    leading: Mapping[str, Sequence[str]]


class LimitShape(TypedDict):
    """The detection limit of one check: the least dose that is caught, null where none is, and hits by dose `of` so
    many. Doses are shares of rows."""

    code: str
    unit: str
    dose: float | None
    largest: float
    caught: Mapping[str, int]
    of: int
    there_already: bool


class FalseAlarmsShape(TypedDict):
    """Clean splits of the same rows that raised an alarm, `of` so many; `below` is the upper end at 95 %."""

    splits: int
    of: int
    below: float


class LimitsShape(TypedDict):
    """What an audit would have caught in these rows."""

    split: str
    limits: Sequence[LimitShape]
    false_alarms: FalseAlarmsShape
