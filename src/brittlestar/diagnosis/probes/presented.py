"""What padding, batches and repetition have in common: nothing may change at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.probing import NO_ANSWER, RAISED
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant, answers
from brittlestar.diagnosis.probes.results import probe_check
from brittlestar.diagnosis.probes.slices import part, units_of
from brittlestar.diagnosis.probes.suite_tests import SuiteTests
from brittlestar.statistics.effects import Effect, estimate_effect
from brittlestar.study.units import count

MOVED, MOVED_BF16 = 1e-3, 0.03
"""How far a probability may move by rounding alone, in 32 and in 16 bits."""
FEW_ROWS_MOVED, SMALL_MOVE = 0.05, 0.05  # convention: one row in twenty, a twentieth of certainty
STEADY = ("again", "later")
"""Presentations that differ in nothing."""
WAYS: Mapping[str, str] = {
    "again": "the same batches again",
    "later": "the same batches after another row",
    "mates": "batches of 32 drawn at random",
    "alone": "batches of one",
    "padding": "eight more columns of padding",
    "side": "padding on the left, which no model is required to handle",
}
"""How rows are given to a model in another way, by the name of the presentation."""
MODE = "Call `model.eval()` before it predicts, and `model.train()` before it is trained on."


@dataclass(frozen=True)
class PresentationChange:
    """What is said of a presentation in which something moves: what that means, what differs there, and what to do
    (None: what the page says)."""

    cause: str
    what: str
    remedy: str | None = None


RANDOM = PresentationChange(
    "the same rows get different answers",
    "when scored twice",
    "Pass training=self.training to functional dropout, or use nn.Dropout; a fit function calls model.eval() first.",
)
KEPT = PresentationChange(
    "something of an earlier call is kept",
    "when scored after another row",
    "Keep nothing of a batch for the next: forward begins with a fresh hidden state, and in eval mode changes no mean.",
)
OTHER_ROWS = PresentationChange("a prediction depends on the other rows of its batch", "with other rows in the batch")
MORE_PADDING = PresentationChange("a prediction depends on its padding", "with eight more columns of padding")


def report_moved(
    tests: SuiteTests, variant: ProbedVariant, looked_at: Mapping[str, PresentationChange]
) -> Observed | None:
    """What is said of the presentation that is looked at in which most answers change; None where none was made."""
    unsteady = [name for name, seed in _describe_worst_seeds(variant, STEADY).items() if seed["moved"]]
    seen = {name: seed for name, seed in _describe_worst_seeds(variant, looked_at).items() if seed["rows"]}
    if "again" in unsteady:
        seen.pop("later", None)  # what is random moves there, too
    if not seen:
        return None
    name, worst = max(seen.items(), key=lambda one: (one[1]["flipped"] / one[1]["rows"], one[1]["moved"]))
    evidence: dict[str, Any] = {"presentations": seen, "limit": _limit(variant), "worst": name}
    if unsteady and not {*STEADY} & {*looked_at}:
        summary = f"{variant.name}: the same batches give different answers, so that nothing else can be seen."
        remedy = "Remove what is random in scoring, or kept between calls, first (eval.stochastic)."
        return Observed("inconclusive", summary, evidence | {"explained_by": "eval.stochastic"}, remedy=remedy)
    told = looked_at[name]
    if not worst["moved"]:
        what = next(iter(looked_at.values())).what
        return Observed("absent", f"{variant.name}: {what}, no probability of {worst['rows']} rows moves.", evidence)
    modes = sorted({name for one in variant.runs.watched for name in one.predicted_in_train})
    few = worst["moved"] < FEW_ROWS_MOVED * worst["rows"] and worst["most"] < SMALL_MOVE
    severity = "error" if worst["flipped"] else "info" if few else "warning"
    sentence = _describe_moved(variant, told, WAYS[name], worst)
    way = "alone" if "alone" in seen else name  # what no other row can change
    if (asked := _score_presented(tests, variant, way)) is not None:
        before, after, change = asked
        evidence["effect"] = {"points": change.estimate, "interval": [*change.interval()], "rows": change.rows}
        evidence["right"] = {"as_scored": before, way: after}
        sentence += f". Right of {change.rows} rows: {100 * before:.1f} % as scored, {100 * after:.1f} % in {WAYS[way]}"
    if modes:
        sentence += f". While it predicts, not in evaluation mode: {', '.join(modes)}"
    return Observed("present", f"{sentence}.", evidence, remedy=MODE if modes else told.remedy, severity=severity)


def _score_presented(tests: SuiteTests, variant: ProbedVariant, name: str) -> tuple[float, float, Effect] | None:
    """The shares of rows that are right as scored and in a presentation, and the second less the first, row by row over
    seeds and rows; None where a label or an answer is not known."""
    plain, seeds = variant.plain.condition, sorted(variant.cells)
    given = [predicted for seed in seeds if (predicted := variant.cells[seed].presented[name].predicted) is not None]
    asked = [np.flatnonzero(variant.cells[seed].predictions != NO_ANSWER)[: len(given[0])] for seed in seeds if given]
    if len(given) < len(seeds) or any(not np.array_equal(one, asked[0]) for one in asked):
        return None
    rows = np.flatnonzero(np.isin(plain.before, asked[0]) & (plain.labels_before >= 0))
    if not len(rows):
        return None
    labels, places = plain.labels_before[rows], np.searchsorted(asked[0], plain.before[rows])
    before = (answers(variant.cells, plain.before[rows]) == labels).astype(np.float64)
    after = (np.stack(given)[:, places] == labels).astype(np.float64)
    change = estimate_effect(after - before, seeds, part(units_of(tests.study.probes, plain), rows))
    return float(before.mean()), float(after.mean()), replace(change, least=-1.0)  # a difference


def _describe_moved(variant: ProbedVariant, told: PresentationChange, title: str, worst: Mapping[str, float]) -> str:
    if worst["most"] >= RAISED:
        return f"{variant.name}: {told.what}, the model raises an error ({title})"
    return (
        f"{variant.name}: {told.cause}: {told.what}, probabilities of {worst['moved']} of {worst['rows']} rows move, "
        f"by {worst['most']:.2g} at most. {worst['flipped']} predictions change ({title}, worst of "
        f"{count(len(variant.cells), 'seed')})"
    )


def describe_presentations(study: ProbedStudy) -> dict[str, dict[str, dict[str, float]]]:
    """{variant: {presentation: rows, rows of which a probability moved, predictions that changed, the largest move}},
    of the worst seed."""
    return {variant.name: _describe_worst_seeds(variant, WAYS) for variant in study.variants}


def _limit(variant: ProbedVariant) -> float:
    return MOVED_BF16 if variant.runs.setting("training.precision") == "bf16" else MOVED


def _describe_worst_seeds(variant: ProbedVariant, names: Iterable[str]) -> dict[str, dict[str, float]]:
    """Of each presentation that all seeds have, the worst seed: rows, rows that moved beyond the limit, predictions
    that changed, the largest change."""
    found: dict[str, dict[str, float]] = {}
    for name in names:
        given = [cell.presented[name] for cell in variant.cells.values() if name in cell.presented]
        if len(given) < len(variant.cells):
            continue
        worst = max(given, key=lambda one: (int(one.changed.sum()), float(np.max(one.moved, initial=0.0))))
        beyond = worst.moved > _limit(variant)
        found[name] = {
            "rows": len(worst.moved),
            "moved": int(beyond.sum()),
            "flipped": int((worst.changed & beyond).sum()),
            "most": float(np.max(worst.moved, initial=0.0)),
        }
    return found


@probe_check(
    "padding.leaks",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when rows get eight more columns of padding.",
    role=Role("shaky", 30, explains=("probe.", "eval.train-mismatch")),
)
def padding_leaks(tests: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A prediction changes with the amount of padding.

    **What it means.** Padding is read as tokens: by a mean, the state behind the last token, attention without a mask.
    A row's answer then depends on the longest row beside it.

    **How it is decided.** Up to 200 rows are scored as they are, and with eight more columns of padding.

    **What it cannot see.** Models that are given as functions on token lists pad by themselves.

    **What to do.** Mask padding by `lengths` in forward: mean over real tokens, state of the last one, attention
    mask.
    """
    return report_moved(tests, variant, {"padding": MORE_PADDING})


@probe_check(
    "padding.batch",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) with the other rows of the batch.",
    role=Role("shaky", 20, explains=("probe.", "eval.train-mismatch")),
)
def padding_batch(tests: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """A prediction depends on the other rows of its batch.

    **What it means.** A score that was measured in batches is not that of rows one by one. Batch normalisation in
    training mode, a softmax over the wrong axis, and padding that is read do this.

    **How it is decided.** Up to 200 rows are scored in batches of equal length, in batches of 32 drawn at random, and
    50 of them one by one.

    **What it cannot see.** Whether padding is the reason: see `padding.leaks`.

    **What to do.** Pass the attention mask: a collator of a Trainer must return `attention_mask`. Check every mean,
    softmax and normalisation for the axis of rows; batch normalisation needs eval mode.
    """
    return report_moved(tests, variant, {"mates": OTHER_ROWS, "alone": OTHER_ROWS})


@probe_check(
    "eval.stochastic",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when the same batches are scored twice, or after "
    "another row.",
    role=Role("shaky", 10, explains=("probe.", "eval.train-mismatch")),
)
def eval_stochastic(tests: SuiteTests, variant: ProbedVariant, code: str) -> Observed | None:
    """The same input gives different outputs.

    **What it means.** Something random is at work while the model is scored, as dropout without
    `training=self.training`, or it keeps something of one call for the next, as a hidden state: its score is one of
    many.

    **How it is decided.** Up to 200 rows are scored twice in the same batches, in evaluation mode, and a third time
    after another row.

    **Thresholds.** As in the rule. Severity: from the score when asked again, less the score as it is.

    **What it cannot see.** Randomness that is drawn once, when the model is built; what is kept of much earlier calls.

    **What to do.** Pass `training=self.training` to functional dropout, or use `nn.Dropout`. Set what is kept to its
    start at the beginning of `forward`. A fit function calls `model.eval()` before it predicts.
    """
    return report_moved(tests, variant, {"again": RANDOM, "later": KEPT})
