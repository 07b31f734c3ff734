"""What sealing and verifying a large study takes, beside archiving and hashing the same files.

    python benchmarks/sealing.py [--cells 500] [--rows 5000] [--steps seal verify]

A study of as many runs is set up, and its runs are written as finished ones, each with predictions of all rows: random
ones, which no format packs, with the scores that follow from them. Then `seal` and `verify` (depth recompute: scores,
audit, numbers, verdicts and pages again) are timed, each a process of its own: seconds by the clock and of processors,
and the most memory of one process.

What a user would take instead stands beside: `tar` and `sha256sum` over the same files, which compute nothing again.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

import numpy as np
from machine import heading, text_table, time_command
from many_cells import CODE, make_trained, write_study

from brittlestar.core.scores import softmax
from brittlestar.core.splits import EncodedData
from brittlestar.data.opening import open_data
from brittlestar.execution.environment import environment_class
from brittlestar.store.cell_outputs import write_done
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.training.trained import Output, Trained, split_scores

RUN = [sys.executable, "-c", CODE]


def write_runs(folder: Path) -> int:
    """Write every run of a study as a finished one, with answers of its own."""
    store = Store(folder)
    document = read_study(store)
    cells, data = read_cells(document), open_data(store.data)
    fingerprints = {name: split.fingerprint for name, split in data.splits.items()}
    here, plain = environment_class(document["environment"], "cpu"), make_trained(data)
    with ThreadPoolExecutor(2) as threads:
        numbered = enumerate(cells)
        for _ in threads.map(
            lambda one: write_done(store, one[1], draw_answers(plain, data, one[0]), "", here, fingerprints), numbered
        ):
            pass
    return len(cells)


def draw_answers(plain: Trained, data: EncodedData, number: int) -> Trained:
    """A finished run that prefers the right class, and is wrong in a third of its rows."""
    random = np.random.default_rng(number)
    outputs, scores = {}, {}
    for name, split in data.splits.items():
        values = random.standard_normal((split.n_rows, len(data.classes))).astype(np.float32)
        values[np.arange(split.n_rows), np.asarray(split.labels)] += 0.6
        output = Output(np.arange(split.n_rows), values, probabilities=False, hard=False)
        outputs[name] = {"best": output, "last": output}
        scores[name] = dict.fromkeys(("best", "last"), split_scores(split, softmax(values), False))
    return replace(plain, outputs=outputs, scores=scores)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cells", type=int, default=500)
    options.add_argument("--rows", type=int, default=5000, help="rows of test; train has a fifth, dev a tenth of them")
    options.add_argument("--steps", nargs="+", default=["seal", "tar", "hashes", "sha256sum", "verify"])
    chosen = options.parse_args(arguments)
    print(heading(f"{chosen.cells:,} runs with answers to {chosen.rows:,} rows of test"))
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as folder, chdir(folder):
        sizes = f"{chosen.rows // 5}/{chosen.rows // 10}/{chosen.rows}"
        time_command([*RUN, "generate", "spr", "data", "--sizes", sizes])
        write_study(Path(folder), chosen.cells)
        time_command([*RUN, "run", "study.yaml", "--out", "many.study", "--budget", "0.001s"])
        print(f"{write_runs(Path('many.study')):,} runs written", flush=True)
        commands = {
            "seal": [*RUN, "seal", "many.study", "--with-data"],
            "tar": ["tar", "--sort=name", "-cf", "many.tar", "many.study"],
            "hashes": [*RUN, "verify", "many.record.zip", "--depth", "hashes"],
            "sha256sum": ["sh", "-c", "find many.study -type f -print0 | sort -z | xargs -0 sha256sum"],
            "verify": [*RUN, "verify", "many.record.zip"],
        }
        rows = []
        for step in chosen.steps:
            spent = time_command(commands[step])
            cpu = "?" if spent.cpu is None else f"{spent.cpu:.1f}"
            rows.append((step, f"{spent.seconds:.1f}", cpu, f"{1000 * spent.memory:.0f}"))
        print(text_table(("", "s", "CPU s", "MB"), rows))
        size = Path("many.record.zip").stat().st_size
        print(f"the record has {size / 1e6:,.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
