"""The column of differences: main's is that of the headline, and others stand beside it on equal terms."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brittlestar import report
from brittlestar.claims.against_trivial import compare_variants
from brittlestar.claims.headline_numbers import HeadlineNumbers
from brittlestar.claims.sentences import choose_judgement
from brittlestar.core.results import StudyRecord
from brittlestar.pipeline.assess import assess_study
from brittlestar.reports.paper.table import TableRequest
from brittlestar.store.layout import open_store
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_record import read_record
from tests.zoo import Zoo

Study = tuple[StudyRecord, AnsweredRows, HeadlineNumbers]


@pytest.fixture
def study(zoo: Zoo) -> Study:
    """Main and a bag, two seeds each."""
    store = open_store(zoo.find("trained") / "data.study")
    record = read_record(store)
    numbers = assess_study(store, record).numbers
    assert numbers is not None
    return record, AnsweredRows(store, record), numbers


def find_mean(record: StudyRecord, variant: str, split: str, metric: str) -> float:
    return float(np.mean([cell.scores[split]["best"][metric] for cell in record.list_finished(variant, split)]))


def test_mains_difference_is_that_of_the_headline_and_others_have_its_level_and_baseline(study: Study) -> None:
    record, answers, numbers = study
    found = compare_variants(record, answers, "test", record.metric, numbers)
    audit = record.audit
    assert numbers.all.claim is not None and [*found] == ["main", "bag"]
    known = choose_judgement(numbers.all.claim)
    assert found["main"] == known
    assert audit is not None and audit.trivial_baselines is not None and found["bag"].baseline == known.baseline
    assert found["bag"].level == pytest.approx(found["main"].level) and found["bag"].population == "this-model"
    (baseline,) = [member for member in audit.trivial_baselines.members if member.name == known.baseline]
    trivial = baseline.score("test", record.metric).value
    for name, judgement in found.items():
        assert trivial is not None
        assert judgement.estimate == pytest.approx(find_mean(record, name, "test", record.metric) - trivial, abs=1e-6)


def test_elsewhere_every_difference_is_to_the_best_there_at_95_per_cent(study: Study) -> None:
    record, answers, numbers = study
    for split, metric in (("dev", record.metric), ("test", "macro_f1"), ("test", "log_loss")):
        found = compare_variants(record, answers, split, metric, numbers)
        assert record.audit is not None and record.audit.trivial_baselines is not None
        trivial = record.audit.trivial_baselines.best(split, metric).score(split, metric).value
        assert trivial is not None
        for name, judgement in found.items():
            turn = -1 if metric == "log_loss" else 1  # lower is better, and the claim is turned
            expected = find_mean(record, name, split, metric) - trivial
            assert turn * (judgement.estimate or 0.0) == pytest.approx(expected, abs=1e-6) and judgement.level == 0.05


def test_nothing_is_made_up_of_crossed_runs_or_without_an_audit(study: Study) -> None:
    record, answers, numbers = study
    crossed = replace(record, streams={**record.streams, "init": "crossed", "order": "crossed"})
    assert "bag" not in compare_variants(crossed, answers, "test", "accuracy", None)
    unaudited = replace(record, audit=None)
    assert compare_variants(unaudited, answers, "test", "accuracy", None) == {}
    assert compare_variants(record, answers, "tset", "accuracy", numbers) == {}


def test_the_table_of_a_report_has_them(zoo: Zoo, tmp_path: Path) -> None:
    place = zoo.copy("trained", tmp_path) / "data.study"
    report(place, table=TableRequest())
    table = (place / "report" / "paper" / "table.tex").read_text(encoding="utf-8")
    assert "& difference \\" in table and "these 2 models, new rows); * where it excludes 0." in table
