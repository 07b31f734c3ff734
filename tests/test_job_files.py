"""Job files for clusters: what their pages show, with commands that can be given, and fields that their kind has."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from brittlestar import cli
from brittlestar.cli import calling

ROOT = Path(__file__).parents[1]
SHOWN = {
    "share.sbatch": "how-to/job-array.md",
    "ray.sbatch": "how-to/ray.md",
    "rayjob.yaml": "how-to/kubernetes.md",
    "Dockerfile": "how-to/kubernetes.md",
    "every_month.py": "how-to/every-month.md",
}
VALUES = {
    "DATA:-data": "data", "STUDY:-shared.study": "shared.study", "STUDY:-ray.study": "ray.study",
    "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "16", "head": "node1",
}  # fmt: skip


def read_example(name: str) -> str:
    return (ROOT / "examples" / name).read_text(encoding="utf-8")


def read_command(text: str) -> list[str]:
    """The arguments of the one `brittlestar` command of a script, its variables filled in."""
    line = re.search(r"brittlestar (run .*)", text.replace("\\\n", " "))
    assert line is not None
    return shlex.split(re.sub(r"\$\{([^}]+)\}|\$(\w+)", lambda found: VALUES[found[1] or found[2]], line[1]))


@pytest.mark.parametrize(("name", "page"), SHOWN.items())
def test_a_page_shows_the_file(name: str, page: str) -> None:
    shown = re.search(
        rf"<!-- examples/{name} -->\n```\w+\n(.*?)^```$", (ROOT / "docs" / page).read_text("utf-8"), re.S | re.M
    )
    assert shown is not None and shown[1] == read_example(name)


@pytest.mark.parametrize("name", ["share.sbatch", "ray.sbatch"])
def test_a_batch_script_is_one_and_ends_in_a_command_that_can_be_given(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = read_example(name)
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0
    lines = text.splitlines()
    assert lines[0] == "#!/bin/bash"
    wanted = [line for line in lines if line.startswith("#SBATCH")]
    assert wanted and lines[1 : 1 + len(wanted)] == wanted, "Slurm reads no option below the first command"
    monkeypatch.setattr(calling, "call_command", lambda *_: 0)  # parse, and do nothing
    result = CliRunner().invoke(cli.app, read_command(text))
    assert result.exit_code == 0, result.output


def test_the_array_script_trains_its_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Slurm starts it: the script, with the variables of a task in its environment."""
    from tests.execution.tiny import finished, write_study

    study = write_study(tmp_path, seeds=2)
    monkeypatch.setenv("DATA", str(study))
    monkeypatch.setenv("STUDY", str(tmp_path / "tiny.study"))
    monkeypatch.setenv("SLURM_ARRAY_TASK_COUNT", "2")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    done: list[int] = []
    for task in (1, 2):
        monkeypatch.setenv("SLURM_ARRAY_TASK_ID", str(task))
        subprocess.run(["bash", str(ROOT / "examples/share.sbatch")], cwd=tmp_path, check=True, timeout=300)
        done.append(len(finished(tmp_path / "tiny.study")))
    assert 0 < done[0] < done[1] == 6


def test_the_job_of_kubernetes_has_the_fields_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    job: dict[str, Any] = yaml.safe_load(read_example("rayjob.yaml"))
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    spec = job["spec"]
    known = {"entrypoint", "shutdownAfterJobFinishes", "backoffLimit", "rayClusterSpec"}
    assert spec.keys() == known and spec["rayClusterSpec"].keys() == {
        "enableInTreeAutoscaling", "headGroupSpec", "workerGroupSpecs",
    }  # fmt: skip
    head, (workers,) = spec["rayClusterSpec"]["headGroupSpec"], spec["rayClusterSpec"]["workerGroupSpecs"]
    assert head["rayStartParams"] == {"num-cpus": "0"} and workers["rayStartParams"] == {}
    assert workers["minReplicas"] <= workers["replicas"] <= workers["maxReplicas"]
    for group in (head, workers):
        (container,) = group["template"]["spec"]["containers"]
        assert container["resources"]["requests"] == container["resources"]["limits"]
    monkeypatch.setattr(calling, "call_command", lambda *_: 0)
    result = CliRunner().invoke(cli.app, shlex.split(spec["entrypoint"])[1:])
    assert result.exit_code == 0, result.output
