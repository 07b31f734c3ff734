"""What several seeds say of a variant: whether they fail, whether they differ, and whether by more than effects."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Severity
from brittlestar.core.results import SEED, SET, StudyRecord
from brittlestar.diagnosis.ceilings import Trivial, trivial_score
from brittlestar.diagnosis.decisions import decide_spread
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.seen.watched_runs import begins_alike
from brittlestar.diagnosis.variant_runs import (
    VariantRuns,
    advise_seeds,
    by_seed,
    list_variant_runs,
    rising_metric,
)
from brittlestar.statistics.floors import FAR_ABOVE_TRIVIAL, MIN_SEEDS, NEAR_TRIVIAL
from brittlestar.statistics.proportions import bound_share

PASS_ON = "Pass the seed on to whatever draws random numbers."
SEEDS_OF_COLLAPSED = 20
"""Seeds that a verdict needs where runs collapse: with one collapse in ten a t interval covers 41 % at 5 seeds."""
LEAST_SPREAD = 0.02  # convention: two points of standard deviation


@variant_check(
    "seed.inert",
    "At least two runs of a variant are done, and every score of every one of them is the same to the last digit, or "
    "all weights are before the first step.",
    "info",
)
def seed_inert(record: StudyRecord, variant: VariantRuns) -> Observed:
    """Changing the seed changes nothing.

    **What it means.** Several seeds are one result written down several times: an interval over them has no width and
    says nothing.

    **How it is decided.** All scores of all done runs of a variant are compared: every split, metric and checkpoint.
    Of loops in PyTorch, weights before the first step are, too. Seeds that own code sets itself are read from its
    source. Of a single run of main, `diagnose --budget` tells it: another seed changes no weight and no answer.

    **Thresholds.** As in the rule. Severity: warning where weights begin alike, or own code sets a seed; else
    information: a fit that draws nothing is one result.

    **What it cannot see.** Seeds that code computes. That a study holds every stream fixed is said.

    **What to do.** Pass the seed on; vary a stream that matters (`streams: {sampling: varied}` resamples train); or
    read the variant as one result, whose uncertainty lies in the rows alone.
    """
    n = len(variant.done)
    evidence = {"done": n, "of": len(variant.cells), "trainings": len({one.hash for one in variant.done})}
    traced = record.traced is not None and any(one.name == "seeds" for one in record.traced.found)
    if n < 2 and not (variant.name == record.main and traced):
        return report_missing(variant, "whether seeds differ", "two done runs")
    if all(cell.outcome == "diverged" for cell in variant.done):
        summary = (
            f"{variant.name}: all {n} runs diverged and are scored at the majority class; seeds cannot differ there."
        )
        return Observed("inconclusive", summary, evidence, remedy="Mend train.nonfinite first.")
    alike, seeds = begins_alike(record, variant.name), _list_own_seeds(variant)
    set_by = f" Own code sets {', '.join(seeds[:2])}{' …' if len(seeds) > 2 else ''}." if seeds else ""
    evidence |= {"weights_begin_alike": alike, "own_seeds": seeds}
    severity: Severity = "warning" if alike or seeds else "info"
    if len({repr(cell.scores) for cell in variant.done}) > 1:
        if not alike:
            return Observed("absent", f"{variant.name}: the {n} seeds have different scores.", evidence)
        sentence = (
            f"{variant.name}: all {n} runs begin with the same weights: seeds do not vary them, and an interval over"
        )
        return Observed(
            "present", f"{sentence} runs is too narrow.{set_by}", evidence, remedy=PASS_ON, severity=severity
        )
    same = (
        f"{variant.name}: {f'all {n} seeds score' if n > 1 else 'another seed would score'} the same to the last digit"
    )
    if record.streams and all(state in ("fixed", "off") for state in record.streams.values()):
        why, remedy = (
            "every stream is held fixed, so that they are one training",
            "Vary a stream that matters (`streams: {init: varied}`).",
        )
    else:
        why = "the seed has no effect on this variant"
        varied = command("run", settings={"streams.sampling": "varied"})
        remedy = Advice(
            (f"{PASS_ON} Where nothing does, this is one result: ", varied, " shows what other rows change.")
        )
    summary = f"{same}: {why}; an interval over them says nothing.{set_by}"
    return Observed("present", summary, evidence, remedy=remedy, severity=severity)


def _list_own_seeds(variant: VariantRuns) -> list[str]:
    """Seeds that own code sets itself, with their lines: `torch.manual_seed(42) (own.py:7)`."""
    held = {one for cell in variant.done for one in cell.held if one.path.startswith(SEED)}
    named = (f"{one.path.removeprefix(SEED)}({one.value}){one.origin.removeprefix(SET)}" for one in held)
    return sorted(named)


@variant_check(
    "seed.collapse",
    "A run that diverged, or whose score is at most 2 standard errors above the trivial score while another seed of "
    "the variant is more than 5 above it; without such a seed it is unlearned.",
    "error",
    role=Role("untaught", 245, symptom="low", follows="always", effect="bound"),
)
def seed_collapse(record: StudyRecord, variant: VariantRuns) -> Observed:
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
    split, metric = record.held_out, rising_metric(record)
    trivial = None if split is None else trivial_score(record.splits[split], metric)
    scores = {} if split is None else variant.scores(split, metric)
    seen = {*scores} | {cell.seed for cell in variant.done if cell.outcome == "diverged"}
    if trivial is None or not seen:
        missing = "the trivial score" if trivial is None else f"a done run with {metric}"
        remedy = _advise_on_trivial(variant) if trivial is None else None
        return report_missing(variant, "whether seeds collapsed", missing, remedy, split)
    return replace(_judge_distances(variant, scores, trivial, metric, f"trivial {metric} on {split}"), split=split)


def _judge_distances(
    variant: VariantRuns, scores: Mapping[int, float], trivial: Trivial, metric: str, trivially: str
) -> Observed:
    """Which seeds lie at the trivial score, while others are far above it."""
    diverged = {cell.seed for cell in variant.done if cell.outcome == "diverged"}
    seen = sorted({*scores} | diverged)
    distance = {seed: trivial.count_errors(scores[seed]) for seed in seen if seed in scores}
    far = sorted(seed for seed, errors in distance.items() if errors > FAR_ABOVE_TRIVIAL and seed not in diverged)
    near = {seed for seed, errors in distance.items() if errors <= NEAR_TRIVIAL}
    unlearned = not far and set(seen) == near | diverged
    collapsed = sorted(diverged | near) if far else [] if unlearned else sorted(diverged)
    low, high = bound_share(len(collapsed), len(seen))
    evidence = {
        "metric": metric,
        "collapsed": len(collapsed),
        "of": len(seen),
        "rate_interval": [low, high],
        "collapsed_seeds": collapsed,
        "diverged_seeds": sorted(diverged),
        "far_above_seeds": far,
        "trivial": {"score": trivial.score, "standard_error": trivial.error, "rows": trivial.rows},
        "unlearned": unlearned,
    }
    trivially += f" {trivial.score:.3f} (SE {trivial.error:.3f})"
    if collapsed:
        kept = [scores[seed] for seed in seen if seed not in collapsed and seed in scores]
        rest = f"; the others score {np.mean(kept):.3f}" if kept else ""
        summary = (
            f"{variant.name}: {len(collapsed)} of {len(seen)} seeds collapsed ({', '.join(map(str, collapsed))}; rate "
            f"[{low:.2f}, {high:.2f}]) to the {trivially}{rest}."
        )
        return Observed("present", summary, evidence, remedy=_advise_on_collapse(len(variant.cells)))
    if trivial.score + FAR_ABOVE_TRIVIAL * trivial.error >= 1:
        summary = f"{variant.name}: no score could lie 5 SE above the {trivially}; missing: rows, or another metric."
        remedy = Advice(("Read another metric: ", command("run", settings={"report.metric": "balanced_accuracy"})))
        return Observed("inconclusive", summary, evidence, remedy=remedy)
    state = "unlearned: every seed lies at" if unlearned else f"0 of {len(seen)} seeds (rate at most {high:.2f}) lie at"
    sentence = f"{variant.name}: {state} the {trivially}"
    if len(seen) < MIN_SEEDS:
        summary = f"{sentence}; missing: {MIN_SEEDS - len(seen)} more seeds (at least {MIN_SEEDS})."
        return Observed("inconclusive", summary, evidence, remedy=advise_seeds(len(variant.cells)))
    return Observed("absent", f"{sentence}.", evidence)


def _advise_on_trivial(variant: VariantRuns) -> str:
    if variant.is_logged:
        return "Make a study of the data (the run command): it scores trivial baselines on the same rows."
    return "Give the data a test or dev split (the split command makes one), and run from the data again."


def _advise_on_collapse(planned: int) -> Advice:
    more = advise_seeds(planned, SEEDS_OF_COLLAPSED, "Verdicts on this variant need 20 seeds")
    warmer = command("run", settings={"training.schedule.warmup": 2})
    return Advice(*(more if planned < SEEDS_OF_COLLAPSED else ()), ("Try warm-up or a lower learning rate: ", warmer))


@variant_check(
    "seed.unstable",
    "The interval of the standard deviation over seeds lies above .02 and above the largest mean difference between "
    "main and another variant, with at least 5 seeds.",
    role=Role(symptom="other", effect="bound"),
)
def seed_unstable(record: StudyRecord, variant: VariantRuns) -> Observed:
    """The spread over seeds is larger than the effects the study reads.

    **What it means.** Which variant looks better depends on the seeds that were run.

    **How it is decided.** Per variant, the standard deviation over seeds of the headline metric (best checkpoint, test,
    else dev) with a 95 % chi-square interval, against the largest absolute mean difference between main and another
    variant, paired by seed. Diverged runs count at their majority score.

    **Thresholds.** Present: lower end above max(.02, largest difference), with at least 5 seeds. Absent: upper end
    below it. Severity: warning.

    **What it cannot see.** Spread over test rows or training sets. The largest of several differences is itself a
    little too large by selection. Two modes look like a large spread; `seed.collapse` tells them apart.

    **What to do.** More seeds, and a paired comparison.
    """
    split, metric = record.held_out, record.metric
    scores = {} if split is None else variant.scores(split, metric)
    if split is None or len(scores) < 2:
        summary = (
            f"{variant.name}: {len(scores)} of {len(variant.cells)} runs have {metric} on "
            f"{split or 'a held-out split'}; a spread needs two, a verdict {MIN_SEEDS} seeds."
        )
        evidence = {"seeds": by_seed(scores), "missing": f"{MIN_SEEDS - len(scores)} more seeds"}
        return Observed("inconclusive", summary, evidence, remedy=_advise_more(variant), split=split)
    effects = _measure_effects(record, split, metric)
    name = max(effects, key=lambda other: abs(effects[other]), default=None)
    largest = 0.0 if name is None else abs(effects[name])
    decision = decide_spread([scores[seed] for seed in sorted(scores)], max(LEAST_SPREAD, largest))
    evidence = {
        "metric": metric,
        "standard_deviation": decision.as_json(),
        "seeds": by_seed(scores),
        "largest_effect": None if name is None else largest,
        "effects": effects,
    }
    against = f"the largest effect read, {largest:.3f} ({name} against main)" if effects else "no other variant"
    sentence = f"{variant.name}: SD of {metric} on {split} over {len(scores)} seeds is {decision.text}; {against}"
    if decision.status == "absent":
        return Observed("absent", f"{sentence}.", evidence, split=split)
    if decision.status == "present":
        return Observed("present", f"{sentence}.", evidence, remedy=_advise_more(variant, 4 * len(scores)), split=split)
    return Observed(
        "inconclusive", f"{sentence}; {decision.open_words}", evidence, remedy=_advise_more(variant), split=split
    )


def _measure_effects(record: StudyRecord, split: str, metric: str) -> dict[str, float]:
    """{other variant: what it scores more than main in the mean, seed by seed}, by name."""
    scores = {run.name: run.scores(split, metric) for run in list_variant_runs(record)}
    main = scores.pop(record.main, {})
    pairs = {name: [scores[name][seed] - main[seed] for seed in scores[name].keys() & main] for name in sorted(scores)}
    return {name: float(np.mean(differences)) for name, differences in pairs.items() if differences}


def _advise_more(variant: VariantRuns, least: int = MIN_SEEDS) -> Advice:
    return advise_seeds(len(variant.cells), least, "Run more seeds, in every variant")
