"""Which setting a name stands for: a setting's path, or a name of `names.yaml`, whatever stands before it."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from brittlestar.core.foreign_names import list_words, load_names, spell_word

DROPOUTS = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
LONGEST_SETTING = 200  # budget: letters of a name
LIKENESS = 0.8  # convention: one letter in five may be another
SHORTEST_INEXACT = 5  # convention: shorter names are words of their own
Bag = frozenset[str]


@cache
def _list_known() -> dict[Bag, tuple[str, ...]]:
    """Every known name, as the words in it, with what it stands for."""
    names = load_names()
    known = [(name, (path,)) for path, listed in names["settings"].items() for name in (*listed, path)]
    known += [(name, DROPOUTS) for name in names["several"]["dropout"]]
    known += [(name, tuple(paths)) for name, paths in names["unclear"].items()]
    return {find_bag(list_words(name)): paths for name, paths in reversed(known)}


@cache
def _list_spelled(part: str) -> frozenset[str]:
    return frozenset(spell_word(word) for word in load_names()[part])


def find_bag(words: Iterable[str]) -> Bag:
    """The words of a name in the singular, without those that change no name."""
    spelled = [spell_word(word) for word in words]
    return frozenset([word for word in spelled if word not in _list_spelled("fillers")] or spelled)


def list_readings(name: str) -> list[list[str]]:
    """The words of a name in each way that it may be read: whole, without its first parts, with what stands in brackets
    behind it, and without; symbols alone where there is nothing else."""
    bare = re.sub(r"\$[^$]*\$", " ", name).strip() or name
    bracket = re.fullmatch(r"(.*?\S) *[(\[]([^()\[\]]+)[)\]]", bare)
    found = [] if bracket is None else [[*list_words(bracket[2]), *list_words(bracket[1])]]
    parts = [list_words(part) for part in re.split(r"[./:]|__", bare if bracket is None else bracket[1])]
    parts = [words for words in parts[:-1] if words and " ".join(words) not in load_names()["wrappers"]] + parts[-1:]
    found += [[word for words in parts[place:] for word in words] for place in range(len(parts))]
    return [words for words in found if words]


def find_paths(name: str) -> tuple[str, ...]:
    """The settings that a name may stand for, none where it is not known: several for one such as `dropout`."""
    whole = name.strip("`'\"* ")
    if len(whole) > LONGEST_SETTING:
        return ()
    if whole.startswith("model.params.") or whole in load_names()["settings"]:
        return (whole,)
    found = [paths for words in list_readings(whole) if (paths := _look_up(words))]
    return next((paths for paths in found if len(paths) == 1), next(iter(found), ()))


def _look_up(words: list[str]) -> tuple[str, ...]:
    """What words stand for: all of them, or those behind first ones that say only where a name stands."""
    for place in range(len(words)):
        if place and spell_word(words[place - 1]) not in _list_spelled("sections"):
            return ()
        if (paths := _list_known().get(find_bag(words[place:]))) is not None:
            return paths
    return ()


def find_parameter(name: str, parameters: Iterable[str], read: Iterable[str]) -> str | None:
    """The parameter of an own model that a name means: its own name, or another name of the setting that it is called
    after; `read` are settings that names of theirs mean first."""
    listed, paths = list(parameters), find_paths(name)
    bags = [find_bag(words) for words in list_readings(name)]
    exact = [one for one in listed if one == name.strip() or find_bag(list_words(one.rpartition("__")[2])) in bags]
    if exact or {*paths} & {*read}:
        return next(iter(exact), None)
    named = (one for one in listed if len(paths) > 1 or paths == (f"training.{one}",))
    return next((one for one in named if find_paths(one) == paths), None)


def find_held(name: str, held: Iterable[str]) -> list[str]:
    """The settings of own objects that a name means, by their last words: `C` and `clf.C` mean `estimator.clf.C`."""
    ends: dict[Bag, list[str]] = {}
    for path in held:
        parts = path.split(".")
        for bag in {find_bag(list_words(" ".join(parts[place:]))) for place in range(len(parts))}:
            ends.setdefault(bag, []).append(path)
    return next((ends[bag] for words in list_readings(name) if (bag := find_bag(words)) in ends), [])


def find_label(name: str) -> str | None:
    """The class of which a name states the weight: `class_weights.rare`, `weight of class rare`."""
    words = r"(?:^|[._ ])class[_ ]?weights?(?:\.| for | of |\[| ?\(|, ?|: ?| [–-] )['\"]?([^\s.\])'\"]+)['\"]?[\])]?$"
    found = re.search(words, name.strip(), re.IGNORECASE)
    return None if found is None else found[1]


def is_passed(name: str) -> bool:
    """Whether a name is one of a result, an option of a framework, or of another step, though it looks like a setting.
    Names count as they are written: `data seed` is one, and `data.seeds` is not."""
    sections = [find_bag(list_words(one)) for one in load_names()["elsewhere"]]
    if any(find_bag(list_words(part)) in sections for part in re.split(r"[./:]|__", name)[:-1]):
        return True
    passed = [{*list_words(one)} for one in load_names()["passed"]]
    for words in list_readings(name):
        if {*words} in passed or find_bag(words) in _list_known():
            return {*words} in passed
    return False


def list_near(name: str, others: Iterable[str] = ()) -> list[str]:
    """Known names that are nearly a name, the nearest first: of settings, and `others`."""
    readings = [" ".join(reading) for reading in list_readings(name)]
    if not readings or len(readings[0]) < SHORTEST_INEXACT:
        return []
    listed = {one: path for path, names in load_names()["settings"].items() for one in (*names, path)}
    listed |= {one: one for one in others}
    near = [
        match for words in {readings[0]: 0, readings[-1]: 0} for match in get_close_matches(words, listed, 2, LIKENESS)
    ]
    return list(dict.fromkeys(listed[one] for one in near))[:2]
