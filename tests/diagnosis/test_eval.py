from dataclasses import replace

import numpy as np

from brittlestar.core.scores import majority_scores, score
from brittlestar.core.seeds import generator

from .synthetic import cell, diverged, falling, findings, noise, of, split, study, told, turning, variant


def overfitted(seed, **kwargs):
    dev = turning(0.69, 0.4, 8 + seed % 3, 0.03)
    return cell(seed=seed, dev_loss=dev, dev=falling(0.5, 0.85) + noise(seed, 21, 0.01), **kwargs)


def run(code, cells, variant="main", **kwargs):
    return of(findings(code, study(cells, **kwargs)), code, variant)


def rescored(done, checkpoint, log_loss):
    dev = {**done.scores["dev"], checkpoint: {**done.scores["dev"][checkpoint], "log_loss": log_loss}}
    return replace(done, scores={**done.scores, "dev": dev})


class TestCheckpoint:
    def test_healthy(self):
        told(run("eval.checkpoint", [overfitted(s) for s in range(5)]), "absent", "5 of 5 runs")

    def test_live_tensors_best_weights_are_the_last_ones(self):
        cells = [rescored(c, "best", c.scores["dev"]["last"]["log_loss"]) for c in map(overfitted, range(5))]
        found = run("eval.checkpoint", cells)
        assert (found.status, found.severity) == ("present", "error")
        assert (found.evidence["faulty"], found.evidence["of"]) == (5, 5)
        assert "the best checkpoint holds the last weights" in found.summary
        assert "clone()" in str(found.remedy) and "--cell" in str(found.remedy)

    def test_float_noise_and_ties_are_no_fault(self):
        noisy = overfitted(0)
        noisy = rescored(noisy, "best", noisy.scores["dev"]["best"]["log_loss"] + 1e-5)
        tied = cell(seed=1, dev_loss=np.array([0.69, 0.4, 0.4, 0.5, 0.5, 0.5, 0.5]))
        later = replace(tied, best_epoch=2)
        assert run("eval.checkpoint", [noisy, tied, later]).status == "absent"

    def test_a_checkpoint_that_scores_the_same_does_no_harm(self):
        flat = cell(seed=0, dev_loss=np.concatenate([[0.69], np.full(20, 0.4) + noise(0, 20, 1e-5)]))
        assert (
            run("eval.checkpoint", [rescored(flat, "best", flat.scores["dev"]["last"]["log_loss"])]).status == "absent"
        )

    def test_selection_by_accuracy_follows_the_setting(self):
        chosen = {"main": variant("main", {"training.selection.metric": "accuracy"})}
        done = overfitted(0)
        accuracy = done.curves["dev.accuracy"]
        place = int(np.argmax(accuracy))
        dev = {"best": {"accuracy": float(accuracy[place])}, "last": {"accuracy": float(accuracy[-1])}}
        right = replace(done, best_epoch=place, scores={"dev": dev})
        assert run("eval.checkpoint", [right], variants=chosen).status == "absent"
        wrong = replace(right, best_epoch=int(np.argmin(accuracy)))
        assert run("eval.checkpoint", [wrong], variants=chosen).status == "present"

    def test_diverged_cells_and_fit_functions_cannot_be_seen(self):
        assert run("eval.checkpoint", [diverged("main", 0)]).status == "inconclusive"
        fitted = cell(seed=0, outcome="fitted", curves={}, best_epoch=None, epochs=None)
        assert run("eval.checkpoint", [fitted]).status == "inconclusive"

    def test_an_epoch_nobody_selected(self):
        wrong = replace(overfitted(0), best_epoch=3)
        wrong = rescored(wrong, "best", float(wrong.curves["dev.log_loss"][3]))
        told(run("eval.checkpoint", [wrong]), "present", "the best epoch is not the optimum")


IMBALANCED = {"test": split(rows=1050, counts={"0": 1000, "1": 50})}


def scored(accuracies, balanced, name="main"):
    return [
        cell(name, s, test={"accuracy": a, "balanced_accuracy": b})
        for s, (a, b) in enumerate(zip(accuracies, balanced, strict=True))
    ]


class TestMetric:
    def test_accuracy_that_is_only_imbalance(self):
        cells = scored(0.952 + noise(0, 5, 0.001), 0.5 + noise(1, 5, 0.002))
        found = run("eval.metric", cells, splits=IMBALANCED)
        assert (found.status, found.severity) == ("present", "error")
        assert "trivial 0.952" in found.summary
        assert "balanced accuracy gains 0.0" in found.summary or "balanced accuracy gains -0.0" in found.summary

    def test_the_wrong_metric_where_another_tells_them_apart(self):
        cells = scored(0.953 + noise(0, 5, 0.001), 0.85 + noise(1, 5, 0.005))
        found = told(run("eval.metric", cells, splits=IMBALANCED), "present", "balanced_accuracy tells them apart")
        assert "report.metric=balanced_accuracy" in str(found.remedy)

    def test_an_imbalance_that_is_handled(self):
        cells = scored(0.985 + noise(0, 5, 0.001), 0.95 + noise(1, 5, 0.005))
        assert run("eval.metric", cells, splits=IMBALANCED).status == "absent"
        cells = scored(0.93 + noise(0, 5, 0.001), 0.9 + noise(1, 5, 0.005))
        assert run("eval.metric", cells, splits=IMBALANCED, metric="balanced_accuracy").status == "absent"

    def test_an_ablation_at_chance_is_unlearned(self):
        cells = scored([0.9] * 5, [0.9] * 5) + scored(0.5 + noise(0, 5, 0.005), 0.5 + noise(0, 5, 0.005), "shape")
        told(run("eval.metric", cells, "shape"), "absent", "unlearned")

    def test_hardly_better_than_trivial_on_few_rows_is_chance(self):
        few = {"test": split(rows=50)}
        many = {"test": split(rows=5000)}
        cells = scored(0.55 + noise(0, 5, 0.001), 0.55 + noise(0, 5, 0.001))
        assert run("eval.metric", cells, splits=few).status == "present"
        assert run("eval.metric", cells, splits=many).status == "absent"

    def test_three_seeds(self):
        assert run("eval.metric", scored([0.9] * 3, [0.9] * 3)).status == "absent"
        told(run("eval.metric", scored([0.5, 0.51, 0.5], [0.5, 0.51, 0.5])), "inconclusive", "2 more seeds")


def spr(low, high, accuracy=0.8, n=1000, seeds=5):
    """Cells scored on rows whose factor weights are drawn from low..high, errors independent of them."""
    rng = generator(0, "weights")
    weights = {name: rng.integers(low, high + 1, n) for name in ("shape", "colour")}
    labels = rng.integers(0, 2, n)
    cells = []
    for seed in range(seeds):
        wrong = generator(seed, "errors").random(n) > accuracy
        cells.append(cell(seed=seed, test=score(np.eye(2)[np.where(wrong, 1 - labels, labels)], labels, weights)))
    rows = split(rows=n, ranges={name: (int(w.min()), int(w.max())) for name, w in weights.items()})
    majority = majority_scores(labels, labels, weights, 2)
    return cells, {"test": replace(rows, majority=majority)}


class TestFactorMetrics:
    def factors(self, cells, splits):
        found = findings("eval.metric", study(cells, splits=splits, factors=("shape", "colour"), metric="hwa"))
        found = [f for f in found if f.where.get("metric")]
        assert len(found) == 1
        return found[0]

    def test_equal_weights_are_accuracy_by_arithmetic(self):
        found = self.factors(*spr(4, 4))
        assert (found.status, found.severity) == ("present", "info")
        assert "swa, cwa, hwa are accuracy under another name" in found.summary
        assert found.evidence["largest_difference"] < 1e-12

    def test_weights_that_hardly_vary(self):
        told(self.factors(*spr(9, 10)), "present", "at most 0.2 points")

    def test_weights_that_vary_are_another_metric(self):
        assert self.factors(*spr(1, 4)).status == "absent"
