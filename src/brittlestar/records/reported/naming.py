"""Which setting a name stands for: a setting's path, or a name of `names.yaml`, whatever stands before it."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from brittlestar.core.foreign_names import list_words, load_names, spell_word

DROPOUTS = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
LONGEST = 200  # budget: letters of a name
NEAR, SHORT = 0.8, 5  # convention: one letter in five may be another, and shorter names are words of their own
Bag = frozenset[str]
_LETTERS = str.maketrans({"α": "alpha ", "β": "beta ", "γ": "gamma ", "ε": "epsilon ", "ϵ": "epsilon ", "η": "eta ",
                          "λ": "lambda ", "₁": "1", "₂": "2", "₀": "0"})  # fmt: skip
_SIZES = frozenset(
    {"size", "dim", "width", "rate", "prob", "probability", "max", "maximum", "min", "minimum", "number"}
)
"""Words of parameters that say only that they are a number."""


@cache
def _list_known() -> dict[Bag | str, tuple[str, ...]]:
    """Every known name, as the words in it and in one word, with what it stands for."""
    names = load_names()
    known = [(name, (path,)) for path, listed in names["settings"].items() for name in (*listed, path)]
    known += [(name, DROPOUTS) for name in names["several"]["dropout"]]
    known += [(name, tuple(paths)) for name, paths in names["unclear"].items()]
    found: dict[Bag | str, tuple[str, ...]] = {}
    for name, paths in known:
        found.setdefault(find_bag(list_words(name)), paths)
        found.setdefault("".join(list_words(name)), paths)
    return found


@cache
def _list_words(part: str) -> frozenset[str]:
    return frozenset(spell_word(word) for word in load_names()[part])


@cache
def _list_bags(part: str, inner: str = "") -> frozenset[Bag]:
    listed = load_names()[part]
    return frozenset(find_bag(list_words(name)) for name in (listed[inner] if inner else listed))


def find_bag(words: Iterable[str]) -> Bag:
    """The words of a name in the singular, without those that change no name."""
    spelled = [spell_word(word) for word in words]
    return frozenset([word for word in spelled if word not in _list_words("fillers")] or spelled)


def list_readings(name: str) -> list[list[str]]:
    """The words of a name in each way that it may be read: without symbols and with them, whole, without its first
    parts, and what stands in brackets in it, before it, alone, or left out."""
    plain = re.sub(r"\\(?:text|mathrm|mathit|mathbf|textrm)\{([^{}]*)\}", r"\1", name)
    spelled = re.sub(r"\\(?:var)?([a-z]+)", r" \1 ", plain.translate(_LETTERS))
    found: list[list[str]] = []
    for text in (re.sub(r"\$[^$]*\$|(?<!\w)[α-ωϵ](?!\w)", " ", plain), spelled):
        bare = re.sub(r"\\.|[`{}$*\"']", "", text.replace("_{", "_")).strip()
        if bracket := re.fullmatch(r"(.*?\S) *[(\[]([^()\[\]]+)[)\]]", bare):
            outer, inner = (list_words(one) for one in bracket.groups())
            found += [[*inner, *outer], *_list_endings(bracket[1]), inner]
        else:
            found += _list_endings(bare)
    return [words for words in found if words]


def _list_endings(name: str) -> list[list[str]]:
    parts = [list_words(part) for part in re.split(r"[./:]|__", name)]
    parts = [words for words in parts[:-1] if words and " ".join(words) not in load_names()["wrappers"]] + parts[-1:]
    return [[word for words in parts[place:] for word in words] for place in range(len(parts))]


def find_paths(name: str) -> tuple[str, ...]:
    """The settings that a name may stand for, none where it is not known: several for one such as `dropout`."""
    whole = name.strip()
    if len(whole) > LONGEST:
        return ()
    if whole.startswith("model.params."):
        return (whole,)
    for path in re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)+", whole):
        parts = path.split(".")
        exact = next((one for place in range(len(parts) - 1)
                      if (one := ".".join(parts[place:])) in load_names()["settings"]), None)  # fmt: skip
        if exact is not None:
            return (exact,)
    found = [paths for words in list_readings(whole) if (paths := _look_up(words))]
    return next((paths for paths in found if len(paths) == 1), next(iter(found), ()))


def _look_up(words: list[str]) -> tuple[str, ...]:
    """What words stand for: all of them, or those behind first ones that say only where a name stands."""
    known = _list_known()
    drops = any(one <= find_bag(words) for one in _list_bags("several", "dropout"))
    for place in range(len(words)):
        if place and spell_word(words[place - 1]) not in _list_words("sections"):
            return ()
        for one in ("".join(words[place:]), find_bag(words[place:])):
            if one in known:
                return known[one]
        if drops and place == 0 and (found := find_place(words)) is not None:
            return (found,)
    return ()


def find_place(words: Iterable[str]) -> str | None:
    """Which dropout is meant, by words that say where it acts; None where they do not."""
    said = {word.strip(".") for word in words}
    return next((path for path, listed in load_names()["dropout"].items() if said & {*listed}), None)


def find_parameter(name: str, parameters: Iterable[str], read: Iterable[str]) -> str | None:
    """The parameter of an own model that a name means: its own name, one for the same setting, or one with fewer
    words; `read` are settings that names of theirs mean first."""
    listed = list(parameters)
    if name.strip() in listed:
        return name.strip()
    bags = [find_bag(words) for words in list_readings(name)]
    named = {one: find_bag(list_words(one.rpartition("__")[2])) for one in listed}
    exact = next((one for bag in bags for one in listed if bag in (named[one], named[one] | {"param"})), None)
    paths = find_paths(name)
    if exact is not None or {*paths} & {*read}:
        return exact
    alike = [one for one in listed if find_paths(one) == paths and (len(paths) > 1 or paths == (f"training.{one}",))]
    if alike:
        return alike[0]
    bare = [bag - _SIZES or bag for bag in bags]
    return next((one for one in listed if (named[one] - _SIZES or named[one]) in bare), None)


def find_label(name: str) -> str | None:
    """The class of which a name states the weight: `class_weights.rare`, `weight of class rare`."""
    words = r"(?:^|[._ ])class[_ ]?weights?(?:\.| for | of |\[| ?\(|, ?|: ?| [–-] )['\"]?([^\s.\])'\"]+)['\"]?[\])]?$"
    found = re.search(words, re.sub(r"\\[a-z]+\{([^{}]*)\}", r"\1", name.strip()), re.IGNORECASE)
    return None if found is None else found[1]


def is_passed(name: str) -> bool:
    """Whether a name is one of a result, a cost, a machine, or an option of a framework or of another step."""
    parts = [find_bag(list_words(part)) for part in re.split(r"[./:]|__", name)]
    if any(part in _list_bags("elsewhere") for part in parts[:-1]):
        return True
    for words in list_readings(name):
        if find_bag(words) in _list_known():
            return False
        if {*words} & _list_plain("passed words") or words[-1] in _list_plain("passed last"):
            return True
        if frozenset(words) in _list_plain("passed") or find_metric(words):
            return True
    return False


@cache
def _list_plain(part: str) -> frozenset[Bag | str]:
    """The names of a part as they are written: `data seed` is one, and `data.seeds` is not."""
    return frozenset(one for name in load_names()[part] for one in (name, frozenset(list_words(name))))


def find_metric(words: Iterable[str]) -> str | None:
    """The metric that words name, apart from a split and words of means; None where they name something else."""
    splits = {one for listed in load_names()["splits"].values() for one in listed}
    rest = find_bag(word for word in words if word not in {*splits, "best", "final", "mean", "average", "held", "out"})
    return next((metric for metric in load_names()["metrics"] if rest in _list_bags("metrics", metric)), None)


def find_alike(name: str) -> str | None:
    """What all trainings here have alike under a name: `cross entropy` of a loss."""
    bags = [find_bag(words) for words in list_readings(name)]
    return next((value for value in load_names()["alike"] if any(bag in _list_bags("alike", value) for bag in bags)),
                None)  # fmt: skip


def list_near(name: str, others: Iterable[str] = ()) -> list[str]:
    """Known names that are nearly a name, the nearest first: of settings, and `others`."""
    words = [" ".join(one) for one in list_readings(name)[:1]]
    if not words or len(words[0]) < SHORT:
        return []
    last = " ".join(list_readings(name)[-1])
    listed = {one: path for path, names in load_names()["settings"].items() for one in (*names, path)}
    listed |= {one: one for one in others}
    near = [*get_close_matches(words[0], listed, 2, NEAR), *get_close_matches(last, listed, 2, NEAR)]
    return list(dict.fromkeys(listed[one] for one in near))[:2]
