"""How long the driver of a large study takes where nothing trains: planning, status and resuming.

    python benchmarks/many_cells.py [--cells 10000] [--place FOLDER|s3://BUCKET/NAME]

A study of as many runs is set up, and its runs are written as finished ones: real folders with real hashes, by the
function that writes them in a run, with predictions of few rows. Then the commands are timed, each a process of its
own, with the most memory that it took. Times grow with the number of runs: give half as many to see whether evenly.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from machine import heading

from brittlestar.data.opening import open_data
from brittlestar.execution.environment import environment_class
from brittlestar.store.address import read_place
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


def run_command(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and MB of the largest process of one command."""
    before = time.perf_counter()
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    command = [sys.executable, "-c", code, sys.executable, "-c", CODE, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return time.perf_counter() - before, int(done.stdout) / 1024


def finish_cells(place: Path | str) -> int:
    """Write every run of a study as a finished one."""
    store = Store(place)
    document = read_study(store)
    cells, data = read_cells(document), open_data(store.data)
    fingerprints = {name: one.fingerprint for name, one in data.splits.items()}
    outputs = {}
    for name, split in data.splits.items():
        values = np.zeros((split.n_rows, len(data.classes)), np.float32)
        output = Output(np.arange(split.n_rows), values, probabilities=False, hard=False)
        outputs[name] = {"best": output, "last": output}
    scores = {name: {point: {"accuracy": 0.5} for point in ("best", "last")} for name in outputs}
    here = environment_class(document["environment"], "cpu")
    done = Trained(
        outcome="trained", best_epoch=1, epochs=1, scores=scores, outputs=outputs, curves={"dev_accuracy": np.zeros(2)},
        steps={"step": np.zeros(0, np.int64)}, weights={"best": b"w", "last": b"w"}, read_back={}, parameters=1,
        timing={}, notes=(), probed=None,
    )  # fmt: skip
    with ThreadPoolExecutor(8) as threads:
        for _ in threads.map(lambda cell: write_done(store, cell, done, "", here, fingerprints), cells):
            pass
    return len(cells)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cells", type=int, default=10_000)
    options.add_argument("--place", default="many.study")
    chosen = options.parse_args(arguments)
    print(heading(f"{chosen.cells:,} runs"))
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as name:
        folder = Path(name)
        run_command(folder, "generate", "spr", "data", "--sizes", "60/20/20")
        write_study(folder, chosen.cells)
        place = chosen.place if "://" in chosen.place else str(folder / chosen.place)
        steps = {
            "plan": ("plan", "study.yaml", "--no-pilot", "--out", place),
            "set up": ("run", "study.yaml", "--out", place, "--budget", "0.001s"),
        }
        for step, arguments in steps.items():
            print("{:<30} {:8.1f} s {:8.0f} MB".format(step, *run_command(folder, *arguments)))
        before = time.perf_counter()
        cells = finish_cells(read_place(place))
        print(f"{f'writing {cells:,} finished runs':<30} {time.perf_counter() - before:8.1f} s")
        for step, arguments in {"status": ("status", place), "resume": ("run", place)}.items():
            print("{:<30} {:8.1f} s {:8.0f} MB".format(step, *run_command(folder, *arguments)), flush=True)
        print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
