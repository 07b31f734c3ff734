"""Checks of others, of each kind: by the command line, in a study, and when they are gone."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brittlestar import Check, Finding, InputError, report, run

from ..command import brittlestar, folder
from ..zoo import Zoo

OWN = '''
from brittlestar import Check, Finding

def of(needs, say):
    def check(subject):
        """Says what it has read."""
        yield Finding(f"house.{needs}", "absent", say(subject), "none")
    return Check(f"house.{needs}", check, needs)

DATA = of("data", lambda analysis: f"{analysis.train.n_rows} rows of train")
RECORD = of("record", lambda record: f"{len(record.cells)} runs")
PROBES = of("probes", lambda asked: f"{len(asked.study.probes.conditions)} conditions of {asked.split}")
CLAIMS = of("claims", lambda judged: f"{len(judged.judgements)} verdicts on {len(judged.record.claims)} claims")
NONE = 3
'''
ALL = ("DATA", "RECORD", "PROBES", "CLAIMS")
SMALL = {"training.epochs": 1, "variants": "{}", "probes.only": "[order]", "probes.rows": 40}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    text = [f"r{k},{'a b' if k % 2 else 'b a'} c{k % 7} d{k % 5},{k % 2}" for k in range(160)]
    parts = {"train": text[:100], "dev": text[100:130], "test": text[130:]}
    split = {f"{name}.csv": "\n".join(["id,sequence,label", *rows, ""]) for name, rows in parts.items()}
    folder(tmp_path, {"own_checks.py": OWN})
    yield folder(tmp_path / "d", split)
    sys.modules.pop("own_checks", None)


def said(document: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["summary"] for one in document["findings"] if one["code"].startswith("house.")}


def test_a_study_names_checks_of_every_kind_and_whoever_reads_it_uses_them(data: Path, tmp_path: Path) -> None:
    named = f"[{', '.join(f'own_checks:{name}' for name in ALL)}]"
    ran = run(data, seeds=1, executor="serial", settings={**SMALL, "report.checks": named})
    words = said(ran.document)
    assert words["house.data"] == "100 rows of train" and words["house.record"] == "1 runs"
    assert words["house.probes"].endswith("of test") and words["house.claims"].startswith("1 verdicts on 1")
    assert said(report("d.study")) == words
    (tmp_path / "own_checks.py").unlink()
    sys.modules.pop("own_checks")
    gone = {one["code"]: one for one in report("d.study")["findings"] if one["code"].startswith("house.")}
    assert gone["house.data"]["status"] == "absent", "it was read when the data were"
    for code in ("house.record", "house.probes", "house.claims"):
        assert gone[code]["status"] == "inconclusive" and "own_checks" in gone[code]["summary"]


def test_a_report_takes_checks_and_refuses_what_it_cannot_read(data: Path, zoo: Zoo, tmp_path: Path) -> None:
    zoo.copy("own", tmp_path)
    told = brittlestar("report", "data.study", "--check", "own_checks:RECORD", "--check", "own_checks:CLAIMS", "--json")
    absent = json.loads((tmp_path / "data.study" / "report" / told.document["files"]["absent"]).read_bytes())
    assert set(said(absent)) == {"house.record", "house.claims"}
    for command, words in (
        (["report", "data.study", "--check", "own_checks:DATA"], "house.data needs data, and a report reads none"),
        (["audit", "d", "--check", "own_checks:RECORD"], "an audit reads data alone, and house.record needs record"),
        (["report", "data.study", "--check", "own_checks:NONE"], "'own_checks:NONE' is a int, not a Check"),
        (["audit", "d", "--check", "own_checks:LOST"], "own_checks defines no 'LOST'"),
        (["run", "d", "--set", "report.checks=[lost_checks:ONE]"], "module 'lost_checks' does not exist here"),
    ):
        refused = brittlestar(*command)
        assert refused.code == 2 and words in " ".join(refused.errors), refused.errors
    assert not Path("data.study/cells").joinpath("x").exists()


def test_a_check_that_fails_hides_nothing(data: Path, zoo: Zoo, tmp_path: Path) -> None:
    zoo.copy("own", tmp_path)
    before = {(one["code"], one["status"]) for one in report("data.study")["findings"]}

    def fails(record: Any) -> Iterator[Finding]:
        """Always fails."""
        raise LookupError("no such thing")

    after = report("data.study", checks=[Check("house.fails", fails, "record")])["findings"]
    (own,) = (one for one in after if one["code"] == "house.fails")
    assert own["status"] == "inconclusive" and "LookupError: no such thing" in own["summary"]
    assert {(one["code"], one["status"]) for one in after} - {("house.fails", "inconclusive")} == before
    with pytest.raises(InputError, match="there is a check seed\\.collapse already"):
        report("data.study", checks=[Check("seed.collapse", fails, "record")])
