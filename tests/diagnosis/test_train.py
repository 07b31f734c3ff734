from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.explaining import explain_scores

from .synthetic import EPOCHS, cell, diverged, falling, findings, noise, of, study, told, turning, variant


def run(code, cells, variant="main", **kwargs):
    return of(findings(code, study(cells, **kwargs)), code, variant)


def overfitting(seed, name="main", scale=0.01):
    dev = turning(0.69, 0.45, 9, 0.02) + noise(seed, EPOCHS + 1, scale)
    return cell(name, seed, dev_loss=dev, train_loss=falling(0.69, 0.05, tau=6))


class TestOverfit:
    def test_planted(self):
        cells = [overfitting(seed) for seed in range(5)]
        found = run("train.overfit", cells)
        brute = sorted(min(range(21), key=lambda e, c=c: (c.curves["dev.log_loss"][e], e)) for c in cells)
        assert (found.status, found.severity) == ("present", "warning")
        assert found.evidence["onset"]["median"] == brute[2]
        assert abs(brute[2] - 9) <= 1
        assert found.evidence["rise"]["estimate"] == pytest.approx(0.2, abs=0.05)
        assert found.evidence["train_fall"] == {
            "mean": pytest.approx(0.64 * (np.exp(-9 / 6) - np.exp(-19 / 6)), abs=0.03),
            "falling": 5,
            "of": 5,
        }
        assert "--set training.early_stopping.patience=3" in str(found.remedy)
        assert "5 of 5 seeds" in found.summary

    def test_three_seeds_are_too_few_to_say_so(self):
        told(
            run("train.overfit", [overfitting(seed) for seed in range(3)]), "inconclusive", "2 more seeds (at least 5)"
        )

    def test_solved_twin(self):
        cells = [
            cell(seed=s, dev_loss=turning(0.69, 0.002, 8, 0.0008) + abs(noise(s, 21, 0.0005)), dev=falling(0.5, 1.0))
            for s in range(5)
        ]
        assert run("train.overfit", cells).status == "absent"

    @pytest.mark.parametrize("at", [3, 12, 19, 20])
    @pytest.mark.parametrize("jump", [0.4, -0.25])
    def test_one_noisy_dev_epoch(self, at, jump):
        cells = []
        for seed in range(5):
            dev = falling(0.69, 0.3) + noise(seed, 21, 0.003)
            dev[at] += jump
            cells.append(cell(seed=seed, dev_loss=dev))
        assert run("train.overfit", cells).status == "absent"

    def test_dev_rises_and_train_too_is_something_else(self):
        rising = turning(0.69, 0.45, 9, 0.02)
        told(
            run("train.overfit", [cell(seed=s, dev_loss=rising, train_loss=rising) for s in range(5)]),
            "absent",
            "not overfitting",
        )

    def test_strength_makes_it_present_and_weakness_absent(self):
        statuses = []
        for slope in (0.0, 0.001, 0.02):
            dev = turning(0.69, 0.45, 9, slope)
            cells = [cell(seed=s, dev_loss=dev + noise(s, 21, 0.004)) for s in range(5)]
            statuses.append(run("train.overfit", cells).status)
        assert statuses == ["absent", "absent", "present"]


def stuck(seed, name="main", dev=0.8, train=0.99, epochs=EPOCHS):
    accuracy = falling(0.5, dev, epochs, 2) + noise(seed, epochs + 1, 0.005, name)
    return cell(name, seed, dev_loss=falling(0.69, 0.4, epochs), dev=accuracy, train=falling(0.5, train, epochs, 2))


class TestPlateau:
    def test_planted_with_a_variant_that_reaches_more(self):
        cells = [stuck(s, train=0.88) for s in range(5)] + [stuck(s, "wide", 0.93, 0.99) for s in range(5)]
        found = run("train.plateau", cells)
        assert (found.status, found.severity) == ("present", "info")
        assert found.evidence["better"]["variant"] == "wide"
        assert found.evidence["better"]["estimate"] == pytest.approx(0.13, abs=0.01)
        assert "while wide reaches 0.1" in found.summary

    def test_a_model_that_fits_train_has_no_plateau(self):
        cells = [stuck(s) for s in range(5)] + [stuck(s, "wide", 0.93, 0.99) for s in range(5)]
        told(run("train.plateau", cells), "absent", "below train, which is fitted (0.9")

    def test_a_hard_task_with_ceiling_70_is_open_however_large_the_gap(self):
        cells = [stuck(s, dev=0.7, train=0.85) for s in range(8)] + [stuck(s, "wide", 0.7, 0.85) for s in range(8)]
        told(run("train.plateau", cells), "inconclusive", "a variant of this study that reaches more")

    def test_a_variant_that_was_denied_the_input_is_not_measured_against_one_that_had_it(self):
        cells = [stuck(s, dev=0.93) for s in range(5)] + [stuck(s, "shape", 0.7, 0.85) for s in range(5)]
        changed = {"shape": variant("shape", changes={"data.factor": "shape"})}
        assert run("train.plateau", cells, "shape", variants=changed).status == "inconclusive"
        # the other way round the information is there
        cells = [stuck(s, dev=0.7, train=0.85) for s in range(5)] + [stuck(s, "shape", 0.93) for s in range(5)]
        assert run("train.plateau", cells, variants=changed).status == "present"

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [({"dev": 0.995, "train": 1.0}, "no room for a plateau"), ({"dev": 0.7, "train": 0.72}, "no gap above 0.05")],
    )
    def test_solved_or_underfitted_is_absent(self, changed, reason):
        cells = [stuck(s, **changed) for s in range(5)] + [stuck(s, "wide", 0.999) for s in range(5)]
        found = run("train.plateau", cells)
        assert found.status == "absent"
        assert reason in found.summary


class TestShort:
    def test_planted(self):
        cells = [cell(seed=s, dev_loss=np.linspace(0.69, 0.3, 21) + noise(s, 21, 0.005)) for s in range(5)]
        found = run("train.short", cells)
        assert (found.status, found.severity) == ("present", "warning")
        assert found.evidence["gain"]["estimate"] == pytest.approx(6 * 0.39 / 20, abs=0.01)
        assert "training.epochs=40" in str(found.remedy)

    def test_converged(self):
        cells = [cell(seed=s, dev_loss=falling(0.69, 0.3, tau=2) + noise(s, 21, 0.005)) for s in range(5)]
        assert run("train.short", cells).status == "absent"

    def test_few_epochs_are_named(self):
        cells = [cell(seed=s, dev_loss=np.linspace(0.69, 0.5, 4)) for s in range(5)]
        told(run("train.short", cells), "inconclusive", "6 or more epochs")


class TestNonfinite:
    def test_counts_with_denominator_and_interval(self):
        cells = [cell(seed=s) for s in range(4)] + [diverged("main", 4)]
        found = run("train.nonfinite", cells)
        assert (found.status, found.severity) == ("present", "error")
        assert (found.evidence["nonfinite"], found.evidence["of"]) == (1, 5)
        assert found.evidence["share_interval"] == pytest.approx([0.00505, 0.71642], abs=1e-4)
        assert found.evidence["first_epoch"] == {"4": 2}
        assert "1 of 5 runs (seeds 4;" in found.summary

    def test_a_curve_that_is_not_finite_counts_whatever_the_outcome_says(self):
        bad = cell(seed=1)
        curve = bad.curves["train.log_loss"].copy()
        curve[7] = np.inf
        found = run("train.nonfinite", [cell(seed=0), replace(bad, curves={**bad.curves, "train.log_loss": curve})])
        assert found.evidence["first_epoch"] == {"1": 7}

    def test_a_curve_nothing_filled_is_no_fault(self):
        empty = {"dev.log_loss": np.full(21, np.nan), "train.log_loss": falling(0.69, 0.1)}
        assert run("train.nonfinite", [cell(seed=0, curves=empty)]).status == "absent"


def climbing(start=0.69, end=2.0, epochs=EPOCHS, scale=0.05, seed=0):
    return end + (start - end) * np.exp(-np.arange(epochs + 1) / 2) + noise(seed, epochs + 1, scale)


class TestDiverging:
    def test_planted(self):
        found = run("train.diverging", [cell(seed=s, train_loss=climbing(seed=s)) for s in range(5)])
        assert (found.status, found.severity) == ("present", "warning")
        assert (found.evidence["diverging"], found.evidence["of"]) == (5, 5)
        assert found.evidence["seeds"]["0"]["late"] == pytest.approx(2.0, abs=0.1)
        assert "5 of 5 runs" in found.summary and "a uniform guess costs 0.69" in found.summary
        assert "--set training.learning_rate=0.0001 --set training.clip=1.0" in str(found.remedy)

    @pytest.mark.parametrize("seed", range(5))
    def test_noise_about_a_uniform_guess_is_no_divergence(self, seed):
        flat = np.full(21, 0.69) + abs(noise(seed, 21, 0.05))
        assert run("train.diverging", [cell(seed=0, train_loss=flat)]).status == "absent"

    def test_a_bump_that_is_over_and_a_dev_loss_that_rises_are_none(self):
        bump = falling(0.69, 0.2)
        bump[1:10] += 2.0
        assert run("train.diverging", [cell(seed=0, train_loss=bump)]).status == "absent"
        rising = cell(seed=0, dev_loss=turning(0.69, 0.45, 5, 0.2))
        assert run("train.diverging", [rising]).status == "absent"

    def test_a_trained_start_that_rises_to_chance_is_none(self):
        """A model that was trained before starts low: at chance it has lost all, and nothing flew off."""
        assert run("train.diverging", [cell(seed=0, train_loss=climbing(0.2, 0.69, scale=0.01))]).status == "absent"


def test_a_solved_task_whose_loss_goes_on_falling_is_not_short() -> None:
    losses = [np.linspace(0.69, 0.01, 21) + noise(seed, 21, 1e-4) for seed in range(5)]
    solved = [cell(seed=s, dev_loss=loss, dev=falling(0.5, 1.0, tau=2.0)) for s, loss in enumerate(losses)]
    found = run("train.short", solved)
    assert found.status == "absent" and "solved" in found.summary
    unsolved = [cell(seed=s, dev_loss=loss, dev=falling(0.5, 0.9)) for s, loss in enumerate(losses)]
    assert run("train.short", unsolved).status == "present"


class TestHowAModelFails:
    """Where a trivial baseline of the audit reaches .8 on dev."""

    def study(self, train: float, dev: float, loss: float, baseline: float = 0.8) -> StudyRecord:
        scores = {
            "train": {"best": {"balanced_accuracy": train, "accuracy": train, "log_loss": loss}},
            "dev": {"best": {"balanced_accuracy": dev, "accuracy": dev}},
        }
        cells = [cell(seed=seed, outcome="fitted", curves={}, scores=scores) for seed in range(2)]
        best = SimpleNamespace(score=lambda split, metric: SimpleNamespace(value=baseline))
        audit = SimpleNamespace(trivial_baselines=SimpleNamespace(best=lambda split: best), findings=())
        return replace(study(cells), audit=audit)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("train", "dev", "loss", "baseline", "code"),
        [
            (0.6, 0.6, 0.65, 0.8, "train.plateau"),
            (0.6, 0.6, 0.65, 0.6, None),  # the task may allow no more
            (0.66, 0.6, 0.65, 0.8, None),  # it has learned rows of train by themselves
            (0.9, 0.6, 0.05, 0.8, None),
            (0.99, 0.7, 0.01, 0.8, "train.overfit"),
            (0.99, 0.7, 0.01, 0.71, None),
            (0.99, 0.98, 0.01, 1.0, None),
        ],
    )
    def test_it_underfits_or_knows_train_by_heart(
        self, train: float, dev: float, loss: float, baseline: float, code: str | None
    ) -> None:
        record = self.study(train, dev, loss, baseline)
        present = {
            one.code: one.severity
            for name in ("train.plateau", "train.overfit")
            if (one := of(findings(name, record), name, "main")).status == "present"
        }
        assert present == ({} if code is None else {code: "info"})

    def test_it_is_a_hint_beside_what_is_seen_and_explains_nothing(self) -> None:
        low = Finding("eval.below-trivial", "present", "Low.", "Rule.", "error", {"variant": "main"})
        known = of(findings("train.overfit", self.study(0.99, 0.7, 0.01)), "train.overfit", "main")
        told = explain_scores([low, known])
        assert [finding.severity for finding in told] == ["error", "info"]
        other = Finding("train.batching", "present", "Sorted.", "Rule.", "warning", {"variant": "main"})
        assert [score.severity for score in explain_scores([low, known, other])] == ["info", "info", "error"]

    def test_a_model_whose_classes_are_read_in_another_order_does_not_underfit(self) -> None:
        unfit = of(findings("train.plateau", self.study(0.4, 0.4, 0.65)), "train.plateau", "main")
        order = Finding("eval.label-order", "present", "Turned.", "Rule.", "error", {"variant": "main"})
        assert unfit.status == "present" and explain_scores([order, unfit]) == (order,)
        assert explain_scores([replace(order, where={"variant": "bag"}), unfit])[1] == unfit
        codes = ("eval.train-mismatch", "eval.checkpoint", "train.gradient-vanishing")
        follow = [replace(order, code=code, severity="warning") for code in codes]
        told = explain_scores([*follow, order])
        assert [finding.severity for finding in told] == ["info", "info", "info", "error"]
        assert told[-1].evidence["explains"] == sorted(codes)
