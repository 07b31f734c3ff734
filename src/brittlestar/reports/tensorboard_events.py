"""A study as event files of TensorBoard: a run for each variant and seed, and the headline as text."""

from pathlib import Path
from typing import Any

from brittlestar.core.optional import require
from brittlestar.core.results import CellRecord
from brittlestar.reports.headline_text import headline_text
from brittlestar.reports.reading import Reading
from brittlestar.reports.run_metrics import list_curves, list_scores

EXTRA = "tensorboard"


def write_events(reading: Reading, folder: Path) -> int:
    """Write one folder of events for each finished run, `VARIANT/seed-N`, and `headline`; returns how many runs. Steps
    are epochs, and clocks those of nobody: every event has the time 0. Raises MissingExtraError, OSError."""
    writing = require("tensorboard.summary.writer.event_file_writer", EXTRA)
    done = [cell for cell in reading.record.cells if cell.state == "done"]
    for cell in done:
        events = [_make_event(*one) for one in (*list_curves(cell), *list_scores(cell))]
        _write(writing, folder / _name_run(cell), events)
    _write(writing, folder / "headline", [_make_text("headline", headline_text(reading.headline))])
    return len(done)


def _name_run(cell: CellRecord) -> Path:
    return Path(cell.variant.replace("/", "_")) / f"seed-{cell.seed}"


def _write(writing: Any, folder: Path, events: list[Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    writer = writing.EventFileWriter(str(folder))
    for event in events:
        writer.add_event(event)
    writer.close()


def _make_event(tag: str, step: int, value: float) -> Any:
    event_pb2, summary_pb2 = (require(f"tensorboard.compat.proto.{name}_pb2", EXTRA) for name in ("event", "summary"))
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    return event_pb2.Event(wall_time=0.0, step=step, summary=summary)


def _make_text(tag: str, text: str) -> Any:
    """Text as TensorBoard shows it: lines of code, so that columns stay."""
    event_pb2 = require("tensorboard.compat.proto.event_pb2", EXTRA)
    shown = "\n".join(f"    {line}" for line in text.splitlines())
    summary = require("tensorboard.plugins.text.summary_v2", EXTRA).text_pb(tag, shown)
    return event_pb2.Event(wall_time=0.0, step=0, summary=summary)
