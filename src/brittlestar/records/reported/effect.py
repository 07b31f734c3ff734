"""Which settings a record has, which of them its model and training read, what is known of those that own code sets,
and what a report of them has to state."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from types import MappingProxyType
from typing import Any

import yaml

from brittlestar.core.results import DEFAULTS, Setting, StudyRecord
from brittlestar.records.reported.naming import find_paths
from brittlestar.study.default_values import UNKNOWN, find_default
from brittlestar.study.in_effect import fits_itself, list_in_effect, reads_setting
from brittlestar.study.names import show_reference
from brittlestar.study.settings import Study

LINES_OF_EXAMPLE = 6
"""Lines that an error shows."""
PRECISION, WEIGHTS, STOPPING = "training.precision", "training.class_weights", "training.early_stopping"
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""
MANY_MEANINGS = ("alpha",)
"""Parameters that mean another thing in every estimator: smoothing, a penalty, a rate."""
EPOCHS, BATCH, PARAMS = "training.epochs", "training.batch_size", "model.params."
HELD = ("estimator.", "trainer.")
"""How paths of settings begin that objects of own code have."""
SILENT = ("name", "data.path", "data.splits", "data.columns", "data.factors", "model.own", "model.kind", "model.params",
          "model.predictions", "model.predictions_columns", "model.abstain", "model.variant", "model.embedding.table",
          "report.title", "report.checks", "training.device", "training.precision", "library", "streams",
          "probes")  # fmt: skip
"""Settings that no report has to name: where things lie, and how they are computed."""


@dataclass(frozen=True)
class InEffect:
    """The settings of main, by path; `read`: those that its model or its training reads; `idle`: those of which tracing
    saw that another value changes nothing; `default`: those that are as they are by default, whoever wrote them, and
    `chosen` those that somebody wrote. `rows` of train, `steps` of an epoch, and `seeds` are what numbers of other
    units are turned by. `params` are parameters of own code, and `declared` their defaults, as far as they are known.

    Unread settings of `sections` are set elsewhere, `where` says so: `set in your code: net.py:12`. `seen` is what is
    known of them all the same: by path, what was seen or read back, by the name of where; `held` are settings of own
    objects (`estimator.clf.C`). `seeds` are those that finished, of those `asked` for: `failed` says which did not."""

    values: Mapping[str, Any]
    read: frozenset[str]
    idle: frozenset[str]
    default: frozenset[str]
    rows: int
    steps: int
    seeds: tuple[int, ...]
    params: Mapping[str, Any]
    chosen: frozenset[str] = frozenset()
    declared: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sections: tuple[str, ...] = ()
    where: str = ""
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    held: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked: tuple[int, ...] = ()
    failed: str = ""

    @property
    def epochs(self) -> int:
        """Epochs of training."""
        return int(next(iter(self.seen.get(EPOCHS, {}).values()), self.values.get(EPOCHS)) or 0)

    def is_elsewhere(self, path: str) -> bool:
        """Whether own code sets this, or what made given predictions did."""
        return path in self.held or (path.startswith(self.sections) and path not in self.read)

    def has_default(self, path: str) -> bool:
        """Whether it is known what a setting is where nobody says anything."""
        known = path == "seeds" or find_default(path) is not UNKNOWN
        return known or path.removeprefix(PARAMS) in self.declared


def find_effect(record: StudyRecord, declared: Mapping[str, Any] = MappingProxyType({}), place: str = "") -> InEffect:
    """What is in effect in main of a record; `declared` are defaults of its own function, by parameter, and `place` its
    file and line."""
    variant = record.variants[record.main]
    settings = {setting.path: setting for setting in variant.settings}
    values = {path: setting.value if setting.read_back is None or isinstance(setting.value, str) else setting.read_back
              for path, setting in settings.items()}  # fmt: skip
    values["report.metric"] = record.metric  # above: of a word, which stands for something, objects carry other things
    cells = [cell for cell in record.cells if cell.variant == record.main]
    given, itself = any(cell.outcome == "imported" for cell in cells), fits_itself(variant, cells)
    unread = {path for path in values if not reads_setting(record, record.main, path)}
    traced = record.traced.found if record.traced else ()
    idle = frozenset(one.name for one in traced if one.kind == "setting")
    seeds, states = tuple(record.seeds), {cell.seed: cell.state for cell in cells}
    rows = int(values.get("data.train_rows") or record.splits["train"].rows)
    built = {path for path in values if variant.own and re.match(r"library\.(?!threads$)[a-z_]", path)}
    listed = list_in_effect(record, record.main) if itself and not given else ()
    held = {one.path: one.value for one in listed if one.path.startswith(HELD)}
    carried = {path.removeprefix("library."): values[path] for path in sorted(built)}
    seen = _find_seen(record, listed, carried | held)
    batch = int(next(iter(seen.get(BATCH, {}).values()), values.get(BATCH)) or 1)
    default = {
        path for path, setting in settings.items() if setting.origin in DEFAULTS or values[path] == find_default(path)
    }
    params: Mapping[str, Any] = {path.removeprefix(PARAMS): setting.value for path, setting in settings.items()
                                 if path.startswith(PARAMS)}  # fmt: skip
    silent = {name: value for name, value in declared.items() if name not in params}
    values |= {f"{PARAMS}{name}": value for name, value in silent.items()}
    default |= {f"{PARAMS}{name}" for name, value in declared.items() if params.get(name, value) == value}
    default |= {"report.metric", *(("seeds",) if seeds == Study.model_fields["seeds"].default else ())}
    own = place or show_reference(values.get("model.own"))
    return InEffect(
        values=values,
        read=frozenset(values.keys() - unread - idle),
        idle=idle,
        default=frozenset(default - built),
        rows=rows,
        steps=ceil(rows / max(batch, 1)),
        seeds=tuple(seed for seed in seeds if states.get(seed, "done") == "done"),
        asked=seeds,
        failed=_describe_failed(states, len(seeds)),
        params={**params, **silent},
        chosen=frozenset(path for path, setting in settings.items() if setting.origin not in DEFAULTS),
        declared=declared,
        sections=("model.", "training.") if given or itself else ("model.",) if variant.own else (),
        where="predictions were given, and nobody recorded what made them" if given else f"set in your code: {own}",
        seen=seen,
        held=held,
    )


def _find_seen(record: StudyRecord, listed: Iterable[Setting], built: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was seen while own code trained, and what the objects that it `built` say of themselves: by path of the
    study file."""
    found: dict[str, dict[str, Any]] = {}
    for setting in listed:
        if setting.path.startswith("seen."):
            whole = isinstance(setting.value, float) and setting.value.is_integer()
            found[f"training.{setting.path.removeprefix('seen.')}"] = {
                setting.origin: int(setting.value) if whole else setting.value
            }
    cells = (cell.seen for cell in record.cells if cell.variant == record.main and cell.seen is not None)
    if any(one.rate is not None and one.rate[0] != one.rate[1] for one in cells):
        found.pop("training.learning_rate", None)  # nobody can say which of several is meant
    for place, value in built.items():
        owner, _, name = place.rpartition(".")
        if name in MANY_MEANINGS:
            continue
        for meant in find_paths("dropout" if name == "p" else name) if owner else ():
            found.setdefault(meant, {})[place] = value
    return found


def _describe_failed(states: Mapping[int, str], asked: int) -> str:
    """`5 were asked for: 4 finished, 1 failed (seed 3)`; empty where every run finished."""
    named: dict[str, list[str]] = {}
    for seed, state in states.items():
        named.setdefault(state, []).append(str(seed))
    finished = len(named.pop("done", ()))
    notes = (f"{len(seeds)} {state} (seed {', '.join(seeds)})" for state, seeds in named.items())
    return f"{asked} were asked for: {finished} finished, {', '.join(notes)}" if named else ""


def list_omitted(effect: InEffect, said: Collection[str]) -> Iterator[str]:
    """The paths of settings that a report has to state and does not (`said`), those of an own model last."""
    for path in sorted(effect.read):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT) and not _is_chosen(effect, path)
        told = path == PRECISION or (path in effect.default and path.startswith(COMPUTED))
        spoken = path in (STOPPING, WEIGHTS) and any(one.startswith(f"{path}.") for one in said)
        if path not in said and (told or not silent) and not spoken:
            yield path
    params = (f"{PARAMS}{name}" for name in sorted(effect.params))
    yield from (path for path in params if path not in said and path not in effect.idle)


def _is_chosen(effect: InEffect, path: str) -> bool:
    """Whether somebody chose what others never think of: other streams of seeds, or factors that embeddings are of."""
    composed = effect.values.get("model.embedding.composition", "joint") != "joint"
    return path not in effect.default and (path.startswith("streams.") or (path == "data.factors" and composed))


def list_settings(effect: InEffect) -> Mapping[str, Any]:
    """What a report of main has to state, by path: the settings that its model and training read, and its seeds."""
    last = ("report.metric", "seeds")
    kept = [path for path in list_omitted(effect, ()) if path not in last and not path.startswith(COMPUTED)]
    own = ["model.own"] if effect.values.get("model.own") else []
    seen = {path: value for path, found in effect.seen.items() if path.startswith("training.") and path in effect.values
            for place, value in found.items() if place not in effect.held}  # fmt: skip
    read = {path: effect.values.get(path) for path in (*own, *kept, last[0])}
    return {**read, **seen, **effect.held, "seeds": [*effect.seeds]}


def write_settings(effect: InEffect) -> str:
    """All of them as YAML, which `compare` reads back."""
    return "".join(f"{_write_line(path, value)}\n" for path, value in list_settings(effect).items())


def write_example(effect: InEffect, **others: Any) -> str:
    """Some lines of it, those that somebody chose first, and `others` after them."""
    listed = list_settings(effect)
    paths = sorted((path for path in listed if path != "seeds"), key=lambda path: path in effect.default)
    few = {path: listed[path] for path in (*paths[: LINES_OF_EXAMPLE - 1], "seeds")} | others
    return "".join(f"\n  {_write_line(path, value)}" for path, value in few.items())


def _write_line(path: str, value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    return f"{path}: {text.removesuffix('...' + chr(10)).strip()}"
