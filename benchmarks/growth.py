"""What a study costs as it grows: whole time, training time, and what the store and the report add.

    python benchmarks/growth.py [--cells 25 50 100 200] [--epochs 10] [--page 500] [--sizes 2000/500/1000]

Each study runs as a command of its own on data generated here (lengths 8-24, 2-layer LSTM of 64 units, one variant),
with every stage: what it left is held against that (`work.py`). `CPU of parent` is the CPU time of the process that
reads data, writes the store and builds the report, everything it does from its first line to its last; the share is
that time over the seconds spent training. At last the findings and the page of a record of `--page` cells (the largest
study's, repeated) are timed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from machine import heading, text_table
from work import check_work, read_work, work_sentence

RUN = """
import json, resource, sys, time
began = time.perf_counter()
import brittlestar
if __name__ == "__main__":
    data, out, seeds, epochs = sys.argv[1:]
    settings = {"variants": "{}", "training.epochs": epochs, "data.factors": "null"}
    result = brittlestar.run(data, out=out, seeds=int(seeds), settings=settings)
    assert all(cell.state == "done" for cell in result.record.cells)
    training = sum(cell.timing["seconds"] for cell in result.record.cells)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([time.perf_counter() - began, training, used.ru_utime + used.ru_stime]))
"""


def study(data, scratch, cells, epochs):
    """Wall seconds, training seconds summed over cells, and CPU seconds of the parent. Raises DriftError."""
    store = scratch / f"{cells}.study"
    command = [sys.executable, "-c", RUN, str(data), str(store), str(cells), str(epochs)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    check_work("the study", work(cells, epochs), read_work(store))
    return json.loads(ran.stdout.splitlines()[-1])


def work(cells, epochs):
    """Everything that a run does."""
    trained = {"cells trained": cells, "epochs": cells * epochs, "cells probed": cells}
    return {**trained, "audits": 1, "claims": 1, "suites of probes": 1, "pages": 1}


def page(store, cells, scratch):
    """Seconds for verdicts, findings and page of the store's record, its cells repeated up to `cells`."""
    from brittlestar.pipeline.assess import assess_study
    from brittlestar.reports.write import write_report
    from brittlestar.store.layout import open_store
    from brittlestar.store.study_record import read_record

    opened = open_store(store)
    record = read_record(opened)
    had = len(record.cells)
    repeated = tuple(replace(record.cells[i % had], seed=i, hash=f"{i:064x}") for i in range(cells))
    record = replace(record, cells=repeated, seeds=tuple(range(cells)))
    began = time.perf_counter()
    write_report(assess_study(opened, record), scratch / "report", figures=False)
    return time.perf_counter() - began, (scratch / "report" / "report.html").stat().st_size


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, nargs="+", default=[25, 50, 100, 200])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--page", type=int, default=500)
    parser.add_argument("--sizes", default="2000/500/1000")
    options = parser.parse_args(argv)

    from brittlestar import generate

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        generate(scratch / "data", lengths="8-24", sizes=options.sizes)
        rows = []
        for cells in options.cells:
            wall, training, parent = study(scratch / "data", scratch, cells, options.epochs)
            print(f"  {cells} cells: {wall:.1f} s", file=sys.stderr, flush=True)
            notes = (
                f"{wall:.1f}",
                f"{wall / cells:.3f}",
                f"{training:.1f}",
                f"{parent:.2f}",
                f"{parent / training:.1%}",
            )
            rows.append([str(cells), *notes])
        print(heading(f"studies of {options.epochs} epochs on {options.sizes} rows, once each"))
        print(text_table(["cells", "seconds", "a cell", "training", "CPU of parent", "share"], rows))
        print(f"the last study {work_sentence(work(options.cells[-1], options.epochs))}")
        seconds, size = page(scratch / f"{options.cells[-1]}.study", options.page, scratch)
        print(f"page of {options.page} cells: {seconds:.2f} s, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
