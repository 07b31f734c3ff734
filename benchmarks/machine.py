"""What a figure was measured on, how long a command takes with all that it starts, and how tables are printed.

Every benchmark prints `heading()` above its figures: they say nothing without the processor and the build. PyTorch is
asked in a process of its own, so that no benchmark carries its memory.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from brittlestar.execution.environment import usable_cores

os.environ["BRITTLESTAR_AUDITS"] = "anew"  # a second side makes its audit, too
HERE = Path(__file__).resolve().parent
_TORCH = """
import json
try:
    import torch
    print(json.dumps(f"PyTorch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()})"))
except ImportError:
    print(json.dumps("no PyTorch"))
"""


@dataclass(frozen=True)
class Machine:
    """Where figures come from. `torch` names version, build and the CPU instructions that it was found to use."""

    processor: str
    cores: int
    system: str
    python: str
    torch: str
    commit: str

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores used, {self.system}\n"
            f"Python {self.python}, {self.torch}, brittlestar {version('brittlestar')} at {self.commit}"
        )


@functools.cache
def describe_machine() -> Machine:
    """The machine, asked once."""
    told = subprocess.run([sys.executable, "-c", _TORCH], capture_output=True, text=True, check=True).stdout
    system = f"{platform.system()} {platform.machine()}"
    return Machine(_processor(), usable_cores(), system, platform.python_version(), json.loads(told), _commit())


def _processor() -> str:
    """Its model name as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        asked = _said("sysctl", "-n", "machdep.cpu.brand_string")
        return asked or platform.processor() or platform.machine() or "an unknown processor"


def _commit() -> str:
    """The commit of this checkout, and whether files differ from it."""
    digest = _said("git", "-C", str(HERE), "rev-parse", "--short=12", "HEAD")
    changed = _said("git", "-C", str(HERE), "status", "--porcelain", "--untracked-files=no")
    return f"{digest}{' with changes' * bool(changed)}" if digest else "an unknown commit"


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def heading(title: str) -> str:
    """What stands above the figures of a benchmark: title, machine, and how busy others keep it."""
    load = f"load {os.getloadavg()[0]:.1f} in the last minute" if hasattr(os, "getloadavg") else "load unknown"
    return f"{title}\n{describe_machine()}, {load}\n"


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, seconds of processors (None where the system does not tell), and the largest resident set
    of one of the processes in GB."""

    seconds: float
    cpu: float | None
    memory: float


def time_command(command: Sequence[str]) -> Spent:
    """Run a command to its end. CPU time counts every process that it started. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as scratch:
        sentence = Path(scratch) / "spent.json"
        subprocess.run([sys.executable, str(HERE / "timed.py"), str(sentence), *command], check=True)
        return Spent(*json.loads(sentence.read_text(encoding="ascii")))


def median_and_range(values: Sequence[float], form: str = ".1f") -> str:
    """`17.0 [16.1, 19.4]`: the median, the least and the most."""
    return f"{statistics.median(values):{form}} [{min(values):{form}}, {max(values):{form}}]"


def text_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in columns as wide as what stands in them; the first is flush left, the others right."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
