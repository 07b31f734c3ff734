"""What probes found, as documents have it."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from .shared import Interval


class MeasuredShape(TypedDict):
    """A mean over seeds and rows with its 95 % interval, and the value of each seed: fractions."""

    mean: float
    interval: Interval
    rows: int
    seeds: Mapping[str, float]


class FamiliarShape(TypedDict):
    """Shares of changed tokens that train has, before and after, and the changed rows of which it has all."""

    before: float | None
    after: float | None
    rows: int


class ConditionShape(TypedDict):
    """One variant under one condition of probes: shares of rows; null where it cannot be known."""

    id: str
    probe: str
    strength: float
    unit: str
    about: str
    title: str
    expectation: str
    declared: bool
    rows: int
    rows_changed: float
    labels_turned: float | None
    majority_before: float | None
    majority_after: float | None
    tokens_familiar: FamiliarShape | None
    before: MeasuredShape | None
    after: MeasuredShape | None
    drop: MeasuredShape | None
    steady: MeasuredShape | None
    respelled: MeasuredShape | None
    answered: MeasuredShape | None
    flips: MeasuredShape | None
    reliance: MeasuredShape | None
    followed: MeasuredShape | None
    along: MeasuredShape | None
    against: MeasuredShape | None
    silent: MeasuredShape | None
    slices: Mapping[str, MeasuredShape]


class PresentedShape(TypedDict):
    """The same rows given otherwise (other batches, padding): rows that moved, predictions that changed, and the
    largest change of a probability."""

    rows: int
    moved: int
    flipped: int
    most: float


class InformationShape(TypedDict):
    """What training without something costs (`available`), and what main loses without it at test time (`used`)."""

    what: str
    variant: str
    available: MeasuredShape
    used: MeasuredShape


class GainShape(TypedDict):
    """What a variant gains over main on the usual split, and on another one."""

    variant: str
    where: str
    usual: float
    there: float
    interval: Interval | None
    majority: float | None
    word: Literal["survives", "stays behind", "turns", "below majority", "open"]


class ProbesShape(TypedDict):
    """What probes found of a study, of `rows` rows of `split`. results.json has all but `variants`, every variant under
    every condition, which lie in probes.json."""

    suite: str
    split: str
    rows: int
    of: int
    rule: str | None
    agreement: float | None
    notes: Sequence[str]
    not_probed: Mapping[str, str]
    not_tested: Mapping[str, str]
    variants: NotRequired[Mapping[str, Sequence[ConditionShape]]]
    presented: Mapping[str, Mapping[str, PresentedShape]]
    told: Mapping[str, Mapping[str, Mapping[str, int]]]
    information: Sequence[InformationShape]
    gains: Sequence[GainShape]
