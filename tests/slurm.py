"""The job array of the page about them, on a real Slurm of one node: not part of the suite, since it needs a system's
packages and root.

    apt-get install slurmctld slurmd slurm-client munge
    python -m tests.slurm

It starts the daemons in a folder that is thrown away, submits `examples/share.sbatch` as an array of three with the
command that judges behind it, and says what came of each. Exit code 0 where all shares and the report are there.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "munged")
PATIENCE = 600.0
SHARES = 3
CONFIG = """ClusterName=one
SlurmctldHost=localhost
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/controller.pid
SlurmdPidFile={folder}/node.pid
SlurmctldLogFile={folder}/controller.log
SlurmdLogFile={folder}/node.log
NodeName=localhost CPUs={cores} State=UNKNOWN
PartitionName=all Nodes=localhost Default=YES State=UP MaxTime=INFINITE
"""


@contextmanager
def start_slurm(folder: Path) -> Generator[None]:
    """A controller and a node; munge is started where it does not run."""
    if not Path("/run/munge/munge.socket.2").exists():
        Path("/run/munge").mkdir(exist_ok=True)
        shutil.chown("/run/munge", "munge")
        subprocess.run(["runuser", "-u", "munge", "--", "munged", "--force"], check=True)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    text = CONFIG.format(controller=_find_port(), node=_find_port(), folder=folder, cores=os.cpu_count())
    (folder / "slurm.conf").write_text(text, encoding="utf-8")
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    daemons = [subprocess.Popen(["slurmctld", "-D"]), subprocess.Popen(["slurmd", "-D"])]
    try:
        time.sleep(5)
        yield
    finally:
        for daemon in daemons:
            daemon.terminate()
        for daemon in daemons:
            daemon.wait(30)


def _find_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def submit(*arguments: str) -> str:
    done = subprocess.run(["sbatch", "--parsable", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main() -> int:
    """Run the array and what judges behind it."""
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        print(f"not installed: {', '.join(missing)}\n{__doc__}", file=sys.stderr)
        return 2
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        folder = Path(name)
        work = folder / "work"
        work.mkdir()
        os.chdir(work)
        (work / "study.yaml").write_text(
            "name: array\ndata: {path: data}\nseeds: 6\ntraining: {epochs: 1}\nvariants: {}\n", encoding="utf-8"
        )
        subprocess.run(["brittlestar", "generate", "spr", "data", "--sizes", "300/100/100", "--quiet"], check=True)
        os.environ["DATA"], os.environ["STUDY"] = "study.yaml", "array.study"
        with start_slurm(folder):
            job = submit(f"--array=1-{SHARES}", "--cpus-per-task=1", str(ROOT / "examples" / "share.sbatch"))
            last = ("--output=last.log", "--wrap", "brittlestar run array.study")
            submit(f"--dependency=afterany:{job}", *last)
            until = time.monotonic() + PATIENCE
            while subprocess.run(["squeue", "-h"], check=True, capture_output=True).stdout and time.monotonic() < until:
                time.sleep(1)
        for log in sorted(work.glob("*.log")):
            print(f"== {log.name}\n{log.read_text(encoding='utf-8')}")
        there = len(list((work / "array.study/cells").glob("*/outcome.json")))
        report = (work / "array.study/report/report.html").is_file()
        print(f"{there} of 6 runs, {'a' if report else 'no'} report")
        return 0 if there == 6 and report else 1


if __name__ == "__main__":
    sys.exit(main())
