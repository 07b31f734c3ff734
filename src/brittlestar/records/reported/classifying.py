"""What each stated setting is against a record, and each setting of the record that nobody stated."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from brittlestar.core.foreign_names import list_words, load_names
from brittlestar.records.reported.effect import PARAMS, PRECISION, WEIGHTS, InEffect, list_omitted
from brittlestar.records.reported.naming import find_held, find_label, find_parameter, find_paths, is_passed, list_near
from brittlestar.records.reported.reading import WORST, Field, Stated
from brittlestar.records.reported.values import (
    LENGTHS,
    MOST_SEEDS_STATED,
    OTHER,
    find_unit,
    is_none,
    read_choice,
    read_number,
    read_numbers,
    read_seeds,
    read_whether,
    unmark_text,
)
from brittlestar.study.default_values import UNKNOWN

_BOTH = re.compile(r"\bbi-?(?:directional )?(?:lstm|gru|rnn)|bi-?directional", re.IGNORECASE)
FAMILY, RATE, EVERY = "model.family", "training.learning_rate", "training.schedule.every"
BOTH, MODE, OWN = "model.bidirectional", "model.embedding.mode", "model.own"
OPTIMISER = "library.optimiser."
"""Before the names of settings that a library's optimiser has."""
PLACES = ("name", "data.path", "report.title")
"""What a run is called and where its files lie differs from machine to machine."""
PATTERNS = ("data.tokens", "data.factors")
"""Settings that may be patterns, of which every letter counts."""


def classify_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    listed = _leave_out_unset([_take_unit(setting) for setting in stated if not states_nothing(effect, setting)])
    named = {path for setting in listed for path in find_paths(setting.name)}
    if BOTH not in named:  # the name of a family says its directions: `BiLSTM`
        both = [setting for setting in listed if find_paths(setting.name) == (FAMILY,) and _BOTH.search(setting.text)]
        listed += [Stated(BOTH, "true", setting.line) for setting in both]
    alone = {paths[0] for setting in listed if len(paths := find_paths(setting.name)) == 1}
    found = [field for setting in listed for field in _classify(effect, setting, alone)]
    wrong = {one.name for one in found if one.kind == "misstated"}  # one of two numbers may be right
    kept = [one for one in found if one.kind != "match" or one.name not in wrong]
    omitted = (_omit(effect, path) for path in list_omitted(effect, {field.name for field in found}))
    return tuple(sorted([*kept, *omitted], key=lambda one: (WORST.index(one.kind), one.name)))


def _take_unit(setting: Stated) -> Stated:
    """A number with the unit that stands in its name: `dropout (%)`, `learning rate (×10⁻³)`."""
    unit = re.search(r"(%|percent|per cent|pct)\)?$|\(([×*] ?10[^()]+)\)$", setting.name.strip())
    bare = unit is not None and re.fullmatch(r"[-+]?[\d.,]+", setting.text)
    return (
        replace(setting, text=f"{setting.text} {'%' if unit[1] else unit[2]}") if unit is not None and bare else setting
    )


def _leave_out_unset(listed: Sequence[Stated]) -> list[Stated]:
    """Without lengths that are nothing (`max_steps: -1`, `warmup_steps: 0`) where another name of the same says
    something."""
    lengths = {
        setting: number.value
        for setting in listed
        if (paths := find_paths(setting.name))
        and paths[0] in LENGTHS
        and (number := read_number(setting.text)) is not None
    }
    told = {find_paths(one.name) for one, number in lengths.items() if number > 0}
    return [setting for setting in listed if lengths.get(setting, 1) > 0 or find_paths(setting.name) not in told]


def states_nothing(effect: InEffect, setting: Stated) -> bool:
    """Whether a row states no setting: its name is none that is known or nearly known, or one of a result, an option of
    a framework, or another model."""
    if _find_exact(effect, setting.name) or find_label(setting.name):
        return False
    section = setting.name.lower().rpartition(".")[0].rpartition(".")[2]
    families, family = load_names()["values"][FAMILY], effect.values.get(FAMILY)
    if section in families and section != family and not effect.values.get(OWN):
        return True  # `transformer.hidden_size` of an LSTM
    if _find_own(effect, setting) is not None or _find_held(effect, setting):
        return False
    return is_passed(setting.name) or not (find_paths(setting.name) or list_near(setting.name, effect.values))


def _find_exact(effect: InEffect, name: str) -> str | None:
    """The path of the study file that a name is, or ends in."""
    parts = name.strip().split(".")
    ends = (".".join(parts[place:]) for place in range(max(len(parts) - 1, 1)))
    return next((end for end in ends if end in effect.values), None)


def _find_own(effect: InEffect, setting: Stated) -> str | None:
    exact = _find_exact(effect, setting.name) or PARAMS
    return (
        find_parameter(setting.name, effect.params, effect.read) if effect.params and exact.startswith(PARAMS) else None
    )


def _find_held(effect: InEffect, setting: Stated) -> Mapping[str, Any]:
    """The settings of own objects that a name means, where it is none that the study has."""
    if setting.name in effect.held:
        return {setting.name: effect.held[setting.name]}
    paths = find_paths(setting.name)
    if not effect.held or {*paths} & effect.read:
        return {}
    named = {path: effect.held[path] for path in find_held(setting.name, effect.held)}
    return named and {**named, **(effect.seen.get(paths[0], {}) if len(paths) == 1 else {})}


def _classify(effect: InEffect, setting: Stated, named: Collection[str]) -> list[Field]:
    exact, label = _find_exact(effect, setting.name), find_label(setting.name)
    if (own := _find_own(effect, setting)) is not None:
        return [_compare_setting(effect, f"{PARAMS}{own}", setting, effect.params[own])]
    if held := _find_held(effect, setting):
        return [_compare_found(effect, next(iter(held)), held, setting)]
    if label is not None:
        return [_compare_weight(effect, f"{WEIGHTS}.{label}", setting)]
    if exact in PLACES and setting.text.strip() != str(effect.values[exact]):
        return []
    paths = _choose_paths(effect, setting, named) if exact is None else (exact,)
    if not paths:
        near = " or ".join(list_near(setting.name, effect.values))
        return [setting.judge(setting.name, "ambiguous", None, f"did you mean {near}?")]
    if paths[0].startswith(OPTIMISER):
        return [_compare_library(effect, paths[0].removeprefix(OPTIMISER), setting)]
    if len(paths) == 1:
        unread = paths[0] in effect.values and paths[0] not in effect.read and setting.text == "none"
        silent = unread and not effect.is_elsewhere(paths[0])
        return [] if silent else [_compare_setting(effect, paths[0], setting, effect.values.get(paths[0]))]
    if all(path.startswith("model.dropout.") for path in paths):
        left = tuple(path for path in paths if path not in named)  # `dropout` beside `classifier dropout`
        return _compare_several(effect, left or paths, setting)
    if all(map(effect.is_elsewhere, paths)):
        return [_compare_found(effect, setting.name, {}, setting)]
    return [setting.judge(setting.name, "ambiguous", None, f"it may be {' or '.join(paths)}")]


def _choose_paths(effect: InEffect, setting: Stated, named: Collection[str]) -> tuple[str, ...]:
    """The settings that a name stands for beside its value and the other names."""
    paths, own = find_paths(setting.name), effect.values.get(OWN)
    if paths == (FAMILY,) and own:
        return (OWN,)
    if paths == (OWN,) and not own and read_choice(FAMILY, setting.text):
        return (FAMILY,)  # the class of a model in somebody's own code
    if {RATE, EVERY} <= {*paths} and (number := read_number(setting.text)) is not None:  # nobody decays within an epoch
        return (RATE,) if 0 < number.value < 1 else (EVERY,) if RATE in named else paths
    return paths


def _omit(effect: InEffect, path: str) -> Field:
    actual = effect.params.get(path.removeprefix(PARAMS), effect.values.get(path))
    if path in effect.default:
        who = "the study sets it to what it is by default" if path in effect.chosen else "nobody chose it"
        return Field(path, "omitted-default", None, actual, f"{who}: it is {_show(actual)} where nothing is said")
    other = ", and is not what it would be by default" if effect.has_default(path) else ""
    return Field(path, "omitted", None, actual, f"it was set to {_show(actual)}{other}")


def _show(value: Any) -> str:
    return "none" if value is None else str(value)


def _compare_setting(effect: InEffect, path: str, setting: Stated, actual: Any) -> Field:
    """The field of a setting that is stated, by its path, with what is in effect."""
    if path in effect.idle:
        why = "`trace` saw that another value changes no weight and no answer"
        return setting.judge(path, "without-effect", actual, why)
    own = path.startswith(PARAMS)
    if not own and effect.is_elsewhere(path):
        return _compare_found(effect, path, effect.seen.get(path, {}), setting)
    if not own and path in effect.values and path not in effect.read:
        return setting.judge(path, "without-effect", actual, "nothing that this model or its training has reads it")
    return _compare_found(effect, path, {path: actual}, setting)


def _compare_found(effect: InEffect, path: str, found: Mapping[str, Any], setting: Stated) -> Field:
    """A setting of which this is known, by the name of where: one value, several, or none where own code sets it."""
    if not found:
        return setting.judge(path, "cannot-tell", None, effect.where)
    same = {understand(effect, path, setting, value)[0] for value in found.values()}
    shown = ", ".join(_show(value) + ("" if name == path else f" ({name})") for name, value in found.items())
    actual = next(iter(found.values())) if len(found) == 1 else shown
    failed = effect.failed if path == "seeds" else ""
    sentence = failed or f"in effect is {shown}"
    if same == {True}:
        return setting.judge(path, "match", actual, failed)
    if None in same:
        return setting.judge(path, "ambiguous", actual, f"nobody can say what it means; {sentence}")
    return setting.judge(path, "misstated" if same == {False} else "cannot-tell", actual, sentence)


def _compare_weight(effect: InEffect, path: str, setting: Stated) -> Field:
    """The weight of one class; one of which nothing is said weighs 1."""
    if effect.values.get(WEIGHTS) == "balanced" and not effect.is_elsewhere(WEIGHTS):
        return setting.judge(path, "ambiguous", "balanced", "balanced weights follow from the rows of train")
    return _compare_setting(effect, path, setting, effect.values.get(path, 1.0))


def _compare_library(effect: InEffect, name: str, setting: Stated) -> Field:
    """A setting of the optimiser that a library has, under the optimiser's own name: `library.Adam.eps`."""
    inner = "betas" if name in ("beta1", "beta2") else name
    path = next((path for path in effect.values if re.fullmatch(rf"library\.[A-Z]\w*\.{inner}", path)), None)
    if path is None and effect.is_elsewhere("training.optimiser"):
        return _compare_found(effect, f"{OPTIMISER}{name}", {}, setting)
    if path is None:
        why = "the optimiser of this training has no such setting"
        return setting.judge(f"{OPTIMISER}{name}", "without-effect", None, why)
    actual = effect.values[path]
    if inner != name and isinstance(actual, list):
        actual = cast("list[Any]", actual)[int(name[-1]) - 1]
    return _compare_setting(effect, path, setting, actual)


def _compare_several(effect: InEffect, paths: tuple[str, ...], setting: Stated) -> list[Field]:
    """One name for several settings: right where it is right of each that is read."""
    read = [path for path in paths if path in effect.read]
    read = [path for path in read if effect.values.get(path)] or read  # nobody speaks of one that is off beside others
    if not read and effect.is_elsewhere(paths[0]):
        return [replace(_compare_setting(effect, paths[0], setting, None), name=setting.name)]
    if not read:
        return [setting.judge(setting.name, "without-effect", None, "nothing that this model has reads it")]
    fields = [_compare_setting(effect, path, setting, effect.values.get(path)) for path in read]
    if len({field.kind for field in fields}) == 1:
        return fields
    values = ", ".join(f"{field.name} {field.actual}" for field in fields)
    return [replace(field, kind="ambiguous", why=f"it may be any of {values}") for field in fields]


def understand(effect: InEffect, path: str, setting: Stated, actual: Any) -> tuple[bool | None, Any]:
    """Whether a text states the value in effect, None where it cannot be read; and the value that it states, UNKNOWN
    where that cannot be run."""
    text, whether = setting.text, read_whether(setting.text)
    if path == OWN and actual:
        names = {"".join(list_words(name)) for name in (str(actual), *re.split(r"[.:]", str(actual)))}
        return True if "".join(list_words(text)) in names else None if ":" not in text else False, unmark_text(text)
    if path == "seeds":
        return _understand_seeds(effect, setting)
    if path == PRECISION and whether is not None and (named := {*list_words(setting.name)} & {"fp16", "bf16", "fp32"}):
        same = (actual in named) == whether if named != {"fp16"} else not whether
        return same, "bf16" if actual == "fp32" else "fp32"
    if path == MODE and whether is not None:
        frozen = whether == bool(re.search("fr(?:ee|o)ze", setting.name.lower()))
        return str(actual).startswith("frozen") == frozen, "frozen-random" if frozen else "trained"
    if path == BOTH and (both := re.search(r"\b(?:(bi|both|two|2)|(uni|one|single|1))", text.lower())):
        whether = both[1] is not None
    if isinstance(actual, bool):
        return None if whether is None else whether == actual, UNKNOWN if whether is None else whether
    if isinstance(actual, int | float) or actual is None:
        return _understand_number(effect, path, setting, actual)
    if isinstance(actual, list | tuple):
        numbers, values = read_numbers(text), cast("list[Any]", actual)
        same = numbers is not None and len(numbers) == len(values)
        same = same and all(number.is_same(value) for number, value in zip(numbers or (), values, strict=True))
        return None if numbers is None else same, UNKNOWN
    choice = read_choice(path, text)
    value = unmark_text(text) if path in PATTERNS else UNKNOWN if choice in (None, OTHER) else choice
    written, known = (unmark_text(each).removeprefix("regex:").lower() for each in (text, str(actual)))
    if written == known:
        return True, value
    return None if choice is None else choice == str(actual).lower(), value


def _understand_seeds(effect: InEffect, setting: Stated) -> tuple[bool | None, Any]:
    """Right where it states those that finished; those that failed would fail again."""
    stated = read_seeds(setting.name, setting.text)
    if stated is None:
        return None, UNKNOWN
    same = stated == len(effect.seeds) if isinstance(stated, int) else {*stated} == {*effect.seeds}
    if not stated or (isinstance(stated, int) and stated > MOST_SEEDS_STATED):
        return same, UNKNOWN
    listed = list(range(stated)) if isinstance(stated, int) else list(dict.fromkeys(stated))
    return same, UNKNOWN if {*listed} == {*effect.asked} else listed


def _understand_number(effect: InEffect, path: str, setting: Stated, actual: float | None) -> tuple[bool | None, Any]:
    number = read_number(setting.text)
    if number is None:
        none = is_none(setting.text)
        return (not actual if none else None), None if none else UNKNOWN
    if path == "data.train_rows":
        actual = effect.rows
    if path in LENGTHS and actual is not None:
        unit = find_unit(setting.name, setting.text)
        value = number.value * {"steps": 1 / max(effect.steps, 1), "share": effect.epochs, "epochs": 1}[unit]
        whole = round(value) if isinstance(actual, int) and value == round(value) else value
        if unit == "steps":
            return abs(number.value - actual * effect.steps) <= 0.5, whole
        return number.is_same(actual / max(effect.epochs, 1) if unit == "share" else actual), whole
    value = int(number.value) if number.value == int(number.value) and not isinstance(actual, float) else number.value
    if actual is None:  # of libraries, 0 is none
        return number.value == 0 and path in ("training.clip", "training.early_stopping.patience"), value
    return number.is_same(actual), value
