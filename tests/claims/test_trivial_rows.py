"""The best trivial baseline row by row: kept with a study, paired like a variant without seeds, in tables too."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar import run
from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.headline_numbers import compare_with_trivial, measure_headline
from brittlestar.claims.judge import judge_claim
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.pairing import pair_runs, read_rows
from brittlestar.claims.several import judge_all
from brittlestar.claims.study_outcomes import StudyOutcomes, judge_study, make_outcomes
from brittlestar.claims.trivial_findings import below_trivial
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.store.audit_document import is_whole
from brittlestar.store.layout import TRIVIAL, Store, open_store
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_record import read_record
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.verbs.judge import judge
from tests.answers import make_answers
from tests.execution.tiny import contents

CLAIM = "a > best-trivial by 0.01 on accuracy"


def write_data(folder: Path) -> Path:
    """Rows whose label is told by one token, mostly; a third of test's rows are rows of train, and groups hold four."""
    random = np.random.default_rng(0)

    def line(k: int) -> tuple[str, str, str]:
        label = int(random.random() < 0.6)
        marked = random.random() < 0.8
        tokens = [*random.choice(list("cdefg"), 6).tolist(), "ab"[label if marked else 1 - label]]
        return " ".join(random.permutation(tokens).tolist()), "xy"[label], f"g{k // 4}"

    rows = {name: [line(k + start) for k in range(many)] for name, many, start in SIZES}
    rows["test"][:30] = rows["train"][:30]
    folder.mkdir()
    for name, lines in rows.items():
        text = "\n".join(["sequence,label,group", *(",".join(one) for one in lines)])
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return folder


SIZES = (("train", 120, 0), ("dev", 60, 1_000), ("test", 90, 2_000))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, StudyRecord]:
    """A finished study, its cells trained for an epoch."""
    place = tmp_path_factory.mktemp("trivial")
    settings = {"training.epochs": "1", "model.hidden": "8", "model.layers": "1", "variants": "{}"}
    run(write_data(place / "data"), out=place / "s", settings=settings, seeds=2, executor="serial")
    return open_store(place / "s"), read_record(open_store(place / "s"))


def answered(study: tuple[Store, StudyRecord]) -> tuple[StudyRecord, AnsweredRows]:
    return study[1], AnsweredRows(*study)


@pytest.mark.parametrize("split", ["test", "test:unseen", "dev", "train"])
@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "macro_f1", "log_loss"])
def test_a_studys_best_trivial_baseline_has_the_score_of_its_baselines_from_its_rows(
    study: tuple[Store, StudyRecord], split: str, metric: str
) -> None:
    found = make_outcomes(*answered(study), split, metric)
    assert found.seedless == {BEST_TRIVIAL} and not found.constants
    assert study[1].audit is not None and study[1].audit.trivial_baselines is not None
    population, place = "unseen" if split.endswith(":unseen") else "all", split.partition(":")[0]
    expected = study[1].audit.trivial_baselines.best(place, metric, population).score(place, metric, population).value
    assert found.scores(BEST_TRIVIAL, metric) == pytest.approx([expected], abs=1e-6)


def test_the_headline_and_the_finding_name_the_baseline_that_is_hardest_to_beat(
    study: tuple[Store, StudyRecord],
) -> None:
    store, record = study
    assert record.audit is not None and record.audit.trivial_baselines is not None
    answers = AnsweredRows(store, record)
    numbers = measure_headline(record, answers, [])
    assert numbers is not None and numbers.all.claim is not None
    name = numbers.all.baseline
    assert name == numbers.all.claim.baseline and name in {
        leader.name for leader in record.audit.trivial_baselines.leaders()
    }
    judged = JudgedStudy(record, (), compare_with_trivial(record, answers))
    (found,) = below_trivial.function(judged)
    assert found.evidence["best_trivial"] == name and f"({name})" in found.summary
    nothing = measure_headline(replace(record, audit=None), answers, [])
    assert nothing is not None and nothing.all.baseline is None


def test_what_has_no_rows_is_a_constant_and_a_split_that_nobody_audited_is_told(
    study: tuple[Store, StudyRecord],
) -> None:
    store, record = study
    here = AnsweredRows(store, record)["test"]
    assert BEST_TRIVIAL in make_outcomes(record, {"test": here}, "test", "ece").variants
    trivial = {name: replace(one, confidence=None) for name, one in here.trivial.items()}  # as older stores are
    found = make_outcomes(record, {"test": replace(here, trivial=trivial)}, "test", "ece")
    assert BEST_TRIVIAL in found.constants and BEST_TRIVIAL not in found.variants
    more = replace(record, splits={**record.splits, "shift_new": record.splits["test"]})
    (store.data / "shift_new").mkdir()
    (store.data / "shift_new" / "rows.parquet").write_bytes((store.data / "test" / "rows.parquet").read_bytes())
    claim = parse_claim("main > best-trivial by 0.01 on accuracy on shift_new")
    cells = tuple(replace(cell, scores={**cell.scores, "shift_new": cell.scores["test"]}) for cell in more.cells)
    (found,) = judge_study(*answered((store, replace(more, cells=cells))), [claim])
    assert found.verdict == "inconclusive" and "No trivial baseline was scored on shift_new" in found.sentence


def test_the_answers_of_a_study_are_the_same_bytes_and_are_checked(
    study: tuple[Store, StudyRecord], tmp_path: Path
) -> None:
    store, _ = study
    settings = {"training.epochs": "1", "model.hidden": "8", "model.layers": "1", "variants": "{}"}
    again = run(write_data(tmp_path / "data"), out=tmp_path / "s", settings=settings, seeds=2, executor="serial")
    assert contents(again.store)["trivial.parquet"] == store.backend.read(TRIVIAL)
    whole = json.loads((again.store / "audit.json").read_bytes())
    copy = Store(again.store)
    assert is_whole(copy, whole["trivial"])
    bytes_ = copy.path(TRIVIAL).read_bytes()
    for damage in (bytes_[:-5], None):
        copy.path(TRIVIAL).unlink()
        if damage is not None:
            copy.path(TRIVIAL).write_bytes(damage)
        with pytest.raises(InputError, match=r"trivial\.parquet is missing or not as it was written"):
            read_record(copy)
        run(tmp_path / "data", out=tmp_path / "s", settings=settings, seeds=2, executor="serial")
        assert copy.path(TRIVIAL).read_bytes() == bytes_, "the same command mends it"


def made(n: int, m: int, seed: int = 0, groups: np.ndarray | None = None) -> Outcomes:
    """A model that is right in 97 % and a baseline in 72 % of rows, independently."""
    random = np.random.default_rng(seed)
    mine, other = random.random((n, m)) < 0.97, random.random((1, m)) < 0.72
    runs = {"a": Runs(tuple(range(n)), mine.astype(float)), BEST_TRIVIAL: Runs((0,), other.astype(float))}
    return Outcomes(runs, groups=groups, seedless=frozenset({BEST_TRIVIAL}))


@pytest.mark.parametrize("n", [5, 20])
def test_it_is_the_pair_with_its_run_repeated_for_every_seed(n: int) -> None:
    outcomes = made(n, 300)
    repeated = np.repeat(np.asarray(outcomes.variants[BEST_TRIVIAL].outcome), n, axis=0)
    plain = Outcomes({"a": outcomes.variants["a"], "b": Runs(tuple(range(n)), repeated)})
    here = judge_claim(outcomes, parse_claim({"claim": CLAIM, "looks": [n]}))
    there = judge_claim(plain, parse_claim({"claim": "a > b by 0.01 on accuracy", "looks": [n]}))
    assert here.interval == pytest.approx(there.interval) and here.estimate == pytest.approx(there.estimate)
    assert here.per_seed == pytest.approx(there.per_seed)
    fixed = {"looks": [n], "population": "fixed-test-set"}
    exact = judge_claim(outcomes, parse_claim({"claim": CLAIM, **fixed}))
    values = np.asarray(outcomes.variants["a"].outcome).mean(axis=1)
    assert exact.interval is not None and here.interval is not None
    assert exact.interval[1] - exact.interval[0] < here.interval[1] - here.interval[0]
    assert exact.estimate == pytest.approx(values.mean() - repeated.mean())


def table(n: int, name: str = BEST_TRIVIAL, seeds: int = 1) -> pl.DataFrame:
    outcomes = made(n, 60)
    lines = [
        (variant, seed, row, float(runs.outcome[seed if variant == "a" else 0, row]))  # type: ignore[index]
        for variant, runs in outcomes.variants.items()
        for seed in (range(n) if variant == "a" else range(seeds))
        for row in range(60)
    ]
    frame = pl.DataFrame(lines, schema=["variant", "seed", "example", "outcome"], orient="row")
    return frame.with_columns(pl.col("variant").replace({BEST_TRIVIAL: name}))


@pytest.mark.parametrize("name", [BEST_TRIVIAL, "shortcut-ladder"])
def test_a_tables_best_trivial_baseline_of_one_seed_stands_for_every_seed(name: str) -> None:
    claim = {"claim": CLAIM, "looks": [6]}
    found, plain = judge(table(6, name), claim), judge_claim(made(6, 60), parse_claim(claim))
    assert found.interval == pytest.approx(plain.interval) and found.lost == {}
    several = judge(table(6, name, seeds=6), claim)
    assert several.interval == pytest.approx(plain.interval), "with the same run for each seed"
    with pytest.raises(InputError, match="a score is given for it"):
        judge(table(6, name), claim, best_trivial=0.7)


def test_a_score_alone_is_taken_as_exact_and_the_sentence_says_so() -> None:
    own = table(6).filter(pl.col("variant") == "a")
    found = judge(own, {"claim": CLAIM, "looks": [6]}, best_trivial=0.72)
    assert "its score is taken as exact" in found.sentence
    rows = judge(table(6), {"claim": CLAIM, "looks": [6]})
    assert "exact" not in rows.sentence
    assert found.interval is not None and rows.interval is not None
    assert found.interval[1] - found.interval[0] < rows.interval[1] - rows.interval[0]
    fixed = judge(own, {"claim": CLAIM, "looks": [6], "population": "fixed-test-set"}, best_trivial=0.72)
    assert "exact" not in fixed.sentence, "these rows are all that is asked for"


def test_all_splits_of_a_claim_are_read_by_the_name_of_the_claim(study: tuple[Store, StudyRecord]) -> None:
    read = StudyOutcomes(*answered(study))
    claim = parse_claim("main - best-trivial > main@dev - best-trivial by 0.01 on accuracy")
    pair = pair_runs(read.of(claim), claim.arm, claim.other, "accuracy")
    assert [one.label for one in pair.seedless] == [BEST_TRIVIAL] * 2
    assert [row.n_rows for row in read_rows(pair)] == [90, 60]
    assert pair.rows == 150


def test_a_claim_holds_against_every_baseline_that_dev_cannot_tell_from_the_best() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 2_000)

    def runs(right: float, n: int = 1) -> Runs:
        predicted = np.where(random.random((n, len(labels))) < right, labels, 1 - labels)
        return Runs(tuple(range(n)), answers=make_answers(predicted, labels))

    trivial = {"low": runs(0.70), "high": runs(0.80), "middle": runs(0.75)}
    variants = {"main": runs(0.83, 5), BEST_TRIVIAL: trivial["high"]}
    read = Outcomes(variants, seedless=frozenset({BEST_TRIVIAL}), trivial=trivial, baseline="high")
    each = {}
    for threshold, verdict in ((0.001, "supported"), (0.03, "inconclusive"), (0.08, "refuted")):
        claim = parse_claim(f"main > best-trivial by {threshold} on accuracy")
        each = {name: judge_all([(replace(read.choose_baseline(name), trivial={}), claim)])[0] for name in trivial}
        (found,) = judge_all([(read, claim)])
        assert found.verdict == verdict == each["high"].verdict and found.baseline == "high"
        assert found.interval == each["high"].interval and found.p == max(one.p or 0.0 for one in each.values())
        assert "The difference to high, the hardest to beat of 3 that dev cannot tell apart, is " in found.sentence
    assert each["low"].verdict != "refuted"
    both = judge_all([(read, parse_claim(f"main > best-trivial by {t} on accuracy")) for t in (0.001, 0.08)])
    assert [judgement.verdict for judgement in both] == ["supported", "refuted"]
