"""What each stated setting is against a record, and each setting of the record that nobody stated."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from brittlestar.core.foreign_names import list_words
from brittlestar.records.reported import comparing
from brittlestar.records.reported.effect import SILENT, InEffect
from brittlestar.records.reported.naming import find_alike, find_label, find_parameter, find_paths, is_passed, list_near
from brittlestar.records.reported.stated import WORST, Field, Stated
from brittlestar.records.reported.values import LENGTHS, LONGEST, read_choice, read_number, read_numbers, read_whether

_PARTS = re.compile(r"([A-Za-z_\\$γβ][\w$\\ -]*?)\s*(?:=|:| of |\s)\s*(\([^()]*\)|\[[^\[\]]*\]|[-+.\d][^,;()]*)")
_BOTH = re.compile(r"\bbi-?(?:directional )?(?:lstm|gru|rnn)|bi-?directional", re.IGNORECASE)
_PERCENT = re.compile(r"\((?:in )?(?:\\?%|per ?cent)\)|[ _](?:percent|pct)$", re.IGNORECASE)
_TIMES = re.compile(r"\(\$?\s*(?:[×x*]|\\times|\\cdot)\s*(10[^()]+?)\$?\)")
KIND, FAMILY, DEVICE = "training.schedule.kind", "model.family", "training.device"
PLACES = ("name", "data.path", "report.title")
RATE, EVERY, GAMMA = "training.learning_rate", "training.schedule.every", "training.schedule.gamma"
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""
FAMILIES = ("lstm", "gru", "transformer", "cnn", "bert")
_ALIKE = {"cross entropy": r".*(?:cross.?entropy|\bnll|log.?loss|negative log).*", "none": "none|null|false",
          "one": "1|none|null|no|off|false", "norm": "norm", "yes": "true|yes|on|(?:each|every) epoch",
          "zero": r"0(?:\.0*)?", "embedding": "embedding", "done": "finished|done|completed"}  # fmt: skip


def classify_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    listed = _leave_out_unset([*unfold_stated(one for one in stated if not states_nothing(effect, one))])
    named = {paths[0] for one in listed if len(paths := find_paths(one.name)) == 1}
    found = [replace(field, said=one.name) for one in listed for field in _classify(effect, one, named)]
    said = {field.name for field in found}
    wrong = {one.name for one in found if one.kind == "misstated"}  # one of two numbers of a list may be right
    found = [one for one in found if one.kind != "match" or one.name not in wrong]
    read = {one.name for one in found if one.kind in ("match", "misstated")}
    found = [one for one in found if one.kind != "ambiguous" or one.name not in read]  # said again, in clear words
    found += [_omit(effect, path) for path in list_omitted(effect, said)]
    return tuple(sorted(found, key=lambda one: (WORST.index(one.kind), one.name)))


def _leave_out_unset(listed: Sequence[Stated]) -> list[Stated]:
    """Without nothing (`max_steps: -1`, `warmup_steps: 0`) where another name of the same says something."""
    numbered = {paths for one in listed if (paths := find_paths(one.name)) and read_number(one.text) is not None}
    listed = [one for one in listed if not (one.text == "none" and find_paths(one.name) in numbered)]
    lengths = [(one, find_paths(one.name), _find_number(one.text)) for one in listed]
    told = {paths for _, paths, number in lengths if number > 0}
    unset = {one for one, paths, number in lengths if paths and paths[0] in LENGTHS and number <= 0 and (
        number < 0 or paths in told)}  # fmt: skip
    return [one for one in listed if one not in unset]


def states_nothing(effect: InEffect, one: Stated) -> bool:
    """Whether a row states a result, a cost, a machine, an option of a framework, or words under an unknown name, and
    no setting. A number under an unknown name is for a person to judge."""
    if _find_exact(effect, one.name) or find_label(one.name):
        return False
    section, _, rest = one.name.strip().lower().rpartition(".")
    inner = section.rpartition(".")[2]
    if inner in FAMILIES and rest and not effect.values.get(comparing.OWN) and inner != effect.values.get(FAMILY):
        return True  # `transformer.hidden_size` of an LSTM
    paths = find_paths(one.name)
    files = paths == ("data.train_rows",) and re.search(r"/|\.(?:csv|tsv|txt|jsonl?|parquet)$", one.text.strip())
    if (is_passed(one.name) or files) and _find_own(effect, one) is None:
        return True
    alike = find_alike(one.name)
    if alike is not None and re.fullmatch(_ALIKE[alike], one.text.strip().lower()):
        return True
    if paths or alike is not None or _find_own(effect, one) is not None:
        return False
    return read_numbers(one.text) is None and not read_whether(one.text) and not list_near(one.name)


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


def _classify(effect: InEffect, one: Stated, named: Collection[str]) -> Iterator[Field]:
    if (own := _find_own(effect, one)) is not None:
        yield comparing.compare_setting(effect, f"model.params.{own}", one, effect.params[own])
        return
    if (label := find_label(one.name)) is not None:
        yield comparing.compare_weight(effect, label, one)
        return
    exact = _find_exact(effect, one.name)
    if exact in PLACES and one.text.strip() != str(effect.values[exact]):
        return  # what a run is called and where its files lie differs from machine to machine
    paths = _choose_paths(effect, one, named) if exact is None else (exact,)
    if paths == (DEVICE,) and _is_machine(effect, one):
        return
    if not paths:
        near = list_near(one.name, effect.values)
        hint = f"did you mean {' or '.join(near)}?" if near else "no setting of the record goes by this name"
        yield Field(one.name, "ambiguous", one.text, None, hint, one.line)
    elif paths[0].startswith(comparing.OPTIMISER):
        yield comparing.compare_library(effect, paths[0].removeprefix(comparing.OPTIMISER), one)
    elif len(paths) == 1:
        unread = paths[0] in effect.values and paths[0] not in effect.read and one.text == "none"
        if not unread and not _says_used(effect, paths[0], one):
            yield comparing.compare_setting(effect, paths[0], one, effect.values.get(paths[0]))
    elif all(path.startswith("model.dropout.") for path in paths):
        left = tuple(path for path in paths if path not in named)  # `dropout` beside `classifier dropout`
        yield from comparing.compare_several(effect, left or paths, one)
    else:
        yield Field(one.name, "ambiguous", one.text, None, f"it may be {' or '.join(paths)}", one.line)


def _choose_paths(effect: InEffect, one: Stated, named: Collection[str]) -> tuple[str, ...]:
    """The settings that a name stands for beside its value and the other names."""
    paths = find_paths(one.name)
    if paths == (GAMMA,) and read_number(one.text) is None and read_choice(KIND, one.text):
        return (KIND,)  # `lr decay: cosine`
    if paths == (FAMILY,) and effect.values.get(comparing.OWN):
        return (comparing.OWN,)
    if paths == (comparing.OWN,) and not effect.values.get(comparing.OWN) and read_choice(FAMILY, one.text):
        return (FAMILY,)  # the class of a model in somebody's own code
    if {RATE, EVERY} <= {*paths}:  # nobody decays within an epoch
        return (RATE,) if 0 < _find_number(one.text) < 1 else (EVERY,) if RATE in named else paths
    return paths


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


def list_omitted(effect: InEffect, said: set[str]) -> Iterator[str]:
    """The paths of settings that a report has to state and does not (`said`), those of an own model last."""
    for path in sorted(effect.read):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT) and not _is_chosen(effect, path)
        told = path == "training.precision" or (path in effect.default and path.startswith(COMPUTED))
        spoken = path in ("training.early_stopping", comparing.WEIGHTS) and any(
            one.startswith(f"{path}.") for one in said
        )
        if path not in said and (told or not silent) and not spoken:
            yield path
    params = (f"model.params.{name}" for name in sorted(effect.params))
    yield from (path for path in params if path not in said and path not in effect.idle)


def _is_chosen(effect: InEffect, path: str) -> bool:
    """Whether somebody chose what others never think of: other streams of seeds, or factors that embeddings are of."""
    composed = effect.values.get("model.embedding.composition", "joint") != "joint"
    return path not in effect.default and (path.startswith("streams.") or (path == "data.factors" and composed))


def _omit(effect: InEffect, path: str) -> Field:
    own = path.removeprefix("model.params.") if path.startswith("model.params.") else None
    actual = effect.values.get(path) if own is None else effect.params[own]
    shown = comparing.show_value(actual)
    if path in effect.default:
        who = "the study sets it to what it is by default" if path in effect.chosen else "nobody chose it"
        return Field(path, "omitted-default", None, actual, f"{who}: it is {shown} where nothing is said")
    return Field(path, "omitted", None, actual, f"it was set to {shown}, and is not what it would be by default")


def _find_number(text: str) -> float:
    number = read_number(text)
    return math.nan if number is None else number.value


def unfold_stated(stated: Iterable[Stated]) -> Iterator[Stated]:
    """What is stated, with what a value says of another setting that nobody names elsewhere."""
    listed = [_take_unit(one) for one in stated]
    named = {path for one in listed for path in find_paths(one.name)}
    for one in listed:
        paths = find_paths(one.name)
        if len(one.text) > LONGEST:
            yield one
        elif "".join(list_words(one.name)) == "hiddenlayersizes" and (sizes := read_numbers(one.text)):
            yield Stated("model.hidden", f"{sizes[0].value:g}", one.line)  # (64, 64) of scikit-learn
            yield Stated("model.layers", str(len(sizes)), one.line)
        elif paths == (comparing.WEIGHTS,) and (weights := re.findall(r"([\w-]+)['\"]?\s*[:= ]\s*([\d.]+)", one.text)):
            yield from (Stated(f"class_weights.{label}", weight, one.line) for label, weight in weights)
        else:
            if paths == (FAMILY,) and comparing.BOTH not in named and _BOTH.search(one.text):
                yield Stated(comparing.BOTH, "true", one.line)
            parts = [inner for inner in _list_parts(one) if not {*find_paths(inner.name)} & named]
            yield from parts
            head = re.split(r"\(| with |[,;]", one.text, maxsplit=1)[0].strip()
            yield replace(one, text=head) if parts and head and paths and paths[0] not in named - {*paths} else one


def _take_unit(one: Stated) -> Stated:
    """A number with the unit that stands in its name: `dropout (%)`, `learning rate (×10⁻³)`."""
    if not re.fullmatch(r"[-+]?[\d.,]+", one.text.strip()):
        return one
    if _PERCENT.search(one.name):
        return replace(one, name=_PERCENT.sub("", one.name).strip(), text=f"{one.text} %")
    scale = _TIMES.search(one.name)
    return one if scale is None else replace(one, text=f"{one.text} × {scale[1]}")


def _list_parts(one: Stated) -> Iterator[Stated]:
    """Settings that a value names behind its first word: in brackets, after `with`, or after a comma."""
    text = re.sub(r"(?:×|\$?\\times|\bx) ?(\d*\.\d+)\$?", r"gamma \1,", one.text)  # ×0.5 every 2 epochs
    paths, begun = find_paths(one.name), re.match(r"[^(,;=]*?(?:\(| with |[,;])", text)
    if begun is None or len(paths) != 1 or not re.search("[A-Za-z]", one.text):
        return
    for name, value in _PARTS.findall(text[begun.end() :]):
        own = re.sub(r"^(?:and|with|a|the) ", "", name.replace("γ", "gamma").replace("every", "decay every").strip())
        outer = f"{one.name}.{own}"
        inner = find_paths(outer) if find_paths(outer) != paths else find_paths(own)
        if len(inner) == 1 and inner != paths:
            yield Stated(inner[0] if find_paths(own) != inner else own, re.sub(r" and$", "", value.strip()), one.line)
