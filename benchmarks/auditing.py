"""What an audit costs as data grow: seconds and peak memory of the whole command, and seconds of each check.

    python benchmarks/auditing.py [--rows 10000 20000 100000 300000 1000000] [--tokens 20] [--curve FILE.svg]

Data are generated here: rows of about `--tokens` tokens (half to one and a half times as many) from a first-order
source over 200 tokens, label by one of them, split 80/10/10. Each size runs in a process of its own, once; a second
runs exact duplicates and token drift alone. Of the peak, mapped files are no memory that others lack; the rest is the
audit's own (Linux alone tells, asked 20 times a second). Each run says which checks it did, and these are held against
those that it was to do. Targets on two cores: 20,000 rows in under 8 s, 1,000,000 rows in under 90 s and 4 GB,
20,000,000 rows in under 8 GB, and growth no worse than n log n.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from machine import heading, text_table
from work import check_work

VOCABULARY = 200
PART = ("leak.exact", "shift.composition")
RUN = """
import json, platform, resource, sys, threading, time
own, done = [0], threading.Event()
def watch():
    while not done.wait(0.05):
        with open("/proc/self/status") as status:
            own[0] = max(own[0], next((int(line.split()[1]) for line in status if line.startswith("RssAnon")), 0))
if platform.system() == "Linux":
    threading.Thread(target=watch, daemon=True).start()
began = time.perf_counter()
from brittlestar import audit
last, spent = ["", began], {}
def progress(code, done, of):
    now = time.perf_counter()
    if last[0]:
        spent[last[0]] = spent.get(last[0], 0.0) + now - last[1]
    last[:] = [code if of else "", now]
only = sys.argv[2:]
result = audit(sys.argv[1], only=only, progress=progress)
seconds = time.perf_counter() - began
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024) / 1e9
failed = [f.code for f in result.findings if "failure" in f.evidence]
done.set()
print(json.dumps({"seconds": seconds, "memory": memory, "own": own[0] * 1024 / 1e9, "checks": spent, "failed": failed,
                  "present": sorted({f.code for f in result.findings if f.severity in ("error", "warning")})}))
"""


def generate(folder, rows, tokens):
    """Train, dev and test as CSV, rows from a random first-order source."""
    random = np.random.default_rng(rows)
    sources = random.dirichlet(np.full(VOCABULARY, 0.2), VOCABULARY).cumsum(axis=1)
    names = np.array([f"E{k}" for k in range(VOCABULARY)])
    folder.mkdir()
    for name, share in (("train", 0.8), ("dev", 0.1), ("test", 0.1)):
        n = int(rows * share)
        lengths = random.integers(tokens // 2, tokens + tokens // 2 + 1, n)
        drawn = np.empty((n, lengths.max()), np.int64)
        drawn[:, 0] = random.integers(0, VOCABULARY, n)
        for place in range(1, drawn.shape[1]):
            chance = random.random(n)
            for start in range(0, n, 50_000):
                part = slice(start, start + 50_000)
                drawn[part, place] = (sources[drawn[part, place - 1]] < chance[part, None]).sum(axis=1)
        drawn = np.minimum(drawn, VOCABULARY - 1)
        labels = np.array(["no", "yes"])[
            [int((row[:length] < 20).any()) for row, length in zip(drawn, lengths, strict=True)]
        ]
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as handle:
            handle.write("id,sequence,label\n")
            handle.writelines(
                f"{name}{i},{' '.join(names[row[:length]])},{label}\n"
                for i, (row, length, label) in enumerate(zip(drawn, lengths, labels, strict=True))
            )


def audited(folder, *only):
    """One audit in a process of its own. Raises DriftError where it did other checks than asked for."""
    from brittlestar.core.catalogue import find_checks

    ran = subprocess.run([sys.executable, "-c", RUN, str(folder), *only], capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    check_work("the audit", dict.fromkeys(only or find_checks("data"), 1), dict.fromkeys(found["checks"], 1))
    check_work("the audit", {}, {f"failed {code}": 1 for code in found["failed"]})
    return found


def curve(points):
    """A line of seconds over rows on two logarithmic axes, beside n log n through the first point, as SVG."""
    from brittlestar.reports.render import svg

    first_rows, first_seconds = points[0]
    scale = first_seconds / (first_rows * math.log(first_rows))
    values = [{"rows": n, "seconds": s, "line": "audit"} for n, s in points]
    values += [{"rows": n, "seconds": scale * n * math.log(n), "line": "n log n"} for n, _ in points]
    return svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": 420,
            "height": 300,
            "data": {"values": values},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "rows", "type": "quantitative", "scale": {"type": "log"}},
                "y": {"field": "seconds", "type": "quantitative", "scale": {"type": "log"}},
                "color": {"field": "line", "type": "nominal", "title": None},
            },
        }
    )


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 20_000, 100_000, 300_000, 1_000_000])
    parser.add_argument("--tokens", type=int, default=20)
    parser.add_argument("--curve", type=Path)
    options = parser.parse_args(argv)
    points, lines, slowest = [], [], []
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "data"
            with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:  # a child's peak counts its parent's
                elsewhere.submit(generate, folder, rows, options.tokens).result()
            found = audited(folder)
            part = audited(folder, *PART)
        points.append((rows, found["seconds"]))
        for what, ran in ((f"all {len(found['checks'])}", found), (" and ".join(PART), part)):
            raised = ", ".join(ran["present"]) or "nothing"
            memory = [f"{ran['memory']:.2f}", f"{ran['own']:.2f}"]
            lines.append([f"{rows:,} rows", f"{ran['seconds']:.1f}", *memory, what, raised])
            print(f"  {rows:,} rows, {what}: {ran['seconds']:.1f} s", file=sys.stderr, flush=True)
        slow = sorted(found["checks"].items(), key=lambda item: -item[1])[:10]
        slowest.append(f"slowest at {rows:,} rows: " + ", ".join(f"{code} {seconds:.1f}" for code, seconds in slow))
    print(heading("audits of a folder of CSV files, the whole command, once each"))
    print(text_table(["", "seconds", "peak GB", "of it own", "checks", "raised"], lines))
    print(*slowest, sep="\n")
    if options.curve is not None:
        options.curve.write_text(curve(points), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
