"""diagnosis.json: what experiments on a study said, and where they lie."""

from collections.abc import Mapping
from typing import Any

from brittlestar.core.experiments import Experiments, read_experiment
from brittlestar.store.kept_document import read_kept, write_kept
from brittlestar.store.layout import Store

DIAGNOSIS = "diagnosis.json"


def write_experiments(store: Store, experiments: Experiments) -> None:
    """Keep what experiments said. Raises StoreError."""
    write_kept(store, DIAGNOSIS, experiments.as_json())


def read_experiments(store: Store) -> Experiments:
    """What experiments said; nothing where there were none. Raises StoreError where the file is damaged."""
    return read_kept(store, DIAGNOSIS, _read, "diagnose again") or Experiments()


def _read(document: Mapping[str, Any]) -> Experiments:
    tried = tuple(read_experiment(one) for one in document["experiments"])
    return Experiments(tried, document["study"], document.get("sources"))
