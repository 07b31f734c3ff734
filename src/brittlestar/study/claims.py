"""Claims: falsifiable sentences about two variants, written before training.

`VARIANT > OTHER by T on METRIC [on SPLIT]` and `VARIANT == OTHER within M on METRIC [on SPLIT]` are sugar for the
fields of `Claim`. `a < b by t` is `b > a by t`. The comparison is of numbers, whichever direction is better: the
estimate is always variant − other. What a side may be, `study/sides.py` says; `SPLIT:unseen` are the rows of a split
whose sequence is no row of train.
"""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isinf
from typing import Any, Literal

from brittlestar.core.errors import Problem
from brittlestar.core.hashing import digest
from brittlestar.core.metrics import is_asked, metric_of, suggest_metric
from brittlestar.core.splits import is_shifted
from brittlestar.core.texts import suggest
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.row_filters import LABEL, PLAIN_VALUE, RECALL, read_filter
from brittlestar.study.settings import DATA_KEYS
from brittlestar.study.sides import PLAIN_SPLIT, all_terms, arms_of, quote_name, terms, write_metric

Relation = Literal[">", "=="]
Population = Literal["fixed-test-set", "new-examples", "new-training-sets", "this-model"]
Pairing = Literal["paired", "independent"]
Settle = Literal["claim", "relation"]

DEFAULT_LOOKS = (5, 10, 20, 40)  # doubling from the fewest seeds that are judged
DEFAULT_MARGIN = 0.01  # a point: what a person sees of a rounded score
UNSEEN = ":unseen"


@dataclass(frozen=True)
class Claim:
    """One claim with every field. Differences are fractions (nats for log_loss).

    `threshold` is the least difference claimed (0 for `==`); `margin` is how far apart two variants may be and still
    count as equivalent; `population` is what the verdict speaks of (these rows, new seeds; new rows, new seeds; new
    training sets; the models at hand, new rows); `looks` are the numbers of seeds at which the claim may be settled,
    the last of them `max_seeds`, none where it may be at any number up to that; `settle` says what ends the study: a
    verdict on the claim, or a relation. `group` names the column whose rows are one unit; `collapse_below` is the score
    under which a seed has collapsed and `chance` the trivial score, both found from the data when None. `pairing` says
    whether runs of both sides are paired by seed or independent; None is what the study's rule says, and in a table
    paired where a seed is on both sides. `where` says which rows of the split are meant (`study/row_filters.py`), None
    all of them. `best_of` is from how many candidates the variant was chosen by these rows: alpha is shared by all of
    them (Bonferroni), so that the best by chance alone is not taken for better.
    """

    arm: str
    other: str
    relation: Relation
    threshold: float
    metric: str
    split: str = "test"
    population: Population = "new-examples"
    margin: float = DEFAULT_MARGIN
    alpha: float = 0.05
    looks: tuple[int, ...] = DEFAULT_LOOKS
    max_seeds: int = DEFAULT_LOOKS[-1]
    settle: Settle = "claim"
    higher_is_better: bool = True
    group: str | None = None
    collapse_below: float | None = None
    chance: float | None = None
    pairing: Pairing | None = None
    where: str | None = None
    best_of: int = 1

    def fields(self) -> dict[str, Any]:
        """Every field as plain JSON values, without those that say nothing here: `pairing` that is not settled, `where`
        of all rows, `best_of` of one."""
        silent = {"pairing": None, "where": None, "best_of": 1}
        unsettled = [name for name, value in silent.items() if getattr(self, name) == value]
        return {
            name: value for name, value in {**asdict(self), "looks": list(self.looks)}.items() if name not in unsettled
        }

    @property
    def most_seeds(self) -> int:
        """The seeds that a study of this claim may have: of one that is looked at once, a new study may have more."""
        return self.max_seeds if len(self.looks) != 1 else max(self.max_seeds, DEFAULT_LOOKS[-1])

    @property
    def hash(self) -> str:
        """The digest of every field, 64 hex digits: what is registered before the first cell."""
        return digest(self.fields())


def format_claim(claim: Claim) -> str:
    """The sentence of a claim; `parse_claim` reads it back. Fields that the sentence has no words for are left out."""
    split = "" if claim.split == "test" else f" on {quote_name(claim.split, PLAIN_SPLIT)}"
    middle = f"by {_number(claim.threshold)}" if claim.relation == ">" else f"within {_number(claim.margin)}"
    measure, where = name_measure(claim.metric, claim.where)
    return f"{claim.arm} {claim.relation} {claim.other} {middle} on {measure}{split}{where}"


def name_measure(metric: str, where: str | None) -> tuple[str, str]:
    """The metric and the rows as a claim has them: `recall[yes]` for accuracy on a class, else ` where …` behind it."""
    rows = None if where is None else read_filter(where)
    if rows is None:
        return write_metric(metric), ""
    if metric == "accuracy" and rows.column == LABEL:
        return f"{RECALL}[{quote_name(rows.value, PLAIN_VALUE)}]", ""
    return write_metric(metric), f" where {where}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def claims_document(claims: Sequence[Claim], registered: bool) -> list[dict[str, Any]]:
    """What `claims.json` holds: each claim with its sentence, hash and every field. No time is in it, so the same
    claims are the same bytes. `registered` is False for claims written after results existed (exploratory)."""
    return [
        {"claim": format_claim(claim), "hash": claim.hash, "registered": registered, **claim.fields()}
        for claim in claims
    ]


def check_claim(
    claim: Claim,
    where: str,
    *,
    metrics: Collection[str],
    variants: Collection[str] | None = None,
    splits: Collection[str] | None = None,
    redraws: bool = False,
) -> list[Problem]:
    """What keeps a claim from being judged in this study. `variants` and `splits` are None where they are not known
    yet; `redraws` says whether the study draws train and dev anew for each seed. A shifted split may come later."""
    problems: list[Problem] = []

    def unknown(kind: str, name: str, known: Collection[str]) -> None:
        listed = suggest(name, known) or f"known: {', '.join(known)}"
        hint = suggest_metric(name, known) if kind == "metric" else listed
        problems.append(Problem(f"there is no {kind} '{name}'", where, hint))

    for term in all_terms(claim.arm, claim.other):
        if variants is not None and term.variant not in variants and term.variant != BEST_TRIVIAL:
            unknown("variant", term.variant, [*variants, BEST_TRIVIAL])
        if term.split and splits is not None and not _there_or_later(term.split, splits):
            unknown("split", term.split, splits)
        if term.split and term.variant == BEST_TRIVIAL:
            hint = f"{BEST_TRIVIAL} is on the claim's own split"
            problems.append(Problem(f"'{term.label}' is no variant", where, hint))
    if claim.metric not in metrics and not is_asked(claim.metric):
        unknown("metric", claim.metric, metrics)
    if splits is not None and not _there_or_later(claim.split, splits):
        unknown("split", claim.split, splits)
    if claim.population == "new-training-sets" and not redraws:
        what = "a claim about new training sets needs a study that redraws them"
        problems.append(Problem(what, where, "set streams.split: varied, or claim less: population: new-examples"))
    if claim.population == "new-training-sets" and claim.pairing == "independent":
        sides = "both sides of a claim about new training sets"
        what = f"{sides} read the same draw with each seed, so that they are paired"
        problems.append(Problem(what, where, "leave pairing out"))
    return problems


def _there_or_later(split: str, splits: Collection[str]) -> bool:
    """Whether a split is there, or a shifted one that may come later and is no slip: other digits are another name."""
    name = split.removesuffix(UNSEEN)
    if name in splits or not is_shifted(name):
        return name in splits
    letters = re.sub(r"\d", "", name)
    near = [one for one in splits if is_shifted(one) and re.sub(r"\d", "", one) != letters]
    return not difflib.get_close_matches(name, near, cutoff=0.8)


def check_reach(claim: Claim, where: str) -> list[Problem]:
    """A claim that cannot come out both ways is refused with the reason."""
    low, high = metric_of(claim.metric).range
    if isinf(low) or isinf(high):
        return []
    problems: list[Problem] = []
    span = high - low
    most = span * (2 if any(len(terms(side)) > 1 for side in (claim.arm, claim.other)) else 1)
    within = f"{claim.metric} lies between {low:g} and {high:g}"
    hint = f"{claim.metric} is a fraction, so 0.01 is one point" if metric_of(claim.metric).is_share else within
    if claim.threshold >= most or claim.threshold <= -most:
        above = claim.threshold > 0
        reason = "no two variants can differ by that much" if above else "every two variants differ by more"
        what = f"a threshold of {_number(claim.threshold)} cannot be put to a test: {reason}"
        problems.append(Problem(what, where, hint))
    if claim.margin >= span and (claim.relation == "==" or claim.margin != claim.threshold):
        what = f"a margin of {_number(claim.margin)} cannot be put to a test: every two variants lie within it"
        problems.append(Problem(what, where, hint))
    for name, value in (("collapse_below", claim.collapse_below), ("chance", claim.chance)):
        if value is not None and not low <= value <= high:
            problems.append(Problem(f"{name} is {_number(value)}", where, within))
    return problems


@dataclass(frozen=True)
class SharedSeeds:
    """What variants of a study have in common: `shapes[variant]` stands for the shapes of its parameters, None where
    they are not known (fit functions, given predictions); `data[variant]` are the settings of what it reads. `redrawn`
    says that all variants read the same new draw of the train rows with each seed."""

    shapes: Mapping[str, str | None]
    data: Mapping[str, Mapping[str, Any]]
    redrawn: bool = False


def settle_pairing(claim: Claim, luck: SharedSeeds) -> Claim:
    """The claim with its pairing as the rule has it, unless somebody stated one."""
    return claim if claim.pairing is not None else replace(claim, pairing=choose_pairing(claim, luck))


def choose_pairing(claim: Claim, luck: SharedSeeds) -> Pairing:
    """`paired` where all variants of a claim with seeds are one, are alike, or share redrawn train rows.

    Variants whose parameters have the same shapes and whose data are the same share luck through the seed: initial
    weights and the order of rows. Pairing others would halve the degrees of freedom for nothing.
    """
    names = [name for name in arms_of(claim.arm, claim.other) if name != BEST_TRIVIAL]
    if len(names) < 2 or luck.redrawn:
        return "paired"
    shapes = {luck.shapes.get(name) for name in names}
    first, *others = [luck.data.get(name) for name in names]
    alike = len(shapes) == 1 and None not in shapes and all(one == first for one in others)
    return "paired" if alike else "independent"


def data_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the data settings of a variant, by name, say of the rows and tokens that it reads."""
    return {key: settings.get(key) for key in DATA_KEYS}
