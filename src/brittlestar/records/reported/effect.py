"""Which settings a record has, and which of them its model and training read."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

from brittlestar.core.results import Setting, StudyRecord
from brittlestar.study.default_values import find_default
from brittlestar.study.in_effect import fits_itself, is_read
from brittlestar.study.settings import Study

DEFAULTS = ("our default", "library default")
"""Origins of settings that nobody chose."""
SILENT = ("name", "data.path", "data.splits", "data.columns", "data.factors", "model.own", "model.kind", "model.params",
          "model.predictions", "model.predictions_columns", "model.variant", "model.embedding.table", "report.title",
          "report.checks", "training.device", "training.precision", "library", "streams", "probes")  # fmt: skip
"""Settings that no report has to name: where things lie, and how they are computed."""


@dataclass(frozen=True)
class InEffect:
    """The settings of main, by path; `read`: those that its model or its training reads; `idle`: those of which tracing
    saw that another value changes nothing; `default`: those that are as they are by default, whoever wrote them, and
    `chosen` those that somebody wrote. `rows` of train, `steps` of an epoch, and `seeds` are what numbers of other
    units are turned by."""

    values: Mapping[str, Any]
    read: frozenset[str]
    idle: frozenset[str]
    default: frozenset[str]
    rows: int
    steps: int
    seeds: tuple[int, ...]
    params: Mapping[str, Any]
    chosen: frozenset[str] = frozenset()

    @property
    def epochs(self) -> int:
        """Epochs of training."""
        return int(self.values.get("training.epochs") or 0)


def find_effect(record: StudyRecord, declared: Mapping[str, Any] = MappingProxyType({})) -> InEffect:
    """What is in effect in main of a record; `declared` are defaults of its own function, by parameter."""
    variant = record.variants[record.main]
    settings = {one.path: one for one in variant.settings}
    values = {path: _find_value(one) for path, one in settings.items()}
    values["report.metric"] = record.metric
    given = any(cell.outcome == "imported" for cell in record.cells if cell.variant == record.main)
    itself = fits_itself(variant, (cell for cell in record.cells if cell.variant == record.main))
    unread = {path for path in values if not is_read(path, values, bool(variant.own), itself, given)}
    traced = () if record.traced is None else record.traced.found
    idle = frozenset(one.name for one in traced if one.kind == "setting")
    seeds = tuple(record.seeds)
    rows = int(values.get("data.train_rows") or record.splits["train"].rows)
    batch = int(values.get("training.batch_size") or 1)
    default = {path for path, one in settings.items() if one.origin in DEFAULTS or values[path] == find_default(path)}
    params: Mapping[str, Any] = {path.removeprefix("model.params."): one.value for path, one in settings.items()
                                 if path.startswith("model.params.")}  # fmt: skip
    silent = {name: value for name, value in declared.items() if name not in params}
    values |= {f"model.params.{name}": value for name, value in silent.items()}
    default |= {f"model.params.{name}" for name in silent}
    return InEffect(
        values=values,
        read=frozenset(values.keys() - unread - idle),
        idle=idle,
        default=frozenset(
            {*default, "report.metric", *(("seeds",) if seeds == Study.model_fields["seeds"].default else ())}
        ),
        rows=rows,
        steps=ceil(rows / max(batch, 1)),
        seeds=seeds,
        params={**params, **silent},
        chosen=frozenset(path for path, one in settings.items() if one.origin not in DEFAULTS),
    )


def _find_value(one: Setting) -> Any:
    """What was in effect: what the built object carries, unless the setting is a word, which stands for something."""
    return one.value if one.read_back is None or isinstance(one.value, str) else one.read_back
