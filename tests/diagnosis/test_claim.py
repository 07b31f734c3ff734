from dataclasses import replace

import pytest

from .synthetic import cell, falling, findings, of, study, told, variant

CODE = "claim.unequal-budget"


def cells_of(name, seeds=5, **kwargs):
    return [cell(name, seed, **kwargs) for seed in range(seeds)]


def run(cells, **variants):
    return of(findings(CODE, study(cells, variants=variants)), CODE, "shuffled")


def test_equal_variants():
    told(run(cells_of("main") + cells_of("shuffled")), "absent", "5 seeds")


def test_the_shuffled_variant_trained_three_epochs():
    found = run(
        cells_of("main") + cells_of("shuffled", dev_loss=falling(0.69, 0.3, 3)),
        shuffled=variant("shuffled", {"training.epochs": 3}),
    )
    assert (found.status, found.severity) == ("present", "error")
    assert found.evidence["differences"] == {"training.epochs": [3, 20]}
    assert "training.epochs 3 against 20" in found.summary


def test_epochs_that_were_run_count_too():
    found = run(cells_of("main") + cells_of("shuffled", dev_loss=falling(0.69, 0.3, 12)))
    assert found.status == "present"
    assert found.evidence["differences"] == {"epochs run": [[12], [20]]}


def test_early_stopping_in_both_may_end_at_different_epochs():
    patient = {"training.early_stopping.patience": 5}
    found = run(
        cells_of("main") + cells_of("shuffled", dev_loss=falling(0.69, 0.3, 12)),
        main=variant("main", patient),
        shuffled=variant("shuffled", patient),
    )
    assert found.status == "absent"


def test_a_stated_difference_is_marked_with_its_reason():
    stated = variant("shuffled", {"training.epochs": 40}, unequal_budget="needs longer")
    found = run(cells_of("main") + cells_of("shuffled"), shuffled=stated)
    assert (found.status, found.severity) == ("present", "warning")
    assert "stated: needs longer" in found.summary


@pytest.mark.parametrize("state", ["failed", "lost"])
def test_a_failed_cell_makes_seeds_unequal(state):
    cells = cells_of("main") + cells_of("shuffled")
    cells[-1] = replace(cells[-1], state=state, outcome=None)
    found = run(cells)
    assert (found.status, found.severity) == ("present", "warning")
    assert "without a partner: 4" in found.summary


def test_the_budget_of_a_fit_function_was_not_observed():
    fitted = cells_of("shuffled", outcome="fitted", curves={}, epochs=None, best_epoch=None)
    told(run(cells_of("main") + fitted), "inconclusive", "the training of shuffled was not observed")


def test_seeds_that_a_registered_claim_asked_for_are_no_difference():
    cells = cells_of("main", seeds=10) + cells_of("shuffled")
    claims = ({"claim": "main > bag by 0.01 on accuracy", "registered": True},)
    found = of(findings(CODE, replace(study(cells), claims=claims)), CODE, "shuffled")
    assert found.status == "absent" and "5 and 10 seeds done" in found.summary
    lost = [replace(one, state="lost") if one.seed == 2 else one for one in cells_of("shuffled")]
    found = of(findings(CODE, replace(study(cells_of("main", seeds=10) + lost), claims=claims)), CODE, "shuffled")
    assert found.status == "present" and "without a partner: 2." in found.summary
    imported = [replace(one, outcome="imported") for one in cells]
    found = of(findings(CODE, replace(study(imported), claims=claims)), CODE, "shuffled")
    assert found.status == "present", "files of predictions are planned by nobody"


def test_a_study_at_work_is_not_unequal_yet():
    cells = cells_of("main") + cells_of("shuffled")
    cells[-1] = replace(cells[-1], state="planned", outcome=None)
    told(run(cells), "inconclusive", "1 runs that are still to come")
