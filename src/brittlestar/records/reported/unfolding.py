"""What a value says of other settings beside its own: `BiLSTM`, `StepLR(step_size=2)`, `SGD with momentum 0.9`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from brittlestar.core.foreign_names import list_words
from brittlestar.records.reported.naming import find_paths, find_place
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.values import LONGEST, read_numbers

FAMILY, BOTH, WEIGHTS = "model.family", "model.bidirectional", "training.class_weights"
_PARTS = re.compile(r"([A-Za-z_\\$γβ][\w$\\ -]*?)\s*(?:=|:| of |\s)\s*(\([^()]*\)|\[[^\[\]]*\]|[-+.\d][^,;()]*)")
_BOTH = re.compile(r"\bbi-?(?:directional )?(?:lstm|gru|rnn)|bi-?directional", re.IGNORECASE)
_PERCENT = re.compile(r"\((?:in )?(?:\\?%|per ?cent)\)|[ _](?:percent|pct)$", re.IGNORECASE)
_TIMES = re.compile(r"\(\$?\s*(?:[×x*]|\\times|\\cdot)\s*(10[^()]+?)\$?\)")


def unfold_stated(stated: Iterable[Stated]) -> Iterator[Stated]:
    """What is stated, with what a value says of another setting that nobody names elsewhere."""
    listed = [_take_unit(one) for one in stated]
    named = {path for one in listed for path in find_paths(one.name)}
    for one in listed:
        paths = find_paths(one.name)
        if len(one.text) > LONGEST:
            yield one
        elif pairs := [*_pair_cells(one.name, one.text)]:
            yield from (Stated(name, text, one.line) for name, text in pairs)
        elif "".join(list_words(one.name)) == "hiddenlayersizes" and (sizes := read_numbers(one.text)):
            yield Stated("model.hidden", f"{sizes[0].value:g}", one.line)  # (64, 64) of scikit-learn
            yield Stated("model.layers", str(len(sizes)), one.line)
        elif paths == (WEIGHTS,) and (weights := re.findall(r"([\w-]+)['\"]?\s*[:= ]\s*([\d.]+)", one.text)):
            yield from (Stated(f"class_weights.{label}", weight, one.line) for label, weight in weights)
        else:
            if paths == (FAMILY,) and BOTH not in named and _BOTH.search(one.text):
                yield Stated(BOTH, "true", one.line)
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


def _pair_cells(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Names with their values, where two cells hold several of both: `lr / weight decay`, `3e-3 / 0.01`; or places of
    dropouts: `0.1 (embeddings), 0.3 (between layers)`."""
    for mark in (r"\s*<br\s*/?>\s*", r"\s*[/&,;|]\s*", r"\s+and\s+"):
        values, names = re.split(mark, text), re.split(mark, name.strip())
        last = names[-1].split()[-1:]
        names = [one if len(find_paths(one)) == 1 else " ".join([one, *last]) for one in names]
        if len(values) > 1 and len(names) == len(values) and all(len(find_paths(one)) == 1 for one in names):
            yield from zip(names, values, strict=True)
            return
    if "drop" in name.lower():
        before = re.findall(r"([\d.]+ ?\\?%?)\s*\(([^()]+)\)", text)
        behind = re.findall(r"([A-Za-z][A-Za-z. -]+?)[ :=(]+([\d.]+ ?\\?%?)", text)
        said = before or [(value, place) for place, value in behind]
        places = [find_place(list_words(place)) for _, place in said]
        if len(said) > 1 and None not in places:
            yield from ((str(place), value) for place, (value, _) in zip(places, said, strict=True))
