"""`python -m exam.calibration [--studies N]` simulates studies, for docs/explanation/verdict-errors.md;
`python -m exam.calibration gate` simulates releases, for docs/how-to/gate.md. `python docs/generate.py` writes both.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from brittlestar.core.hashing import pretty_json
from exam.calibration.baselines import calibrate_baselines
from exam.calibration.entry import Entry
from exam.calibration.gate import SIZES, measure_gate
from exam.calibration.row_metrics import calibrate_row_metrics
from exam.calibration.rows import calibrate_rows
from exam.calibration.seeds import calibrate_seeds

DOCS = Path(__file__).parents[2] / "docs"
FULL = 2_000  # budget; a rate of .05 is known to .005


def calibrate(studies: int) -> Iterator[Entry]:
    """Every entry, of `studies` simulated studies each."""
    yield from calibrate_seeds(studies)
    yield from calibrate_rows(studies)
    yield from calibrate_row_metrics(studies)
    yield from calibrate_baselines(studies)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print what is not as it should be, and keep the figures of a full run."""
    parser = argparse.ArgumentParser(prog="python -m exam.calibration", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("statistics", "gate"), default="statistics")
    parser.add_argument("--studies", type=int, default=FULL, help="fewer are not kept")
    given = parser.parse_args(arguments)
    if given.what == "gate":
        rates = [measure_gate(rows, seeds) for rows, seeds in SIZES]
        (DOCS / "gate_rates.json").write_bytes(pretty_json(rates))
        return 0
    entries = list(calibrate(given.studies))
    failing = [
        f"{entry.name}: {entry.rate:.3f} ({entry.low:.3f} to {entry.high:.3f})" for entry in entries if not entry.passed
    ]
    print(f"{len(entries) - len(failing)} of {len(entries)} entries are as they should be.", *failing, sep="\n")
    if given.studies == FULL:
        (DOCS / "calibration.json").write_bytes(pretty_json([entry.as_json() for entry in entries]))
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
