"""Kills nodes of a Ray cluster, its processes and trainings while studies run on it.

`python -m tests.execution.killing_nodes [--kills 20] [--seed 0]`: a study runs undisturbed in one process, then again
and again on a cluster of three nodes, with a SIGKILL every few seconds to a node, to a process of Ray that does jobs or
to a training. A run that three of them met is lost: the same command then does it again, undisturbed. After each study
its bytes are compared with the undisturbed ones, and its attempts are read: every lost try is there, and nothing
finished was done again. Prints a line for each study, and the sum. Exit code 1 where a promise was broken.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.execution.descendants import descendants
from brittlestar.pipeline import run as flow
from brittlestar.verbs.run import run
from tests.execution.nodes import start_cluster
from tests.execution.tiny import attempts, contents, write_study

OWN = """
import time

def fit(train, dev, seed):
    for _ in range(10):
        time.sleep(0.1)
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""
NODES, A_STUDY = 3, 5


@dataclass
class Killer:
    """Sends a SIGKILL now and then; `killed` counts by kind."""

    cluster: Any
    draw: random.Random
    left: int
    killed: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Kill until the study is over, or enough is killed; at least one node stays."""
        while self.left and not self.over.wait(self.draw.uniform(1.0, 4.0)):
            kind = self.draw.choice(["node", "process of Ray", "training"])
            kind = "training" if len(self.cluster.worker_nodes) < 2 else kind
            if self._kill(kind):
                self.killed[kind] += 1
                self.left -= 1

    def _kill(self, kind: str) -> bool:
        node = self.draw.choice(sorted(self.cluster.worker_nodes, key=id))
        if kind == "node":
            self.cluster.remove_node(node, allow_graceful=False)
            return True
        raylet = int(node.all_processes["raylet"][0].process.pid)
        wanted = [one for one in descendants([raylet]) if is_kind(one, kind)]
        if not wanted:
            return False
        try:
            os.kill(self.draw.choice(wanted), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def is_kind(process: int, kind: str) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        parent = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        above = Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return False
    if kind == "process of Ray":
        return command.startswith(b"ray::") and not any(one in command for one in (b"IDLE", b"Agent"))
    return b"forkserver" in command and b"forkserver" in above


def check(undisturbed: Path, store: Path) -> list[str]:
    """The promises that a study has broken."""
    wanted, found = contents(undisturbed), contents(store)
    wrong = [f"{name} is missing, or of nothing" for name in sorted(wanted.keys() ^ found.keys())[:4]]
    wrong += [f"{name} has other bytes" for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    counted = Counter((line["event"], line["cell"]) for line in attempts(store))
    for cell in {cell for _, cell in counted}:
        if counted["done", cell] != 1:
            wrong.append(f"cell {cell[:12]} is done {counted['done', cell]} times")
        lost = counted["retried", cell] + counted["lost", cell]
        if counted["started", cell] != lost + 1:
            wrong.append(f"cell {cell[:12]} began {counted['started', cell]} times, lost {lost}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw, left, broken, number, total = random.Random(options.seed), options.kills, 0, 0, Counter[str]()
    flow.build_report = flow.show_document
    with tempfile.TemporaryDirectory() as name, start_cluster(NODES) as cluster:
        folder = Path(name)
        study = write_study(folder, seeds=3, more="  own: {model.own: 'own:fit'}\n")
        (folder / "own.py").write_text(OWN, encoding="utf-8")
        undisturbed = folder / "undisturbed" / "tiny.study"
        undisturbed.parent.mkdir()
        run(study, out=undisturbed, executor="serial", progress=False)
        while left:
            number += 1
            store = folder / str(number) / "tiny.study"
            store.parent.mkdir()
            killer = Killer(cluster, draw, min(left, A_STUDY))
            thread = threading.Thread(target=killer.work, daemon=True)
            thread.start()
            began, again = time.monotonic(), True
            try:
                while again:
                    done = run(study, out=store, executor="ray", address=cluster.address, progress=False)
                    again = done.exit_code != 0 and not killer.over.is_set()
                    killer.over.set()
                wrong = check(undisturbed, store)
            except Exception as error:
                wrong = [f"{type(error).__name__}: {error}"]
            took = time.monotonic() - began
            killer.over.set()
            thread.join()
            left, total = left - killer.killed.total(), total + killer.killed
            while len(cluster.worker_nodes) < NODES:
                cluster.add_node(num_cpus=1)
            lost = sum(line["event"] in ("retried", "lost") for line in attempts(store))
            said = "; ".join(wrong) or "as if undisturbed"
            print(f"study {number}: {took:.0f} s, {dict(killer.killed)}, {lost} tries lost: {said}", flush=True)
            broken += bool(wrong)
    print(f"{total.total()} kills ({dict(total)}) in {number} studies; {broken} studies broke a promise")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
