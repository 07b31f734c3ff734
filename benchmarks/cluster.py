"""What a Ray cluster of this machine costs against processes of this machine, per run of a model.

    python benchmarks/cluster.py [--repeats 5] [--seeds 20] [--epochs 2] [--sizes 500/100/100]

Both sides train, score and keep the same models, in a study of their own each turn, with as many at once. The start is
left out: a study of one seed is run before on the same connection, so that PyTorch is loaded everywhere. Sides take
turns, forth and back, in one process. "per run" is the wall time of the training stage over the number of runs, times
how many go on at once; the overhead is the difference of the two. Others who use the machine disturb it.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from machine import heading, median_and_range, text_table

from brittlestar import generate
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Failed, Lost, TrainJob, make_run
from brittlestar.execution.processes import Processes
from brittlestar.execution.ray_executor import Cluster
from brittlestar.execution.saving import save_end
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.prepare import prepare
from brittlestar.store.layout import create_store


def train(executor, data, folder, seeds, epochs):
    """Seconds from the first job to the last cell in its place. Raises RuntimeError where one is not done."""
    from brittlestar.data.folder import write_data

    overrides = {"seeds": str(seeds), "training.epochs": str(epochs), "variants": "{}"}
    prepared = prepare(open_input(data, overrides=overrides))
    store = create_store(folder)
    write_data(store.data, prepared.opened.frames, prepared.opened.data)
    splits = {name: split.fingerprint for name, split in prepared.opened.data.splits.items()}
    bare = make_run(store, prepared.search_path, prepared.opened.base)
    run = replace(bare, environment_class="benchmark", fingerprints=splits)
    waiting = iter([TrainJob(run, cell) for cell in prepared.cells])

    def handle(event):
        if isinstance(save_end(event), Failed | Lost):
            raise RuntimeError(f"a run is not done: {event}")

    began = time.perf_counter()
    executor.run(lambda: next(waiting, None), handle, Interruption())
    took = time.perf_counter() - began
    if len(store.backend.list("cells")) != len(prepared.cells):
        raise RuntimeError("a cell is missing")
    return took


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--sizes", default="500/100/100")
    options = parser.parse_args(argv)
    cluster = Cluster()
    try:
        ways = {"processes": Processes(cluster.width), "ray": cluster}
        spent = {name: [] for name in ways}
        with tempfile.TemporaryDirectory() as place:
            data = Path(place) / "data"
            generate(data, sizes=options.sizes)
            for name, executor in ways.items():
                train(executor, data, Path(place) / f"{name}-first", cluster.width, 1)
            for turn in range(options.repeats):
                for name in ways if turn % 2 == 0 else reversed(ways):
                    folder = Path(place) / f"{name}-{turn}"
                    seconds = train(ways[name], data, folder, options.seeds, options.epochs)
                    spent[name].append(seconds * cluster.width / options.seeds)
                    print(f"  {name}: {seconds:.1f} s", file=sys.stderr, flush=True)
        size = f"{options.seeds} runs of {options.epochs} epochs, {options.sizes} rows, {cluster.width} at once"
    finally:
        cluster.close()
    print(heading(f"{size}; medians and ranges of {options.repeats} alternating turns"))
    more = [ray - own for ray, own in zip(spent["ray"], spent["processes"], strict=True)]
    rows = [[name, median_and_range(values, ".3f")] for name, values in spent.items()]
    print(text_table(["", "seconds per run"], [*rows, ["ray takes more", median_and_range(more, ".3f")]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
