"""Runs the whole calibration suite, or with `gate` the releases of a gate, and keeps the table for `generate.py`.

python docs/calibrate.py
python docs/calibrate.py gate
"""

from __future__ import annotations

import sys
from pathlib import Path

from brittlestar.claims.calibration import calibrate
from brittlestar.claims.calibration_gate import SIZES, measure_gate
from brittlestar.core.hashing import pretty_json

if __name__ == "__main__":
    if sys.argv[1:] == ["gate"]:
        found = [measure_gate(rows, seeds).as_json() for rows, seeds in SIZES]
        Path(__file__).with_name("gate_rates.json").write_bytes(pretty_json(found))
    else:
        Path(__file__).with_name("calibration.json").write_bytes(pretty_json([one.as_json() for one in calibrate()]))
