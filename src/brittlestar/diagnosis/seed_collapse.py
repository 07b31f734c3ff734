"""Finding `seed.collapse`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, by_seed, evaluation_split, rising_metric, suggest_rerun
from brittlestar.diagnosis.ceilings import Trivial, trivial_score
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.proportions import bound_share

CODE = "seed.collapse"
NEAR = 2.0
FAR = 5.0
SEEDS_OF_COLLAPSED = 20
"""Seeds that a verdict needs where runs collapse: with one collapse in ten a t interval covers 41 % at 5 seeds."""
WARMER = command("run", settings={"training.schedule.warmup": 2})
THRESHOLD = (
    "A run that diverged, or whose score is at most 2 standard errors above the trivial score while another seed of "
    "the variant is more than 5 above it; without such a seed it is unlearned."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Some seeds fail outright: two modes.

    **What it means.** The mean over seeds describes no run that happened, and a t interval covers far less than it
    says.

    **How it is decided.** The headline metric (accuracy where that is a loss), best checkpoint, on test (else dev),
    against the trivial score of that split and its standard error. A seed has collapsed when it diverged, or lies no
    more than 2 standard errors above trivial while another seed of the variant is more than 5 above. When no seed is
    far above, the variant is `unlearned` (an ablation may be meant to be). Rates have Clopper–Pearson intervals.

    **Thresholds.** One collapsed run is enough; absent needs 5, because 0 of 4 leaves a rate of 60 % possible.
    Severity: error.

    **What it cannot see.** Collapse to something better than trivial; a metric whose trivial score leaves no room for 5
    standard errors (inconclusive). The standard error treats rows as independent.

    **What to do.** Rerun the seed alone and read its curves; verdicts on such a variant need 20 seeds.
    """
    split = evaluation_split(record)
    metric = rising_metric(record)
    for arm in arms(record):
        trivial = None if split is None else trivial_score(record.splits[split], metric)
        yield _finding(arm, trivial, metric, split)


def _finding(arm: Arm, trivial: Trivial | None, metric: str, split: str | None) -> Finding:
    where = {"variant": arm.name} | ({} if split is None else {"split": split})
    scores = {} if split is None else arm.scores(split, metric)
    diverged = {cell.seed for cell in arm.done if cell.outcome == "diverged"}
    seen = sorted(set(scores) | diverged)
    if trivial is None or not seen:
        missing = "the trivial score" if trivial is None else f"a done run with {metric}"
        summary = f"{arm.name}: {len(seen)} of {len(arm.cells)} runs to read; missing: {missing}."
        remedy = "Give the data a test or dev split (the split command makes one), and run from the data again."
        if arm.is_logged:
            remedy = "Make a study of the data (the run command): it scores trivial baselines on the same rows."
        remedy = remedy if trivial is None else suggest_rerun(arm.cells)
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, {"missing": missing}, remedy)

    distance = {seed: (scores[seed] - trivial.score) / trivial.error for seed in seen if seed in scores}
    far = sorted(seed for seed, errors in distance.items() if errors > FAR and seed not in diverged)
    near = {seed for seed, errors in distance.items() if errors <= NEAR}
    collapsed = sorted(diverged | near) if far else sorted(diverged)
    unlearned = not far and set(seen) == near | diverged
    if unlearned:
        collapsed = []
    low, high = bound_share(len(collapsed), len(seen))
    evidence = {
        "metric": metric,
        "collapsed": len(collapsed),
        "of": len(seen),
        "rate_interval": [low, high],
        "collapsed_seeds": collapsed,
        "diverged_seeds": sorted(diverged),
        "far_above_seeds": far,
        "scores": by_seed(scores),
        "trivial": {"score": trivial.score, "standard_error": trivial.error, "rows": trivial.rows},
        "unlearned": unlearned,
    }
    trivially = f"trivial {metric} on {split} {trivial.score:.3f} (SE {trivial.error:.3f})"
    if collapsed:
        kept = [scores[seed] for seed in seen if seed not in collapsed and seed in scores]
        rest = f"; the others score {np.mean(kept):.3f}" if kept else ""
        summary = (
            f"{arm.name}: {len(collapsed)} of {len(seen)} seeds collapsed ({', '.join(map(str, collapsed))}; rate "
            f"[{low:.2f}, {high:.2f}]) to the {trivially}{rest}."
        )
        more = advise_seeds(len(arm.cells), SEEDS_OF_COLLAPSED, "Verdicts on this variant need 20 seeds").sentences
        warmer = ("Try warm-up or a lower learning rate: ", WARMER)
        remedy = Advice(*(more if len(arm.cells) < SEEDS_OF_COLLAPSED else ()), warmer)
        return Finding(CODE, "present", summary, THRESHOLD, "error", where, evidence, remedy)
    if trivial.score + FAR * trivial.error >= 1:
        summary = f"{arm.name}: no score could lie 5 SE above the {trivially}; missing: rows, or another metric."
        remedy = Advice(("Read another metric: ", command("run", settings={"report.metric": "balanced_accuracy"})))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    state = "unlearned: every seed lies at" if unlearned else f"0 of {len(seen)} seeds (rate at most {high:.2f}) lie at"
    story = f"{arm.name}: {state} the {trivially}"
    if len(seen) < MIN_SEEDS:
        summary = f"{story}; missing: {MIN_SEEDS - len(seen)} more seeds (at least {MIN_SEEDS})."
        remedy = advise_seeds(len(arm.cells))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)
