"""A study's training and nothing else: read and encode the data, build the model, train every seed, keep every result.

What `throughput.py` measures beside the usual loop and beside the whole command. It names each step that it takes, and
so no stage that joins `run` joins here. At its end it refuses to have loaded a package that training does not need.
Run alone: python benchmarks/training_alone.py DATA OUT HIDDEN SEEDS EPOCHS PRECISION
"""

import sys
from dataclasses import replace
from pathlib import Path

from work import ROOMS, DriftError

from brittlestar.data.folder import write_data
from brittlestar.execution.environment import environment, environment_class, usable_cores
from brittlestar.execution.inspecting import inspect
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import SilentWatcher, make_run
from brittlestar.execution.processes import Processes
from brittlestar.execution.session import train_missing
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.prepare import prepare
from brittlestar.store.layout import create_store
from brittlestar.store.lock import lock_alone


def settings(hidden, epochs, precision):
    """The settings that make a study train what the usual loop trains."""
    return {
        "variants": "{}",
        "model.hidden": hidden,
        "model.dropout.head": "0.2",
        "training.epochs": epochs,
        "training.precision": precision,
    }


def train_study(data, out, overrides):
    executor = Processes(usable_cores())
    executor.warm(False)
    prepared = prepare(open_input(data, overrides=overrides))
    store = create_store(Path(out))
    with lock_alone(store):
        opened = prepared.opened
        write_data(store.data, opened.frames, opened.data)
        bare = make_run(store, prepared.search_path, opened.base)
        here = environment_class({**environment(), **inspect(prepared.cells, bare, executor).environment}, "cpu")
        run = replace(bare, environment_class=here, fingerprints=opened.fingerprints)
        first = prepared.cells[0].variant
        ended = train_missing(run, prepared.cells, first, executor, SilentWatcher(), Interruption())
    assert ended is None, ended


def check_rooms():
    loaded = {name.split(".")[1] for name in sys.modules if name.startswith("brittlestar.")}
    if loaded != ROOMS:
        raise DriftError(f"training alone loads other packages than it says: {sorted(loaded ^ ROOMS)}")


def main(argv):
    data, out, hidden, seeds, epochs, precision = argv
    train_study(data, out, {**settings(hidden, epochs, precision), "seeds": seeds})
    check_rooms()


if __name__ == "__main__":
    main(sys.argv[1:])
