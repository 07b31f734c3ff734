"""What a study did not vary, did not probe, and cannot settle with what it has."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from brittlestar.claims.judgement import Judgement
from brittlestar.core.results import VariantRecord
from brittlestar.reports.checklists.facts import VARIED, Facts
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import format_claim
from brittlestar.study.units import about, count

FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation")
"""The families of probes that sequences allow; factors only where the data have some."""
STREAM_NAMES = {
    "init": "initialisation",
    "order": "batch order",
    "dropout": "dropout",
    "split": "the split of train and dev",
    "sampling": "a resample of train",
}


@dataclass(frozen=True)
class Limits:
    """Three lists of sentences, as plain text."""

    not_varied: tuple[str, ...]
    not_probed: tuple[str, ...]
    not_powered: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.not_varied) + len(self.not_probed) + len(self.not_powered)


def list_limits(facts: Facts) -> Limits:
    """All limits that follow from what was done."""
    return Limits(
        (*_list_luck(facts), *_list_settings(facts)), tuple(_list_unprobed(facts)), tuple(_list_unsettled(facts))
    )


def _list_luck(facts: Facts) -> Iterator[str]:
    if facts.given:
        yield f"What the seeds of given predictions vary is not recorded: {', '.join(facts.given)}."
    constant = [STREAM_NAMES.get(name, name) for name, mode in facts.record.streams.items() if mode not in VARIED]
    if constant and len(facts.given) < len(facts.record.variants):
        yield f"Random streams that no seed varied: {', '.join(constant)}."
    if facts.record.streams.get("split") not in VARIED:
        yield f"One division of the rows was studied: {', '.join(facts.record.splits)}."


def _list_settings(facts: Facts) -> Iterator[str]:
    others = [one for name, one in facts.record.variants.items() if name != facts.record.main]
    changed = dict.fromkeys(path for one in others for path in one.changes)
    if not others:
        yield f"No variant stands beside {facts.record.main}: every setting has one value."
    else:
        yield (
            f"{count(len(others), 'variant')} beside {facts.record.main}. Settings that differ: "
            f"{', '.join(changed) or 'none'}. Every other setting has one value."
        )
    families = dict.fromkeys(filter(None, map(_name_family, facts.record.variants.values())))
    if len(families) == 1:
        yield f"No rival family of models: {next(iter(families))} is the only one."


def _name_family(variant: VariantRecord) -> str | None:
    settings = {one.path: one.value for one in variant.settings}
    if settings.get("model.predictions"):
        return None
    own = settings.get("model.own")
    return str(own) if own else settings.get("model.family")


def _list_unprobed(facts: Facts) -> Iterator[str]:
    if not facts.audited:
        yield "The data audit has not run to its end."
    if not facts.shifted:
        yield "No shifted split: nothing says how scores hold on rows from elsewhere."
    if facts.record.traced is None and not facts.is_given:
        main = facts.record.main
        yield f"Nobody traced {main}: whether each stated setting has an effect, and nothing else, is not known."
    if facts.probed is None:
        yield "No probe suite ran."
        return
    possible = [name for name in FAMILIES if name != "factors" or facts.record.factors]
    if missing := [name for name in possible if name not in facts.probed.families]:
        yield f"Families of probes without a condition in the suite: {', '.join(missing)}."
    for name, why in facts.probed.left_out.items():
        yield f"Not probed: {name}, because {why}."


def _list_unsettled(facts: Facts) -> Iterator[str]:
    yield from (_describe_open(one) for one in facts.judgements if one.verdict == "inconclusive")
    few = [f"{name} {n}" for name, n in facts.seeds.items() if n < MIN_SEEDS]
    if few:
        yield f"Fewer than {MIN_SEEDS} finished seeds: {', '.join(few)}."
    codes = Counter(one.code for one in facts.findings if one.status == "inconclusive")
    if codes:
        listed = ", ".join(f"{code} {n}" for code, n in sorted(codes.items()))
        yield f"Inconclusive findings by code: {listed}."


def _describe_open(one: Judgement) -> str:
    needs = [f"{about(low, high)} seeds" for low, high in [one.seeds_needed or (None, None)] if low is not None]
    needs += [f"{about(one.rows_needed)} rows"] if one.rows_needed is not None else []
    missing = [*one.reasons, *([f"it would take {' or '.join(needs)}, if the estimate is right"] if needs else [])]
    return f"Inconclusive: {format_claim(one.claim)}: {'; '.join(missing) or 'what is missing is not known'}."
