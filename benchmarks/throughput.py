"""How fast a study trains, against the loop that most people write; both measured in turn in one run.

Each side is timed as a whole command, from its start to results on disk. Brittlestar's side also tests, inspects and
writes everything a store holds; only audit and page are left out (the study is run by
`brittlestar.run` with both steps replaced by nothing).

    python benchmarks/throughput.py [--repeats 5] [--hidden 64 128] [--seeds 20] [--epochs 10] [--busy]

`--busy` keeps one core busy during a further run of each side and prints how much slower each gets; a run that takes
five times its quiet time is stopped there.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 5
OURS = """
import sys
from brittlestar.verbs import run as verb
verb.build_report = lambda store, record, figures: {}
verb._audit = lambda prepared, store, order: None
if __name__ == "__main__":
    data, out, hidden, seeds, epochs, precision = sys.argv[1:]
    settings = {"variants": "{}", "model.hidden": hidden, "training.epochs": epochs, "training.precision": precision,
                "model.dropout.head": "0.2", "data.factors": "null"}
    result = verb.run(data, out=out, seeds=int(seeds), settings=settings)
    assert all(cell.state == "done" for cell in result.record.cells), result.record.cells
"""


def timed(command):
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def commands(data, scratch, hidden, seeds, epochs, bf16):
    script = scratch / "ours.py"
    script.write_text(OURS)
    numbers = [str(hidden), str(seeds), str(epochs)]
    sides = {
        "usual loop": [sys.executable, str(HERE / "usual_loop.py"), str(data), str(scratch / "out"), *numbers],
        "brittlestar fp32": [sys.executable, str(script), str(data), str(scratch / "out"), *numbers, "fp32"],
    }
    if bf16:
        sides["brittlestar bf16"] = [*sides["brittlestar fp32"][:-1], "bf16"]
    return sides


def measure(sides, out, repeats):
    times = {name: [] for name in sides}
    for _ in range(repeats):
        for name, command in sides.items():
            shutil.rmtree(out, ignore_errors=True)
            times[name].append(timed(command))
            print(f"  {name}: {times[name][-1]:.1f} s", file=sys.stderr, flush=True)
    return times


def slower(command, quiet, scratch):
    """How long `command` takes now, in seconds and in times of its `quiet` seconds."""
    shutil.rmtree(scratch / "out", ignore_errors=True)
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=PATIENCE * quiet)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"stopped after {PATIENCE} times its quiet time"
    took = time.perf_counter() - began
    return f"{took:.1f} s, {took / quiet:.2f} times its quiet time"


def table(title, times):
    print(f"\n{title}\n{'':18}  median s     min     max   times as fast")
    usual = statistics.median(times["usual loop"])
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"{name:18}  {middle:8.1f} {min(values):7.1f} {max(values):7.1f}   {usual / middle:6.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--hidden", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()

    from brittlestar import generate
    from brittlestar.training.process import bf16_supported

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        data = scratch / "data"
        generate(data, lengths="8-24", sizes="2000/500/1000")
        for hidden in options.hidden:
            sides = commands(data, scratch, hidden, options.seeds, options.epochs, bf16_supported("cpu"))
            title = f"hidden {hidden}, {options.seeds} seeds x {options.epochs} epochs, {os.cpu_count()} cores"
            quiet = measure(sides, scratch / "out", options.repeats)
            table(title, quiet)
            if options.busy:
                spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
                try:
                    for name, command in sides.items():
                        print(
                            f"{name:18}  one core kept busy: {slower(command, statistics.median(quiet[name]), scratch)}"
                        )
                finally:
                    spinner.kill()


if __name__ == "__main__":
    main()
