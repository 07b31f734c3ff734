from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.results import SET, Setting
from brittlestar.core.seen_training import SeenTraining

from .synthetic import cell, diverged, findings, noise, of, split, study, told


def cells_of(name, scores, metric="accuracy"):
    return [cell(name, seed, test=float(score), metric=metric) for seed, score in enumerate(scores)]


def run(code, cells, name="main", **kwargs):
    return of(findings(code, study(cells, **kwargs)), code, name)


class TestUnstable:
    def test_planted(self):
        base = np.array([0.6, 0.9, 0.7, 0.95, 0.8])
        other = base + np.array([0.01, -0.02, 0.0, 0.01, 0.02])
        found = run("seed.unstable", cells_of("main", base) + cells_of("bidirectional", other))
        assert (found.status, found.severity) == ("present", "warning")
        assert found.evidence["standard_deviation"]["estimate"] == pytest.approx(np.std(base, ddof=1))
        assert found.evidence["largest_effect"] == pytest.approx(0.004)
        assert "--seeds 20" in str(found.remedy)

    def test_a_small_spread_and_no_effect_is_not_instability(self):
        cells = cells_of("main", 0.8 + noise(0, 20, 0.005)) + cells_of("bag", 0.8 + noise(1, 20, 0.005))
        assert run("seed.unstable", cells).status == "absent"

    def test_between_it_says_what_is_missing(self):
        found = run("seed.unstable", cells_of("main", [0.8, 0.82, 0.85, 0.78, 0.79]))
        assert found.status == "inconclusive"
        assert "more seeds" in found.evidence["standard_deviation"]["missing"]

    def test_differences_are_paired_by_seed(self):
        cells = cells_of("main", [0.6, 0.9, 0.7, 0.95, 0.8]) + cells_of("late", [0.0, 0.0, 0.75])[2:]
        effect = run("seed.unstable", cells).evidence["effects"]["late"]
        assert effect == pytest.approx(0.05)


class TestCollapse:
    # 1,000 rows, trivial .5: one standard error is .0158, so 2 are .532 and 5 are .579

    def test_two_modes(self):
        found = run("seed.collapse", cells_of("main", [0.9, 0.91, 0.5, 0.92, 0.51]))
        assert (found.status, found.severity) == ("present", "error")
        assert (found.evidence["collapsed_seeds"], found.evidence["of"]) == ([2, 4], 5)
        assert found.evidence["rate_interval"] == pytest.approx([0.0527, 0.8534], abs=1e-3)
        assert "2 of 5 seeds collapsed (2, 4;" in found.summary
        assert "the others score 0.910" in found.summary

    @pytest.mark.parametrize(("score", "status"), [(0.531, "present"), (0.533, "absent"), (0.2, "present")])
    def test_two_standard_errors_are_the_limit(self, score, status):
        assert run("seed.collapse", cells_of("main", [0.9, 0.9, 0.9, 0.9, score])).status == status

    @pytest.mark.parametrize(("score", "status"), [(0.578, "absent"), (0.58, "present")])
    def test_another_seed_must_be_five_above(self, score, status):
        assert run("seed.collapse", cells_of("main", [0.5, 0.55, 0.55, 0.55, score])).status == status

    def test_all_at_chance_is_unlearned(self):
        found = told(run("seed.collapse", cells_of("main", [0.5, 0.51, 0.49, 0.5, 0.52])), "absent", "unlearned")
        assert found.evidence["unlearned"] is True

    def test_a_diverged_seed_has_collapsed(self):
        found = run("seed.collapse", [*cells_of("main", [0.9, 0.9, 0.9, 0.9]), diverged("main", 4)])
        assert found.status == "present"
        assert found.evidence["diverged_seeds"] == found.evidence["collapsed_seeds"] == [4]

    def test_healthy_seeds(self):
        found = run("seed.collapse", cells_of("main", [0.9, 0.8, 0.85, 0.9, 0.7]))
        assert found.status == "absent"
        assert found.evidence["rate_interval"] == pytest.approx([0, 0.5218], abs=1e-3)
        assert "rate at most 0.52" in found.summary

    def test_twenty_seeds_are_not_asked_for_where_they_are_there(self):
        found = run("seed.collapse", cells_of("main", [0.9] * 19 + [0.5]))
        assert found.status == "present"
        assert "--seeds" not in str(found.remedy) and "training.schedule.warmup=2" in str(found.remedy)

    def test_a_majority_of_99_percent_leaves_no_room(self):
        splits = {"test": split(rows=100, counts={"0": 99, "1": 1})}
        told(
            run("seed.collapse", cells_of("main", [0.99] * 5), splits=splits),
            "inconclusive",
            "no score could lie 5 SE above",
        )


class TestInert:
    def test_planted(self):
        found = run("seed.inert", cells_of("main", [0.8] * 5))
        assert (found.status, found.severity) == ("present", "info")
        counted = {"done": 5, "of": 5, "trainings": 5}
        assert found.evidence == {**counted, "weights_begin_alike": False, "own_seeds": []}
        assert "the seed has no effect on this variant" in found.summary

    def test_a_seed_that_own_code_sets_is_told_with_its_line(self):
        seed = Setting("seed.torch.manual_seed", 42, f"{SET} (own.py:7)")
        cells = [replace(one, held=(seed,)) for one in cells_of("main", [0.8] * 3)]
        found = run("seed.inert", cells)
        assert found.severity == "warning" and "Own code sets torch.manual_seed(42) (own.py:7)." in found.summary

    def test_runs_that_begin_with_the_same_weights_and_end_with_other_scores(self):
        seen = SeenTraining(10, 100, start="abc")
        cells = [replace(one, seen=seen) for one in cells_of("main", [0.8, 0.81, 0.79])]
        found = run("seed.inert", cells)
        assert (found.status, found.severity) == ("present", "warning")
        assert "begin with the same weights" in found.summary
        other = [*cells[1:], replace(cells[0], seen=replace(seen, start="def"))]
        assert run("seed.inert", other).status == "absent"
        unseen = [replace(one, seen=replace(seen, start="")) for one in cells]  # layers of zeros
        assert run("seed.inert", unseen).status == "absent"
        fixed = replace(study(cells), streams={"init": "fixed", "order": "varied"})
        assert of(findings("seed.inert", fixed), "seed.inert", "main").status == "absent"

    def test_one_training_under_five_seeds(self):
        streams = {"init": "fixed", "order": "fixed", "dropout": "fixed", "split": "off", "sampling": "off"}
        cells = [replace(one, hash="1" * 64) for one in cells_of("main", [0.8] * 5)]
        found = of(findings("seed.inert", replace(study(cells), streams=streams)), "seed.inert", "main")
        assert found.status == "present" and found.evidence["trainings"] == 1
        assert "every stream is held fixed" in found.summary and "streams" in str(found.remedy)

    def test_one_digit_of_one_seed_is_a_difference(self):
        assert run("seed.inert", cells_of("main", [0.8, 0.8, 0.8, 0.8, 0.8 + 1e-12])).status == "absent"

    def test_one_seed_cannot_tell(self):
        found = run("seed.inert", cells_of("main", [0.8]))
        assert found.status == "inconclusive" and "`brittlestar run STUDY --seeds 5`" in str(found.remedy)
