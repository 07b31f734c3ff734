"""How fast a study trains, and how long the whole command takes, against the loop that most people write.

    python benchmarks/throughput.py [--repeats 5] [--hidden 64 128] [--seeds 20] [--epochs 10] [--sizes 2000/500/1000]
                                    [--precision fp32 bf16] [--loops [default] [one-thread]] [--busy]

These sides train the same models on the same rows, each a command timed from its start to results on disk:

- the usual loop: `usual_loop.py`, with PyTorch's default threads and with one;
- products alone: `products.py`, the matrix products of the steps in fp32, and of the steps and of all scoring;
- training alone: `training_alone.py`, which names every step that it takes;
- the whole command: `brittlestar run DATA` as a user types it, with audit, probes, verdicts and page.

Sides take turns, forth and back. After each run its folder is read: a side that did anything but what is declared of it
here ends the benchmark (`work.py`). "times as fast" compares two runs of one turn, with the first side; the last column
compares CPU seconds with those of the products of the steps. CPU seconds are those of all processes of a command.
Others who use the machine disturb them too, less than they disturb the clock; but default threads wait for one another
by computing, so that neither of the two says anything of a loop that has them. Figures want a machine that is at rest;
where there is none, measure against one thread: `--loops one-thread`, or against none: `--loops`.

`--busy` keeps one core busy during a further run of each side and prints how much slower each gets; a run that takes
five times its quiet time is stopped there.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from machine import HERE, Spent, heading, median_and_range, text_table, time_command
from training_alone import settings
from work import check_work, read_loop, read_products, read_work, work_sentence

PATIENCE = 5
PRODUCTS = {"steps": "products of the steps", "steps+scoring": "products of steps and scoring"}
LOOPS = {"default": ("usual loop", []), "one-thread": ("usual loop, one thread", ["1"])}
COMMAND = "import sys; from brittlestar.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Side:
    """One way to train: its command, the work that it does by stage (what is not named is left out), and how that is
    read from what it wrote."""

    name: str
    command: list[str]
    work: Mapping[str, int]
    read: Callable[[Path], Mapping[str, int]]


def sides(data, out, hidden, seeds, epochs, precisions, loops):
    trained = {"cells trained": seeds, "epochs": seeds * epochs}
    whole = {**trained, "audits": 1, "claims": 1, "suites of probes": 1, "cells probed": seeds, "pages": 1}
    numbers = [str(data), str(out), str(hidden), str(seeds), str(epochs)]
    found = []
    for name, threads in (LOOPS[loop] for loop in loops):
        loop = [sys.executable, str(HERE / "usual_loop.py"), *numbers, *threads]
        found.append(Side(name, loop, trained, read_loop))
    for what, name in PRODUCTS.items():
        products = [sys.executable, str(HERE / "products.py"), *numbers, what]
        found.append(Side(name, products, {"epochs of products": seeds * epochs}, read_products))
    for precision in precisions:
        alone = [sys.executable, str(HERE / "training_alone.py"), *numbers, precision]
        found.append(Side(f"training alone, {precision}", alone, trained, read_work))
        run = [sys.executable, "-c", COMMAND, "run", str(data), "--out", str(out), "--seeds", str(seeds)]
        for path, value in settings(hidden, epochs, precision).items():
            run += ["--set", f"{path}={value}"]
        found.append(Side(f"whole command, {precision}", run, whole, read_work))
    return found


def measure(ways: list[Side], out: Path, repeats: int) -> dict[str, list[Spent]]:
    """Every side once a turn, in one order and then in the other. Raises DriftError."""
    spent = {side.name: [] for side in ways}
    for turn in range(repeats):
        for side in ways if turn % 2 == 0 else reversed(ways):
            shutil.rmtree(out, ignore_errors=True)
            spent[side.name].append(time_command(side.command))
            check_work(side.name, side.work, side.read(out))
            print(f"  {side.name}: {spent[side.name][-1].seconds:.1f} s", file=sys.stderr, flush=True)
    return spent


def table(ways: list[Side], spent: Mapping[str, list[Spent]]) -> str:
    rows = []
    products = spent.get(PRODUCTS["steps"])
    for side in ways:
        mine, usual = spent[side.name], spent[ways[0].name]
        cpu = [one.cpu for one in mine]
        faster = [loop.seconds / one.seconds for loop, one in zip(usual, mine, strict=True)]
        known = None not in cpu and None not in [loop.cpu for loop in usual]
        less = [loop.cpu / one.cpu for loop, one in zip(usual, mine, strict=True)] if known else []
        rows.append(
            [
                side.name,
                median_and_range([one.seconds for one in mine]),
                median_and_range(faster, ".2f"),
                median_and_range(cpu) if known else "not measured",
                median_and_range(less, ".2f") if known else "not measured",
                *([] if products is None else [_over(cpu, [product.cpu for product in products])]),
            ]
        )
    columns = ["", "seconds", "times as fast", "CPU seconds", "first's CPU over its"]
    return text_table([*columns, *([] if products is None else ["its CPU over products'"])], rows)


def _over(cpu, products):
    if None in cpu or None in products:
        return "not measured"
    return median_and_range([mine / theirs for mine, theirs in zip(cpu, products, strict=True)], ".2f")


def slower(command, quiet, out):
    """How long `command` takes now, in seconds and in times of its `quiet` seconds."""
    shutil.rmtree(out, ignore_errors=True)
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(timeout=PATIENCE * quiet)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"stopped after {PATIENCE} times its quiet time"
    took = time.perf_counter() - began
    return f"{took:.1f} s, {took / quiet:.2f} times its quiet time"


def print_busy(ways, spent, out):
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        for side in ways:
            quiet = statistics.median(one.seconds for one in spent[side.name])
            print(f"{side.name}, one core kept busy: {slower(side.command, quiet, out)}")
    finally:
        spinner.kill()
        spinner.wait()


def main(argv=None):
    from brittlestar import generate
    from brittlestar.training.torch_process import bf16_supported

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--hidden", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--sizes", default="2000/500/1000")
    parser.add_argument("--precision", nargs="+", choices=["fp32", "bf16"], default=["fp32", "bf16"])
    parser.add_argument("--loops", nargs="*", choices=[*LOOPS], default=[*LOOPS])
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args(argv)
    precisions = [one for one in options.precision if one == "fp32" or bf16_supported("cpu")]
    if precisions != options.precision:
        print("bf16 is left out: no bf16 instructions were found on this processor")
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "data", Path(folder) / "out"
        generate(data, lengths="8-24", sizes=options.sizes)
        for hidden in options.hidden:
            ways = sides(data, out, hidden, options.seeds, options.epochs, precisions, options.loops)
            spent = measure(ways, out, options.repeats)
            size = f"{hidden} units, {options.seeds} seeds x {options.epochs} epochs, {options.sizes} rows"
            print(heading(f"{size}; medians and ranges of {options.repeats} alternating runs"))
            print(table(ways, spent), end="\n\n")
            for side in ways:
                print(f"{side.name} {work_sentence(side.work)}")
            if options.busy:
                print_busy(ways, spent, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
