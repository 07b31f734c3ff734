"""Runs that another machine is said to have made: what rounding explains, and what it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from brittlestar import verify
from brittlestar.core.cells import Cell
from brittlestar.execution.serial import Serial
from brittlestar.records.outcomes import Checked, judge
from brittlestar.records.verify.copies import COPIES, judge_copies, pair_seeds, share_files
from brittlestar.records.verify.drawn import SAME_FILES, RunAgain, bound_rows, judge_drawn
from brittlestar.records.verify.retraining import PROBED, WHAT, Moves, explain, measure_moves
from brittlestar.study.units import unit_of
from brittlestar.verbs.verify import VerifyResult
from tests.command import brittlestar
from tests.records.other_machine import (
    Change,
    copy_seed,
    find_cells,
    make_study,
    name_other_machine,
    raise_scores,
    seal_changed,
)

LSTM, BAG, OWN = (
    {"model": {"own": own, "family": family, "predictions": []}}
    for own, family in ((None, "lstm"), (None, "bag"), ("own:fit", "lstm"))
)
ROWS = 1000
MOVED = "its losses part little by little"


def make_run(seed: int, gained: int, lost: int, variant: str = "main", **more: object) -> RunAgain:
    """A run of an LSTM, so many of whose 1,000 rows are right in one of the two alone."""
    cell = Cell(variant, seed, LSTM if variant == "main" else BAG, {"init": seed}, f"{variant}{seed}")
    run = RunAgain(cell, MOVED, None, False, (gained - lost) / ROWS, gained, lost, ROWS, "drift")
    return replace(run, **more)


def make_same(seed: int, variant: str = "main") -> RunAgain:
    return make_run(seed, 0, 0, variant, told=SAME_FILES, outcome="identical")


def judge_runs(*runs: RunAgain) -> tuple[str, str]:
    found = judge_drawn(runs, "accuracy", "test")
    return judge(found), "\n".join(told for part in found for told in part.details)


def test_a_difference_in_one_direction_differs() -> None:
    outcome, told = judge_runs(make_run(0, 2, 11), make_run(1, 1, 9), make_run(2, 3, 12), make_run(3, 2, 10))
    assert outcome == "differs"
    first = told.splitlines()[0]
    assert first.startswith("main: trained again −0.9 points of accuracy on test, lower in each of 4 runs drawn (p")
    assert first.endswith("rounding has no direction")


def test_the_same_in_both_directions_is_within_a_point_and_says_how_much() -> None:
    outcome, told = judge_runs(make_run(0, 6, 4), make_run(1, 4, 7), make_run(2, 5, 5), make_run(3, 5, 4))
    assert outcome == "equivalent"
    assert told.splitlines()[0] == (
        "within 1 point: the largest difference is −0.3 points of accuracy (7 rows right in the record alone, 4 now "
        "alone) on test, of main seed 1"
    )


def test_too_few_runs_and_rows_cannot_be_told() -> None:
    outcome, told = judge_runs(make_run(0, 2, 11))
    assert outcome == "cannot-tell" and told.startswith("too few runs and rows to say whether it is within 1 point: ")


def test_raised_scores_of_one_variant_show_beside_another_that_only_drifts() -> None:
    drifting = [make_run(seed, *moved, "bag") for seed, moved in enumerate([(5, 4), (4, 5), (6, 5), (4, 4)])]
    outcome, told = judge_runs(*drifting, *(make_run(seed, 1, 11) for seed in range(4)))
    assert outcome == "differs" and told.startswith("main: ") and "bag: trained" not in told


def test_p_values_are_those_of_scipy() -> None:
    lost = [6, 14, 9, 5]
    _, told = judge_runs(*(make_run(seed, 2, one) for seed, one in enumerate(lost)))
    values = [(2 - one) / ROWS for one in lost]
    by_runs, by_rows = stats.ttest_1samp(values, 0).pvalue, stats.binomtest(8, 8 + sum(lost)).pvalue
    assert f"p = {max(by_runs, by_rows):.3f}".replace("0.", ".") in told
    few = [make_run(seed, 1, 4, moved="few") for seed in range(3)]
    assert stats.binomtest(3, 15).pvalue < 0.05 and judge_runs(*few)[0] == "differs"
    assert judge_runs(*few[:2])[0] != "differs" and stats.binomtest(2, 10).pvalue > 0.05
    low, high = bound_rows(few)
    assert low < -9 / (3 * ROWS) < high


@pytest.mark.parametrize("seeds", [2, 3, 4, 8])
def test_honest_differences_are_seldom_called_so(seeds: int) -> None:
    """Each run drifts by as much as rows do by themselves, or by more than that, as runs do."""
    random, wrong, many = np.random.default_rng(seeds), 0, 400
    for _ in range(many):
        better = np.clip(random.normal(0.5, 0.15, seeds), 0.05, 0.95)
        gained = random.binomial(30, better)
        wrong += judge_runs(*(make_run(k, int(one), 30 - int(one)) for k, one in enumerate(gained)))[0] == "differs"
    assert wrong <= stats.binom.ppf(0.999, many, 0.05)


def test_a_run_of_its_family_that_came_back_bit_by_bit_leaves_no_other_machine() -> None:
    outcome, told = judge_runs(make_run(0, 5, 6), make_same(1))
    assert outcome == "differs" and "main seed 1 came back bit by bit, so that no other machine explains it" in told


def test_one_of_another_family_does_where_no_drift_is_seen() -> None:
    assert judge_runs(make_run(0, 5, 6, moved="all"), make_same(0, "bag"))[0] == "differs"
    assert judge_runs(make_run(0, 5, 6), make_same(0, "bag"))[0] == "equivalent", "a bag rounds otherwise than an LSTM"


def test_differences_come_first() -> None:
    wrong = make_run(3, 0, 4, told="its losses are of another run", outcome="differs")
    lines = judge_runs(make_same(0), make_same(1), make_same(2, "bag"), wrong)[1].splitlines()
    assert lines == [
        "main seed 3: its losses are of another run",
        f"main seed 0, main seed 1, bag seed 2: {SAME_FILES}",
    ]


FILES = ("predictions.parquet", "steps.parquet", "scores")


def explain_run(
    outputs: np.ndarray, begin: float, end: float, wrong: tuple[str, ...] = FILES, network: bool = True, lost: int = 7
) -> RunAgain:
    return explain(make_run(0, 1, lost), Moves([outputs], begin, end), wrong, unit_of("accuracy"), network)


def move(size: float, changed: int = 0, n: int = 300) -> np.ndarray:
    """Rows that moved by so much, some of them by a whole answer."""
    rows = size * np.random.default_rng(0).lognormal(0, 1.2, n)
    rows[:changed] = 2.0
    return rows


@pytest.mark.parametrize(
    ("run", "outcome", "told"),
    [
        (explain_run(move(3e-7), 1e-7, 3e-7), "equivalent", "its outputs moved as rounding moves them"),
        (explain_run(move(1e-2), 1e-7, 1e-2), None, "its losses part little by little"),
        (explain_run(move(0.3), 2e-7, 0.5), None, "its losses part little by little"),
        (explain_run(move(3e-7, 8), 1e-7, 3e-7), "differs", "8 answers moved, and the others stayed, where rounding"),
        (explain_run(move(0.0, 8), 0.0, 0.0, FILES[::2]), "differs", "8 answers moved, and the others stayed"),
        (explain_run(move(1e-7), 0.0, 0.0, FILES[::2]), "equivalent", "its outputs moved as rounding moves them"),
        (explain_run(move(0.3), 1e-7, 1e-6), "differs", "its answers moved, and its losses did not"),
        (explain_run(move(0.3), 0.01, 0.5), "differs", "its losses are of another run from the first steps on"),
        (explain_run(move(0.3), -1, -1, network=False), None, "its answers moved"),
        (explain_run(move(0.3), -1, -1, network=False, lost=60), "differs", "its answers moved"),
        (
            explain_run(move(1e-9, 8), -1, -1, network=False),
            None,
            "8 answers moved, and the others stayed; −0.6 p",
        ),
        (
            explain_run(move(1e-7), 0, 0, (*FILES, "probes: predictions.npy")),
            "cannot-tell",
            "and not its answers to probes",
        ),
        (explain_run(move(0.0), 0, 0, (PROBED,)), "differs", "and not its answers to probes"),
    ],
)
def test_what_rounding_explains(run: RunAgain, outcome: str | None, told: str) -> None:
    assert run.outcome == outcome and told in run.told
    assert run.told.endswith(" right in the record alone, 1 now alone)"), "what it is worth is always said"


def test_moves_are_measured_by_checkpoint_and_from_the_first_step() -> None:
    values = np.random.default_rng(1).normal(0, 1, (40, 2)).astype(np.float32)
    named = pl.DataFrame({"checkpoint": ["best"] * 20 + ["last"] * 20})

    def make_tables(shift: float, losses: list[float]) -> list[pl.DataFrame]:
        moved = values + np.r_[np.zeros((20, 1)), np.full((20, 1), shift)].astype(np.float32)
        curves = pl.DataFrame({"dev.log_loss": [0.7, *losses]})
        return [named.with_columns(pl.Series("values", moved)), curves, pl.DataFrame({"loss": losses})]

    found = measure_moves(make_tables(0.0, [0.6, 0.5, 0.4]), make_tables(0.5, [0.6, 0.5, 0.2]))
    best, last = found.outputs
    assert best.max() == 0 and last == pytest.approx(0.5 / values.std(), rel=1e-3)
    assert found.begin == found.end == pytest.approx(0.5)
    late = [0.6] * 10
    assert measure_moves(make_tables(0.0, [*late, 0.4]), make_tables(0.0, [*late, 0.2])).begin == pytest.approx(0)
    assert measure_moves(make_tables(0.0, []), make_tables(0.0, [])).end == 0


def make_outcome(outcome: str, digest: str) -> dict[str, object]:
    return {"outcome": outcome, "files": {"predictions.parquet": digest, "steps.parquet": digest * 2}}


@pytest.mark.parametrize(
    ("model", "outcome", "digests", "found", "told"),
    [
        (LSTM, "trained", "abc", "identical", ""),
        (LSTM, "trained", "aba", "differs", "seeds 0, 2 of main left the same, which trained from different seeds"),
        (LSTM, "trained", "aaa", "differs", "seeds 0, 1, 2 of main left the same"),
        (LSTM, "diverged", "aaa", "identical", ""),
        (BAG, "trained", "aaa", "identical", "every seed of main gives the same answers: they are one run"),
        (BAG, "trained", "aab", "differs", "seeds 0, 1 of main left the same"),
        (OWN, "fitted", "aaa", "identical", "every seed of main gives the same answers: they are one run"),
        (OWN, "fitted", "aba", "cannot-tell", "seeds 0, 2 of main left the same: a copy, or its seed decides little"),
    ],
)
def test_seeds_that_left_the_same(model: dict, outcome: str, digests: str, found: str, told: str) -> None:
    cells = [Cell("main", seed, model, {"init": seed}, f"cell{seed}") for seed in range(3)]
    stored = {cell.hash: make_outcome(outcome, digest) for cell, digest in zip(cells, digests, strict=True)}
    pairs = pair_seeds(cells, stored)
    if outcome == "fitted":  # which is asked of answers alone
        equal = [pair for pair in pairs if stored[pair[0].hash] == stored[pair[1].hash]]
        assert not any(share_files(*pair, stored) for pair in pairs)
    else:
        equal = [pair for pair in pairs if share_files(*pair, stored)]
    judged = judge_copies(pairs, equal, stored)
    assert judged.outcome == found and "".join(judged.details).startswith(told) and bool(judged.details) == bool(told)
    fixed = [replace(cell, streams={"init": 0}) for cell in cells]
    assert not pair_seeds(fixed, stored), "seeds whose streams are all the same are one run by design"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("machines") / "made")


def find_part(found: VerifyResult, what: str) -> Checked:
    return next(part for part in found.checked if part.what == what)


def verify_all(study: Path, folder: Path, *changes: Change) -> VerifyResult:
    place = seal_changed(study, folder, name_other_machine, *changes)
    return verify(place, depth="retrain", cells=len(find_cells(study)) * 2, executor=Serial())


def test_the_honest_twin_is_the_same_and_says_how_many_were_drawn(study: Path, tmp_path: Path) -> None:
    place = seal_changed(study, tmp_path / "honest", name_other_machine)
    found = verify(place, depth="retrain", cells=1, executor=Serial())
    assert found.outcome == "identical" and find_part(found, WHAT).details[0] == (
        "1 of 4 runs drawn: one forged run of main is missed 1 times in 2, and every one of bag (--cells 4 trains all)"
    )
    assert found.next is not None and found.next.endswith("--depth retrain --cells 4") and found.runs == 4
    whole = verify(place, depth="retrain", cells=4, executor=Serial())
    assert whole.next is not None and whole.next.endswith("--depth replicate") and whole.runs == 0


def test_one_run_of_each_variant_that_a_claim_names_is_drawn_first(study: Path, tmp_path: Path) -> None:
    place = seal_changed(study, tmp_path / "drawn", name_other_machine)
    told = find_part(verify(place, depth="retrain", cells=2, executor=Serial()), WHAT).details[0]
    assert told.startswith("2 of 4 runs drawn: one forged run of ") and "every one of" not in told


def test_scores_raised_in_every_run_differ(study: Path, tmp_path: Path) -> None:
    found = verify_all(study, tmp_path / "all", raise_scores((0, 1), 4))
    told = find_part(found, WHAT).details
    assert (
        found.exit_code == 3 and told[0].startswith("main: trained again −") and "each of 2 runs drawn (p = " in told[0]
    )
    assert "8 answers moved, and the others stayed" in told[1] and "4 rows right in the record alone, 0 now" in told[1]
    assert {part.outcome for part in found.checked if part.what != WHAT} == {"identical"}, "nothing else shows it"


def test_scores_raised_beside_losses_that_were_touched_differ(study: Path, tmp_path: Path) -> None:
    found = verify_all(study, tmp_path / "hidden", raise_scores((1,), 4, hidden=1e-6))
    assert find_part(found, WHAT).details[0].startswith("main seed 1: ")
    assert "4 answers moved" in find_part(found, WHAT).details[0].replace("8 answers", "4 answers")


@pytest.mark.parametrize("depth", ["hashes", "recompute"])
@pytest.mark.parametrize("touched", [False, True])
def test_a_copied_seed_is_found_at_every_depth(study: Path, tmp_path: Path, depth: str, touched: bool) -> None:
    changes = [copy_seed(0, 1), *([raise_scores((1,), 0, hidden=1e-6)] if touched else [])]
    place = seal_changed(study, tmp_path / "copied", *changes)
    found = verify(place, depth=depth)
    assert find_part(found, COPIES).outcome == "differs" and found.exit_code == 3
    assert find_part(found, COPIES).details == (
        "seeds 0, 1 of main left the same, which trained from different seeds they cannot: a copy",
        "every seed of bag gives the same answers: they are one run",  # a bag begins at zero, and has one batch here
    )
    said = brittlestar("verify", place, "--depth", depth)
    assert said.code == 3 and said.output.splitlines()[1].startswith("differs")
