"""Facts counted by other means are in the JSON of an audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from brittlestar.core.catalogue import find_checks
from exam.facts import FACTS, Fact, as_text, compared, main, status
from exam.scoring import audited
from exam.twins import TWINS, twin


@pytest.mark.parametrize("name", TWINS)
def test_an_audit_of_a_twin_reports_what_was_counted(name: str) -> None:
    case, facts = twin(name)
    rows = compared(facts, audited(case).document)
    assert not [row for row in rows if not row["met"]], as_text(name, rows)


def test_every_fact_is_about_something_an_audit_reports() -> None:
    assert set(FACTS) >= {"hdfs_logkeys", "splice_junction", "scan_last_action_jump", "sst2_reviews"}
    assert {"label.conflict", "data.duplicates", "label.imbalance", "label.missing", "data.sorted"} <= set(
        find_checks("data")
    )


def test_a_fact_is_met_within_its_tolerance_and_never_by_silence() -> None:
    fact = Fact("x", 0.5, lambda document: None, 0.01)
    assert fact.met(0.509) and not fact.met(0.52) and not fact.met(None)
    assert Fact("x", "present", lambda document: None).met("present")
    assert not Fact("x", "absent", status("leak.exact")).met(status("leak.exact")({"findings": []}))


def test_the_command_needs_a_folder_with_known_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2 and main([str(tmp_path)]) == 2
    assert "holds none of hdfs_logkeys" in capsys.readouterr().err
    (tmp_path / "sms_spam").mkdir()
    (tmp_path / "sms_spam" / "train.csv").write_text("sequence,label\n" + "a b,ham\nc d,spam\n" * 30)
    assert main([str(tmp_path)]) == 1
    assert "NOT rows of test also in train" in capsys.readouterr().out
