"""`python -m exam.probe_exam [--small] [--develop] [--json FILE]`: what probes tell of models, against
what is known.

Every task is run as a study in the usual way, a model a variant; what its probes tell of each model is held against the
rule of the task, and, of greater lengths and of contrasts, against accuracies on files that are scored as splits.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from brittlestar.core.results import CellRecord
from brittlestar.diagnosis.probes.reliance import LEARNED, RELIANCE, ModelAnswer, describe_model
from brittlestar.statistics.proportions import bound_share
from brittlestar.verbs.probe import probe
from brittlestar.verbs.run import run
from exam.probes.graded import DEVELOPMENT, GRADED
from exam.probes.tasks import ProbeTask, study_file, written

Verdict = Literal["agree", "abstain", "disagree", "left out"]

SEEDS = (0, 1, 2, 3)
DEVELOPMENT_SEEDS = (100, 101)
SMALL = ("position", "more", "start", "count-all")
NEAR = 0.02
"""Where the truth is measured, it is not graded this near to the criterion."""
LEAST_LEARNED, LEAST_AGREED, MOST_ABSTAINED = 0.75, 0.97, 0.03
"""What is asked of the exam: shares of all combinations, and of those that are learned."""
MEASURED = {
    "length x 2": ("test", "shift_x2"),
    "length x 4": ("test", "shift_x4"),
    "contrast": ("shift_left", "shift_right"),
}
"""{what is asked: the two splits whose accuracies tell the truth}."""


@dataclass(frozen=True)
class Answer:
    """One question about one model: the word that is `told` and the one that is `true`, the effect that was told with
    its interval, and, where the truth is measured, the accuracy that is really lost (`lost`)."""

    what: str
    told: str
    true: str
    verdict: Verdict
    effect: float | None
    interval: tuple[float, float] | None
    lost: float | None


@dataclass(frozen=True)
class Combination:
    """A task, a model and a seed: the `accuracy` on test, and what was asked."""

    task: str
    model: str
    seed: int
    accuracy: float
    answers: tuple[Answer, ...]

    @property
    def learned(self) -> bool:
        """Whether what is told counts as evidence."""
        return self.accuracy >= LEARNED

    @property
    def verdict(self) -> Verdict:
        """Disagreement weighs most, abstention next. Of what is not learned everything should be inconclusive."""
        found = {answer.verdict for answer in self.answers}
        return "disagree" if "disagree" in found else "abstain" if "abstain" in found else "agree"


def sat(task: ProbeTask, seeds: Sequence[int], folder: Path, data_seed: int = 0, jobs: int = 1) -> list[Combination]:
    """Run the study of a task in `folder`, and grade every model."""
    files = written(task, folder, data_seed)
    store = run(study_file(task, folder, seeds), out=folder / "exam.study", jobs=jobs).store
    record = probe(store, splits=files, jobs=jobs).record
    assert record.probes is not None
    found: list[Combination] = []
    for cell in record.cells:
        answers = describe_model(record.probes, record.probes.cells[cell.hash])
        learned = _accuracy(cell, "test") >= LEARNED
        graded = tuple(_graded(task, cell, answers, learned))
        model = "lstm" if cell.variant == record.main else cell.variant
        found.append(Combination(task.name, model, cell.seed, _accuracy(cell, "test"), graded))
    return found


def _accuracy(cell: CellRecord, split: str) -> float:
    found = cell.scores[split]["best"]["accuracy"]
    return float("nan") if found is None else found


def _graded(task: ProbeTask, cell: CellRecord, answers: Mapping[str, ModelAnswer], learned: bool) -> Iterator[Answer]:
    """Every question whose answer is known."""
    for what, true in task.truth().items():
        yield _answer(what, answers.get(what), true, None, learned)
    for what, (usual, other) in MEASURED.items():
        if {usual, other} <= cell.scores.keys():
            lost = _accuracy(cell, usual) - _accuracy(cell, other)
            yield _answer(what, answers.get(what), "breaks" if lost > RELIANCE else "holds", lost, learned)


def _answer(what: str, given: ModelAnswer | None, true: str, lost: float | None, learned: bool) -> Answer:
    word = "not told" if given is None else given.word
    right = true if learned else "inconclusive"
    verdict: Verdict = "agree" if word == right else "abstain" if word == "inconclusive" else "disagree"
    if learned and lost is not None and abs(lost - RELIANCE) < NEAR:
        verdict = "left out"
    effect = None if given is None else given.effect
    if effect is None:
        return Answer(what, word, true, verdict, None, None, lost)
    return Answer(what, word, true, verdict, effect.estimate, effect.interval(), lost)


def summary(found: Sequence[Combination]) -> dict[str, Any]:
    """The figures as JSON values: by task and model, in all, and every combination."""
    keys = dict.fromkeys((combination.task, combination.model) for combination in found)
    lines = [
        {
            "task": task,
            "model": model,
            **_counts([combination for combination in found if (combination.task, combination.model) == (task, model)]),
        }
        for task, model in keys
    ]
    total = _counts(found)
    learned = total["learned"]
    rates = {
        name: list(bound_share(total[name], learned)) if learned else None for name in ("agree", "abstain", "disagree")
    }
    answers = Counter(answer.verdict for combination in found if combination.learned for answer in combination.answers)
    strict = Counter(_without_leaving_out(combination) for combination in found if combination.learned)
    reached = {
        "learned": learned >= LEAST_LEARNED * len(found),
        "agree": total["agree"] >= LEAST_AGREED * learned,
        "abstain": total["abstain"] <= MOST_ABSTAINED * learned,
        "unlearned": not total["unlearned_told"],
    }
    return {
        "table": lines,
        "total": {**total, "intervals": rates, "answers": dict(answers), "nothing_left_out": dict(strict)},
        "reached": reached,
        "combinations": [
            {**asdict(combination), "learned": combination.learned, "verdict": combination.verdict}
            for combination in found
        ],
    }


def _without_leaving_out(combination: Combination) -> Verdict:
    """The verdict that counts answers near the criterion too."""
    if any(answer.told not in (answer.true, "inconclusive") for answer in combination.answers):
        return "disagree"
    return "abstain" if any(answer.told == "inconclusive" for answer in combination.answers) else "agree"


def _counts(found: Sequence[Combination]) -> dict[str, int]:
    learned = [combination for combination in found if combination.learned]
    verdicts = Counter(combination.verdict for combination in learned)
    told_of = sum(combination.verdict == "disagree" for combination in found if not combination.learned)
    counts = {name: verdicts[name] for name in ("agree", "abstain", "disagree")}
    return {"combinations": len(found), "learned": len(learned), **counts, "unlearned_told": told_of}


def as_text(table: Mapping[str, Any]) -> str:
    """The figures for people: a line a task and model, the totals, and every answer that is not right."""
    names = ("combinations", "learned", "agree", "abstain", "disagree", "unlearned_told")
    lines = [f"{'task':20} {'model':12} {'all':>4} learned agree abstain disagree unlearned but told"]
    for one in (*table["table"], {"task": "all", "model": "", **table["total"]}):
        shown = (f"{one[name]:>{width}}" for name, width in zip(names, (4, 7, 5, 7, 8, 18), strict=True))
        lines.append(f"{one['task']:20} {one['model']:12} " + " ".join(shown))
    total = table["total"]
    for name in ("agree", "abstain", "disagree"):
        if total["learned"]:
            low, high = (100 * one for one in total["intervals"][name])
            share = 100 * total[name] / total["learned"]
            lines.append(f"{name}: {share:.1f} % of those learned (95 % interval {low:.1f} to {high:.1f} %)")
    lines.append("answers: " + ", ".join(f"{many} {name}" for name, many in sorted(total["answers"].items())))
    strict = ", ".join(f"{many} {name}" for name, many in sorted(total["nothing_left_out"].items()))
    lines.append(f"models, if answers within {100 * NEAR:.0f} points of the criterion counted too: {strict}")
    lines.append("reached: " + ", ".join(f"{name} {'yes' if one else 'NO'}" for name, one in table["reached"].items()))
    lines += [
        f"  {one['task']} {one['model']} seed {one['seed']} (accuracy {one['accuracy']:.3f}): {_said(answer)}"
        for one in table["combinations"]
        for answer in one["answers"]
        if answer["verdict"] not in ("agree", "left out")
    ]
    return "\n".join(lines)


def _said(answer: Mapping[str, Any]) -> str:
    said = f"{answer['what']}: {answer['told']} told, {answer['true']} true"
    if answer["effect"] is not None:
        low, high = answer["interval"]
        said += f", {answer['effect']:.3f} [{low:.3f}, {high:.3f}]"
    return said + ("" if answer["lost"] is None else f", really lost {answer['lost']:.3f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Sit the exam; print a table. Exit 1 where what is asked is not reached."""
    parser = argparse.ArgumentParser(prog="python -m exam.probe_exam", description=__doc__)
    parser.add_argument("--small", action="store_true", help="two tasks from one seed")
    parser.add_argument("--develop", action="store_true", help="tasks and seeds that are not graded")
    parser.add_argument("--only", action="append", default=[], help="a task")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, help="every answer as JSON, after each task")
    given = parser.parse_args(arguments)
    tasks = DEVELOPMENT if given.develop else GRADED
    chosen = [task for task in tasks if not given.only or task.name in given.only]
    seeds = DEVELOPMENT_SEEDS if given.develop else SEEDS
    if given.small:
        chosen, seeds = [task for task in tasks if task.name in SMALL], seeds[:1]
    found: list[Combination] = []
    for task in chosen:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            found += sat(task, seeds, Path(folder), seeds[0], given.jobs)
        print(f"{task.name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        if given.json is not None:
            given.json.write_text(json.dumps(summary(found), indent=1, ensure_ascii=False), encoding="utf-8")
    table = summary(found)
    print(as_text(table))
    return 0 if all(table["reached"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
