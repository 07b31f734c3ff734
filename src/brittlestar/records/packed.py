"""Tables of a record that may be larger than their files: read once in a process of its own, which may run out of
memory without harm.

A table of a few kilobytes can unpack to more than a machine holds, and nothing that it says of itself has to be true.
So each is read where memory is limited, before it is read here.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.records.manifest import FORGED

PACKED = (".parquet", ".npz")
MOST_MEMORY = 2 << 30  # budget: bytes; predictions of a million rows with 100 classes take half of it
_DONE = "done"


def refuse_bombs(folder: Path, names: Iterable[str], where: str, most: int = MOST_MEMORY) -> None:
    """Raise InputError where one of these tables below `folder` takes more than `most` bytes of memory to read, or ends
    the process that reads it; `where` is what a person calls the record. Memory is limited on Linux alone. A table that
    is merely damaged passes: who reads it later says so."""
    packed = sorted(name for name in names if name.endswith(PACKED))
    if not packed:
        return
    command = [sys.executable, "-c", f"from {__name__} import read_tables; read_tables({most})"]
    asked = "\n".join(str(folder / name) for name in packed)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, encoding="utf-8", check=False)
    read = done.stdout.split()
    if done.returncode or _DONE not in read:
        name = packed[min(len(read), len(packed) - 1)]
        what = f"{name} takes more than {most / (1 << 30):.3g} GiB of memory to read, or cannot be read at all"
        raise InputError(what, where, FORGED)


def read_tables(most: int) -> None:
    """Read the tables whose places stand on standard input, one after the other; a number for each, then `done`."""
    import numpy as np
    import polars as pl

    pl.DataFrame({"warm": [1]}).select(pl.col("warm").sum())
    _limit_memory(most)
    for number, line in enumerate(sys.stdin.read().splitlines()):
        try:
            if line.endswith(".npz"):
                with np.load(line, allow_pickle=False) as arrays:
                    for key in arrays.files:
                        arrays[key]
            else:
                pl.read_parquet(line)
        except MemoryError:
            raise
        except Exception:  # damaged: whoever reads it says so
            pass
        print(number, flush=True)
    print(_DONE, flush=True)


def _limit_memory(most: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    data = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (data + most, data + most))
