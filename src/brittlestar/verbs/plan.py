"""`plan`: what a run would do and cost, before it does it."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.pipeline.plan_cost import plan_study
from brittlestar.pipeline.request import is_store, make_request
from brittlestar.reports.showing import Document


def plan(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    settle: str | None = None,
) -> dict[str, Any]:
    """Show what `run` would do: runs, time, disk.

    It says how many runs there are and how much disk they need. Where runs of this study are finished, it says how long
    they took, and how long the others take by that. Before, no time can be told: run one seed first. It trains nothing.
    Needs a folder of splits or a study file.

    Args:
        data (DATA|STUDY.yaml): A folder of splits, or a study file. In Python also splits in memory.
        model: As in `run`.
        out (DIR): The study's folder to compare with. Default: ./NAME.study
        columns: As in `audit`.
        settings: As in `audit`.
        seeds: As in `run`.
        jobs: As in `run`.
        executor (processes|serial|ray): How runs are carried out: by processes here, in one process, or by nodes of a
            Ray cluster.
        address: As in `run`.
        settle (no|claim|relation): What ends a study whose claims may get more seeds, as in `run`.

    Returns:
        Plain JSON values: `cells` (runs), `done`, `variants`, `disk_bytes` (without the weights of variants that are
        `weights_unknown`: none of their runs is finished), and `worst`, what more seeds for open claims may come to.
        `seconds_per_cell` is what the `timed` finished runs took, least and most, and `seconds` what the others take
        by that; None where a variant that is open has no finished run. Of a study for cuda, `cells_per_gpu` is how
        many runs share a GPU (else None). A run that two variants share counts for each of them, and costs once.

    Raises:
        InputError: The data, the study file or the model cannot be read, or `data` is a study's folder.

    Command:
        Prints runs (variants × seeds), how many are done, what they took, and a line for each variant.

        Examples:
          brittlestar plan demo/data --seeds 10
          brittlestar plan demo/study.yaml --settle no
          brittlestar plan demo/study.yaml --executor ray --address auto

        Exit codes: 0 done; 2 wrong usage, or data, study file or model that cannot be read.

    Example:
        >>> from brittlestar import generate, plan
        >>> _ = generate("data", sizes="60/20/20")
        >>> found = plan("data", seeds=3)
        >>> found["cells"], sorted(found["variants"])
        (6, ['bag', 'main'])
    """
    if is_store(data):
        done = f"`brittlestar status {shlex.quote(str(data))}` shows what is done"
        raise InputError("this is a study's folder", str(data), f"{done}; plan takes the data or the study file")
    request = make_request(data, model, columns=columns, settings=settings, out=out, seeds=seeds)
    return Document(begin_document() | plan_study(request, Workers(executor, jobs, address=address), settle))
