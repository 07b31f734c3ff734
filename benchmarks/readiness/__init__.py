"""How well scores on rows without labels are forecast: shifts, trainings and figures."""

from pathlib import Path

TABLE = Path(__file__).with_name("readiness.parquet")
