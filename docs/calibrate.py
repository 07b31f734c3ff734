"""Runs the whole calibration suite and keeps its table for `generate.py`, in minutes.

python docs/calibrate.py
"""

from __future__ import annotations

from pathlib import Path

from brittlestar.claims.calibration import calibrate
from brittlestar.core.hashing import pretty_json

if __name__ == "__main__":
    Path(__file__).with_name("calibration.json").write_bytes(pretty_json([one.as_json() for one in calibrate()]))
