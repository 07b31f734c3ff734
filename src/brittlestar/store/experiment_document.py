"""diagnosis.json: what experiments on a study said, and where they lie."""

import json

from brittlestar.core.errors import StoreError
from brittlestar.core.experiments import Experiments, read_experiment
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.store.layout import Store

DIAGNOSIS = "diagnosis.json"


def write_experiments(store: Store, experiments: Experiments) -> None:
    """Keep what experiments said. Raises StoreError."""
    document = experiments.as_json()
    store.write(DIAGNOSIS, pretty_json({**document, "digest": digest(document)}))


def read_experiments(store: Store) -> Experiments:
    """What experiments said; nothing where there were none. Raises StoreError where the file is damaged."""
    if not store.backend.exists(DIAGNOSIS):
        return Experiments()
    try:
        document = json.loads(store.backend.read(DIAGNOSIS))
        if document.pop("digest") != digest(document):
            raise ValueError("it does not match its own hash")
        tried = tuple(read_experiment(one) for one in document["experiments"])
        return Experiments(tried, document["study"], document.get("sources"))
    except (ValueError, KeyError, TypeError) as error:
        hint = "remove it, and diagnose again"
        raise StoreError(f"is damaged ({error})", store.name_key(DIAGNOSIS), hint) from error
