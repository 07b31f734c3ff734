"""Finding `claim.untuned`."""

from collections.abc import Iterator
from typing import Any

from brittlestar.claims.standing import JudgedStudy
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord, VariantRecord
from brittlestar.study.claims import format_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import arms_of

CODE = "claim.untuned"
DEFAULTS = ("our default", "library default")
NOT_TUNED = ("training.epochs", "training.device", "training.selection", "training.precision")
THRESHOLD = (
    "Two variants of a claim differ in a training setting (learning rate, batch size, weight decay, clipping, schedule "
    "…) that is stated for one of them and a default for the other."
)


def check(judged: JudgedStudy) -> Iterator[Finding]:
    """One variant of a claim was tuned and the other runs on defaults.

    **What it means.** A difference between such variants may be the work that went into one of them. Baselines that got
    the same search have overturned many published gains.

    **How it is decided.** For the variants of each claim, their training settings with their origins: one that differs
    between two variants, and is stated (study file, variant or `--set`) for the one and a default for the other,
    counts. Epochs, devices and the rule that selects the checkpoint do not: they are budget (`claim.unequal-budget`) or
    no matter of tuning.

    **Thresholds.** One such setting. It is an observation, not an estimate. Absent: no setting is stated for one
    variant alone.

    **What it cannot see.** Searches that left no trace: ten learning rates tried for both variants on the record of
    one. Settings inside own code that are no parameters of the study.

    **What to do.** Give both variants the same search, or the same settings, and say how many were tried. Severity:
    warning.
    """
    seen: set[tuple[str, ...]] = set()
    for one in judged.judgements:
        names = tuple(name for name in arms_of(one.claim.arm, one.claim.other) if name in judged.record.variants)
        if len(names) < 2 or names in seen or BEST_TRIVIAL in names:
            continue
        seen.add(names)
        yield _finding(judged.record, names, format_claim(one.claim))


def _finding(record: StudyRecord, names: tuple[str, ...], claim: str) -> Finding:
    where = {"claim": claim, "variant": ", ".join(names)}
    arms = [record.variants[name] for name in names]
    found: dict[str, dict[str, Any]] = {}
    paths = {one.path for arm in arms for one in arm.settings if one.path.startswith("training.")}
    for path in sorted(path for path in paths if not path.startswith(NOT_TUNED)):
        held = {arm.name: _setting(arm, path) for arm in arms}
        values = {repr(value) for value, _ in held.values()}
        stated = {name for name, (_, known) in held.items() if known}
        if len(values) > 1 and stated and len(stated) < len(held):
            found[path] = {name: value for name, (value, _) in held.items()}
    evidence = {"settings": found}
    if not found:
        summary = f"{' and '.join(names)}: no training setting is stated for one of them alone."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    told = "; ".join(
        f"{path} is " + ", ".join(f"{value} in {name}" for name, value in by_arm.items())
        for path, by_arm in found.items()
    )
    summary = f"{claim}: a variant was given its own training settings and another runs on defaults ({told})."
    remedy = "Search the same settings for both variants, or train both with the same, and say how many were tried."
    return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)


def _setting(arm: VariantRecord, path: str) -> tuple[Any, bool]:
    known = ((one.value, one.origin not in DEFAULTS) for one in arm.settings if one.path == path)
    return next(known, (None, False))
