"""What each stated setting is against a record, and each setting of the record that nobody stated."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from brittlestar.core.suggesting import suggest
from brittlestar.records.reported.aliases import SEVERAL, find_paths, plain_name
from brittlestar.records.reported.comparing import (
    OPTIMISER,
    OWN,
    compare_library,
    compare_setting,
    compare_several,
    compare_weight,
    show_value,
)
from brittlestar.records.reported.effect import SILENT, InEffect
from brittlestar.records.reported.fields import WORST, Field
from brittlestar.records.reported.guessing import guess_path
from brittlestar.records.reported.numbers import LENGTHS, read_number, read_whether
from brittlestar.records.reported.passing import states_no_setting
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.unfolding import unfold_stated
from brittlestar.records.reported.values import read_choice

KIND, PRECISION, FAMILY = "training.schedule.kind", "training.precision", "model.family"
DEVICE = "training.device"
PLACES = ("name", "data.path", "report.title")
RATE, EVERY = "training.learning_rate", "training.schedule.every"
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""


def classify_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    found: list[Field] = []
    said: set[str] = set()
    given = tuple(stated)
    listed = [*unfold_stated(one for one in given if one.name and not states_nothing(effect, one))]
    listed = _leave_out_unset(listed)
    named = {paths[0] for one in listed if len(paths := find_paths(one.name)) == 1}
    for one in listed:
        fields = [replace(field, said=one.name) for field in _classify(effect, one, named)]
        found += fields
        said |= {field.name for field in fields}
    wrong = {one.name for one in found if one.kind == "misstated"}  # one of two numbers of a list may be right
    found = [one for one in found if one.kind != "match" or one.name not in wrong]
    read = {one.name for one in found if one.kind in ("match", "misstated")}
    found = [one for one in found if one.kind != "ambiguous" or one.name not in read]  # said again, in clear words
    unnamed = [one for one in given if not one.name]
    found += [_omit(effect, path, unnamed) for path in _list_omitted(effect, said)]
    return tuple(sorted(found, key=lambda one: (WORST.index(one.kind), one.name)))


def _leave_out_unset(listed: Sequence[Stated]) -> list[Stated]:
    """Without names of nothing beside another name of the same, and lengths that say that another name has them:
    `max_steps: -1`, `warmup_steps: 0` beside `warmup_ratio`."""
    numbered = {paths for one in listed if (paths := find_paths(one.name)) and read_number(one.text) is not None}
    listed = [one for one in listed if not (one.text == "none" and find_paths(one.name) in numbered)]
    lengths = [(one, find_paths(one.name), _find_number(one.text)) for one in listed]
    told = {paths for _, paths, number in lengths if number > 0}
    unset = {one for one, paths, number in lengths if paths and paths[0] in LENGTHS and number <= 0 and (
        number < 0 or paths in told)}  # fmt: skip
    return [one for one in listed if one not in unset]


def states_nothing(effect: InEffect, one: Stated) -> bool:
    """Whether a row of a table states a result, a cost, a machine or an option of a framework, and no setting."""
    if any(inner in effect.values for inner in _list_endings(one.name.strip())) or _find_class(one.name.strip()):
        return False
    if _is_of_another_family(effect, one.name):
        return True
    return states_no_setting(one.name, one.text) and _find_own(effect, one) is None


def _is_of_another_family(effect: InEffect, name: str) -> bool:
    """Whether a name stands in the section of a family that is not in effect: `transformer.hidden_size` of an LSTM."""
    section, _, rest = name.strip().lower().rpartition(".")
    inner = section.rpartition(".")[2]
    known = inner in ("lstm", "gru", "transformer", "cnn", "bert") and bool(rest)
    return known and not effect.values.get(OWN) and inner != effect.values.get(FAMILY)


def _find_own(effect: InEffect, one: Stated) -> str | None:
    """The parameter of an own model that is stated."""
    if one.name.strip() in effect.values and not one.name.strip().startswith("model.params."):
        return None
    if one.name.strip() in effect.params:
        return one.name.strip()
    last = plain_name(re.split(r"\.|__", one.name)[-1])
    inside = [plain_name(text) for text in re.findall(r"\(`?(\w+)`?\)", one.name)]
    names = (last, last.removeprefix("param"), *inside)  # minimum samples per leaf (`min_samples_leaf`)
    paths = find_paths(one.name)
    if len(paths) == 1 and paths[0] not in effect.read:  # `lr` of a function that has a `learning_rate`
        names += (plain_name(paths[0].rpartition(".")[2]),)
    exact = next((name for name in effect.params if plain_name(name) in names), None)
    if exact is not None or any(path in effect.read for path in paths):
        return exact
    alike = len(paths) > 1 and next((name for name in effect.params if find_paths(name) == paths), None)
    if alike:
        return alike  # dropout, of a function that has a `drop`
    bare = _leave_out_size(last)  # kernel size, of a function that has a `kernel`
    return next((name for name in effect.params if _leave_out_size(plain_name(name.split("__")[-1])) == bare), None)


def _leave_out_size(name: str) -> str:
    """A plain name without words that say only that it is a number."""
    name = (
        name.replace("maximum", "max")
        .replace("minimum", "min")
        .replace("samplesper", "samples")
        .replace("trees", "estimators")
    )
    return re.sub(r"^(?:numberof|num|n(?=[a-z]{4}))|(?:sizes?|dim|width|count|rate|prob)$", "", name) or name


def _classify(effect: InEffect, one: Stated, named: Collection[str]) -> Iterator[Field]:
    if (own := _find_own(effect, one)) is not None:
        yield compare_setting(effect, f"model.params.{own}", one, effect.params[own])
        return
    whole = one.name.strip()
    if (label := _find_class(whole)) is not None:
        yield compare_weight(effect, label, one)
        return
    exact = next((inner for inner in _list_endings(whole) if inner in effect.values), None)
    if exact in PLACES and one.text.strip() != str(effect.values[exact]):
        return  # what a run is called and where its files lie differs from machine to machine
    paths = find_paths(one.name) if exact is None else (exact,)
    if not paths and (guessed := guess_path(one.name, one.text)) is not None:
        paths = (guessed,)
    if paths == ("training.schedule.gamma",) and read_number(one.text) is None and read_choice(KIND, one.text):
        paths = (KIND,)  # `lr decay: cosine`
    if paths == (FAMILY,) and effect.values.get(OWN):
        paths = (OWN,)
    elif paths == (OWN,) and not effect.values.get(OWN) and read_choice(FAMILY, one.text):
        paths = (FAMILY,)  # the class of a model in somebody's own code
    if paths == (DEVICE,) and _is_machine(effect, one):
        return
    if not paths:
        hint = suggest(one.name, effect.values) or "no setting of the record goes by this name"
        yield Field(one.name, "ambiguous", one.text, None, hint, one.line)
    elif paths[0].startswith(OPTIMISER):
        yield compare_library(effect, paths[0].removeprefix(OPTIMISER), one)
    elif len(paths) == 1 and _says_used(effect, paths[0], one):
        return  # how, is not said
    elif len(paths) == 1 and paths[0] in effect.values and paths[0] not in effect.read and one.text == "none":
        return  # nor is there any
    elif one.spoken and effect.values.get(OWN) and (paths == (OWN,) or not {*paths} & effect.read):
        if paths == (OWN,) and ":" in one.text:
            yield compare_setting(effect, OWN, one, effect.values.get(OWN))
        return  # of what an own model does, a sentence says much
    elif len(paths) == 1:
        yield compare_setting(effect, paths[0], one, effect.values.get(paths[0]))
    elif plain_name(one.name) in SEVERAL or plain_name(one.name.rpartition(".")[2]) in SEVERAL:
        left = tuple(path for path in paths if path not in named)  # `dropout` beside `classifier dropout`
        yield from compare_several(effect, left or paths, one)
    elif RATE in paths and EVERY in paths and 0 < _find_number(one.text) < 1:  # nobody decays within an epoch
        yield compare_setting(effect, RATE, one, effect.values.get(RATE))
    elif RATE in paths and EVERY in paths and RATE in named:  # `step size` beside `learning rate`
        yield compare_setting(effect, EVERY, one, effect.values.get(EVERY))
    else:
        yield Field(one.name, "ambiguous", one.text, None, f"it may be {' or '.join(paths)}", one.line)


def _is_machine(effect: InEffect, one: Stated) -> bool:
    """Whether a text names a machine, or the kind of machine that it was, where no setting reads that."""
    kind = read_choice(DEVICE, one.text)
    if kind is None:
        return re.search("[A-Za-z]", one.text) is not None
    return DEVICE not in effect.read and kind == effect.values.get(DEVICE)


def _says_used(effect: InEffect, path: str, one: Stated) -> bool:
    """Whether a text says no more than that a setting with numbers is in use, where it is."""
    actual = effect.values.get(path)
    if isinstance(actual, bool | str | None) or not actual or path == "seeds":
        return False
    return read_whether(one.text) is True and read_number(one.text) is None


def _list_endings(name: str) -> list[str]:
    """A name, and what is left of it without its first sections."""
    parts = name.split(".")
    return [".".join(parts[place:]) for place in range(len(parts) - 1)] or [name]


def _find_class(name: str) -> str | None:
    """The class of which a name states the weight: `class_weights.rare`, `weight of class rare`."""
    name = re.sub(r"\\[a-z]+\{([^{}]*)\}", r"\1", name)
    words = r"(?:^|[._ ])class[_ ]?weights?(?:\.| for | of |\[| ?\(|, ?|: ?| [–-] )['\"]?([^\s.\])'\"]+)['\"]?[\])]?$"
    found = re.search(words, name, re.IGNORECASE)
    return None if found is None else found[1]


def _list_omitted(effect: InEffect, said: set[str]) -> Iterator[str]:
    for path in sorted(effect.read):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT) and not _is_chosen(effect, path)
        told = path == PRECISION or (path in effect.default and path.startswith(COMPUTED))
        plain = path not in said and (told or not silent)
        spoken = path == "training.early_stopping" and any(one.startswith(path) for one in said)
        if plain and not spoken:
            yield path
    params = (f"model.params.{name}" for name in sorted(effect.params))
    yield from (path for path in params if path not in said and path not in effect.idle)


def _is_chosen(effect: InEffect, path: str) -> bool:
    """Whether somebody chose what others never think of: other streams of seeds, or factors that embeddings are of."""
    composed = effect.values.get("model.embedding.composition", "joint") != "joint"
    return path not in effect.default and (path.startswith("streams.") or (path == "data.factors" and composed))


def _omit(effect: InEffect, path: str, unnamed: Sequence[Stated]) -> Field:
    """A setting that no name states: what was chosen may stand in a sentence as its number alone."""
    own = path.removeprefix("model.params.") if path.startswith("model.params.") else None
    actual = effect.values.get(path) if own is None else effect.params[own]
    if path in effect.default:
        return Field(
            path, "omitted-default", None, actual, f"nobody chose it: it is {show_value(actual)} where nothing is said"
        )
    if isinstance(actual, int | float) and (one := next((one for one in unnamed if _is_number(one, actual)), None)):
        return Field(path, "match", one.text, actual, "by its value alone: no name beside it is known", one.line)
    return Field(
        path, "omitted", None, actual, f"it was set to {show_value(actual)}, and is not what it would be by default"
    )


def _find_number(text: str) -> float:
    number = read_number(text)
    return math.nan if number is None else number.value


def _is_number(one: Stated, actual: float) -> bool:
    number = read_number(one.text)
    return number is not None and number.is_same(actual)
