"""What each stated setting is against a record, and each setting of the record that nobody stated."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.core.foreign_names import load_names
from brittlestar.records.reported import comparing
from brittlestar.records.reported.effect import SILENT, InEffect
from brittlestar.records.reported.naming import find_held, find_label, find_parameter, find_paths, is_passed, list_near
from brittlestar.records.reported.stated import WORST, Field, Stated
from brittlestar.records.reported.values import LENGTHS, read_choice, read_number

_BOTH = re.compile(r"\bbi-?(?:directional )?(?:lstm|gru|rnn)|bi-?directional", re.IGNORECASE)
FAMILY, RATE, EVERY = "model.family", "training.learning_rate", "training.schedule.every"
PLACES = ("name", "data.path", "report.title")
"""What a run is called and where its files lie differs from machine to machine."""
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""


def classify_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    settings = [_take_unit(one) for one in stated if not states_nothing(effect, one)]
    listed = [*_say_directions(_leave_out_unset(settings))]
    named = {paths[0] for one in listed if len(paths := find_paths(one.name)) == 1}
    found = [field for one in listed for field in _classify(effect, one, named)]
    wrong = {one.name for one in found if one.kind == "misstated"}  # one of two numbers may be right
    kept = [one for one in found if one.kind != "match" or one.name not in wrong]
    omitted = (_omit(effect, path) for path in list_omitted(effect, {field.name for field in found}))
    return tuple(sorted([*kept, *omitted], key=lambda one: (WORST.index(one.kind), one.name)))


def _take_unit(one: Stated) -> Stated:
    """A number with the unit that stands in its name: `dropout (%)`, `learning rate (×10⁻³)`."""
    unit = re.search(r"(%|percent|per cent|pct)\)?$|\(\$?\s*((?:[×x*]|\\times) ?10[^()]+?)\$?\)$", one.name.strip())
    bare = unit is not None and re.fullmatch(r"[-+]?[\d.,]+", one.text.strip())
    return replace(one, text=f"{one.text} {'%' if unit[1] else unit[2]}") if unit is not None and bare else one


def _leave_out_unset(listed: Sequence[Stated]) -> list[Stated]:
    """Without lengths that are nothing (`max_steps: -1`, `warmup_steps: 0`) where another name of the same says
    something."""
    lengths = {one: number.value for one in listed if find_paths(one.name)[:1] and find_paths(one.name)[0] in LENGTHS
               and (number := read_number(one.text)) is not None}  # fmt: skip
    told = {find_paths(one.name) for one, number in lengths.items() if number > 0}
    return [one for one in listed if lengths.get(one, 1) > 0 or find_paths(one.name) not in told]


def _say_directions(listed: Sequence[Stated]) -> Iterator[Stated]:
    """The same, with the directions that the name of a family says (`BiLSTM`) where nothing else does."""
    named = {path for one in listed for path in find_paths(one.name)}
    for one in listed:
        if find_paths(one.name) == (FAMILY,) and comparing.BOTH not in named and _BOTH.search(one.text):
            yield Stated(comparing.BOTH, "true", one.line)
        yield one


def states_nothing(effect: InEffect, one: Stated) -> bool:
    """Whether a row states no setting: its name is none that is known or nearly known, or one of a result, an option of
    a framework, or another model."""
    if _find_exact(effect, one.name) or find_label(one.name):
        return False
    section = one.name.lower().rpartition(".")[0].rpartition(".")[2]
    if section in load_names()["values"][FAMILY] and section != effect.values.get(FAMILY) and not _is_own(effect):
        return True  # `transformer.hidden_size` of an LSTM
    if _find_own(effect, one) is not None or _find_held(effect, one):
        return False
    return is_passed(one.name) or not (find_paths(one.name) or list_near(one.name, effect.values))


def _is_own(effect: InEffect) -> bool:
    return bool(effect.values.get(comparing.OWN))


def _find_exact(effect: InEffect, name: str) -> str | None:
    """The path of the study file that a name is, or ends in."""
    parts = name.strip().split(".")
    return next((one for place in range(max(len(parts) - 1, 1)) if (one := ".".join(parts[place:])) in effect.values),
                None)  # fmt: skip


def _find_own(effect: InEffect, one: Stated) -> str | None:
    exact = _find_exact(effect, one.name)
    if exact is not None and not exact.startswith("model.params."):
        return None
    return find_parameter(one.name, effect.params, effect.read) if effect.params else None


def _find_held(effect: InEffect, one: Stated) -> Mapping[str, Any]:
    """The settings of own objects that a name means, where it is none that the study has."""
    if one.name in effect.held:
        return {one.name: effect.held[one.name]}
    paths = find_paths(one.name)
    if not effect.held or {*paths} & effect.read:
        return {}
    named = {path: effect.held[path] for path in find_held(one.name, effect.held)}
    return named and {**named, **(effect.seen.get(paths[0], {}) if len(paths) == 1 else {})}


def _classify(effect: InEffect, one: Stated, named: Collection[str]) -> Iterator[Field]:
    if (own := _find_own(effect, one)) is not None:
        yield comparing.compare_setting(effect, f"model.params.{own}", one, effect.params[own])
        return
    if held := _find_held(effect, one):
        yield comparing.compare_found(effect, next(iter(held)), held, one)
        return
    if (label := find_label(one.name)) is not None:
        yield comparing.compare_weight(effect, label, one)
        return
    exact = _find_exact(effect, one.name)
    if exact in PLACES and one.text.strip() != str(effect.values[exact]):
        return
    paths = _choose_paths(effect, one, named) if exact is None else (exact,)
    if not paths:
        hint = f"did you mean {' or '.join(list_near(one.name, effect.values))}?"
        yield one.judge(one.name, "ambiguous", None, hint)
    elif paths[0].startswith(comparing.OPTIMISER):
        yield comparing.compare_library(effect, paths[0].removeprefix(comparing.OPTIMISER), one)
    elif len(paths) == 1:
        unread = paths[0] in effect.values and paths[0] not in effect.read and one.text == "none"
        if not unread or effect.is_elsewhere(paths[0]):
            yield comparing.compare_setting(effect, paths[0], one, effect.values.get(paths[0]))
    elif all(path.startswith("model.dropout.") for path in paths):
        left = tuple(path for path in paths if path not in named)  # `dropout` beside `classifier dropout`
        yield from comparing.compare_several(effect, left or paths, one)
    elif all(map(effect.is_elsewhere, paths)):
        yield comparing.compare_found(effect, one.name, {}, one)
    else:
        yield one.judge(one.name, "ambiguous", None, f"it may be {' or '.join(paths)}")


def _choose_paths(effect: InEffect, one: Stated, named: Collection[str]) -> tuple[str, ...]:
    """The settings that a name stands for beside its value and the other names."""
    paths = find_paths(one.name)
    if paths == (FAMILY,) and _is_own(effect):
        return (comparing.OWN,)
    if paths == (comparing.OWN,) and not _is_own(effect) and read_choice(FAMILY, one.text):
        return (FAMILY,)  # the class of a model in somebody's own code
    if {RATE, EVERY} <= {*paths} and (number := read_number(one.text)) is not None:  # nobody decays within an epoch
        return (RATE,) if 0 < number.value < 1 else (EVERY,) if RATE in named else paths
    return paths


def list_omitted(effect: InEffect, said: set[str]) -> Iterator[str]:
    """The paths of settings that a report has to state and does not (`said`), those of an own model last."""
    for path in sorted(effect.read):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT) and not _is_chosen(effect, path)
        told = path == comparing.PRECISION or (path in effect.default and path.startswith(COMPUTED))
        inner = path in ("training.early_stopping", comparing.WEIGHTS)
        spoken = inner and any(one.startswith(f"{path}.") for one in said)
        if path not in said and (told or not silent) and not spoken:
            yield path
    params = (f"model.params.{name}" for name in sorted(effect.params))
    yield from (path for path in params if path not in said and path not in effect.idle)


def _is_chosen(effect: InEffect, path: str) -> bool:
    """Whether somebody chose what others never think of: other streams of seeds, or factors that embeddings are of."""
    composed = effect.values.get("model.embedding.composition", "joint") != "joint"
    return path not in effect.default and (path.startswith("streams.") or (path == "data.factors" and composed))


def _omit(effect: InEffect, path: str) -> Field:
    actual = effect.params.get(path.removeprefix("model.params."), effect.values.get(path))
    shown = comparing.show_value(actual)
    if path in effect.default:
        who = "the study sets it to what it is by default" if path in effect.chosen else "nobody chose it"
        return Field(path, "omitted-default", None, actual, f"{who}: it is {shown} where nothing is said")
    other = ", and is not what it would be by default" if effect.has_default(path) else ""
    return Field(path, "omitted", None, actual, f"it was set to {shown}{other}")
