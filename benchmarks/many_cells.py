"""How long the commands of a large study take where nothing trains.

    python benchmarks/many_cells.py [--cells 10000] [--steps status share resume report judge]
        [--place FOLDER]

A study of as many runs is set up, and its runs are written as finished ones: real folders with real hashes, by the
function that writes them in a run, with predictions of few rows. Then the commands are timed, each a process of its
own: seconds by the clock and of processors, and the most memory of one process. `resume` is `run`, which finds nothing
to train, judges and reports; `share` is `run --share 1/2`, which judges nothing. Times grow with the number of runs:
give half as many to see whether evenly.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, chdir
from pathlib import Path

import numpy as np
from machine import Spent, heading, time_command

from brittlestar.core.splits import EncodedData
from brittlestar.data.opening import open_data
from brittlestar.execution.environment import environment_class
from brittlestar.store.cell_outputs import write_done
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.training.trained import Output, Trained

STUDY = """name: many
data: {path: data}
seeds: %d
training: {epochs: 1}
model: {hidden: 4, layers: 1, embedding: {dim: 4}}
probes: {suite: none}
variants:
"""
VARIANTS = 10
CODE = "import sys; from brittlestar.cli import main; sys.exit(main())"


def write_study(folder: Path, cells: int) -> None:
    variants = "".join(f"  v{k}: {{model.hidden: {4 + k}}}\n" for k in range(1, VARIANTS))
    (folder / "study.yaml").write_text(STUDY % max(cells // VARIANTS, 1) + variants, encoding="utf-8")


def print_step(step: str, seconds: float, cpu: float | None, megabytes: float) -> None:
    used = "?" if cpu is None else f"{cpu:.1f}"
    print(f"{step:<32} {seconds:8.1f} {used:>8} {megabytes:6.0f}", flush=True)


def time_step(step: str, *arguments: str) -> None:
    """Time one command."""
    spent = run_command(*arguments)
    print_step(step, spent.seconds, spent.cpu, 1000 * spent.memory)


def run_command(*arguments: str) -> Spent:
    """Run one command of brittlestar to its end."""
    return time_command([sys.executable, "-c", CODE, *arguments])


def time_here(work: Callable[[], int]) -> tuple[int, float, float]:
    """What a function of this process gives, with its seconds by the clock and of processors."""
    clock, cpu = time.perf_counter(), time.process_time()
    return work(), time.perf_counter() - clock, time.process_time() - cpu


def finish_cells(place: str) -> int:
    """Write every run of a study as a finished one."""
    store = Store(Path(place))
    document = read_study(store)
    cells, data = read_cells(document), open_data(store.data)
    fingerprints = {name: split.fingerprint for name, split in data.splits.items()}
    here, done = environment_class(document["environment"], "cpu"), make_trained(data)
    with ThreadPoolExecutor(8) as threads:
        for _ in threads.map(lambda cell: write_done(store, cell, done, "", here, fingerprints), cells):
            pass
    return len(cells)


def make_trained(data: EncodedData) -> Trained:
    """A finished run that is right in half of its rows."""
    outputs = {}
    for name, split in data.splits.items():
        values = np.zeros((split.n_rows, len(data.classes)), np.float32)
        output = Output(np.arange(split.n_rows), values, probabilities=False, hard=False)
        outputs[name] = {"best": output, "last": output}
    scores = {name: {point: {"accuracy": 0.5} for point in ("best", "last")} for name in outputs}
    return Trained(
        outcome="trained", best_epoch=1, epochs=1, scores=scores, outputs=outputs, curves={"dev_accuracy": np.zeros(2)},
        steps={"step": np.zeros(0, np.int64)}, weights={"best": b"w", "last": b"w"}, read_back={}, parameters=1,
        timing={}, notes=(), probed=None,
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cells", type=int, default=10_000)
    options.add_argument("--place", default="many.study")
    options.add_argument("--steps", nargs="+", default=["status", "share", "resume", "report", "judge"])
    chosen = options.parse_args(arguments)
    print(heading(f"{chosen.cells:,} runs"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="brittlestar-")))
        stack.enter_context(chdir(folder))
        place = chosen.place
        print(f"{'':<32} {'s':>8} {'CPU s':>8} {'MB':>6}")
        time_step("generate", "generate", "spr", "data", "--sizes", "60/20/20")
        write_study(folder, chosen.cells)
        time_step("dry run", "run", "study.yaml", "--dry-run", "--out", place)
        time_step("set up", "run", "study.yaml", "--out", place, "--budget", "0.001s")
        cells, seconds, cpu = time_here(lambda: finish_cells(place))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print_step(f"writing {cells:,} finished runs", seconds, cpu, memory)
        commands = {
            "dry-run": ("run", "study.yaml", "--dry-run", "--out", place),
            "status": ("status", place),
            "share": ("run", place, "--share", "1/2"),
            "resume": ("run", place),
            "report": ("report", place),
            "judge": ("judge", place),
        }
        for step in chosen.steps:
            time_step(step, *commands[step])
    return 0


if __name__ == "__main__":
    sys.exit(main())
