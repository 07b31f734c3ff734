"""What one timed side did, read from what it left, and held against what the benchmark says of it.

A benchmark declares the work of each side as counts by stage. After every run the folder that the side wrote is read
file by file. A count that differs, or a file that belongs to no stage named here, ends the benchmark: nobody's figure
then quietly comes to include, or to leave out, a stage that joined `run` later.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

STAGES = {
    "audits": r"audit\.json",
    "claims": r"claims\.json",
    "cells trained": r"cells/\w+/(cell\.json|(curves|steps|predictions)\.parquet|weights-\w+\.safetensors"
    r"|log\.txt|outcome\.json|timing\.json)",
    "cells scored on added splits": r"derived/\w+/(?!probes-)[\w.-]+-\w{12}/.+",
    "suites of probes": r"probes/(\w{12}/.+|current\.json)",
    "cells probed": r"derived/\w+/probes-\w{12}/.+",
    "pages": r"report/.+",
}
"""Stages of a study, and the files of its store that each one writes."""
COMMON = (
    r"\.lock-[\w-]+|attempts\.jsonl|study\.json|trivial\.parquet|index\.parquet"
    r"|data/(vocabulary|summary)\.json|data/[\w.-]+/[\w.-]+"
)
"""Files of a store that belong to no stage but to all: its description, the encoded data, a cache of scores."""
RESULTS = {"cells", "claims", "data", "environment", "findings", "headline", "probes", "slices", "trivial_baselines"}
RESULTS |= {"files", "finding_counts", "schema_version", "study", "timing", "variants"}
"""The parts of results.json: a stage may add one and write no file."""
ROOMS = {"core", "data", "execution", "models", "pipeline", "statistics", "store", "study", "training"}
"""Packages of brittlestar that training alone needs. It loads no audit, probe, diagnosis, verdict or report."""


class DriftError(Exception):
    """A side did not do what its benchmark says."""


def read_work(store: Path) -> dict[str, int]:
    """How often each stage of a study was done, and the epochs of all cells. Raises DriftError for files and results
    of unknown stages."""
    files = [path.relative_to(store).as_posix() for path in sorted(store.rglob("*")) if path.is_file()]
    unknown = [name for name in files if not re.fullmatch("|".join((COMMON, *STAGES.values())), name)]
    if unknown:
        raise DriftError(f"a stage that this benchmark does not know wrote {', '.join(unknown[:5])}")
    done = Counter[str]()
    for stage, pattern in STAGES.items():
        written = [name for name in files if re.fullmatch(pattern, name)]
        folders = {name.rsplit("/", 1)[0] for name in written if not name.endswith("current.json")}
        done[stage] = len(folders)
    outcomes = [
        json.loads((store / name).read_bytes()) for name in files if re.fullmatch(r"cells/\w+/outcome.json", name)
    ]
    failed = [outcome for outcome in outcomes if outcome["state"] != "done"]
    if failed or len(outcomes) != done["cells trained"]:
        raise DriftError(f"{len(failed)} cells failed: {failed[:1]}")
    done["epochs"] = sum(outcome["epochs"] for outcome in outcomes)
    results = store / "report" / "results.json"
    if results.exists() and (more := json.loads(results.read_bytes()).keys() - RESULTS):
        raise DriftError(
            f"a stage that this benchmark does not know is told in results.json: {', '.join(sorted(more))}"
        )
    return done


def read_loop(out: Path) -> dict[str, int]:
    """The same of the usual loop, which leaves `best-SEED.pt` and `history-SEED.json`."""
    files = sorted(path.name for path in out.iterdir())
    if unknown := [name for name in files if not re.fullmatch(r"best-\d+\.pt|history-\d+\.json", name)]:
        raise DriftError(f"the usual loop wrote {', '.join(unknown[:5])}")
    histories = [json.loads((out / name).read_bytes()) for name in files if name.startswith("history")]
    return {"cells trained": len(histories), "epochs": sum(map(len, histories))}


def read_products(out: Path) -> dict[str, int]:
    """The same of products alone, which leaves `products-SEED.json` and trains nothing. Raises DriftError."""
    files = sorted(path.name for path in out.iterdir())
    if unknown := [name for name in files if not re.fullmatch(r"products-\d+\.json", name)]:
        raise DriftError(f"products alone wrote {', '.join(unknown[:5])}")
    return {"epochs of products": sum(json.loads((out / name).read_bytes())["epochs"] for name in files)}


def check_work(side: str, declared: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Raise DriftError where a side did not do exactly what is declared of it; what is not named is not done."""
    names = dict.fromkeys((*declared, *found))
    wrong = [
        f"{found.get(name, 0)} {name} in place of {declared.get(name, 0)}"
        for name in names
        if found.get(name, 0) != declared.get(name, 0)
    ]
    if wrong:
        raise DriftError(f"{side} does not do what this benchmark says of it: {', '.join(wrong)}")


def work_sentence(declared: Mapping[str, int]) -> str:
    """`does: cells trained 20, epochs 200; leaves out: audits, claims, …`."""
    done = ", ".join(f"{name} {number}" for name, number in declared.items() if number)
    left = ", ".join(stage for stage in STAGES if not declared.get(stage))
    return f"does: {done}; leaves out: {left or 'nothing'}"
