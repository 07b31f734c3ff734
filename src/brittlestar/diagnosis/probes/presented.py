"""What padding, batches and repetition have in common: nothing may change at all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.probing import RAISED
from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.readings import ProbedArm, ProbedStudy
from brittlestar.diagnosis.probes.saying import probe_check

MOVED, MOVED_BF16 = 1e-3, 0.03
"""How far a probability may move by rounding alone, in 32 and in 16 bits."""


@dataclass(frozen=True)
class Moved:
    """What is said of a presentation in which something moves: what that means, what differs there, and what to do."""

    cause: str
    what: str
    remedy: str


def report_moved(asked: Asked, code: str, looked_at: Mapping[str, Moved], threshold: str) -> Iterator[Finding]:
    """One finding a variant, about the worst of the presentations that are looked at."""
    for arm in asked.study.arms:
        limit = _limit(arm)
        unsteady = [name for name, one in _describe_worst_seeds(arm, STEADY).items() if one["moved"]]
        seen = {name: one for name, one in _describe_worst_seeds(arm, looked_at).items() if one["rows"]}
        if "again" in unsteady:
            seen.pop("later", None)  # what is random moves there, too
        where = {"variant": arm.arm.name, "split": asked.split}
        if not seen:
            continue
        name, worst = max(seen.items(), key=lambda item: (item[1]["flipped"], item[1]["moved"]))
        cause, what, remedy = looked_at[name].cause, looked_at[name].what, looked_at[name].remedy
        if not worst["moved"]:
            what = next(iter(looked_at.values())).what
        title, seeds = WAYS[name], f"{len(arm.cells)} seed{'s' * (len(arm.cells) != 1)}"
        story = (
            f"{arm.arm.name}: {cause}: {what}, probabilities of {worst['moved']} of {worst['rows']} rows move, by "
            f"{worst['most']:.2g} at most. {worst['flipped']} predictions change ({title}, worst of {seeds})."
        )
        if not worst["moved"]:
            story = f"{arm.arm.name}: {what}, no probability of {worst['rows']} rows moves."
        if worst["most"] >= RAISED:
            story = f"{arm.arm.name}: {what}, the model raises an error ({title})."
        by_seed = {
            str(seed): float((cell.presented[name].moved > limit).mean()) for seed, cell in sorted(arm.cells.items())
        }
        if worst["moved"] and (modes := _list_training_modes(arm)):
            are = "is" if len(modes) == 1 else "are"
            story = f"{story.rstrip('.')}. While it predicts, {' and '.join(modes)} {are} not in evaluation mode."
            remedy = "Call `model.eval()` before it predicts, and `model.train()` before it is trained on."
        evidence = {"presentations": seen, "limit": limit, "worst": name, "title": title, "seeds": by_seed}
        if unsteady and not {*STEADY} & {*looked_at}:
            summary = f"{arm.arm.name}: the same batches give different answers, so that nothing else can be seen."
            todo = "Remove what is random in scoring, or kept between calls, first (eval.stochastic)."
            evidence |= {"explained_by": "eval.stochastic"}
            yield Finding(code, "inconclusive", summary, threshold, None, where, evidence, todo)
            continue
        if worst["moved"]:
            few = worst["moved"] < FEW * worst["rows"] and worst["most"] < SMALL
            severity = "error" if worst["flipped"] else ("info" if few else "warning")
            yield Finding(code, "present", story, threshold, severity, where, evidence, remedy)
        else:
            yield Finding(code, "absent", story, threshold, where=where, evidence=evidence)


FEW, SMALL = 0.05, 0.05  # convention: one row in twenty, a twentieth of certainty
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


def _list_training_modes(arm: ProbedArm) -> list[str]:
    return sorted({name for one in arm.arm.watched for name in one.predicted_in_train})


def ways(study: ProbedStudy) -> dict[str, dict[str, dict[str, float]]]:
    """{variant: {presentation: rows, rows of which a probability moved, predictions that changed, the largest move}},
    of the worst seed."""
    return {arm.arm.name: _describe_worst_seeds(arm, WAYS) for arm in study.arms}


def _limit(arm: ProbedArm) -> float:
    return MOVED_BF16 if arm.arm.setting("training.precision") == "bf16" else MOVED


def _describe_worst_seeds(arm: ProbedArm, names: Iterable[str]) -> dict[str, dict[str, float]]:
    """Of each presentation that all seeds have, the worst seed: rows, rows that moved beyond the limit, predictions
    that changed, the largest change."""
    found: dict[str, dict[str, float]] = {}
    for name in names:
        given = [cell.presented[name] for cell in arm.cells.values() if name in cell.presented]
        if len(given) < len(arm.cells):
            continue
        worst = max(given, key=lambda one: (int(one.changed.sum()), float(np.max(one.moved, initial=0.0))))
        beyond = worst.moved > _limit(arm)
        found[name] = {
            "rows": len(worst.moved),
            "moved": int(beyond.sum()),
            "flipped": int((worst.changed & beyond).sum()),
            "most": float(np.max(worst.moved, initial=0.0)),
        }
    return found


RANDOM = Moved(
    "the same rows get different answers",
    "when scored twice",
    "Pass training=self.training to functional dropout, or use nn.Dropout; a fit function calls model.eval() first.",
)
KEPT = Moved(
    "something of an earlier call is kept",
    "when scored after another row",
    "Keep nothing of a batch for the next: forward begins with a fresh hidden state, and in eval mode changes no mean.",
)


@probe_check(
    "padding.leaks",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when rows get eight more columns of padding.",
)
def padding_leaks(asked: Asked, code: str, threshold: str) -> Findings:
    """A prediction changes with the amount of padding.

    **What it means.** Padding is read as tokens: by a mean, the state behind the last token, attention without a mask.
    A row's answer then depends on the longest row beside it.

    **How it is decided.** Up to 200 rows are scored as they are, and with eight more columns of padding.

    **Thresholds.** As in `eval.stochastic`.

    **What it cannot see.** Models that are given as functions on token lists pad by themselves.

    **What to do.** Use `lengths`: mask the mean, take the state at the last token, mask attention. The padding id is
    `info.pad_id`.
    """
    remedy = "Mask padding by `lengths` in forward: mean over real tokens, state of the last one, attention mask."
    moved = Moved("a prediction depends on its padding", "with eight more columns of padding", remedy)
    return report_moved(asked, code, {"padding": moved}, threshold)


@probe_check(
    "padding.batch",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) with the other rows of the batch.",
)
def padding_batch(asked: Asked, code: str, threshold: str) -> Findings:
    """A prediction depends on the other rows of its batch.

    **What it means.** A score that was measured in batches is not that of rows one by one. Batch normalisation in
    training mode, a softmax over the wrong axis, and padding that is read do this.

    **How it is decided.** Up to 200 rows are scored in batches of equal length, in batches of 32 drawn at random, and
    50 of them one by one.

    **Thresholds.** As in `eval.stochastic`.

    **What it cannot see.** Whether padding is the reason: see `padding.leaks`.

    **What to do.** Call `model.eval()`, check the axis of every mean, softmax and normalisation. `forward` takes rows
    first.
    """
    remedy = "Check every mean, softmax and normalisation for the axis of rows; batch normalisation needs eval mode."
    moved = Moved("a prediction depends on the other rows of its batch", "with other rows in the batch", remedy)
    return report_moved(asked, code, {"mates": moved, "alone": moved}, threshold)


@probe_check(
    "eval.stochastic",
    "A class probability moves by more than 0.001 (0.03 in 16 bits) when the same batches are scored twice, or after "
    "another row.",
)
def eval_stochastic(asked: Asked, code: str, threshold: str) -> Findings:
    """The same input gives different outputs.

    **What it means.** Something random is at work while the model is scored, as dropout without
    `training=self.training`, or it keeps something of one call for the next, as a hidden state: its score is one of
    many.

    **How it is decided.** Up to 200 rows are scored twice in the same batches, in evaluation mode, and a third time
    after another row.

    **Thresholds.** As in the rule. Severity: warning; error where a predicted class changes.

    **What it cannot see.** Randomness that is drawn once, when the model is built; what is kept of much earlier calls.

    **What to do.** Pass `training=self.training` to functional dropout, or use `nn.Dropout`. Set what is kept to its
    start at the beginning of `forward`. A fit function calls `model.eval()` before it predicts.
    """
    return report_moved(asked, code, {"again": RANDOM, "later": KEPT}, threshold)
