"""Settings that own code makes for itself: of estimators and Trainers that it holds when it has trained, and seeds that
it writes into its source."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import Any, cast

from brittlestar.core.plain import plain
from brittlestar.core.results import SEED, SET, Setting
from brittlestar.models.own import OwnModel
from brittlestar.models.source import is_library

ESTIMATOR = "estimator"
MOST_OBJECTS, MOST_VALUES, MOST_LETTERS = 500, 20, 200  # budget: what is looked at, and stored of one value
CONTAINERS = ("steps", "transformers", "transformer_list", "estimators", "memory", "verbose", "n_jobs", "random_state")
"""Parameters of estimators that hold others, or change no answer; the seed of the run is set by whoever runs."""
OF_RUNS = (
    "output_dir", "logging_dir", "run_name", "seed", "data_seed", "report_to", "disable_tqdm", "accelerator_config",
)  # fmt: skip
"""Arguments of a Trainer that differ between runs of one study, or change no answer; those of a hub are left out,
too."""
SEEDERS = ("manual_seed", "manual_seed_all", "seed", "set_seed", "seed_everything", "default_rng", "RandomState")
SEED_NAMES = ("random_state", "seed")


def list_held(own: OwnModel, trained: Any) -> tuple[Setting, ...]:
    """The settings that a model which trained itself made: `trained` is the fitted estimator, or the function that
    predicts. What cannot be read is left out: it costs no run."""
    found: dict[str, Setting] = {}
    try:
        held = [*_walk(trained)]
        alone = sum(_is_estimator(one) for _, one in held) == 1  # then its path is that of an estimator given as it is
        for name, one in held:
            named = ESTIMATOR if alone else name
            for setting in _describe_estimator(named, one) if _is_estimator(one) else _describe_trainer(one):
                found.setdefault(setting.path, setting)
    except Exception:  # somebody's objects: whatever they raise when they are looked at
        pass
    seeds = () if own.kind == "estimator" else list_own_seeds(own)
    return (*sorted(found.values(), key=lambda one: one.path), *seeds)


def _walk(start: Any) -> Iterator[tuple[str, Any]]:
    """What a function or an object holds, by the name it has there, nearest first: in closures, defaults, globals that
    it uses, and attributes of own objects."""
    waiting, seen = [(ESTIMATOR, start)], set[int]()
    for name, one in waiting:
        if id(one) in seen or len(seen) >= MOST_OBJECTS or inspect.ismodule(one):
            continue
        seen.add(id(one))
        yield name if name == ESTIMATOR else f"{ESTIMATOR}.{name}", one
        foreign = inspect.isfunction(one) and one is not start and _is_of_library(one)
        if not _is_estimator(one) and not _is_trainer(one) and not foreign:
            waiting += _list_parts(name, one)


def _list_parts(name: str, one: Any) -> list[tuple[str, Any]]:
    if isinstance(one, partial):
        return [(name, part) for part in (one.func, *one.args, *one.keywords.values())]
    if inspect.ismethod(one):
        return [(name, one.__self__)]
    if inspect.isfunction(one):
        closed = inspect.getclosurevars(one)
        return [*closed.nonlocals.items(), *closed.globals.items()]
    if isinstance(one, list | tuple | dict):
        items = one.items() if isinstance(one, dict) else enumerate(cast("Sequence[Any]", one))
        return [(f"{name}.{key}", value) for key, value in [*cast("Any", items)][:MOST_VALUES]]
    own = not inspect.isclass(one) and hasattr(one, "__dict__") and not _is_of_library(type(one))
    return [*vars(one).items()] if own else []


def _is_of_library(thing: Any) -> bool:
    try:
        return is_library(Path(inspect.getfile(thing)))
    except (TypeError, OSError):
        return True


def _is_estimator(one: Any) -> bool:
    return not inspect.isclass(one) and hasattr(one, "get_params") and hasattr(one, "fit")


def _is_trainer(one: Any) -> bool:
    return any(kind.__name__ == "TrainingArguments" for kind in type(getattr(one, "args", None)).__mro__)


def _describe_estimator(name: str, estimator: Any) -> Iterator[Setting]:
    """The parameters of an estimator and of all that are in it; `library default` where its class has the same."""
    params: dict[str, Any] = estimator.get_params(deep=True)
    yield Setting(name, type(estimator).__name__, SET)
    for key, value in params.items():
        outer, _, leaf = key.rpartition("__")
        if leaf in CONTAINERS:
            continue
        default = inspect.signature(type(params.get(outer, estimator))).parameters.get(leaf)
        usual = default is not None and _as_plain(default.default) == _as_plain(value)
        yield Setting(".".join((name, *key.split("__"))), _as_plain(value), "library default" if usual else SET)


def _describe_trainer(one: Any) -> Iterator[Setting]:
    """The arguments of a Trainer of transformers that are not their defaults. No other ones are made to compare: that
    would reset the accelerator that this Trainer uses."""
    if not _is_trainer(one):
        return
    values: Mapping[str, Any] = one.args.to_dict()
    for field in fields(one.args):
        name, usual = field.name, None if field.default is MISSING else field.default
        value = values.get(name)
        unlike = value != usual and (value or usual)  # nothing is written as None, as False and as an empty list
        if unlike and name not in OF_RUNS and "hub" not in name and "token" not in name:
            yield Setting(f"trainer.{name}", _as_plain(value), SET)


def _as_plain(value: Any) -> Any:
    """A value as JSON has it: short ones as they are, others by what they are."""
    if isinstance(value, str):
        return value if len(value) <= MOST_LETTERS else f"{value[:MOST_LETTERS]} …"
    if isinstance(value, set | frozenset):
        value = sorted(map(str, cast("set[Any]", value)))
    simple = value is None or isinstance(value, bool | int | float | list | tuple | dict) or hasattr(value, "dtype")
    if callable(value) or not simple:
        return getattr(value, "__qualname__", type(value).__name__)
    many = len(cast("Any", value)) if hasattr(value, "__len__") else 0
    return f"{many} values" if many > MOST_VALUES else plain(value)


def list_own_seeds(own: OwnModel) -> tuple[Setting, ...]:
    """Numbers that own source gives to what draws at random, with their line: of what is called, and of own functions
    and classes that it uses. Read from the source; nothing is run."""
    found: set[Setting] = set()
    for _, one in _walk(inspect.unwrap(own.object)):
        if not (inspect.isfunction(one) or inspect.isclass(one)) or _is_of_library(one):
            continue
        try:
            lines, first = inspect.getsourcelines(one)
            tree = ast.parse(textwrap.dedent("".join(lines)))
        except (OSError, SyntaxError, TypeError):
            continue
        known = vars(sys.modules.get(one.__module__, ast))
        file = Path(inspect.getfile(one)).name
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            first_given = call.args[:1] if name.rpartition(".")[2] in SEEDERS else []
            for given in (*first_given, *(one.value for one in call.keywords if one.arg in SEED_NAMES)):
                value = known.get(given.id) if isinstance(given, ast.Name) else getattr(given, "value", None)
                if type(value) is int:
                    found.add(Setting(f"{SEED}{name}", value, f"{SET} ({file}:{first + call.lineno - 1})"))
    return tuple(sorted(found, key=lambda one: (one.path, one.origin)))
