"""What SECURITY.md says of input of others, where no other test does: `tests/records/test_hostile.py` has records,
`tests/reports/pages.py` markup, `tests/study/test_yaml_reading.py` YAML, and `tests/verbs/test_probe.py` weights."""

import re
from pathlib import Path

import pytest

import brittlestar as package
from tests.command import brittlestar, folder

SRC = Path(package.__file__).parent
BETWEEN_PROCESSES = {
    "execution/processes.py",
    "execution/ray_executor.py",
    "execution/ray_node.py",
    "execution/repeating.py",
    "execution/worker.py",
    "models/session_model.py",
}


@pytest.mark.parametrize(
    "named",
    ["model: {own: 'planted:build'}", "report: {checks: ['planted:build']}", "report: {metric: 'planted:build'}"],
)
def test_check_and_audit_import_nothing_that_a_study_names(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "planted.py").write_text("open('left', 'w').close()\ndef build(info): ...\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(f"name: stranger\ndata: {{path: data}}\n{named}\n", encoding="utf-8")
    assert brittlestar("check", "study.yaml").code == brittlestar("audit", "study.yaml").code == 0
    assert not (tmp_path / "left").exists()
    brittlestar("run", "study.yaml", "--dry-run")
    assert (tmp_path / "left").exists(), "a dry run builds the model, and reads the checks"


def test_pickles_are_read_between_processes_alone() -> None:
    texts = {path.relative_to(SRC).as_posix(): path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")}
    assert {name for name, text in texts.items() if re.search(r"^import pickle|pickle\.loads?\(", text, re.M)} == (
        BETWEEN_PROCESSES
    )
    assert not [name for name, text in texts.items() if re.search(r"allow_pickle=True|weights_only=False", text)]


def test_a_policy_of_a_stranger_makes_no_object(tmp_path: Path) -> None:
    folder(tmp_path / "data")
    (tmp_path / "gate.yaml").write_text(
        f"absent: !!python/object/apply:os.system ['touch {tmp_path}/left']\n", encoding="utf-8"
    )
    said = brittlestar("gate", tmp_path / "data", "--policy", tmp_path / "gate.yaml")
    assert said.code == 2 and "is not allowed; write the plain value" in " ".join(said.errors)
    assert not (tmp_path / "left").exists()
