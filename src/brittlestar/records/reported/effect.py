"""Which settings a study has, which of them its model and training read, what is known of those that own code sets, and
all of them as a report."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from brittlestar.core.results import DEFAULTS, Setting, StudyRecord
from brittlestar.study.default_values import UNKNOWN, find_default
from brittlestar.study.in_effect import fits_itself, list_in_effect, reads_setting
from brittlestar.study.names import show_reference
from brittlestar.study.schema import list_choices
from brittlestar.study.settings import Study

LINES_OF_EXAMPLE = 6
"""Lines that an error shows."""
PRECISION, WEIGHTS, PARAMS = "training.precision", "training.class_weights", "model.params."
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""
HELD = ("estimator.", "trainer.")
"""How paths of settings begin that objects of own code have."""
SILENT = ("name", "data.path", "data.splits", "data.columns", "data.factors", "model.own", "model.kind", "model.params",
          "model.predictions", "model.predictions_columns", "model.abstain", "model.variant", "model.embedding.table",
          "report.title", "report.checks", "report.metrics", "training.device", "training.precision", "library",
          "streams", "probes")  # fmt: skip
"""Settings that no report has to name: where things lie, and how they are computed."""
_WORD = re.compile(r"(?!(?:null|true|false)$)[A-Za-z][\w.:-]*(?<!:)", re.IGNORECASE)


@dataclass(frozen=True)
class InEffect:
    """The settings of main, by path; `read`: those that its model or its training reads; `idle`: those of which tracing
    saw that another value changes nothing; `default`: those that are as they are by default, whoever wrote them, and
    `chosen` those that somebody wrote. `declared` are defaults of own code, and `classes` those that have a weight.

    Unread settings of `sections` are set elsewhere, `where` says so: `set in your code: net.py:12`. `seen` is what is
    known of them all the same, with where from; `held` are settings of own objects (`estimator.clf.C`). `seeds` are
    those that finished, of those `asked` for: `failed` says which did not. `rows` are those of train. `facts` are no
    settings: rows of splits (`rows.test`), and parameters of main and of each variant (`parameters.main`)."""

    values: Mapping[str, Any]
    read: frozenset[str]
    idle: frozenset[str]
    default: frozenset[str]
    rows: int
    seeds: tuple[int, ...]
    chosen: frozenset[str] = frozenset()
    declared: Mapping[str, Any] = field(default_factory=dict[str, Any])
    classes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    where: str = ""
    seen: Mapping[str, tuple[Any, str]] = field(default_factory=dict[str, tuple[Any, str]])
    held: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked: tuple[int, ...] = ()
    failed: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def is_elsewhere(self, path: str) -> bool:
        """Whether own code sets this, or what made given predictions did."""
        return path.startswith(self.sections) and path not in self.read

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
    built = {path for path in values if variant.own and re.match(r"library\.(?!threads$)[a-z_]", path)}
    listed = list_in_effect(record, record.main) if itself and not given else ()
    default = {
        path for path, setting in settings.items() if setting.origin in DEFAULTS or values[path] == find_default(path)
    }
    default |= {f"{PARAMS}{name}" for name, value in declared.items() if values.get(f"{PARAMS}{name}", value) == value}
    default |= {"report.metric", *(("seeds",) if seeds == Study.model_fields["seeds"].default else ())}
    values = {f"{PARAMS}{name}": value for name, value in declared.items()} | values
    own = place or show_reference(values.get("model.own"))
    return InEffect(
        values=values,
        read=frozenset(values.keys() - unread - idle),
        idle=idle,
        default=frozenset(default - built),
        rows=int(values.get("data.train_rows") or record.splits["train"].rows),
        seeds=tuple(seed for seed in seeds if states.get(seed, "done") == "done"),
        chosen=frozenset(path for path, setting in settings.items() if setting.origin not in DEFAULTS),
        declared=declared,
        classes=record.classes,
        sections=("model.", "training.") if given or itself else ("model.",) if variant.own else (),
        where="predictions were given, and nobody recorded what made them" if given else f"set in your code: {own}",
        seen=_find_seen(record, listed),
        held={one.path: one.value for one in listed if one.path.startswith(HELD)},
        asked=seeds,
        failed=_describe_failed(states, len(seeds)),
        facts=_list_facts(record),
    )


def _list_facts(record: StudyRecord) -> dict[str, int]:
    rows = {f"rows.{name}": split.rows for name, split in record.splits.items()}
    sizes = {name: one.parameters for name, one in record.variants.items() if one.parameters is not None}
    main = {"parameters": sizes[record.main]} if record.main in sizes else {}
    return {**rows, **main, **{f"parameters.{name}": many for name, many in sizes.items()}}


def _find_seen(record: StudyRecord, listed: Iterable[Setting]) -> dict[str, tuple[Any, str]]:
    """What was seen while own code trained, by path of the study file, and where."""
    found: dict[str, tuple[Any, str]] = {}
    for setting in (one for one in listed if one.path.startswith("seen.")):
        path, value = f"training.{setting.path.removeprefix('seen.')}", setting.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if str(value).lower() in list_choices(path.split(".")):  # the class `SGD` is the setting `sgd`
            value = str(value).lower()
        found[path] = value, setting.origin
    cells = (cell.seen for cell in record.cells if cell.variant == record.main and cell.seen is not None)
    if any(one.rate is not None and one.rate[0] != one.rate[1] for one in cells):
        found.pop("training.learning_rate", None)  # nobody can say which of several is meant
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
    composed = effect.values.get("model.embedding.composition", "joint") != "joint"
    for path in sorted(effect.read, key=lambda path: (path.startswith(PARAMS), path)):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT)
        # somebody chose what others never think of: other streams of seeds, or factors that embeddings are of
        odd = path not in effect.default and (path.startswith("streams.") or (path == "data.factors" and composed))
        told = path.startswith(PARAMS) or path == PRECISION or (path in effect.default and path.startswith(COMPUTED))
        spoken = any(one == path or one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in said)
        if (told or odd or not silent) and not spoken:
            yield path


def list_settings(effect: InEffect) -> Mapping[str, Any]:
    """What a report of main has to state, by path: the settings that its model and training read, and its seeds."""
    last = ("report.metric", "seeds")
    kept = [path for path in list_omitted(effect, ()) if path not in last and not path.startswith(COMPUTED)]
    own = ["model.own"] if effect.values.get("model.own") else []
    read = {path: effect.values.get(path) for path in (*own, *kept, last[0])}
    seen = {path: value for path, (value, _) in effect.seen.items() if path in effect.values}
    return {**read, **seen, **effect.held, "seeds": [*effect.seeds]}


def write_settings(effect: InEffect) -> str:
    """All of them as YAML, which `compare` reads back."""
    return "".join(f"{_write(path)}: {_write(value)}\n" for path, value in list_settings(effect).items())


def write_example(effect: InEffect) -> str:
    """Some lines of it, those that somebody chose first."""
    listed = list_settings(effect)
    paths = sorted((path for path in listed if path != "seeds"), key=lambda path: path in effect.default)
    few = (*paths[: LINES_OF_EXAMPLE - 1], "seeds")
    return "".join(f"\n  {_write(path)}: {_write(listed[path])}" for path in few)


def _write(value: Any) -> str:
    """A value in YAML: words as they are, anything else as JSON."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else json.dumps(value, ensure_ascii=False)
