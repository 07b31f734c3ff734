"""More seeds where a claim is still open: for the variants it needs, up to its next look, until all are settled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Literal, get_args

from brittlestar.claims.judgement import Judgement
from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.execution.imported import is_given
from brittlestar.pipeline.open import MORE_FILES
from brittlestar.pipeline.prepare import Prepared
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import DEFAULT_LOOKS, Claim, Pairing, SharedSeeds, data_of, settle_pairing
from brittlestar.study.default_claims import default_claims
from brittlestar.study.expand import expand
from brittlestar.study.sides import arms_of
from brittlestar.study.study_claims import claims_of
from brittlestar.study.variants import LoadedStudy

Settle = Literal["no", "claim", "relation"]


def settling(asked: str | None, loaded: LoadedStudy) -> Settle:
    """How long to go on: as asked; else for claims that came without a number of seeds, if any. Raises InputError."""
    if asked is not None:
        if asked not in ("no", "claim", "relation"):
            raise InputError(f"--settle must be no, claim or relation (got {asked!r})")
        return asked
    if "crossed" in loaded.study.streams.model_dump().values():
        return "no"
    planned = bool(loaded.study.claims) and loaded.origins.get("seeds", "our default") == "our default"
    return "claim" if planned else "no"


def refuse_more_seeds(cells: Sequence[Cell], overrides: Mapping[str, Any], settle: str | None) -> None:
    """Raises InputError where seeds are asked for in a study whose main variant has given predictions."""
    given = bool(cells) and is_given(cells[0])
    problems = [MORE_FILES] if given and "seeds" in overrides else []
    if given and settle in ("claim", "relation"):
        problems.append(replace(MORE_FILES, where="--settle"))
    if problems:
        raise InputError(problems)


def asked_for(claim: Claim, settle: str | None, anytime: bool, seeds: int | None = None) -> Claim:
    """A claim as the options of a run have it, before it is registered. Where somebody fixed a number of `seeds`, it is
    looked at once, unless it names looks of its own."""
    claim = replace(claim, settle="relation") if settle == "relation" else claim
    if seeds is not None and claim.looks == DEFAULT_LOOKS:
        claim = replace(claim, looks=(seeds,), max_seeds=seeds)
    return replace(claim, looks=()) if anytime else claim


def fixed_seeds(prepared: Prepared, settle: str | None) -> int | None:
    """The number of seeds of a study that somebody fixed, by name or by handing predictions in; None where it may
    grow, or has too few for any verdict on its method."""
    named = prepared.opened.loaded.origins.get("seeds", "our default") != "our default"
    if settle in ("claim", "relation") or not (named or prepared.given):
        return None
    counts = Counter(cell.variant for cell in prepared.cells)
    fewest = min(counts.values(), default=0)
    return fewest if fewest >= MIN_SEEDS else None


def as_registered(claim: Claim, registered: Sequence[Mapping[str, Any]], luck: SharedSeeds | None = None) -> Claim:
    """The claim as it was registered with the options of an earlier run. Where it was not: itself, with the pairing
    that the rule says where it is known what variants have in common."""
    known = {one["hash"] for one in registered}
    fixed = {one["max_seeds"] for one in registered if len(one["looks"]) == 1}
    pairings = (claim.pairing,) if claim.pairing is not None else (None, *get_args(Pairing))
    ways = [asked_for(claim, settle, anytime) for settle in (None, "relation") for anytime in (False, True)]
    ways += [asked_for(claim, None, False, seeds) for seeds in sorted(fixed)]
    ways = [replace(way, pairing=pairing) for way in ways for pairing in pairings]
    found = next((way for way in ways if way.hash in known), None)
    return found or (claim if luck is None else settle_pairing(claim, luck))


def plan_claims(
    prepared: Prepared,
    unseen: Mapping[str, int],
    settle: str | None = None,
    anytime: bool = False,
    shapes: Mapping[str, str | None] | None = None,
    registered: Sequence[Mapping[str, Any]] | None = None,
) -> list[Claim]:
    """The claims of a study, or the default ones, with the options of its run; where some run is done as they were
    `registered`. `unseen` counts the rows of each split that train lacks."""
    splits = prepared.opened.data.splits
    claims = claims_of(prepared.opened.loaded, tuple(splits)) or default_claims(
        {name: split.n_rows for name, split in splits.items()}, unseen, prepared.metric, prepared.cells[0].variant
    )
    tried = prepared.opened.study.report.best_of
    claims = [replace(claim, best_of=max(claim.best_of, tried)) for claim in claims]
    luck = shared_luck(prepared, shapes or {})
    if registered is not None:
        return [as_registered(claim, registered, luck) for claim in claims]
    seeds = fixed_seeds(prepared, settle)
    return [settle_pairing(asked_for(claim, settle, anytime, seeds), luck) for claim in claims]


def shared_luck(prepared: Prepared, shapes: Mapping[str, str | None]) -> SharedSeeds:
    """What the variants of a study have in common, before anything is trained; `shapes` are those of an inspection."""
    streams = prepared.opened.study.streams
    data = {cell.variant: data_of(cell.settings["data"]) for cell in prepared.cells}
    return SharedSeeds(shapes, data, "varied" in (streams.split, streams.sampling))


def is_open(judgement: Judgement, settle: Settle) -> bool:
    """Whether more seeds could still settle it: a verdict on the claim, or also its relation."""
    if settle == "no" or not judgement.registered or judgement.estimate is None:
        return False
    if judgement.population != judgement.claim.population:
        return False  # what is missing is no seed
    wanted = settle == "relation" or judgement.claim.settle == "relation"
    unsettled = judgement.verdict == "inconclusive" or (wanted and judgement.relation == "open")
    return unsettled and judgement.seeds < judgement.claim.max_seeds


def wanted_seeds(judgements: Sequence[Judgement], planned: Mapping[str, int], settle: Settle) -> dict[str, int]:
    """Seeds by variant that open claims need next: the next planned look behind those that the variant has, or one more
    where any number will do. Empty where nothing is open. `planned` counts the cells of each variant."""
    wanted: dict[str, int] = {}
    for judgement in judgements:
        if not is_open(judgement, settle):
            continue
        variants = [variant for variant in arms_of(judgement.claim.arm, judgement.claim.other) if variant in planned]
        have = min((planned[variant] for variant in variants), default=0)
        looks = judgement.claim.looks or (have + 1,)
        following = next((look for look in looks if look > have), None)
        if following is None or following > judgement.claim.max_seeds:
            continue
        for variant in variants:
            if planned[variant] < following:
                wanted[variant] = max(wanted.get(variant, 0), following)
    return wanted


def plan_seeds(claims: Sequence[Claim], planned: Mapping[str, int], settle: Settle) -> Counter[str]:
    """Seeds by variant that a run adds at most while claims are open. `planned` counts the cells of each variant before
    the first look at claims."""
    extra = Counter[str]()
    for claim in claims if settle != "no" else ():
        for name in (one for one in arms_of(claim.arm, claim.other) if one in planned):
            extra[name] = max(extra[name], claim.max_seeds - planned[name])
    return extra


def as_planned(prepared: Prepared, stored: Sequence[Cell], grown: bool = False) -> Prepared:
    """The study with the seeds that an earlier run planned from its claims, the `stored` cells of study.json; itself
    where somebody named a number. Where its folder stands for it, it has `grown`: no variant loses seeds."""
    loaded = prepared.opened.loaded
    named = not loaded.study.claims or loaded.origins.get("seeds", "our default") != "our default"
    if (named and not grown) or "crossed" in loaded.study.streams.model_dump().values():
        return prepared
    planned, before = (Counter(cell.variant for cell in cells) for cells in (prepared.cells, stored))
    wanted = {name: many for name, many in before.items() if 0 < planned[name] < many}
    return with_seeds(prepared, wanted) if wanted else prepared


def with_seeds(prepared: Prepared, wanted: Mapping[str, int]) -> Prepared:
    """The study with so many seeds in these variants: its own, then the smallest numbers that are free."""
    loaded = prepared.opened.loaded
    seeds = list(loaded.study.seeds)
    free = (number for number in count() if number not in set(loaded.study.seeds))
    while len(seeds) < max(wanted.values()):
        seeds.append(next(free))
    longer = replace(loaded, study=loaded.study.model_copy(update={"seeds": tuple(seeds)}))
    there = {(cell.variant, cell.seed) for cell in prepared.cells}
    cells = tuple(
        cell
        for cell in expand(longer, prepared.opened.fingerprints, prepared.own_digests)
        if (cell.variant, cell.seed) in there or cell.seed in seeds[: wanted.get(cell.variant, 0)]
    )
    return replace(prepared, opened=replace(prepared.opened, loaded=longer), cells=cells)
