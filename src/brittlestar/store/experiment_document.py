"""diagnosis.json: what experiments on a study said, and where they lie."""

import json
from collections.abc import Sequence

from brittlestar.core.errors import StoreError
from brittlestar.core.experiments import Experiment, read_experiment
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.store.layout import Store

DIAGNOSIS = "diagnosis.json"


def write_experiments(store: Store, experiments: Sequence[Experiment], place: str) -> None:
    """Keep what experiments said; `place` is the study that they are in, by its name. Raises StoreError."""
    document = {"study": place, "experiments": [one.as_json() for one in experiments]}
    store.write(DIAGNOSIS, pretty_json({**document, "digest": digest(document)}))


def read_experiments(store: Store) -> tuple[Experiment, ...]:
    """What experiments said; none where there were none. Raises StoreError where the file is damaged."""
    if not store.backend.exists(DIAGNOSIS):
        return ()
    try:
        document = json.loads(store.backend.read(DIAGNOSIS))
        if document.pop("digest") != digest(document):
            raise ValueError("it does not match its own hash")
        return tuple(read_experiment(one) for one in document["experiments"])
    except (ValueError, KeyError, TypeError) as error:
        hint = "remove it, and diagnose again"
        raise StoreError(f"is damaged ({error})", store.name_key(DIAGNOSIS), hint) from error
