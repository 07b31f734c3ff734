"""Kills nodes of a Ray cluster, its processes and trainings while studies run on it.

`python -m tests.execution.killing_nodes [--kills 20] [--seed 0] [--at anything|training|probe|upload]`: a study runs
undisturbed in one process, then again and again on a cluster of three nodes, with a SIGKILL every few seconds: to a
node, to a process of Ray that does jobs or to a training at any moment, or to a node in the middle of a training, of a
probe, or of an upload into a bucket that is slow. A run that three of them met is lost: the same command then does it
again, undisturbed. After each study its bytes are compared with the undisturbed ones, and its attempts are read: every
lost try is there, and nothing finished was done again. Prints a line for each study, and the sum. Exit code 1 where a
promise was broken.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from brittlestar.core.processes import set_variables
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.verbs import run as verb
from tests.addresses.test_studies import compare_stores
from tests.execution.aims import Aim, any_node, at_job, at_upload, processes
from tests.execution.nodes import start_cluster
from tests.execution.tiny import contents, write_study
from tests.faulty_proxy import start_proxy
from tests.s3_server import start_server

OWN = """
import time

def fit(train, dev, seed):
    for _ in range(10):
        time.sleep(0.1)
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""
NODES, A_STUDY, SLOW = 3, 5, 0.3
JOBS = {"training": "TrainJob", "probe": "ProbeJob"}


@dataclass
class Killer:
    """Sends a SIGKILL now and then; `killed` counts by kind. Without an aim, to anything."""

    cluster: Any
    draw: random.Random
    left: int
    aim: Aim | None
    killed: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Kill until the study is over, or enough is killed; at least one node stays."""
        while self.left and not self.over.wait(self.draw.uniform(1.0, 4.0)):
            kind = self.draw.choice(["node", "process of Ray", "training"]) if self.aim is None else "node"
            if kind == "node" and len(self.cluster.worker_nodes) < 2:
                if self.aim is not None:
                    return
                kind = "training"
            if self._kill_node() if kind == "node" else self._kill(kind):
                self.killed[kind] += 1
                self.left -= 1

    def _kill_node(self) -> bool:
        aim = any_node if self.aim is None else self.aim
        while (node := aim(self.cluster, self.draw)) is None:
            if self.over.wait(0.01):
                return False
        time.sleep(self.draw.uniform(0.0, 0.1))
        self.cluster.remove_node(node, allow_graceful=False)
        return True

    def _kill(self, kind: str) -> bool:
        wanted = [one for one in processes(any_node(self.cluster, self.draw))[1:] if is_kind(one, kind)]
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


def check(undisturbed: Path, place: str) -> list[str]:
    """The promises that a study has broken."""
    wrong: list[str] = []
    if place.startswith("s3:"):
        try:
            compare_stores(place, undisturbed.parent)
        except AssertionError as error:
            wrong.append(f"objects differ: {str(error)[:200]}")
    else:
        wanted, found = contents(undisturbed), contents(Path(place))
        if wanted.keys() != found.keys():
            wrong.append(f"files differ: {sorted(wanted.keys() ^ found.keys())[:4]}")
        wrong += [f"{name} has other bytes" for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    lines = list(read_attempts(Store(place if place.startswith("s3:") else Path(place))))
    counted = Counter((line["event"], line["cell"]) for line in lines)
    for cell in {line["cell"] for line in lines}:
        if counted["done", cell] != 1:
            wrong.append(f"cell {cell[:12]} is done {counted['done', cell]} times")
        lost = counted["retried", cell] + counted["lost", cell]
        if counted["started", cell] != lost + 1:
            wrong.append(f"cell {cell[:12]} began {counted['started', cell]} times, lost {lost}")
    return wrong


@contextmanager
def slow_bucket(folder: Path) -> Iterator[tuple[Aim, str]]:
    """The aim at uploads into a bucket on this machine, and its address."""
    with start_server() as server, start_proxy(server.url) as proxy:
        proxy.delay = SLOW
        slow = replace(server, url=proxy.url)
        with set_variables({**slow.environment, "BRITTLESTAR_CACHE": str(folder / "copies")}):
            yield at_upload(proxy), server.make_bucket("killing")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at", choices=["anything", *JOBS, "upload"], default="anything")
    options = parser.parse_args()
    draw, left, broken, total = random.Random(options.seed), options.kills, 0, Counter[str]()
    verb.build_report = lambda store, assessment: {}  # type: ignore[assignment]  # pages are compared elsewhere
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        aim, base = (at_job(JOBS[options.at]) if options.at in JOBS else None), folder
        if options.at == "upload":
            aim, base = held.enter_context(slow_bucket(Path(folder)))
        cluster = held.enter_context(start_cluster(NODES))
        study = write_study(Path(folder), seeds=3, more="  own: {model.own: 'own:fit'}\n")
        (Path(folder) / "own.py").write_text(OWN, encoding="utf-8")
        undisturbed = Path(folder) / "undisturbed" / "tiny.study"
        undisturbed.parent.mkdir()
        verb.run(study, out=undisturbed, executor="serial", progress=False)
        number = 0
        while left:
            number += 1
            place = f"{base}/{number}/tiny.study"
            if aim is None or options.at in JOBS:
                Path(place).parent.mkdir()
            killer = Killer(cluster, draw, min(left, A_STUDY), aim)
            thread = threading.Thread(target=killer.work, daemon=True)
            thread.start()
            began = time.monotonic()
            try:
                again = True
                while again:
                    done = verb.run(study, out=place, executor="ray", address=cluster.address, progress=False)
                    again = done.exit_code != 0 and not killer.over.is_set()
                    killer.over.set()
                wrong = check(undisturbed, place)
            except Exception as error:
                wrong = [f"{type(error).__name__}: {error}"]
            took = time.monotonic() - began
            killer.over.set()
            thread.join()
            left, total = left - killer.killed.total(), total + killer.killed
            while len(cluster.worker_nodes) < NODES:
                cluster.add_node(num_cpus=1)
            store = Store(place if place.startswith("s3:") else Path(place))
            lost = sum(line["event"] in ("retried", "lost") for line in read_attempts(store))
            said = "; ".join(wrong) or "as if undisturbed"
            print(f"study {number}: {took:.0f} s, {dict(killer.killed)}, {lost} tries lost: {said}", flush=True)
            broken += bool(wrong)
    at = "at any moment" if options.at == "anything" else f"in the middle of {options.at}s"
    print(f"{total.total()} kills {at} ({dict(total)}) in {number} studies; {broken} studies broke a promise")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
